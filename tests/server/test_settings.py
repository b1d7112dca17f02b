"""Settings: three sources, one order, and a bad value is named."""

from pathlib import Path

import pytest

from server.secret import signing_key
from server.settings import PREFIX, Settings, SettingsRefused, default_data_dir, load_settings


def test_without_any_source_the_defaults_hold() -> None:
    settings = load_settings({})

    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 1)
    assert settings.database_url is None
    assert settings.trusted_proxies == ()
    assert settings.rate_limits
    assert settings.data_dir == default_data_dir()


def test_flags_win_over_the_environment_and_that_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "chalkline.env").write_text("CHALKLINE_HOST=file\nCHALKLINE_PORT=1\nCHALKLINE_WORKERS=2\n")
    monkeypatch.setenv("CHALKLINE_CONFIG", str(tmp_path / "chalkline.env"))
    monkeypatch.setenv("CHALKLINE_PORT", "3")
    monkeypatch.setenv("CHALKLINE_WORKERS", "4")

    settings = load_settings({"workers": "5", "host": None})

    assert (settings.host, settings.port, settings.workers) == ("file", 3, 5)


def test_a_toml_file_may_use_short_names_and_lists(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = 'port = 9000\nrate_limits = "off"\nallowed_origins = ["https://a.example", "https://b.example:8443/"]\n'
    (tmp_path / "chalkline.toml").write_text(text + 'CHALKLINE_REGISTRATION = "closed"\n')
    monkeypatch.setenv("CHALKLINE_CONFIG", str(tmp_path / "chalkline.toml"))

    settings = load_settings({})

    assert (settings.port, settings.rate_limits, settings.registration) == (9000, False, "closed")
    assert settings.allowed_origins == ("https://a.example", "https://b.example:8443")


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("PORT", "eighty", "CHALKLINE_PORT accepts a port from 0 (any free one) to 65535."),
        ("PORT", "65536", "CHALKLINE_PORT accepts a port from 0"),
        ("WORKERS", "0", "CHALKLINE_WORKERS accepts a number of processes from 1 to 64."),
        ("REGISTRATION", "ajar", "CHALKLINE_REGISTRATION accepts open, invite or closed."),
        ("COMPRESSION", "gzip", "CHALKLINE_COMPRESSION accepts on or off."),
        ("RATE_LIMITS", "maybe", "CHALKLINE_RATE_LIMITS accepts on or off."),
        ("DATABASE_URL", "mysql://x", "CHALKLINE_DATABASE_URL accepts a DSN such as postgresql://"),
        ("REDIS_URL", "http://x", "CHALKLINE_REDIS_URL accepts a URL that begins with redis://"),
        ("FILES_URL", "https://host/bucket", "CHALKLINE_FILES_URL accepts a bucket such as s3://"),
        ("FILES_URL", "s3://host", "CHALKLINE_FILES_URL accepts a bucket such as"),
        ("FILES_URL", "s3://key@host/bucket", "CHALKLINE_FILES_URL accepts a bucket such as"),
        ("FILES_URL", "s3://host/bucket?tls=no", "CHALKLINE_FILES_URL accepts a bucket such as"),
        ("FILES_URL", "s3://host/bucket?colour=red", "CHALKLINE_FILES_URL accepts a bucket such as"),
        ("FILE_SIZE", "0", "CHALKLINE_FILE_SIZE accepts MiB of one file at most, from 1 to 100000."),
        ("FILES_PER_USER", "-1", "CHALKLINE_FILES_PER_USER accepts MiB of all files of one user"),
        ("PUSH", "maybe", "CHALKLINE_PUSH accepts on, private or off."),
        ("PUSH_CONTACT", "admin@example.org", "CHALKLINE_PUSH_CONTACT accepts a mailto: or https: URL"),
        ("PUSH_CONTACT", "mailto:nobody", "CHALKLINE_PUSH_CONTACT accepts a mailto: or https: URL"),
        ("AI_BASE_URL", "ftp://x", "CHALKLINE_AI_BASE_URL accepts the http(s) URL"),
        ("AI_BASE_URL", "demo,http://x", "CHALKLINE_AI_BASE_URL accepts the http(s) URL"),
        ("AI_API_KEY", "one,two", "CHALKLINE_AI_API_KEY accepts one key, or as many as"),
        ("AI_ANSWER_TOKENS", "16000", "CHALKLINE_AI_ANSWER_TOKENS accepts less than"),
        ("AI_BUDGETS", "users/day=1", "CHALKLINE_AI_BUDGETS accepts tokens such as user/day=500000"),
        ("AI_BUDGETS", "user/day=many", "CHALKLINE_AI_BUDGETS accepts tokens such as"),
        ("AI_PRICES", "demo=1", "CHALKLINE_AI_PRICES accepts prices per million tokens"),
        ("AI_TIMEOUTS", "5/60", "CHALKLINE_AI_TIMEOUTS accepts three times in seconds"),
        ("AI_TIMEOUTS", "5/0/30", "CHALKLINE_AI_TIMEOUTS accepts three times in seconds"),
        (
            "ALLOWED_ORIGINS",
            "*",
            "CHALKLINE_ALLOWED_ORIGINS accepts origins such as https://chat.example.org",
        ),
        ("ALLOWED_ORIGINS", "https://a.example/path", "CHALKLINE_ALLOWED_ORIGINS accepts origins"),
        ("ALLOWED_ORIGINS", "https://user@a.example", "CHALKLINE_ALLOWED_ORIGINS accepts origins"),
        ("TRUSTED_PROXIES", "everyone", "CHALKLINE_TRUSTED_PROXIES accepts IP addresses or networks"),
        ("LOG_LEVEL", "loud", "CHALKLINE_LOG_LEVEL accepts debug, info, warning or error."),
        ("METRICS_TOKEN", "short", "CHALKLINE_METRICS_TOKEN accepts at least 16 characters."),
        ("MAX_SOCKETS_PER_USER", "0", "CHALKLINE_MAX_SOCKETS_PER_USER accepts a number from 1 to 100000."),
        ("SECRET", "short", "CHALKLINE_SECRET accepts at least 32 random bytes"),
        ("SECRET", "a" * 64, "CHALKLINE_SECRET accepts at least 32 random bytes"),
        ("TLS_CERT", "/nowhere.pem", "CHALKLINE_TLS_CERT accepts the path of a readable PEM file"),
        ("TLS_KEY", __file__, "CHALKLINE_TLS_CERT and CHALKLINE_TLS_KEY accept either two files or none."),
        ("CONFIG", "/etc/passwd", "CHALKLINE_CONFIG accepts the path of a .env or .toml file"),
        ("CONFIG", "/nowhere/x.toml", "CHALKLINE_CONFIG names /nowhere/x.toml, which cannot be read"),
    ],
)
def test_a_bad_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, complaint: str
) -> None:
    monkeypatch.setenv(PREFIX + variable, value)

    with pytest.raises(SettingsRefused) as refusal:
        load_settings({})

    assert complaint in str(refusal.value)


def test_a_bad_flag_is_named_as_a_flag() -> None:
    with pytest.raises(SettingsRefused, match=r"^--port accepts a port"):
        load_settings({"port": "eighty"})


def test_all_bad_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHALKLINE_PORT", "x")
    monkeypatch.setenv("CHALKLINE_WORKERS", "x")

    with pytest.raises(SettingsRefused) as refusal:
        load_settings({})

    assert len(str(refusal.value).splitlines()) == 2


def test_no_complaint_repeats_a_value_that_may_be_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHALKLINE_SECRET", "hunter2")
    monkeypatch.setenv("CHALKLINE_DATABASE_URL", "oracle://scott:tiger@host")

    with pytest.raises(SettingsRefused) as refusal:
        load_settings({})

    assert "hunter2" not in str(refusal.value)
    assert "tiger" not in str(refusal.value)


@pytest.mark.parametrize("name", ["chalkline.env", "chalkline.toml"])
def test_a_misspelt_variable_in_the_file_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text('CHALKLINE_REGISTRATON="closed"\n')
    monkeypatch.setenv("CHALKLINE_CONFIG", str(tmp_path / name))

    with pytest.raises(
        SettingsRefused, match=r"CHALKLINE_REGISTRATON, .* did you mean CHALKLINE_REGISTRATION\?"
    ):
        load_settings({})


def test_other_programs_variables_in_a_env_file_are_theirs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("POSTGRES_PASSWORD=x\nCHALKLINE_PORT=9\n")
    monkeypatch.setenv("CHALKLINE_CONFIG", str(tmp_path / ".env"))

    assert load_settings({}).port == 9


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHALKLINE_DATABASE_URL", "")

    assert load_settings({}).database_url is None


def test_settings_are_never_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings({}).port = 1  # type: ignore[misc]


def test_ai_settings_are_read_as_they_are_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHALKLINE_AI_BASE_URL", "https://a.example/v1/, http://b.example/v1")
    monkeypatch.setenv("CHALKLINE_AI_BUDGETS", "user/day=1000, workspace/month=50000")
    monkeypatch.setenv("CHALKLINE_AI_PRICES", "gpt-x=0.5/1.5")
    monkeypatch.setenv("CHALKLINE_AI_TIMEOUTS", "1/2.5/3")

    settings = load_settings({})

    assert settings.ai_base_url == ("https://a.example/v1", "http://b.example/v1")
    assert settings.ai_budgets == {"user/day": 1000, "workspace/month": 50_000}
    assert settings.ai_prices == {"gpt-x": (0.5, 1.5)}
    assert settings.ai_timeouts == (1.0, 2.5, 3.0)


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = Settings(
        secret="0123456789abcdef0123456789abcdef",
        database_url="postgresql://u:tiger@h/d",
        ai_api_key=("sk-canary",),
    )

    assert "0123456789abcdef" not in repr(settings)
    assert "tiger" not in repr(settings)
    assert "canary" not in repr(settings)


def test_a_process_that_gets_them_as_environment_has_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    original = Settings(
        port=9,
        data_dir=tmp_path,
        rate_limits=False,
        ai_base_url=("https://a.example/v1", "http://b.example/v1"),
        ai_api_key=("one", "two"),
        ai_models=("a", "b"),
        ai_budgets={},
        ai_prices={"a": (0.5, 1.5), "b=c": (1.0, 2.0)},
        ai_timeouts=(1.0, 2.5, 3.0),
        trusted_proxies=("10.0.0.0/8", "127.0.0.1"),
        redis_url="unix:///tmp/a%20b",
    )
    for name, value in original.as_environment().items():
        monkeypatch.setenv(name, value)

    assert load_settings({}) == original


def test_a_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")

    first = signing_key(settings)

    assert len(first) >= 32
    assert signing_key(settings) == first
    assert (tmp_path / "new" / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret"]


def test_two_installations_have_two_secrets(tmp_path: Path) -> None:
    assert signing_key(Settings(data_dir=tmp_path / "a")) != signing_key(Settings(data_dir=tmp_path / "b"))


def test_a_kept_secret_that_is_too_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("0123456789abcdef\n")

    with pytest.raises(SettingsRefused, match=r"it has 16 bytes\. Remove it"):
        signing_key(Settings(data_dir=tmp_path))


def test_a_secret_of_the_environment_is_not_written_down(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, secret="0123456789abcdef0123456789abcdef")

    assert signing_key(settings) == b"0123456789abcdef0123456789abcdef"
    assert list(tmp_path.iterdir()) == []
