"""Logs: one JSON object a line, no secrets, no floods."""

import io
import json
import logging

import structlog

from server.logs import OncePerInterval, set_up_logs


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_away_from_a_terminal_each_line_is_json_with_the_bound_context() -> None:
    stream = io.StringIO()
    set_up_logs("info", stream)
    structlog.contextvars.bind_contextvars(request_id="r1")

    structlog.stdlib.get_logger("chat").info("message_posted", channel_id=7, seq=2)

    (line,) = lines(stream)
    assert (line["event"], line["channel_id"], line["request_id"]) == ("message_posted", 7, "r1")
    assert (line["level"], line["logger"]) == ("info", "chat")
    assert str(line["timestamp"]).endswith("Z")


def test_libraries_speak_the_same_way() -> None:
    stream = io.StringIO()
    set_up_logs("info", stream)

    logging.getLogger("uvicorn.error").warning("odd %s", "thing")
    logging.getLogger("uvicorn.error").info("chatter")

    assert [(line["event"], line["logger"]) for line in lines(stream)] == [("odd thing", "uvicorn.error")]


def test_an_error_stays_on_its_line_with_its_traceback() -> None:
    stream = io.StringIO()
    set_up_logs("info", stream)

    try:
        _ = 1 // 0
    except ZeroDivisionError:
        structlog.stdlib.get_logger().exception("failed")

    (line,) = lines(stream)
    assert "ZeroDivisionError" in str(line["exception"])


def test_a_terminal_gets_text_for_people() -> None:
    stream = Terminal()
    set_up_logs("info", stream)

    structlog.stdlib.get_logger().info("message_posted")

    assert "message_posted" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_what_is_below_the_level_is_not_said() -> None:
    stream = io.StringIO()
    set_up_logs("warning", stream)

    structlog.stdlib.get_logger().info("chatter")

    assert stream.getvalue() == ""


def test_a_secret_that_someone_logs_by_mistake_is_hidden() -> None:
    stream = io.StringIO()
    set_up_logs("info", stream)

    structlog.stdlib.get_logger().info(
        "oops", refresh_token="t0psecret", database_url="t0psecret", password="t0psecret"
    )

    assert "t0psecret" not in stream.getvalue()


def test_a_value_that_json_does_not_know_is_no_error() -> None:
    stream = io.StringIO()
    set_up_logs("info", stream)

    structlog.stdlib.get_logger().info("odd", value={1: object()}, surrogate="\ud800")

    assert len(lines(stream)) == 1


def test_a_flood_of_one_complaint_becomes_one_line_per_interval() -> None:
    now = 0.0
    once = OncePerInterval("pool connection floor", 30, clock=lambda: now)
    complaint = logging.LogRecord(
        "p", logging.WARNING, "f", 1, "Failed to restore the pool connection floor", None, None
    )
    other = logging.LogRecord("p", logging.WARNING, "f", 1, "something else", None, None)

    assert [once.filter(complaint) for _ in range(3)] == [True, False, False]
    assert once.filter(other)
    now = 31.0
    assert once.filter(complaint)
