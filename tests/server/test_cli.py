"""The command line: each command says what it did, and an operator's mistake ends without a traceback."""

import asyncio
import io
import sys
from pathlib import Path

import asyncpg
import pytest

from server.cli import main
from server.embedded_postgres import EmbeddedPostgres
from server.migrate import read_migrations
from tests.server.running import get, run


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_database: str) -> str:
    """Commands work on this test's database."""
    monkeypatch.setenv("CHALKLINE_DATABASE_URL", empty_database)
    monkeypatch.setenv("CHALKLINE_DATA_DIR", str(tmp_path))
    return empty_database


@pytest.mark.parametrize(
    "command",
    ["", "serve", "migrate", "users", "users create", "doctor"],
    ids=lambda command: command or "itself",
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([*command.split(), "--help"])

    assert end.value.code == 0
    assert f"usage: {f'chalkline {command}'.strip()}" in capsys.readouterr().out


def test_a_bad_flag_ends_in_2_and_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "eighty"]) == 2
    assert capsys.readouterr().err.startswith("chalkline: --port accepts a port from 0")


def test_serve_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with run("server.cli", "serve", "--port", "0", "--data-dir", tmp_path / "data") as server:
        url = server.url()
        get(f"{url}/health/ready")

        code, said = server.stop()

    assert code == 0
    assert "Traceback" not in said


@pytest.mark.parametrize("way", ["status", "down"])
def test_to_ask_for_the_status_makes_no_database(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CHALKLINE_DATABASE_URL", raising=False)

    assert main(["migrate", way, "--data-dir", str(tmp_path / "data")]) == 0

    assert "There is no database in" in capsys.readouterr().out
    assert not (tmp_path / "data").exists()


def test_migrate_goes_up_tells_its_status_and_goes_down(use: str, capsys: pytest.CaptureFixture[str]) -> None:
    newest = str(read_migrations()[-1])

    assert main(["migrate", "status"]) == 0
    assert f"{newest}  pending" in capsys.readouterr().out
    assert main(["migrate"]) == 0
    assert f"{newest}  applied" in capsys.readouterr().out
    assert main(["migrate", "up"]) == 0
    assert capsys.readouterr().out == "nothing to do\n"
    assert main(["migrate", "status"]) == 0
    assert f"{newest}  applied 2" in capsys.readouterr().out
    assert main(["migrate", "down", "--to", "0"]) == 0
    assert f"{newest}  taken back" in capsys.readouterr().out


def test_down_without_anything_to_take_back_is_refused(use: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "down"]) == 1
    assert "nothing to take back" in capsys.readouterr().err


async def roles(dsn: str) -> dict[str, str]:
    connection = await asyncpg.connect(dsn)
    try:
        return {
            row["username"]: row["role"] for row in await connection.fetch("select username, role from users")
        }
    finally:
        await connection.close()


def stdin(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_users_create_makes_a_member_or_an_admin(
    use: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(monkeypatch, "a long enough password\n")

    assert main(["users", "create", "alice", "--admin", "--password-stdin"]) == 0
    assert main(["users", "create", "bob"]) == 0

    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("alice is now an admin in ")
    assert said[1].startswith("bob is now a member in ")
    assert said[2].startswith("Password: ")
    assert asyncio.run(roles(use)) == {"alice": "admin", "bob": "member"}


def test_a_name_that_is_taken_or_a_password_that_is_weak_is_refused(
    use: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["users", "create", "alice"]) == 0

    assert main(["users", "create", "alice"]) == 1
    stdin(monkeypatch, "short\n")
    assert main(["users", "create", "bob", "--password-stdin"]) == 1

    complaints = capsys.readouterr().err
    assert complaints.count("chalkline: ") >= 2
    assert "Traceback" not in complaints


def test_a_command_works_beside_a_running_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with EmbeddedPostgres(tmp_path / "postgres"):
        assert main(["migrate", "up", "--data-dir", str(tmp_path)]) == 0

    assert "applied" in capsys.readouterr().out


def test_doctor_finds_a_fresh_machine_healthy_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--data-dir", str(tmp_path / "new")]) == 0

    said = capsys.readouterr().out
    assert "fail" not in said
    assert "ok    postgresql: embedded, will be made by the first start" in said
    assert not (tmp_path / "new").exists()


def test_doctor_looks_into_the_database(use: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    assert "ok    migrations: none yet" in capsys.readouterr().out

    main(["migrate"])
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "ok    migrations: up to date" in said
    assert "ok    clock: agrees" in said


def test_doctor_says_what_is_wrong_and_ends_in_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "secret").write_text("short")
    monkeypatch.setenv("CHALKLINE_DATABASE_URL", "postgresql://scott:tiger@127.0.0.1:1/x")
    monkeypatch.setenv("CHALKLINE_REDIS_URL", "redis://127.0.0.1:1")
    monkeypatch.setenv("CHALKLINE_PROT", "8000")

    assert main(["doctor", "--data-dir", str(tmp_path)]) == 1

    said = capsys.readouterr().out
    assert "warn  settings: CHALKLINE_PROT is set" in said
    assert "fail  secret: others may read" in said
    assert "fail  postgresql: PostgreSQL at 127.0.0.1:1 cannot be used" in said
    assert "fail  bus: Redis does not answer" in said
    assert "tiger" not in said
