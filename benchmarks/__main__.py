"""`python -m benchmarks [NAME...]` runs all benchmarks, or those named."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

#: The modules that are benchmarks; the others are what several of them share.
NAMES = sorted(
    path.stem
    for path in Path(__file__).parent.glob("*.py")
    if path.stem != "__main__" and "\ndef main(" in path.read_text(encoding="utf-8")
)


def main() -> None:
    """Run the benchmarks that were asked for."""
    wanted = sys.argv[1:] or NAMES
    for name in wanted:
        if name not in NAMES:
            sys.exit(f"there is no benchmark {name!r}; there are: {', '.join(NAMES)}")
        importlib.import_module(f"benchmarks.{name}").main()


main()
