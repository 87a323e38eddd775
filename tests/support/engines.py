"""PostgreSQL and Spark for the tests: each started once in a run, by whoever asks first, and stopped when it ends."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import shared

#: Where PostgreSQL's server lies on Debian, Fedora and macOS.
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")

#: A server of this run and what it needs to be stopped stand in a file of this ending in the folder of the run.
_RUNNING = ".running"

_SERVERS: list[subprocess.Popen[bytes]] = []

#: A small Spark, whose zone is not that of the data.
_SMALL = {
    "spark.master": "local[1]",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.session.timeZone": "America/New_York",
    "spark.driver.memory": "2g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # half the time of a short life
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.log.level": "OFF",
}


def postgres() -> str:
    """Return what psycopg connects to: a new database on the PostgreSQL of this run."""
    pytest.importorskip("psycopg")
    if _programs() is None:
        _missing("PostgreSQL's server (initdb, pg_ctl)")
    import psycopg

    server = shared.once("postgres", _start_postgres)
    name = f"tests_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server} dbname={name}"


@cache
def spark() -> Any:
    """Return the Spark session of this process, with a Java of its own, which ends when this process does."""
    _need_java()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas 3, of which nothing is used
        from pyspark.sql import SparkSession

        builder = SparkSession.builder
        for name, value in _spark_options().items():
            builder = builder.config(name, value)
        return builder.getOrCreate()


@cache
def spark_connect() -> Any:
    """Return a session of Spark Connect with a server of its own, which all processes of the run share."""
    _need_java()
    pytest.importorskip("grpc")
    address = shared.once("spark connect", _start_connect)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.sql.connect.session import SparkSession

        return SparkSession.builder.remote(address).create()


def stop_all() -> None:
    """Stop all servers of this run, first what this process asks one: its session would wait for it for minutes."""
    if spark_connect.cache_info().currsize:
        spark_connect().stop()
    for file in Path(os.environ[shared.FOLDER]).glob(f"*{_RUNNING}"):
        what, _, argument = file.read_text(encoding="utf-8").partition(" ")
        if what == "postgres":
            _control(Path(argument), "stop", "-m", "immediate")
            shutil.rmtree(Path(argument), ignore_errors=True)
        else:
            with suppress(ProcessLookupError):
                os.kill(int(argument), signal.SIGKILL)
        file.unlink()


def _missing(what: str) -> None:
    """Skip a test whose engine is not here; under CI it must be."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing: .ci/run installs it")
    pytest.skip(f"needs {what}")


def _need_java() -> None:
    if shutil.which("java") is None:
        _missing("Java 17 or later")
    if os.environ.get("CI") != "true":
        pytest.importorskip("pyspark")


def _note(name: str, how: str) -> None:
    Path(os.environ[shared.FOLDER], f"{name}{_RUNNING}").write_text(how, encoding="utf-8")


@cache
def _programs() -> Path | None:
    """Return the folder of PostgreSQL's programs."""
    found = shutil.which("pg_ctl")
    places = [Path(found).parent] if found else []
    places += [place for pattern in _PLACES for place in sorted(Path("/").glob(pattern[1:]), reverse=True)]
    return next((place for place in places if (place / "initdb").exists()), None)


def _start_postgres() -> str:
    """Start a server on loopback, and return where it listens."""
    folder = Path(tempfile.mkdtemp(prefix="partnerkpi-postgres-"))
    if (user := _ordinary_user()) is not None:
        shutil.chown(folder, user)
    _run("initdb", folder, "--username=tests", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    port = _free_port()
    options = f"-h 127.0.0.1 -p {port} -k '' -F -c shared_buffers=64MB -c jit=off -c max_connections=40"
    _control(folder, "start", "-l", str(folder / "log"), "-o", options)
    _note("postgres", f"postgres {folder}")
    return f"host=127.0.0.1 port={port} user=tests"


def _control(folder: Path, *arguments: str) -> None:
    _run("pg_ctl", folder, "-w", *arguments)


def _run(program: str, folder: Path, *arguments: str) -> None:
    """Run a program of PostgreSQL; it refuses to be root's, who has an ordinary user run it."""
    programs = _programs()
    assert programs is not None
    subprocess.run(
        [programs / program, "-D", folder / "data", *arguments],
        user=_ordinary_user(),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdout=subprocess.DEVNULL,  # the server inherits it, and a pipe would never end
        stderr=subprocess.DEVNULL,
        check=True,
    )


def _ordinary_user() -> str | None:
    """Return a user without rights where this process has all."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise RuntimeError("there is no ordinary user, and PostgreSQL does not run as root")


def _spark_options() -> dict[str, str]:
    folder = os.environ[shared.FOLDER]
    return _SMALL | {"spark.sql.warehouse.dir": f"{folder}/warehouse", "spark.local.dir": folder}


def _start_connect() -> str:
    """Start a server of Spark Connect on loopback, and return its address."""
    import pyspark

    port = _free_port()
    options = _spark_options() | {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
    }
    submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    settings = [word for name, value in options.items() for word in ("--conf", f"{name}={value}")]
    server = subprocess.Popen(
        [submit, "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", *settings, "spark-internal"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYSPARK_PYTHON": sys.executable},
    )
    _SERVERS.append(server)  # or it would be said that it still runs
    _note("spark-connect", f"kill {server.pid}")
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return f"sc://127.0.0.1:{port}"
        if server.poll() is not None:
            raise RuntimeError(f"the server of Spark Connect ended with {server.returncode}")
        time.sleep(0.1)
    raise RuntimeError("the server of Spark Connect did not start within a minute")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
