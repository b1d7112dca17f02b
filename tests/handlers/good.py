"""For each body what it must hold at least; and what is wrong for parameters that say no type."""

from typing import Any

from models import accounts, ai, bots, channels, chat, commands, hooks, moderation, push, sketches
from tests.house import PASSWORD

BROWSER_KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"

GOOD: dict[type, dict[str, Any]] = {
    accounts.Register: {"username": "newcomer", "password": PASSWORD},
    accounts.Login: {"username": "alice", "password": PASSWORD},
    accounts.Refresh: {},
    accounts.Revoke: {},
    accounts.CreateInvite: {},
    accounts.UpdateMe: {},
    accounts.UpdateUser: {},
    channels.CreateChannel: {"name": "new"},
    channels.UpdateChannel: {},
    channels.JoinChannel: {},
    channels.PutMember: {},
    channels.MarkRead: {"seq": 1},
    channels.OpenDirect: {"user_ids": [1]},
    chat.PostMessage: {"client_id": "c1", "text": "hello"},
    sketches.CreateSketch: {"title": "new"},
    sketches.UpdateSketch: {},
    sketches.PutSketchSettings: {"allows_generic": False},
    sketches.DrawElements: {"elements": [{"kind": "ellipse"}]},
    sketches.CreateVersion: {"label": "new"},
    sketches.CreateComment: {"text": "hello"},
    sketches.UpdateComment: {"resolved": True},
    sketches.ImportSketch: {"file": {"type": "excalidraw", "elements": []}},
    ai.AskAi: {"channel_id": 1, "client_id": "c1", "text": "hello"},
    ai.AnswerAgain: {},
    ai.GoOn: {},
    ai.CreateConversation: {},
    ai.SetAiChannel: {},
    chat.EditMessage: {"text": "hello"},
    channels.UpdateMembership: {"notifications": "all"},
    accounts.Preferences: {},
    hooks.CreateIncomingHook: {"name": "builds"},
    hooks.UpdateIncomingHook: {},
    hooks.CreateOutgoingHook: {"name": "x", "url": "https://example.org/", "events": ["message.posted"]},
    hooks.UpdateOutgoingHook: {},
    moderation.PutRestraint: {},
    moderation.ReportMessage: {"reason": "spam"},
    moderation.ResolveReport: {"state": "resolved"},
    commands.CreateCommand: {"name": "deploy", "url": "https://example.org/"},
    commands.UpdateCommand: {},
    commands.RunCommand: {"client_id": "c1", "text": "/help"},
    push.Subscribe: {
        "endpoint": "https://push.invalid/1",
        "keys": {"p256dh": BROWSER_KEY, "auth": "BTBZMqHH6r4Tts7J_aSIgg"},
    },
    bots.CreateBot: {"username": "helper"},
    bots.CreateBotToken: {"name": "first", "scopes": ["read"]},
}
"""What each body must hold at least."""

OTHER_CASES: dict[str, dict[str, list[str]]] = {
    "list_audit": {"action": ["x" * 41, "\0", "A"], "since": ["x", "2026-13-01"], "until": ["x", ""]},
    "search": {
        "q": ["\0", "x" * 301, "\n"],
        "has": ["x", ""],
        "from": ["\0", "x" * 65],
        "before": ["x", "2026-13-01", "\0", "9999-12-32"],
        "after": ["x", "2026-13-01", "\0", "9999-12-32"],
    },
}
"""What is wrong for parameters that are neither numbers nor plain texts."""
