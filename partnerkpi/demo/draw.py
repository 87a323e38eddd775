"""Chance that comes out the same everywhere: a few draws made of `random.Random(seed).random()` alone.

`random()` has given the same numbers for the same whole-number seed in every Python and on every platform; `choice`,
`shuffle` and `sum` over fractions have changed between versions, and the functions of `math` may differ in their last
digit between platforms. So nothing else is used here.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of draws that depends on its seed only."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random

    def chance(self, probability: float) -> bool:
        """Return True with this probability (0..1)."""
        return self._random() < probability

    def between(self, low: float, high: float) -> float:
        """Draw evenly from low (included) up to high."""
        return low + (high - low) * self._random()

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number evenly from low to high, both included."""
        return low + int(self._random() * (high - low + 1))

    def early(self, length: int) -> int:
        """Draw a whole number from 0 up to length, more often a small one: the square of an even draw."""
        draw = self._random()
        return int(length * draw * draw)

    def one_of(self, things: Sequence[T]) -> T:
        """Draw one of the things, each as likely as the other."""
        return things[int(self._random() * len(things))]

    def weighted(self, things: Sequence[tuple[T, int]]) -> T:
        """Draw one thing; a weight is a whole number, and twice the weight is twice as likely."""
        rest = int(self._random() * sum(weight for _, weight in things))
        for thing, weight in things:
            rest -= weight
            if rest < 0:
                return thing
        raise AssertionError("the weights add up to more than any draw")

    def count(self, expected: float) -> int:
        """Draw how often a thing happened that is expected this often: twice as many tries, each with an even share."""
        tries = max(2, int(2 * expected) + 1)
        return sum(self.chance(expected / tries) for _ in range(tries))
