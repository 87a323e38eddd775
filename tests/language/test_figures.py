"""Figures in words: one rounding, one sign, one way to say how a figure moved."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.language import figures, language
from partnerkpi.language.sentence import PeriodWords
from partnerkpi.workbook.model.expression import given as cell
from partnerkpi.workbook.model.expression import live
from partnerkpi.workbook.model.phrases import moved_count


@pytest.mark.parametrize(
    ("value", "whole", "decimal", "signed"),
    [
        *((37.49999999999999, "38", "37.5", "+38"), (-37.49999999999999, "−38", "−37.5", "−38")),
        *((2.5, "3", "2.5", "+3"), (-2.5, "−3", "−2.5", "−3"), (12.499999999, "12", "12.5", "+12")),
        *((46.36, "46", "46.4", "+46"), (70 - 67.49999999999999, "3", "2.5", "+3"), (-100.0, "−100", "−100.0", "−100")),
        *((0.05, "0", "0.1", "0"), (-0.04, "0", "0.0", "0"), (-0.0, "0", "0.0", "0"), (1e22, *["10" + 7 * ",000"] * 3)),
    ],
)
def test_halves_go_away_from_zero(value: float, whole: str, decimal: str, signed: str) -> None:
    """A hair below the half is the half, as in `ROUND(ROUND(x,9),0)`; the minus is a true one, and 0 has no sign."""
    assert figures.whole(value) == whole
    assert figures.decimal(value) == (decimal if "." in decimal else f"{decimal}.0")
    assert figures.signed(value) == (signed if value < 1e9 else f"+{signed}")


@given(st.integers(-(10**12), 10**12), st.integers(0, 3))
def test_every_tenth_billionth_is_rounded_as_decimals_are(billionths: int, digits: int) -> None:
    """What has at most nine decimals is rounded as a decimal number is, not as the float that stands for it."""
    exact = Decimal(billionths).scaleb(-9)
    assert figures.rounded(float(exact), digits) == float(
        exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    )


@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=3))
def test_whole_shares_are_the_nearest_that_add_up(counts: list[int]) -> None:
    """Of all whole numbers that add up to 100 none are nearer to the exact shares, found by trying all near them."""
    shares = figures.whole_shares(counts)
    if not sum(counts):
        assert shares == (0, 0, 0)
        return
    assert sum(shares) == 100
    exact = [Fraction(100 * one, sum(counts)) for one in counts]
    near = product(*([floor(one), floor(one) + 1] for one in exact))
    assert [off(shares, exact), True] == [
        min(off(others, exact) for others in near if sum(others) == 100),
        all(abs(one - share) < 1 for one, share in zip(shares, exact, strict=True)),
    ]


def off(shares: Iterable[int], exact: Iterable[Fraction]) -> Fraction:
    """Return how far shares are from the exact ones, all together."""
    return sum((abs(one - share) for one, share in zip(shares, exact, strict=True)), Fraction())


def test_no_more_decimals_than_there_are() -> None:
    """A limit is written as somebody would: 50, −20.5, and a 99.9 % interval."""
    assert [figures.shortest(value) for value in (50, -20.5, 100.0, 0)] == ["50", "−20.5", "100", "0"]
    assert [figures.interval_at(share) for share in (0.95, 0.999, 0.955)] == [
        "95 % interval",
        "99.9 % interval",
        "95.5 % interval",
    ]
    assert figures.between(-0.44, 10.46, sign=True) == "−0.4 to +10.5"


@pytest.mark.parametrize(
    ("change", "word", "text"),
    [
        *((11.2, "up", "up 11 on Q2 2026: more than chance"), (-4, "cannot tell", "down 4 on Q2 2026: within chance")),
        *((0.3, "up", "up less than 1 on Q2 2026: more than chance"), (0.3, "cannot tell", "about as in Q2 2026")),
        *((-0.3, "down", "down less than 1 on Q2 2026"), (None, "cannot tell", "nothing to compare it with")),
    ],
)
def test_how_a_figure_moved(change: float | None, word: str, text: str) -> None:
    """A change has a direction, a whole number, the period before and its certainty; a shown one is not unchanged."""
    assert figures.moved(change, word, PeriodWords("2026-Q2")).startswith(text)
    assert figures.moved(11, "up", None) == "nothing to compare it with"
    assert figures.moved(11.2, "up", "Q2 2026", share=True) == "up 11 points on Q2 2026: more than chance"
    assert figures.moved(-1.2, "cannot tell", "2025", share=True) == "down 1 point on 2025: within chance"
    assert figures.moved(0.2, "cannot tell", "2025", to_date=True) == "about as by the same day of 2025"
    assert figures.moved_nps(0.3, "cannot tell", "2025", 30, few=True) == "about as in 2025: too few answers to tell"


@pytest.mark.parametrize(
    ("now", "then", "change", "word", "text"),
    [
        ((28, 40), (27, 40), 2.5, "cannot tell", "one more than in Q2 2026 (27 of 40): within chance"),
        ((24, 38), (25, 37), -4.4, "cannot tell", "one fewer than in Q2 2026 (25 of 37): within chance"),
        ((30, 40), (12, 40), 45.0, "up", "18 more than in Q2 2026 (12 of 40): more than chance"),
        ((0, 3), (3, 3), -100.0, "down", "3 fewer than in Q2 2026 (3 of 3): more than chance"),
        ((25, 39), (25, 38), -1.7, "cannot tell", "as many as in Q2 2026 (25 of 38)"),
        ((26, 80), (25, 38), -33.3, "down", "down 33 points on Q2 2026: more than chance"),
        ((5, 8), None, None, "cannot tell", "nothing to compare it with"),
    ],
)
def test_how_many_there_are_against_then(
    now: tuple[int, int], then: tuple[int, int] | None, change: float | None, word: str, text: str
) -> None:
    """Of partners it is said how many more there are, and of how many; the workbook's expression says the same."""
    assert figures.moved_count(now, then, change, word, PeriodWords("2026-Q2")) == text
    if then is not None and change is not None:
        known = [cell(f"A{place}", float(value)) for place, value in enumerate((*now[:1], *then, change), 1)]
        told = moved_count(
            known[0], (known[1], known[2]), known[3], cell("A5", figures.change_in_words(word)), "Q2 2026"
        )
        assert live(told).value == text
    assert figures.moved_count((5, 8), (3, 8), 25.0, "up", "2025", to_date=True).startswith(
        "2 more than by the same day of 2025 (3 of 8)"
    )


def test_sentences_speak_every_language() -> None:
    """The same sentence is said in another language, with its own word for the period before."""
    moved = figures.moved(-37.49999999999999, "cannot tell", PeriodWords("2026-Q2"))
    assert language("de").translated(moved) == "minus 38 seit Q2 2026: Zufall möglich"
    assert language("fr").translated(moved) == "baisse de 38 depuis le T2 2026\u00a0: hasard possible"
    assert language("es").translated(moved) == "baja 38 desde el T2 2026: no concluyente"
    assert language("de").written(figures.number(-1718.55, 1)) == "−1.718,6"


def test_a_figure_in_a_sentence_has_the_signs_of_its_language() -> None:
    """What is filled in as a figure is written anew in each language, also inside another sentence and after a copy."""
    low, high = 40.8, 1718.2
    interval = pickle.loads(pickle.dumps(figures.read_as(figures.between(low, high), "these partners")))  # noqa: S301
    assert interval == "40.8 to 1,718.2, of these partners"
    assert language("de").translated(interval) == "40,8 bis 1.718,2, für diese Partner"
    assert language("fr").translated(interval).startswith("40,8 à 1\u202f718,2")
    assert language("es").translated(interval).startswith("40,8 a 1718,2")
