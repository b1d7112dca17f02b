"""The one tree of errors: rules raise them, and only handlers/errors.py knows what they are on the wire.

Fault
├── Invalid            a field, frame or parameter is wrong
├── Unauthenticated    no sign-in, or one that has run out
├── Forbidden
│   └── WrongPassword  of a channel
├── NotFound           it does not exist, or is not yours to see: one answer for both
├── Conflict
├── TooLarge
│   └── QuotaExceeded  the user's or the workspace's files take up all they may
├── UnsupportedMediaType
├── BadRange           of a file's bytes
├── RateLimited
├── Unavailable        try again: the database is away, or the server is at its bound
├── TargetFailed       a URL that a user named was called, and did not do its part
├── AiUnavailable      no model is set up here
└── AiFailed           the model's provider failed, or said what it may not
"""

from collections.abc import Mapping


class Fault(Exception):
    """Something to tell the caller; `detail` is a sentence they may read."""

    code = "internal"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Invalid(Fault):
    """`fields` maps a field's name to what is wrong with it."""

    code = "invalid"

    def __init__(self, detail: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.fields = dict(fields or {})


class Unauthenticated(Fault):
    code = "unauthenticated"


class Forbidden(Fault):
    code = "forbidden"


class WrongPassword(Forbidden):
    code = "wrong_password"


class NotFound(Fault):
    code = "not_found"

    def __init__(self, detail: str = "There is no such thing here.") -> None:
        super().__init__(detail)


class Conflict(Fault):
    code = "conflict"


class TooLarge(Fault):
    code = "too_large"


class QuotaExceeded(TooLarge):
    code = "quota_exceeded"


class UnsupportedMediaType(Fault):
    """The body is in another format than the door reads."""

    code = "unsupported_media_type"


class BadRange(Fault):
    """No byte of the file, which has `size` of them, is in the range that was asked for; or there were too many."""

    code = "bad_range"

    def __init__(self, detail: str, size: int) -> None:
        super().__init__(detail)
        self.size = size


class RateLimited(Fault):
    """`retry_after` in seconds."""

    code = "rate_limited"

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(Fault):
    """`retry_after` in seconds."""

    code = "unavailable"

    def __init__(self, detail: str, retry_after: int = 1) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class TargetFailed(Fault):
    """Says what was wrong with the answer, never what was in it."""

    code = "target_failed"


class AiUnavailable(Fault):
    """Names the variable that the operator would set."""

    code = "ai_unavailable"

    def __init__(self) -> None:
        super().__init__(
            "There is no AI here: whoever runs this server sets CHALKLINE_AI_BASE_URL to an OpenAI-compatible endpoint."
        )


class AiFailed(Fault):
    """Never holds the provider's own words: they may quote a key. `may_retry`: another try may do better."""

    code = "ai_failed"

    def __init__(self, detail: str, *, may_retry: bool = True) -> None:
        super().__init__(detail)
        self.may_retry = may_retry
