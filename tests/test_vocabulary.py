"""What words mean is said once: no list contradicts another, and no module keeps a list of its own."""

from __future__ import annotations

import ast
import functools
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

import partnerkpi
from partnerkpi import vocabulary
from partnerkpi.cells import flags
from partnerkpi.tables.profile import profile
from partnerkpi.tables.sql import listed, person_of
from partnerkpi.tables.totals import is_total
from partnerkpi.udfs.retention import PARTNER_RETENTION_INFLUENCE
from partnerkpi.vocabulary import (
    BLANK,
    DIRECT,
    ERROR_CELLS,
    HEADINGS,
    LEFT,
    MISSING,
    NO,
    NO_COMMENT,
    NO_PARTNER,
    OPEN_END,
    SPACES,
    STAYED,
    TOTALS,
    UNKNOWN,
    YES,
    headings,
    plain_name,
)
from tests.support.command import run_here

PACKAGE = Path(partnerkpi.__file__).parent
LISTS: dict[str, frozenset[str]] = {
    name: frozenset(words)
    for name, words in vars(vocabulary).items()
    if name.isupper() and isinstance(words, frozenset | tuple)
}
#: Lists of which no two may hold the same word.
APART = [
    ("YES", "NO", "STAYED", "LEFT", "UNDECIDED", "BLANK", "DIRECT"),
    ("YES", "NO", "STAYED", "LEFT", "UNDECIDED", "DIRECT", "UNKNOWN", "TOTALS"),
    ("YES", "NO_PARTNER"),
    ("STAYED", "LEFT", "UNDECIDED", "OPEN_END", "TOTALS"),
    ("TOTALS", "NO_PARTNER", "YES"),
    ("TOTALS", "NO_COMMENT"),
]


@pytest.mark.parametrize(
    ("one", "other"), sorted({pair for group in APART for pair in itertools.combinations(group, 2)})
)
def test_no_word_stands_in_two_lists_that_exclude_one_another(one: str, other: str) -> None:
    """No word is yes and no, kept and lost, an answer and none."""
    assert LISTS[one] & LISTS[other] == set()


def test_a_list_that_holds_another_holds_all_of_it() -> None:
    """What programs write for a missing value is blank, and a blank is no partner, no end and no comment."""
    assert MISSING < BLANK
    assert NO_PARTNER == DIRECT | NO | BLANK | UNKNOWN
    assert BLANK < OPEN_END
    assert NO | BLANK < NO_COMMENT


def test_one_error_alone_is_no_answer() -> None:
    """#N/A stands for a missing value; a failed formula among scores is a text that is set aside and told."""
    assert {error for error in ERROR_CELLS if error.casefold() in BLANK} == {"#N/A"}
    assert all(error.startswith("#") and error == error.upper() for error in ERROR_CELLS)


def test_no_heading_is_a_value() -> None:
    """What names a column stands for no yes, no no and no blank; what was kept or lost may name a column too."""
    assert headings(*HEADINGS) & (YES | NO | BLANK | frozenset(TOTALS)) == set()
    assert headings("retained") & (STAYED | LEFT) == {"retained", "renewed", "kept", "stayed"}


@pytest.mark.parametrize("name", sorted(LISTS.keys() - {"ERROR_CELLS"}))
def test_words_stand_as_they_are_compared(name: str) -> None:
    """A word with a capital or an outer blank would never be found."""
    assert {word for word in LISTS[name] if word != word.strip(SPACES).casefold()} == set()


def test_headings_stand_as_plain_names() -> None:
    """Names of columns are compared without accents and punctuation, so that is how they are kept."""
    assert {name for name in headings(*HEADINGS) if name != plain_name(name)} == set()


# ---- and nobody has a list of his own


def collections(path: Path) -> Iterator[frozenset[str]]:
    """Yield the texts of each literal list, set, tuple or dictionary of a module, and the words in lists of its SQL."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Set | ast.Tuple | ast.List):
            elements = node.elts
        elif isinstance(node, ast.Dict):
            elements = [key for key in node.keys if key is not None]
        else:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "IN ('" in node.value:
                yield frozenset(node.value.partition("IN ('")[2].partition(")")[0].strip("'").split("', '"))
            continue
        yield frozenset(
            one.value.casefold() for one in elements if isinstance(one, ast.Constant) and type(one.value) is str
        )


#: Words that mean something else in Python, in SQL or as the name of a role, and what each program
#: calls the errors by: Excel's own numbers, LibreOffice's numbers, PyXLL's exceptions.
OTHERWISE = {"true", "false", "retained", "churned", "active", "sum", "count"}
ERROR_TYPES = ("excel/self_test.py", "carriers/libreoffice_calls.py", "carriers/pyxll.py")


@functools.cache
def _collections_of(path: Path) -> list[frozenset[str]]:
    return list(collections(path))


@pytest.mark.parametrize("name", ["YES NO", "STAYED LEFT", "BLANK", "DIRECT", "TOTALS", "ERROR_CELLS"])
def test_no_other_module_keeps_such_a_list(name: str) -> None:
    """Two words of one list in another module are the beginning of a copy."""
    words = {word.casefold() for each in name.split() for word in LISTS[each] if len(word) > 1} - OTHERWISE
    copies = [
        f"{path.relative_to(PACKAGE)}: {sorted(found)}"
        for path in PACKAGE.rglob("*.py")
        if path.name != "vocabulary.py" and path not in [PACKAGE / each for each in ERROR_TYPES]
        for texts in _collections_of(path)
        if len(found := texts & words) > 1
    ]
    assert copies == []


def test_a_copy_would_be_found(tmp_path: Path) -> None:
    """A set, a tuple, the keys of a dictionary and a list within SQL are looked into."""
    module = tmp_path / "module.py"
    for code in (
        "A = frozenset({'Yes', 'no'})",
        "A = ('yes', 'no')",
        "A = {'yes': 1, 'no': 0}",
        "A = \"x IN ('yes', 'no')\"",
    ):
        module.write_text(code, encoding="utf-8")
        assert {"yes", "no"} in map(set, collections(module))


# ---- and all read alike


def whole_of(path: Path, rows: str, *options: str) -> dict[str, Any]:
    """Return what `retention` makes of a file with these rows."""
    path.write_text(rows, encoding="utf-8")
    result = run_here("retention", path, *options, "--format", "json").json
    return {**result["rows"][0], **result["provenance"]}


def test_cells_tables_and_counting_agree_on_yes_and_no(tmp_path: Path) -> None:
    """A word is the same in a cell, in the profile of a column and in the engine that counts."""
    words = sorted(YES | NO)
    assert [flags([f" {word.upper()} "]) for word in words] == [[word in YES] for word in words]
    (column,) = profile(["answer"], ["VARCHAR"], [(word.title(),) for word in words])
    assert column.is_yes_no
    rows = "".join(f"{number},2026-Q3,{word.upper()}\n" for number, word in enumerate(words))
    whole = whole_of(tmp_path / "kunden.csv", f"cliente,periodo,rinnovato\n{rows}", "--retained", "rinnovato")
    assert (whole["customers"], whole["retained"], whole["set_aside"]) == (len(words), len(YES), {})


def test_an_italian_yes_is_a_yes(tmp_path: Path) -> None:
    """Two of four customers stayed."""
    rows = "cliente,periodo,rinnovato\na,2026-Q3,sì\nb,2026-Q3,no\nc,2026-Q3,sì\nd,2026-Q3,no\n"
    whole = whole_of(tmp_path / "kunden.csv", rows, "--retained", "rinnovato")
    assert (whole["customers"], whole["retained"], whole["retention_rate"]) == (4, 2, 50)


def test_an_open_end_is_no_end(tmp_path: Path) -> None:
    """Customers who stay have no end date, whatever a program writes in its place."""
    marks = sorted(OPEN_END)
    rows = "".join(f'{number},2026-02-01,"{mark.upper()}"\n' for number, mark in enumerate(marks))
    path = tmp_path / "customers.csv"
    path.write_text(f"customer_id,start_date,end_date\nz,2026-01-05,2026-05-20\n{rows}", encoding="utf-8")
    result = run_here("retention", path, "--period", "quarter", "--as-of", "2026-06-30", "--format", "json").json
    (row,) = [row for row in result["rows"] if row["period"] == "2026-Q2"]
    assert (row["customers"], row["retained"]) == (len(marks) + 1, len(marks))
    assert result["provenance"]["set_aside"] == {}


def test_files_and_functions_tell_direct_customers_alike(tmp_path: Path) -> None:
    """Who has such a word for its partner is nobody's customer; the words are told with how often each stands."""
    errors = {error.casefold() for error in ERROR_CELLS}
    words = sorted(NO_PARTNER - {""} - errors)  # an error in a range is the function's own
    rows = "".join(f"{number},2026-Q3,{word.title()},yes\n" for number, word in enumerate(words))
    rows = f"customer,period,partner,retained\na,2026-Q3,Alder,yes\nb,2026-Q3,Birk,no\nc,2026-Q3,#N/A,yes\n{rows}"
    whole = whole_of(tmp_path / "customers.csv", rows)
    assert (whole["partner_customers"], whole["partner_retained"], whole["customers"]) == (2, 1, len(words) + 3)
    influence = PARTNER_RETENTION_INFLUENCE([True, False, *[True] * len(words)], ["Alder", "Birk", *words])
    assert influence == pytest.approx(100 / (len(words) + 1))


@pytest.mark.parametrize("word", TOTALS)
def test_a_total_is_told_by_its_word(word: str) -> None:
    """A row that begins so and holds numbers is a total; "Total Energy" is a partner."""
    assert is_total([word.title(), "", "17"])
    assert is_total([f"Grand {word}:", "1,234.5"])
    assert not is_total([f"{word} Energy", "17"])


def test_a_list_in_sql_has_one_order() -> None:
    """The same words make the same SQL in each run, whatever the order of a set."""
    assert listed({"yes", "it's", "no"}) == "('it''s', 'no', 'yes')"


def test_nobody_is_called_by_a_number_or_an_address() -> None:
    """What ends with a digit or holds an @ is a person at once: none of the words that say nobody does."""
    words = sorted(vocabulary.BLANK | vocabulary.UNKNOWN)
    assert not [word for word in words if "@" in word or word.endswith(tuple("0123456789"))]
    persons = {"N/A 7": "n/a 7", "ÉVE@X": "éve@x", "Zoë": "zoë", **dict.fromkeys(words), "NULL": None, "Anonym": None}
    sql = f"SELECT t, {person_of('t', 'VARCHAR')} FROM (SELECT unnest(?) AS t)"
    assert dict(duckdb.connect().execute(sql, [list(persons)]).fetchall()) == persons
