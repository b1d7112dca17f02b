"""Every statement in sql/ against a migrated database, the values it fills and the code that calls it by name."""

import ast
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from asyncpg.prepared_stmt import PreparedStatement
from msgspec import Struct, inspect

from models import ai, chat
from models.accounts import Actor, Invite, SessionInfo, User
from models.audit import Deed
from models.bots import Bot, BotToken
from models.channels import Channel, Member, Membership, Standing
from models.chat import Appended, Message
from models.commands import OwnCommand
from models.files import StoredFile, Usage
from models.hooks import DeadLetter, DueHook, IncomingHook, OutgoingHook
from models.moderation import Ban, Report, Restraint
from models.push import Due, PushCall
from models.sketches import Comment, Link, Sketch, SketchVersion
from store import pool
from store.queries import load_queries, split

QUERIES = load_queries()
STORE = Path(pool.__file__).parent

Field = tuple[type[Struct], str]

CHANNEL: list[Field] = [
    *((Channel, name) for name in Channel.__struct_fields__ if name != "membership"),
    *((Membership, name) for name in Membership.__struct_fields__),
]
"""What `store.channels.channel_of` puts together."""

MESSAGE = [
    "channel_id",
    "seq",
    "author_id",
    "kind",
    "text",
    "client_id",
    "created_at",
    "edited_at",
    "deleted_at",
]
MESSAGE += ["reply_to", "thread", "more"]
"""What `store.chat.message_of` puts together: the first fields of Message in their order, then what few have."""


READ = ["before_seq", "last_read_seq", "head_seq", "unread", "mentions"]


def whole(kind: type[Struct], but: str = "") -> list[Field]:
    return [(kind, name) for name in kind.__struct_fields__ if name != but]


def some(kind: type[Struct], *names: str) -> list[Field]:
    return [(kind, name) for name in names]


FILLS: dict[str, list[Field]] = {
    **dict.fromkeys(
        ("insert_user", "get_user", "list_users", "list_users_asked", "update_me", "update_user"),
        whole(User, but="bot"),
    ),
    **dict.fromkeys(
        ("insert_incoming_hook", "list_incoming_hooks", "update_incoming_hook", "find_incoming_hook"),
        whole(IncomingHook, but="url"),
    ),
    **dict.fromkeys(("insert_outgoing_hook", "list_outgoing_hooks"), whole(OutgoingHook, but="secret")),
    **dict.fromkeys(("claim_outgoing_hooks", "get_outgoing_hook"), whole(DueHook)),
    **dict.fromkeys(("insert_command", "list_commands", "update_command"), whole(OwnCommand)),
    **dict.fromkeys(("list_restraints", "list_banned_users"), whole(Restraint)),
    **dict.fromkeys(("insert_report", "get_report", "list_reports", "resolve_report"), whole(Report)),
    "list_dead_letters": whole(DeadLetter),
    **dict.fromkeys(("insert_bot", "list_bots"), whole(Bot)),
    **dict.fromkeys(("insert_bot_token", "list_bot_tokens"), whole(BotToken, but="token")),
    "list_actors": some(Actor, "workspace_id", "role", "head_seq"),
    "list_sessions": whole(SessionInfo, but="current"),
    **dict.fromkeys(("insert_invite", "list_invites"), whole(Invite, but="invite")),
    **dict.fromkeys(("get_channel", "list_joined_channels", "list_channels", "list_conversations"), CHANNEL),
    "list_standings": whole(Standing),
    "list_members": whole(Member),
    "append_messages": whole(Appended),
    **dict.fromkeys(("get_sketch", "list_sketches"), whole(Sketch)),
    **dict.fromkeys(("insert_sketch_version", "list_sketch_versions"), whole(SketchVersion)),
    **dict.fromkeys(("insert_sketch_link", "list_sketch_links"), whole(Link, but="token")),
    **dict.fromkeys(
        (
            "insert_sketch_comment",
            "list_sketch_comments",
            "get_sketch_comment",
            "resolve_sketch_comment",
            "delete_sketch_comment",
        ),
        whole(Comment),
    ),
    "begin_run": whole(ai.Begun),
    "get_run": whole(ai.Run),
    "list_attached": whole(ai.Attached),
    "get_ai_channel": whole(ai.AiChannel),
    "set_ai_channel": whole(ai.AiChannel),
    **dict.fromkeys(("list_context", "list_branch", "search_texts", "list_unread"), whole(ai.ContextMessage)),
    "list_versions": whole(chat.Version),
    "list_audit": whole(Deed),
    "claim_pushes": whole(Due),
    "list_calls": whole(PushCall),
    "get_file": whole(StoredFile),
    "get_file_usage": whole(Usage),
}
"""A statement -> the fields that its columns are, in order."""

COLUMN_TYPES: dict[type[inspect.Type], set[str]] = {
    inspect.IntType: {"int8", "int4"},
    inspect.StrType: {"text"},
    inspect.BytesType: {"bytea"},
    inspect.LiteralType: {"text"},
    inspect.BoolType: {"bool"},
    inspect.DateTimeType: {"timestamptz"},
    inspect.StructType: {"jsonb"},
    inspect.DictType: {"jsonb"},
}

BY_NAME = {
    "list_newest_context": ["head_seq", *(field for _, field in whole(ai.ContextMessage))],
    "list_orphans": [*ai.Run.__struct_fields__, "prompt_tokens", "completion_tokens", "text"],
    "list_drawings": ["sketch_id", "altered"],
    "list_running": ["id", "channel_id", "text"],
    "get_run_text": ["status", "text"],
    "list_spent": ["scope", "period", "prompt_tokens", "completion_tokens", "cost_micros"],
    "get_ban": list(Ban._fields),
    "list_hidden": ["message_seq", "text"],
    "post_by_program": ["outcome", "seq", "due_at"],
    "find_bot_token": ["id", "user_id", "workspace_id", "scopes", "head_seq", "expires_at"],
    "get_credentials": ["id", "password_hash"],
    "list_user_facts": ["seq", "kind", "body"],
    "list_user_heads": ["id", "head_seq"],
    "list_channel_heads": ["id", "head_seq"],
    "list_sketch_heads": ["id", "head_seq"],
    "list_sketch_log": ["seq", "data", "is_whole"],
    "load_sketch": ["seq", "kind", "data"],
    "find_sketch_link": ["id", "sketch_id", "head_seq"],
    "list_shared_memberships": ["channel_id", "user_id"],
    "list_facts": ["fact", "body", "fact_seq", *MESSAGE],
    **dict.fromkeys(("get_message", "list_messages_before", "list_messages_after", "list_pinned"), MESSAGE),
    "get_place": [
        "role",
        "is_archived",
        "author_id",
        "text",
        "is_deleted",
        "is_pinned",
        "is_hidden",
        "is_muted",
    ],
    "mark_read": READ,
    "mark_thread_read": READ,
    "list_thread": MESSAGE,
    "search": ["id", "indexed_at", "highlight", *MESSAGE],
    "list_threads": ["last_read_seq", "unread", "mentions", *MESSAGE],
    "get_reaction": ["seq", "others"],
    "lock_unused_blobs": ["digest", "thumbnail_size"],
    "list_blobs": ["digest", "size", "thumbnail_size", "uses"],
    "sum_files": ["files", "bytes"],
    "put_push_subscription": ["id", "endpoint", "session_id", "created_at", "shows_text", "is_new"],
    "list_push_subscriptions": ["id", "endpoint", "session_id", "created_at", "shows_text"],
}
"""Statements whose rows are read column by column."""


@pytest.fixture
async def connection(database: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    opened = await asyncpg.connect(database)
    yield opened
    await opened.close()


async def test_every_statement_can_be_prepared_and_its_comment_names_its_parameters(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    for name, text in QUERIES.items():
        prepared = await connection.prepare(text)

        comment = "".join(line for line in text.splitlines() if line.startswith("--"))
        explained = set(re.findall(r"\$(\d+)", comment))
        assert explained == {str(n + 1) for n in range(len(prepared.get_parameters()))}, name


async def test_the_columns_of_a_statement_are_the_fields_of_the_value_that_it_fills(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    for name, fields in FILLS.items():
        prepared = await connection.prepare(QUERIES[name])

        assert columns(prepared) == [field for _, field in fields], name
        for attribute, (kind, field) in zip(prepared.get_attributes(), fields, strict=True):
            assert attribute.type.name in fitting(type_of(kind, field)), f"{name}: {field}"


def test_a_message_begins_with_the_columns_of_every_statement_that_gives_one() -> None:
    assert list(Message.__struct_fields__[: len(MESSAGE) - 1]) == MESSAGE[:-1]


async def test_a_statement_with_several_columns_fills_a_value_or_is_read_by_its_names(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    for name, text in QUERIES.items():
        if name not in FILLS:
            found = columns(await connection.prepare(text))
            assert len(found) <= 1 or found == BY_NAME[name], name


async def test_a_fact_that_is_a_posting_holds_the_columns_of_a_message(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    types = {}
    for name in ("get_message", "list_facts"):
        prepared = await connection.prepare(QUERIES[name])
        types[name] = [(attribute.name, attribute.type.name) for attribute in prepared.get_attributes()]

    assert types["list_facts"][3:] == types["get_message"]


def test_every_statement_is_called_and_every_called_one_exists() -> None:
    assert set(called()) <= QUERIES.keys()
    assert QUERIES.keys() - set(strings()) == set()


def test_a_text_is_constant_and_says_its_name_in_the_servers_own_views() -> None:
    for name, text in QUERIES.items():
        assert text.startswith(f"/* {name} */")
        assert not text.endswith(";")


def test_two_statements_of_one_file_stand_apart() -> None:
    assert split("-- name: get_one\nselect 1;\n\n-- name: get_two\n-- $1 it\nselect $1;\n") == [
        ("get_one", "/* get_one */\nselect 1"),
        ("get_two", "/* get_two */\n-- $1 it\nselect $1"),
    ]


def columns(prepared: "PreparedStatement[asyncpg.Record]") -> list[str]:
    return [attribute.name for attribute in prepared.get_attributes()]


def type_of(kind: type[Struct], field: str) -> inspect.Type:
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return next(one.type for one in info.fields if one.name == field)


def fitting(kind: inspect.Type) -> set[str]:
    """The PostgreSQL types whose values are of this type."""
    if isinstance(kind, inspect.UnionType):
        return set().union(*(fitting(one) for one in kind.types))
    if isinstance(kind, inspect.ListType) and isinstance(
        kind.item_type, inspect.DictType | inspect.StructType
    ):
        return {"jsonb"}
    if isinstance(kind, inspect.ListType):
        return {f"{name}[]" for name in fitting(kind.item_type)}
    return COLUMN_TYPES.get(type(kind), set())


def called() -> Iterator[str]:
    """The names with which the stores call `all`, `first` and `value`."""
    for node in nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            if node.func.attr in ("all", "first", "value") and isinstance(first, ast.Constant):
                yield str(first.value)


def strings() -> Iterator[str]:
    for node in nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def nodes() -> Iterator[ast.AST]:
    for file in sorted(STORE.glob("*.py")):
        yield from ast.walk(ast.parse(file.read_text(encoding="utf-8")))
