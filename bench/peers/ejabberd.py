"""ejabberd's group chat over WebSocket (RFC 7395): anonymous users, no history, no presences told around."""

import os
import socket
from itertools import count
from pathlib import Path

from bench.peers.peer import (
    Missing,
    Peer,
    Post,
    filled,
    hear,
    install_debian,
    open_websocket,
    posted,
    run,
    say,
)

_CONFIG = """
hosts: [localhost]
loglevel: error
auth_method: anonymous
anonymous_protocol: sasl_anon
allow_multiple_connections: true
listen:
  - port: {port}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /ws: ejabberd_http_ws
websocket_ping_interval: 3600
websocket_timeout: 7200
modules:
  mod_muc:
    max_users: 10000
    max_user_conferences: 10
    min_message_interval: 0
    min_presence_interval: 0
    history_size: 0
    default_room_options:
      presence_broadcast: []
      max_users: 10000
      anonymous: true
"""
_OPEN = '<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="localhost" version="1.0"/>'
_SIGN_IN = '<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>'
_BIND = '<iq type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>'
_ROOM = "room@conference.localhost"
_JOIN = f'<presence to="{_ROOM}/%s"><x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="0"/></x></presence>'
_WRAPPING = 180
"""About what the stanza around a text takes."""


class Ejabberd(Peer):
    """Erlang's schedulers are told not to spin while they wait: that would count as work here."""

    name = "ejabberd group chat, WebSocket"

    def __init__(self) -> None:
        self._nicks = count()

    def install(self) -> None:
        install_debian("ejabberd", "ejabberdctl")
        run(["erl", "-noshell", "-eval", "halt()."])
        found = next(Path("/usr/lib").glob("*/ejabberd-*/ebin"), None)
        if found is None:
            raise Missing("ejabberd's modules are not where Debian puts them")
        self._libraries = found.parent.parent

    def command(self, port: int, directory: Path) -> list[str]:
        config = directory / "ejabberd.yml"
        config.write_text(_CONFIG.format(port=port))
        os.environ.setdefault("HOME", str(directory))  # Erlang wants one
        spinning = ["+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"]
        mnesia = ["-mnesia", "dir", f'"{directory}/mnesia"']
        erl = ["erl", "-noinput", "+K", "true", "+P", "250000", *spinning, *mnesia, "-s", "ejabberd"]
        variables = (f"ERL_LIBS={self._libraries}", f"EJABBERD_CONFIG_PATH={config}")
        return ["env", *variables, f"EJABBERD_LOG_PATH={directory}/ejabberd.log", *erl]

    def enter(self, port: int) -> socket.socket:
        opened = open_websocket(port, "/ws", "Sec-WebSocket-Protocol: xmpp\r\n")
        for ask, answer in ((_OPEN, "features"), (_SIGN_IN, "success"), (_OPEN, "features"), (_BIND, "jid")):
            say(opened, ask)
            hear(opened, answer)
        say(opened, _JOIN % f"n{next(self._nicks)}")
        hear(opened, "<subject")
        return opened

    def sender(self, port: int) -> socket.socket:
        """It hears the posts as well: that is how a room is."""
        return self.enter(port)

    def post(self, size: int) -> Post:
        body = filled("", "", size - _WRAPPING)
        return posted(f'<message to="{_ROOM}" type="groupchat"><body>{body}</body></message>')
