"""Notes on the data stand in a workbook in its language: every one that the program can make."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from partnerkpi.language import LANGUAGES
from partnerkpi.workbook import notes
from partnerkpi.workbook.model.translation import in_language, translate
from partnerkpi.workbook.notes import note_in_words

PACKAGE = Path(__file__).parents[2] / "partnerkpi"
OTHERS = [code for code in LANGUAGES if code != "en"]
#: What is put together of parts, each of which is known when it stands in the whole; and what no scorecard says.
PUT_TOGETHER = (
    *("the list of partners says how many", "X, and X has", "X is read as dates with X", "X: the numbers count"),
    *("X cells, the first XX", "X says X where a number", "of several answers of one person"),
)
NO_SCORECARD = ("(--top)", "--period asks for", "ISO 8601", "no week 53", "as if it were whole", "--population narrows")


@pytest.mark.parametrize("code", OTHERS)
def test_a_note_is_known_by_its_own_message(code: str) -> None:
    """With names in its places each note is said by its own translation, and by no other that is like it."""
    with in_language(code):
        for english in notes._NOTES:
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


def _notes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
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
