"""Themes looked up word by word are those that patterns find: the two ways of one definition, against each other."""

from __future__ import annotations

import random
import re

import pytest
from counted import new_engine

from partnerkpi.comments.by_words import looked_up
from partnerkpi.comments.folding import pattern_of
from partnerkpi.tables.dialects import Dialect, carried
from partnerkpi.tables.sql import literal

BITS = 3  # so that a few themes need several numbers


def shown(texts: list[str | None], themes: list[list[str]]) -> dict[str | None, list[bool]]:
    """Return for each text which themes are found in it, word by word."""
    masks = [f"mask_{number}" for number in range(-(-len(themes) // BITS))]
    rows = ", ".join(f"({'NULL' if text is None else literal(text)})" for text in texts)
    sql = looked_up(f"SELECT folded FROM (VALUES {rows}) AS given(folded)", themes, masks, BITS)
    found = new_engine().query(f"SELECT folded, {', '.join(masks)} FROM ({sql})")
    assert len(found) == len(texts)
    return {
        text: [bool(bits[number // BITS] & 1 << number % BITS) for number in range(len(themes))]
        for text, *bits in found
    }


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("port", " the port is open ", True),
        ("port", " the portal is open ", False),
        ("port*", " the portal ", True),
        ("port*", " the port ", True),
        ("port*", " a report ", False),
        ("*port", " a report ", True),
        ("*port", " a reports ", False),
        ("*port*", " a reports ", True),
        ("re*s", " a reports ", True),
        ("re*s", " a report ", False),
        ("log in", " to log  in now ", True),
        ("log in", " in log ", False),
        ("log in", " blog in ", False),
        ("log* in*", " logging into it ", True),
        ("log * in", " log me in ", True),
        ("*og *", " a dog barks ", True),
        ("* *", " a b ", True),
        ("東京*", " 東京都 に ", True),
        ("ß", " ß ", True),
        ("a", "  ", False),
    ],
)
def test_one_word(word: str, text: str, expected: bool) -> None:
    """A star stands for any letters of one word, also none; words of a phrase follow each other."""
    assert bool(re.search(pattern_of([word]), text)) is expected
    assert shown([text], [[word]]) == {text: [expected]}


@pytest.mark.parametrize("seed", range(6))
def test_any_words(seed: int) -> None:
    """Of texts and themes made of few letters, where nearly everything nearly matches, both ways find the same."""
    chance = random.Random(seed)

    def word(letters: str) -> str:
        return "".join(chance.choices(letters, k=chance.randint(1, 4)))

    def theme_word() -> str:
        words = [word("abä*") for _ in range(chance.choice([1, 1, 2, 3]))]
        joined = re.sub(r"\*+", "*", " ".join(words))
        return joined if joined.strip("* ") else "ab"

    themes = [[theme_word() for _ in range(chance.randint(1, 5))] for _ in range(7)]
    texts = list({" " + " ".join(word("abä ") for _ in range(chance.randint(1, 6))) + " " for _ in range(300)})
    expected: dict[str | None, list[bool]] = {
        text: [bool(re.search(pattern_of(theme), text)) for theme in themes] for text in texts
    }
    assert 0.05 < sum(map(sum, expected.values())) / (len(texts) * len(themes)) < 0.95
    assert shown([*texts, None], themes) == {**expected, None: [False] * len(themes)}


@pytest.mark.parametrize("dialect", ["postgres", "spark"])
def test_beginnings_and_ends_of_words_are_looked_up_in_other_engines(dialect: Dialect) -> None:
    """What asks for them in DuckDB is not refused there."""
    sql = looked_up("SELECT folded FROM given", [["port*", "*port", "log in"]], ["mask_0"], BITS)
    assert {"LEFT(", "RIGHT("} <= set(re.findall(r"\b(?:LEFT|RIGHT)\(", carried(sql, dialect)))
