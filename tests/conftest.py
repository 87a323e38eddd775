"""Settings that hold for every test."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any

import engines
import pytest
import reading
import shared
from hypothesis import Phase, settings

from partnerkpi.tables import workspace

# No deadline: a busy machine is not a defect. Under CI the same examples every time: a red build can be repeated.
settings.register_profile("partnerkpi", deadline=None, max_examples=100, derandomize=os.environ.get("CI") == "true")
# `mutmut run` only asks whether a test fails: fewer examples, and none is made small.
settings.register_profile(
    "mutation", deadline=None, max_examples=30, derandomize=True, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("partnerkpi")


def pytest_configure(config: pytest.Config) -> None:
    """Give all processes of this run one folder for what they make once; leave thorough tests to those who ask."""
    if hasattr(config, "workerinput"):
        config.option.markexpr = config.workerinput["markexpr"]
        return
    # This process starts the others, which inherit its environment.
    os.environ[shared.FOLDER] = tempfile.mkdtemp(prefix="partnerkpi-tests-")
    config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(shared.FOLDER), ignore_errors=True))
    config.add_cleanup(engines.stop_all)  # before the folder goes
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.markexpr:
        config.option.markexpr = "not thorough"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each process which tests are run."""
    node.workerinput["markexpr"] = node.config.option.markexpr


def pytest_collection_finish() -> None:
    """Leave what collecting made out of garbage collection: it stays, and to look through it again takes minutes."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(autouse=True, scope="session")
def _no_wait_for_the_disk() -> Iterator[None]:
    """Let files be written without waiting for the disk: no test takes the power away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", os.fstat)
        yield


@pytest.fixture(autouse=True)
def _one_reading_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all runs of this process share the one that reads their files, but in tests about that one."""
    if "own_helper" not in request.keywords:
        monkeypatch.setattr(workspace, "Helper", reading.kept)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say what a run of the whole suite leaves out."""
    return "without thorough tests: pytest -m thorough runs those" if config.option.markexpr == "not thorough" else None


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Run the whole suite on all cores, and tests that were asked for by name here, where a debugger can stop them.

    There is one process more than cores: now and then each waits for another program, a fifth of the time in all.
    """
    return (os.cpu_count() or 1) + 1 if config.args_source is pytest.Config.ArgsSource.TESTPATHS else 0
