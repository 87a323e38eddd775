"""Figures in words: rounding, signs, and how a figure moved."""

from __future__ import annotations

import math


def points(value: float) -> str:
    """Return a figure as a whole number with a proper minus sign; -0.4 is 0."""
    rounded = nearest(value)
    return f"−{-rounded}" if rounded < 0 else str(rounded)


def nearest(value: float) -> int:
    """Return the nearest whole number, halves away from zero as spreadsheets round them: 2.5 is 3, and -2.5 is -3."""
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


def moved(change: float | None, word: str, before: str | None) -> str:
    """Return how a figure moved: "up 11 since Q2 2026 (more than noise)", "down 4 since Q2 2026 (cannot tell)"."""
    if change is None or before is None:
        return "nothing to compare it with"
    rounded = nearest(change)
    direction = "unchanged" if rounded == 0 else f"{'up' if rounded > 0 else 'down'} {abs(rounded)}"
    return f"{direction} since {before} ({'cannot tell' if word == 'cannot tell' else 'more than noise'})"
