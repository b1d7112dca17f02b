"""From `chalkline serve` to the last closed socket, with a stub for an app: ready, stopped, killed, refused."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import time
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.error import URLError

import pytest

from server.embedded_postgres import EmbeddedPostgres
from server.embedded_valkey import EmbeddedValkey
from tests.server.running import Running, get, run


def serving(place: Path, **variables: str) -> AbstractContextManager[Running]:
    defaults = {"CHALKLINE_DATA_DIR": str(place), "CHALKLINE_PORT": "0"}
    return run("tests.server.stub_serve", variables=defaults | variables)


def test_from_nothing_it_serves_on_a_migrated_database(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        answer = get(f"{server.url()}/health/ready")

    assert isinstance(answer["migration"], int)
    assert answer["redis_url"] is None
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_drains_closes_the_app_and_ends_in_0(
    data_dir: Path, workers: str, way: signal.Signals
) -> None:
    with serving(data_dir, CHALKLINE_WORKERS=workers) as server:
        server.url()

        code, said = server.stop(way)

    assert code == 0
    assert said.count("stub drained") == int(workers)
    assert said.count("stub lifespan ended") == int(workers)
    assert said.index("stub drained") < said.index("stub lifespan ended")
    assert "Traceback" not in said
    with EmbeddedPostgres(data_dir / "postgres"):
        pass


def test_a_stop_during_the_start_is_a_clean_one(data_dir: Path) -> None:
    with serving(data_dir, STUB_HANGS="1") as server:
        server.line_with("stub hangs")

        code, said = server.stop()

    assert code == 0
    assert "Traceback" not in said


def test_workers_share_the_socket_and_an_embedded_bus(data_dir: Path) -> None:
    with serving(data_dir, CHALKLINE_WORKERS="2") as server:
        url = server.url()
        answers = [get(f"{url}/health/ready")]
        while len({answer["pid"] for answer in answers}) < 2:
            answers.append(get(f"{url}/health/ready"))

    assert str(answers[0]["redis_url"]).startswith("unix://")


def test_a_worker_that_dies_is_replaced(data_dir: Path) -> None:
    with serving(data_dir, CHALKLINE_WORKERS="2") as server:
        url = server.url()
        victim = get(f"{url}/health/ready")["pid"]
        assert isinstance(victim, int)

        os.kill(victim, signal.SIGKILL)
        server.line_with("worker_died")
        server.line_with("worker_ready")

        assert get(f"{url}/health/ready")["pid"] != victim


def test_workers_that_never_become_ready_end_the_start_in_1(data_dir: Path) -> None:
    with serving(data_dir, CHALKLINE_WORKERS="2", STUB_FAILS="1") as server:
        code, said = server.ended()

    assert code == 1
    assert "workers_never_became_ready" in said


def test_an_app_that_cannot_start_ends_the_start_with_an_error(data_dir: Path) -> None:
    with serving(data_dir, STUB_FAILS="1") as server:
        code, said = server.ended()

    assert code != 0
    assert "the stub was told to fail" in said
    assert "listening" not in said


@pytest.mark.parametrize("workers", ["1", "2"])
def test_after_kill_9_nobody_is_left_and_the_next_start_just_works(data_dir: Path, workers: str) -> None:
    for _ in range(3):
        with serving(data_dir, CHALKLINE_WORKERS=workers) as server:
            get(f"{server.url()}/health/ready")
            server.process.kill()
            server.process.wait()
            server.output.read()  # ends when the last worker has closed its end

    with EmbeddedPostgres(data_dir / "postgres"), EmbeddedValkey(data_dir / "valkey"):
        pass


def test_a_second_server_on_the_same_data_says_who_holds_it(data_dir: Path) -> None:
    with serving(data_dir) as first:
        first.url()

        with serving(data_dir) as second:
            code, said = second.ended()

        assert code == 1
        assert (
            f"chalkline: {data_dir}/postgres is in use by process {first.process.pid} (stub_serve.py" in said
        )
        assert "Traceback" not in said


def test_a_taken_port_is_told_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with serving(tmp_path, CHALKLINE_PORT=port) as server:
            code, said = server.ended()

    assert code == 1
    assert said == (
        f"chalkline: Cannot listen on 127.0.0.1:{port}: Address already in use. Choose another --host or --port.\n"
    )
    assert not (tmp_path / "postgres").exists()


def test_an_outside_database_that_is_away_is_named_without_its_password(tmp_path: Path) -> None:
    with serving(
        tmp_path, CHALKLINE_DATABASE_URL="postgresql://scott:tiger@localhost:1/x", PATIENCE="0"
    ) as server:
        code, said = server.ended()

    assert code == 1
    assert "PostgreSQL at localhost:1 cannot be used" in said
    assert "tiger" not in said


def test_an_outside_database_needs_no_embedded_one(tmp_path: Path, empty_database: str) -> None:
    with serving(tmp_path, CHALKLINE_DATABASE_URL=empty_database) as server:
        assert isinstance(get(f"{server.url()}/health/ready")["migration"], int)

    assert not (tmp_path / "postgres").exists()


def test_a_bad_setting_ends_in_2_and_one_line(tmp_path: Path) -> None:
    with serving(tmp_path, CHALKLINE_PORT="eighty") as server:
        code, said = server.ended()

    assert code == 2
    assert said.startswith("chalkline: CHALKLINE_PORT accepts a port from 0")
    assert said.count("\n") == 1


def test_forwarded_headers_count_only_from_trusted_proxies(data_dir: Path) -> None:
    forged = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    with serving(data_dir) as server:
        answer = get(f"{server.url()}/health/ready", forged)
    assert (answer["client"], answer["scheme"]) == ("127.0.0.1", "http")

    with serving(data_dir, CHALKLINE_TRUSTED_PROXIES="127.0.0.0/8") as server:
        answer = get(f"{server.url()}/health/ready", forged)
    assert (answer["client"], answer["scheme"]) == ("203.0.113.7", "https")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl to make a certificate with")
def test_with_a_certificate_it_serves_https(data_dir: Path) -> None:
    cert, key = data_dir / "cert.pem", data_dir / "key.pem"
    request = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost"
    )
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(cert), "-keyout", str(key)]
    subprocess.run([*request.split(), *names], check=True, capture_output=True)

    with serving(data_dir, CHALKLINE_TLS_CERT=str(cert), CHALKLINE_TLS_KEY=str(key)) as server:
        url = server.url()
        assert url.startswith("https://127.0.0.1:")
        assert get(f"{url}/health/ready", trust=cert)["scheme"] == "https"


def test_an_embedded_database_that_is_killed_comes_back(data_dir: Path) -> None:
    with serving(data_dir) as server:
        url = server.url()
        postmaster = int((data_dir / "postgres" / "pgdata" / "postmaster.pid").read_text().splitlines()[0])

        os.kill(postmaster, signal.SIGKILL)
        server.line_with("embedded_server_revived")
        while not EmbeddedPostgres(data_dir / "postgres").is_served():
            pass

        assert isinstance(get(f"{url}/health/ready")["migration"], int)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_start_that_loses_its_database_waits_for_it(data_dir: Path, workers: str) -> None:
    variables = {"CHALKLINE_DATA_DIR": str(data_dir), "CHALKLINE_PORT": "0", "CHALKLINE_WORKERS": workers}
    with run("tests.server.losing_serve", variables=variables) as server:
        assert get(f"{server.url()}/health/ready")["status"] == "ok"

        code, said = server.stop()

    assert code == 0
    assert "Traceback" not in said


def test_a_low_limit_of_open_files_is_raised_as_far_as_the_system_lets_us(data_dir: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        with serving(data_dir, CHALKLINE_WORKERS="2") as server:
            allowed = get(f"{server.url()}/health/ready")["open_files"]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert allowed == (65_536 if hard == resource.RLIM_INFINITY else min(65_536, hard))


@pytest.mark.slow
def test_an_app_that_clings_to_life_is_stopped_within_15_seconds_and_takes_nobody_meanwhile(
    data_dir: Path,
) -> None:
    with serving(data_dir, STUB_CLINGS="1", CHALKLINE_WORKERS="2") as server:
        url = server.url()
        begun = time.monotonic()

        server.process.send_signal(signal.SIGTERM)
        for _ in range(2):
            server.line_with("stub drained")
        with pytest.raises(URLError, match="refused"):
            get(f"{url}/health/ready")
        code, said = server.ended()

    assert time.monotonic() - begun < 15
    assert code == 0
    assert "shutdown_took_too_long" in said
