"""The rooms of `python -m mutation`."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_room_has_files_to_change_and_tests_to_notice() -> None:
    """A file or test that was renamed is not silently left out."""
    rooms = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutation"]
    assert {"kpi", "cells", "tally"} <= set(rooms)
    for name, room in rooms.items():
        assert all(list(ROOT.glob(pattern)) for pattern in room["change"]), name
        paths = [
            test.removeprefix("--deselect=").removeprefix("--ignore=").partition("::")[0] for test in room["tests"]
        ]
        assert all((ROOT / path).exists() for path in paths), name
