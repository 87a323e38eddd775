"""Cases of which some stand for all: the quick run asks those, the thorough run the rest, so that CI asks every one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest


def one_in(every: int, cases: Iterable[Any], *, first: int = 0) -> list[Any]:
    """Return the cases as parameters: one in so many is quick, from the one at place `first` on."""
    return [_parameter(case, number % every == first) for number, case in enumerate(cases)]


def quick_where(is_quick: Callable[..., bool], cases: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Return the cases as parameters: those are quick of which a function of their values says so."""
    return [_parameter(case, is_quick(*case)) for case in cases]


def _parameter(case: Any, quick: bool) -> Any:
    if hasattr(case, "marks"):  # a pytest.param with an id or marks of its own
        return pytest.param(*case.values, id=case.id, marks=[*case.marks, *([] if quick else [pytest.mark.thorough])])
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=[] if quick else [pytest.mark.thorough])
