"""Notes on the data stand in a workbook in its language: every one that the program can make."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from partnerkpi.language import LANGUAGES
from partnerkpi.results.advocacy import off_the_list
from partnerkpi.results.shown import CUSTOMERS, RESPONSES, Shown, _question
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.shown_scale import _hint_of_few, _hint_of_one, _hint_of_words, _Seen
from partnerkpi.workbook import note_messages, notes
from partnerkpi.workbook.model.translation import in_language, translate
from partnerkpi.workbook.notes import note_in_words

PACKAGE = Path(__file__).parents[2] / "partnerkpi"
OTHERS = [code for code in LANGUAGES if code != "en"]
#: What is put together of parts, each of which is known when it stands in the whole; and what no scorecard says.
PUT_TOGETHER = (
    *("the list of partners says how many", "X, and X has", "X is read as dates with X", "X: the numbers count"),
    *("X cells, the first XX", "X says X where a number", "of several answers of one person"),
    *("X has no column that is recognised", "X. Activities and", "X; activities and", "X activities are of partners X"),
    *("X has X answers", "X says that it was asked", "rows outside the window"),
)
NO_SCORECARD = (
    *("(--top)", "--period asks for", "ISO 8601", "no week 53", "as if it were whole", "--population narrows"),
    *("nothing can be said of the NPS", "clustered by", "Holm's correction", "(paired)"),
)


@pytest.mark.parametrize("code", OTHERS)
def test_a_note_is_known_by_its_own_message(code: str) -> None:
    """With names in its places each note is said by its own translation, and by no other that is like it."""
    with in_language(code):
        for english in note_messages.NOTES:
            places = {name: f"‹{name}›" for name in notes._pattern(english).groupindex}
            assert note_in_words(english.format(**places)) == translate(english, **places)
            said = note_in_words(f"a.csv: {english.format(**places)}")
            assert said.replace("\u00a0", "").startswith("a.csv:")


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("Q2 FY2027 is not over: it is counted until 25 Aug 2026; X", None),
        (
            "August 2026 is not over: it is counted until 25 Aug 2026. Activities and response rates are compared with "
            "July 2026 until 25 Jul 2026, as many days; they are not rated and raise no alert",
            "Aug. 2026 ist nicht vorbei: Gezählt wird bis 25. Aug. 2026. Aktivitäten und Rücklaufquote werden mit "
            "Juli 2026 bis 25. Juli 2026 verglichen, ebenso vielen Tagen; sie werden nicht bewertet und lösen keine "
            "Warnung aus",
        ),
        (
            "rows outside the window: 5,460, since by 'date' only days from 13 Jul 2026 until 09 Aug 2026 count "
            "(--from and --as-of)",
            "Zeilen außerhalb des Zeitfensters: 5.460, denn nach „date“ zählen nur Tage vom 13. Juli 2026 bis "
            "9. Aug. 2026 (--from und --as-of)",
        ),
        (
            "12 activities are of partners not on the list, set aside: 'A' (7), 'B' (5) and 3 more",
            "12 Aktivitäten von Partnern, die nicht auf der Liste stehen, wurden ausgelassen: „A“ (7), „B“ (5) und 3 "
            "weitere",
        ),
        (
            "partners.csv says how many people a survey wave invites, and 2026-08 has a part of the answers of one (a "
            "wave is a quarter): there is no response rate; --period quarter has one of each wave, and wave = "
            '"month" under [options] in partnerkpi.toml says that each month invites them anew',
            "partners.csv nennt die Eingeladenen je Umfragewelle, und Aug. 2026 hat nur einen Teil der Antworten einer "
            "Welle (eine Welle: Quartal): Es gibt keine Rücklaufquote. --period quarter zeigt je Welle eine; wave = "
            '"month" unter [options] in partnerkpi.toml sagt, dass je Zeitraum (Monat) neu eingeladen wird',
        ),
        ("a.csv: a filter hides rows, which are counted all the same", None),
        (
            "not counted: t.csv: could be activities (column 'type' holds 'reference') or customers (columns 'id' and "
            "'end'): say --activities FILE or --customers FILE",
            "nicht gezählt: t.csv: könnte zu Aktivitäten (Spalte „type“ enthält „reference“) oder Kunden (Spalten „id“ "
            "und „end“) gehören: mit --activities FILE oder --customers FILE angeben",
        ),
        (
            "not counted: t.csv: names partners, but nothing else says that its rows are advocacy (reference, referral "
            "...), customers or a list of partners: say activities=, or leave it out",
            "nicht gezählt: t.csv: nennt Partner, doch sonst sagt nichts, dass die Zeilen Fürsprache (Referenz, "
            "Empfehlung ...), Kunden oder eine Liste der Partner sind: mit activities= angeben oder weglassen",
        ),
        (
            "'nps' has 1,083 answers of 1 and none of 0 among 13,612: if the question was asked from 1 to 10, say so "
            "with --scale 1-10. The bands are the same, but that is no standard NPS",
            "„nps“ hat unter 13.612 Antworten 1.083 mit 1 und keine mit 0: Wurde von 1 bis 10 gefragt, sagt das "
            "--scale 1-10. Die Gruppen bleiben gleich, doch das ist kein üblicher NPS",
        ),
    ],
)
def test_what_stands_in_a_note_is_said_as_well(note: str, said: str | None) -> None:
    """Its periods, days and numbers, what kinds of periods are called, and what binds a list."""
    with in_language("de"):
        assert (note_in_words(note).replace("\u00a0", " ") == said) == (said is not None)


@pytest.mark.parametrize("label", ["2026-Q3", "FY2027-Q2", "2026-08", "2026-W31", "2026", "FY2027", "all time"])
def test_every_period_of_a_note_is_known(label: str) -> None:
    """A period in English words is that period again, of every kind; labels are as well."""
    from partnerkpi.periods import period_words

    assert notes._label(period_words(label)) == label
    assert notes._label(label) == label


def test_no_note_is_left_in_english() -> None:
    """What the code adds to the notes of a scorecard is a message, or a part of one that is."""
    with in_language("de"):
        unknown = [
            (path.name, text)
            for room in ("scorecard", "tables", "tally", "results")
            for path in sorted((PACKAGE / room).rglob("*.py"))
            if path.parent.name not in ("review", "handover")
            for text in _notes(ast.parse(path.read_text(encoding="utf-8")))
            if text.strip("X: ") and note_in_words(text) == text
        ]
    left = [one for one in unknown if not one[1].startswith(PUT_TOGETHER)]
    assert [one for one in left if not any(word in one[1] for word in NO_SCORECARD)] == []


#: The functions that say why a table is of a kind.
PROOFS = ("_answers", "_activities", "_customers", "_partners")
WHYS = (
    *("numbers of answers", "column 'a'", "columns 'a', 'b'", "column 'a' holds 'b', 'c' ...", "it is called 'a'"),
    *("column 'a' beside 'b'", "columns 'a' and 'b'", "each partner stands in it once"),
    "others know partners by its columns",
)


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("why", WHYS)
def test_what_is_asked_of_a_table_that_does_not_count_is_not_left_in_english(code: str, why: str) -> None:
    """A question is in the language of the workbook, with each reason for each kind that a table could be."""
    kinds = {RESPONSES: why, CUSTOMERS: why}
    found = Shown(None, others=kinds, question=_question(Columns((), "a.csv"), kinds))
    with in_language(code):
        said = note_in_words(f"not counted: {found.asked('a.csv', 'a.csv')}")
        for english in (
            "could be",
            " or ",
            "say ",
            "column ",
            "holds",
            "beside",
            "called",
            "stands",
            "know",
            "numbers",
        ):
            assert english not in said, said


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("zeros", [0, 3])
def test_what_is_said_of_a_scale_is_not_left_in_english(code: str, zeros: int) -> None:
    """Answers that look like another scale: many of 1, none above 5, a few above it, and words that tell of another."""
    seen = _Seen(2000, 0, 10, 2000, 0, 0, 0, zeros, 1100, 2000 - zeros, 2000, 0, None)
    hints = [*_hint_of_one("nps", seen), *_hint_of_few("nps", seen), *_hint_of_words("nps", seen, "1-5")]
    assert len(hints) == 3
    with in_language(code):
        for hint in hints:
            said = note_in_words(f"a.csv: {hint}")
            assert "answers" not in said, said
            assert "asked" not in said, said


def test_no_reason_for_a_kind_is_left_in_english() -> None:
    """What the code says for a kind of table is one of the reasons that have a translation."""
    source = ast.parse((PACKAGE / "results" / "shown.py").read_text(encoding="utf-8"))
    proofs = [one for one in source.body if isinstance(one, ast.FunctionDef) and one.name in PROOFS]
    whys = {
        text for one in proofs for node in ast.walk(one) if isinstance(node, ast.Return) for text in _texts(node.value)
    }
    with in_language("de"):
        assert len(whys) > 5
        assert [why for why in whys if why and notes._translated(why, note_messages.REASONS) in (None, why)] == []


def _notes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.List):  # what a function adds to them
            yield from (text for text in _texts(node.value) if text.count(" ") > 3)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
            target, value = node.func.value, node.args[0]
        elif isinstance(node, ast.AugAssign):
            target, value = node.target, node.value
        elif isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
        else:
            continue
        if getattr(target, "attr", getattr(target, "id", "")) == "notes":
            yield from _texts(value)


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the texts of an expression, with X where something is filled in."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, (ast.List, ast.Tuple)):
        for one in node.elts:
            yield from _texts(one.value if isinstance(one, ast.Starred) else one)
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))


def test_one_thing_is_said_in_the_singular() -> None:
    """A note of a number of rows, cells, activities, answers or customers has its twin for one of them."""
    things = {"rows": "row", "cells": "cell", "activities": "activity", "answers": "answer", "customers": "customer"}
    numbered = [
        found for text in note_messages.NOTES if (found := re.match(r"{number} (\w+) (?!of |in |are like )", text))
    ]
    assert len(numbered) > 10
    for found in numbered:
        if found[1] in things:
            twins = [text for text in note_messages.NOTES if text.startswith(f"1 {things[found[1]]} ")]
            ends = {text.split()[-1].rstrip("s") for text in twins}
            assert found.string.split()[-1].rstrip("s") in ends, found.string
    assert off_the_list({"Acme": 1}) == [
        "1 activity is of a partner that was not on the list in that period, and does not count in it: 'Acme' (1)"
    ]
