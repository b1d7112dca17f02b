"""What an operator can set, by CHALKLINE_* variables, a file, or flags. Law: a bad value stops the start, by name.

Flags win over the environment, the environment over the file that CHALKLINE_CONFIG names.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from models.instance import Registration
from server import setting_kinds as kinds
from server.cannot_start import CannotStart
from server.search_languages import SEARCH_LANGUAGES
from server.settings_file import BadFile, read_settings_file

PREFIX = "CHALKLINE_"


class SettingsRefused(CannotStart):
    """The settings are not usable; each line of the text names one variable and what it accepts."""

    exit_code = 2


def default_data_dir() -> Path:
    """Where this platform wants a user's data."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Chalkline"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "chalkline"


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(kinds.split_list)]


class Settings(BaseSettings):
    """One start's settings. Never changed afterwards; a `description` completes the sentence "it accepts …"."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    name: str = Field(
        "Chalkline",
        pattern=r"^[^\x00-\x1f\x7f]{1,60}$",
        description="a name of up to 60 characters on one line",
    )
    host: str = Field("127.0.0.1", min_length=1, description="an address or name to listen on")
    port: int = Field(8000, ge=0, le=65535, description="a port from 0 (any free one) to 65535")
    workers: int = Field(1, ge=1, le=64, description="a number of processes from 1 to 64")
    data_dir: Annotated[Path, AfterValidator(kinds.absolute)] = Field(
        default_factory=default_data_dir, description="the path of a directory"
    )
    database_url: Annotated[str, AfterValidator(kinds.database_url)] | None = Field(
        None, repr=False, description="a DSN such as postgresql://user:password@host/database"
    )
    redis_url: Annotated[str, AfterValidator(kinds.redis_url)] | None = Field(
        None,
        repr=False,
        description="a URL that begins with redis://, rediss://, unix://, redis+cluster:// or redis+sentinel://",
    )
    secret: Annotated[str, AfterValidator(kinds.secret)] | None = Field(
        None, repr=False, description="at least 32 random bytes (openssl rand -base64 48)"
    )
    registration: Registration = Field("open", description="open, invite or closed")
    ai_base_url: Annotated[Names, AfterValidator(kinds.endpoints)] = Field(
        (),
        description="the http(s) URL of an OpenAI-compatible endpoint, several separated by commas, or demo",
    )
    ai_api_key: Names = Field(
        (), repr=False, description="the key that the AI endpoint asks for, or one for each endpoint"
    )
    ai_models: Names = Field((), description="names of models, separated by commas")
    ai_context_tokens: int = Field(16_000, ge=512, le=10_000_000, description="a number from 512")
    ai_answer_tokens: int = Field(4_000, ge=16, le=1_000_000, description="a number from 16")
    ai_runs_per_user: int = Field(3, ge=1, le=10_000, description="a number from 1 to 10000")
    ai_budgets: Annotated[dict[str, int], NoDecode, BeforeValidator(kinds.budgets)] = Field(
        {"user/day": 500_000},
        description="tokens such as user/day=500000, of user, channel or workspace, day or month, or none",
    )
    ai_prices: Annotated[dict[str, tuple[float, float]], NoDecode, BeforeValidator(kinds.prices)] = Field(
        {}, description="prices per million tokens such as model=0.5/1.5, separated by commas"
    )
    ai_timeouts: Annotated[tuple[float, float, float], NoDecode, BeforeValidator(kinds.timeouts)] = Field(
        (5.0, 60.0, 30.0),
        description="three times in seconds, to connect, to the first token and between two, such as 5/60/30",
    )
    ai_vision_models: Names = Field((), description="names of models that take pictures, separated by commas")
    ai_tools: Annotated[bool, BeforeValidator(kinds.on_or_off)] = Field(True, description="on or off")
    allowed_origins: Annotated[Names, AfterValidator(kinds.origins)] = Field(
        (), description="origins such as https://chat.example.org, separated by commas"
    )
    search_language: Literal[SEARCH_LANGUAGES] = Field(  # type: ignore[valid-type]
        "simple", description="simple, or a language such as english, german, french or spanish"
    )
    rate_limits: Annotated[bool, BeforeValidator(kinds.on_or_off)] = Field(True, description="on or off")
    outbound_networks: Annotated[Names, AfterValidator(kinds.networks)] = Field(
        (), description="IP addresses or networks such as 10.0.0.0/8, separated by commas"
    )
    push: Literal["on", "private", "off"] = Field("on", description="on, private or off")
    push_contact: Annotated[str, AfterValidator(kinds.contact)] | None = Field(
        None, description="a mailto: or https: URL such as mailto:admin@example.org"
    )
    link_previews: Annotated[bool, BeforeValidator(kinds.on_or_off)] = Field(False, description="on or off")
    hook_retry_seconds: float = Field(1.0, ge=0.01, le=60, description="seconds from 0.01 to 60")
    compression: Annotated[bool, BeforeValidator(kinds.on_or_off)] = Field(False, description="on or off")
    sketch_memory: int = Field(
        256, ge=16, le=1_000_000, description="MiB for all open sketches of a worker, from 16 to 1000000"
    )
    files_url: Annotated[str, AfterValidator(kinds.bucket_url)] | None = Field(
        None, repr=False, description="a bucket such as s3://key:secret@host/bucket?region=eu-west-1"
    )
    file_size: int = Field(100, ge=1, le=100_000, description="MiB of one file at most, from 1 to 100000")
    files_per_user: int = Field(
        5_000, ge=0, le=100_000_000, description="MiB of all files of one user, or 0 for no limit"
    )
    files_in_all: int = Field(
        0, ge=0, le=100_000_000, description="MiB of all files of the workspace, or 0 for no limit"
    )
    max_sockets_per_user: int = Field(50, ge=1, le=100_000, description="a number from 1 to 100000")
    tls_cert: Annotated[Path, AfterValidator(kinds.readable_file)] | None = Field(
        None, description="the path of a readable PEM file, together with CHALKLINE_TLS_KEY"
    )
    tls_key: Annotated[Path, AfterValidator(kinds.readable_file)] | None = Field(
        None, description="the path of a readable PEM file, together with CHALKLINE_TLS_CERT"
    )
    # Nobody is believed unasked: whoever may set X-Forwarded-For chooses the address that limits count by.
    trusted_proxies: Annotated[Names, AfterValidator(kinds.networks)] = Field(
        (), description="IP addresses or networks such as 10.0.0.0/8, separated by commas"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="debug, info, warning or error"
    )
    metrics_token: str | None = Field(None, repr=False, min_length=16, description="at least 16 characters")
    pool_size: int = Field(
        10, ge=1, le=500, description="connections to PostgreSQL per worker, from 1 to 500"
    )

    @model_validator(mode="after")
    def _tls_comes_in_pairs(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("CHALKLINE_TLS_CERT and CHALKLINE_TLS_KEY accept either two files or none")
        return self

    @model_validator(mode="after")
    def _ai_endpoints_and_keys_fit(self) -> Self:
        if len(self.ai_api_key) > 1 and len(self.ai_api_key) != len(self.ai_base_url):
            raise ValueError(
                "CHALKLINE_AI_API_KEY accepts one key, or as many as CHALKLINE_AI_BASE_URL has endpoints"
            )
        if self.ai_answer_tokens >= self.ai_context_tokens:
            raise ValueError("CHALKLINE_AI_ANSWER_TOKENS accepts less than CHALKLINE_AI_CONTEXT_TOKENS")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic names the parameters
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        path = os.environ.get(f"{PREFIX}CONFIG")
        written = read_settings_file(Path(path), PREFIX, set(cls.model_fields)) if path else {}
        return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=written)

    def as_environment(self) -> dict[str, str]:
        """These very settings as variables, for a process of ours that shall have the same."""
        values = self.model_dump(exclude_none=True)
        return {f"{PREFIX}{name.upper()}": kinds.to_text(value) for name, value in values.items()}


def load_settings(flags: Mapping[str, object]) -> Settings:
    """Settings from all sources; flags that are None count as not given. Raises `SettingsRefused`."""
    given: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except BadFile as error:
        raise SettingsRefused(str(error)) from None
    except ValidationError as error:
        raise SettingsRefused("\n".join(_complaints(error, given))) from None


def _complaints(error: ValidationError, flags: Mapping[str, object]) -> list[str]:
    return [
        _complaint(problem["loc"], problem["msg"], flags) for problem in error.errors(include_input=False)
    ]


def _complaint(place: tuple[int | str, ...], message: str, flags: Mapping[str, object]) -> str:
    """Without the value: it may be a secret, or hold one."""
    if not place:
        return message.removeprefix("Value error, ") + "."
    name = str(place[0])
    variable = f"--{name.replace('_', '-')}" if name in flags else f"{PREFIX}{name.upper()}"
    return f"{variable} accepts {Settings.model_fields[name].description}. ({message.removeprefix('Value error, ')})"
