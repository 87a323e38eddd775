"""What a record says is built and written once in a process: tests change the workbook around it, dozens of times."""

from __future__ import annotations

import pickle
from functools import cached_property
from typing import Any

import pytest

from partnerkpi.verify.rebuilt import Rebuilt

_MOST = 12  # records: a few are changed again and again
_known: dict[bytes, dict[str, Any]] = {}


def keep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `verify` find the model and the package of a record that it has met in this process."""
    for name in ("model", "package"):
        monkeypatch.setattr(Rebuilt, name, property(_kept(name, Rebuilt.__dict__[name])))


def _kept(name: str, made: cached_property[Any]) -> Any:
    def found(rebuilt: Rebuilt) -> Any:
        own = vars(rebuilt).get("kept")
        if own is None:
            given = rebuilt.card, sorted(rebuilt.titles), rebuilt.logo, rebuilt.answers, rebuilt.signed
            own = vars(rebuilt)["kept"] = _known.setdefault(pickle.dumps(given), {})
            if len(_known) > _MOST:
                del _known[next(iter(_known))]
        if name not in own:
            own[name] = made.func(rebuilt)
        return own[name]

    return found
