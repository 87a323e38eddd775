"""The functions as LAMBDAs: what they give is what `partnerkpi.udfs` gives, and Excel can hold them."""

from __future__ import annotations

import importlib
import re
from collections.abc import Sequence

import office
import pytest
from calls import Call, calls, same
from lambda_engine import Engine, as_typed
from sampled import one_in

from partnerkpi.carriers.lambdas.markup import LONGEST_COMMENT, comment
from partnerkpi.carriers.lambdas.source import pack, text_of
from partnerkpi.carriers.lambdas.syntax import LONGEST
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, Benchmark
from partnerkpi.udfs import FUNCTIONS

PACK = pack()
EVERY = 41  # of so many calls one is asked here, half of them in the thorough run

#: Where a formula of Excel's functions says something else, and nobody is told a wrong figure.
LARGE_NAME = "a name that is a number of more than 15 digits is written as Excel writes it, 1E+300"
ORDER = "partners who are equal in everything stand in Excel's order of the alphabet, not in that of characters"


def difference(call: Call, got: object) -> str | None:
    """Return why an answer may differ from that of Python, None where it may not."""
    if isinstance(call.answer, dict) and isinstance(first(got), dict):
        return "two faults meet in one call: another error is named first"
    if call.function == "PARTNER_NPS_BY" and isinstance(call.answer, list) and isinstance(got, list):
        if "1e+300" in str(call):
            return LARGE_NAME
        if same(sorted(map(repr, rounded(call.answer))), sorted(map(repr, rounded(got)))):
            return ORDER
    return None


def first(got: object) -> object:
    """Return the first cell of an answer."""
    return got[0][0] if isinstance(got, list) else got


def rounded(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    """Return rows whose figures can be compared as texts."""
    return [[round(cell, 7) + 0.0 if isinstance(cell, (int, float)) else cell for cell in row] for row in rows]


def judged(asked: list[Call], *, stored: bool) -> tuple[list[str], list[str]]:
    """Return what differs without a known reason, and the reasons of what does."""
    engine = Engine(list(PACK.values()), stored=stored)
    wrong, known = list[str](), list[str]()
    for call, got in engine.answers(asked):
        if not same(call.answer, got):
            why = difference(call, got)
            (known if why else wrong).append(why or f"{call} ({call.made}) is {call.answer}, the LAMBDA gives {got}")
    return wrong, known


@pytest.mark.parametrize("stored", one_in(2, [False, True]), ids=["as it is typed", "as a file stores it"])
def test_a_lambda_gives_what_python_gives(stored: bool) -> None:
    """Odd calls of every function, calculated by an engine that is not ours."""
    asked = list(calls()[EVERY // 2 if stored else 0 :: EVERY * 2])
    assert {call.function for call in asked} == set(FUNCTIONS)
    wrong, known = judged(asked, stored=stored)
    assert not wrong, "\n".join(wrong)
    assert len(known) <= len(asked) / 50


@pytest.mark.thorough
@pytest.mark.parametrize("quarter", [0, 2])
def test_calls_of_all_kinds(quarter: int) -> None:
    """Each function x shape x kind of cell, and calls drawn at random: equal but for a listed handful.

    A quarter each, on a core of its own: together more than 2,400 of the table, each answered in a tenth of a second.
    """
    asked = list(calls()[quarter::4])
    assert len(asked) >= 1_200
    assert {call.function for call in asked} == set(FUNCTIONS)
    wrong, known = judged(asked, stored=True)
    assert not wrong, "\n".join(wrong)
    assert len(known) <= 20, known


def test_every_function_is_a_lambda() -> None:
    """A function that is added in Python is missing here, visibly: same names, arguments and optional ones."""
    for name, function in FUNCTIONS.items():
        head = re.match(r"LAMBDA\(((?:\[?\w+\]?, ?)+)", PACK[name].typed)
        assert head is not None
        shown = [f"[{one}]" if one in function.optional else one for one in function.arguments]
        assert re.findall(r"\[?\w+\]?", head[1]) == shown
    assert set(PACK) == set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_excel_can_hold_it(name: str) -> None:
    """At most 8,192 characters, also in a file; comments and texts of at most 255; nothing unclosed."""
    formula = PACK[name]
    assert max(len(formula.typed), len(formula.stored)) <= LONGEST
    assert len(comment(FUNCTIONS[name].description)) <= LONGEST_COMMENT
    assert comment(FUNCTIONS[name].description).startswith(FUNCTIONS[name].description[:40])
    texts = re.findall(r'"((?:[^"]|"")*)"', formula.typed)
    assert max(map(len, texts), default=0) <= 255
    bare = re.sub(r'"(?:[^"]|"")*"', "", formula.typed)
    assert bare.count("(") == bare.count(")")
    assert "$" not in bare


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_name_in_it_means_something_else(name: str) -> None:
    """No local name is a function of Excel that is called, an address such as AB1, R or C."""
    formula = PACK[name]
    assert not formula.local_names & {one.lower() for one in formula.calls}
    for local in formula.local_names | set(re.findall(r"_xlpm\.(\w+)", formula.stored)):
        assert not re.fullmatch(r"[a-z]{1,3}\d+|r\d*|c\d*|r\d*c\d*|true|false", local), local
        assert not local.startswith("_")


def test_no_name_is_a_function_of_the_engine() -> None:
    """Of the functions that an engine of Excel 365 knows, none is the name of anything but an argument."""
    office.need_package("formulon")
    book = importlib.import_module("formulon").Workbook
    known = {book.function_name_at(number).lower() for number in range(book.function_count())}
    for name, formula in PACK.items():
        assert formula.local_names & known <= set(FUNCTIONS[name].arguments)


def test_later_functions_have_their_prefix() -> None:
    """Every function that Excel 2007 did not know is stored as later ones are; optional parameters are declared."""
    for name, formula in PACK.items():
        assert " ".join(as_typed(formula.stored).split()).startswith("LAMBDA(")
        for function in ("LET", "MAP", "SEQUENCE", "XMATCH", "CONCAT", "T.INV.2T", "NORM.S.DIST"):
            assert not re.search(rf"(?<![\w.]){re.escape(function)}\(", formula.stored)
        assert formula.stored.count("_xlop.") == len(FUNCTIONS[name].optional)


def test_ratings_are_those_of_the_settings() -> None:
    """Bands of a settings file and their names are in the formulas; the share of advocates is a fraction."""
    own = Benchmark.from_thresholds("nps", {"fair": 10, "good": 20.5}, worst="poor", target=20)
    shares = Benchmark.from_thresholds("advocacy", {"strong": 57}, target=57)
    made = pack({**DEFAULT_BENCHMARKS, "nps": own, "advocacy": shares})
    text = made["PARTNER_RATING"].typed
    assert 'IF(points >= 20.5, "good", IF(points >= 10, "fair", "poor"))' in text
    assert 'IF(points >= 0.57, "strong", "investigate")' in text
    assert '"good"' in made["PARTNER_NPS_BY"].stored


def test_the_text_is_the_formulas() -> None:
    """The text for Excel Labs has each function once, as it is typed, with its help above it."""
    text = text_of(PACK)
    for name, formula in PACK.items():
        assert text.count(f"\n{name} = {formula.typed};\n") == 1
        assert FUNCTIONS[name].description in text


@pytest.mark.parametrize("heading", ["Partner", "partnernaam", "パートナー企業", "合作伙伴名称", "파트너"])
def test_headings_of_any_letters_are_no_partners(heading: str) -> None:
    """2 of 5 partners are active, however the column is called, also where letters have no capitals."""
    engine = Engine([PACK["PARTNER_ADVOCACY"]])
    call = Call("PARTNER_ADVOCACY", ([[heading], ["Acme"], ["Bolt"]], 5), 0.4, "")
    assert FUNCTIONS[call.function].call(*call.arguments) == 0.4
    assert [given for _, given in engine.answers([call])] == [0.4]
