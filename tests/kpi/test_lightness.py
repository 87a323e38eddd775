"""What the arithmetic may load, and what it offers."""

from __future__ import annotations

import subprocess
import sys

import pytest

import partnerkpi.kpi

PROBE = """
import sys
before = set(sys.modules)
import {module}
new = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(*sorted(new - sys.stdlib_module_names))
"""


@pytest.mark.parametrize("module", ["partnerkpi.kpi", "partnerkpi.cells"])
def test_the_arithmetic_loads_the_standard_library_only(module: str) -> None:
    """A cell is computed in Excel's own start-up: neither numpy nor pandas nor any other package is waited for."""
    command = [sys.executable, "-c", PROBE.format(module=module)]
    probe = subprocess.run(command, capture_output=True, text=True, check=True)
    assert probe.stdout.split() == ["partnerkpi"]


def test_every_public_name_is_there_and_documented() -> None:
    """The package offers exactly what it lists, and every function and class says what it does."""
    for name in partnerkpi.kpi.__all__:
        offered = getattr(partnerkpi.kpi, name)
        assert offered is not None
        if callable(offered):
            assert offered.__doc__
            assert offered.__doc__.strip()
    assert len(set(partnerkpi.kpi.__all__)) == len(partnerkpi.kpi.__all__)
