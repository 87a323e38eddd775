"""Through xlwings' own code from cell to cell: each function, each argument, each shape, each kind of cell."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from excel_path import LEFT_OUT, CellRange, CellTime, ExcelPath
from sampled import one_in

from partnerkpi import udfs

NA, NUM, VALUE = "#N/A", "#NUM!", "#VALUE!"
ALL_ROWS = 1_048_576

#: For each function its arguments: what the cells of each mean, and four cells that are fine (one where it takes one).
SCORES = ("score", [9.0, 3.0, 7.0, 10.0])
PARTNERS = ("name", ["Acme", "Acme", "Bolt", "Bolt"])
LIST = ("list", ["Acme", "Acme", "Bolt", "Cord"])
RETAINED = ("flag", [True, False, True, True])
PARTNER = ("name", ["Acme", "Acme", None, "Direct"])
START, END = ("revenue", [100.0, 200.0, 300.0, 50.0]), ("end", [120.0, 150.0, 300.0, 0.0])
REACHED: dict[str, tuple[str, list[Any]]] = {
    "nps": ("figure", [45.0]),
    "advocates": ("figure", [0.6]),
    "influence": ("figure", [70.0]),
    "weights": ("weights", [0.4, 0.3, 0.3]),
}
ARGUMENTS: dict[str, dict[str, tuple[str, list[Any]]]] = {
    "PARTNER_NPS": {"scores": SCORES},
    "PARTNER_NPS_MARGIN": {"scores": SCORES, "confidence": ("number", [0.9])},
    "PARTNER_NPS_LOW": {"scores": SCORES, "confidence": ("number", [0.9]), "population": ("number", [40.0])},
    "PARTNER_NPS_HIGH": {"scores": SCORES, "confidence": ("number", [0.9]), "population": ("number", [40.0])},
    "PARTNER_NPS_SUMMARY": {"scores": SCORES, "confidence": ("number", [0.9])},
    "PARTNER_NPS_BY": {"groups": PARTNERS, "scores": SCORES, "min_responses": ("number", [2.0])},
    "PARTNER_NPS_TREND": {
        "dates": ("date", [46023.0, 46054.0, 46143.0, 46388.0]),
        "scores": SCORES,
        "period": ("choice", ["year"]),
    },
    "PARTNER_NPS_SHIFT": {"before": SCORES, "after": SCORES},
    "PARTNER_NPS_ABOVE": {"scores": SCORES, "benchmark": ("points", [50.0])},
    "PARTNER_NPS_CLUSTERED": {
        "partners": ("name", ["Acme", "Acme", "Bolt", "Cord"]),
        "scores": SCORES,
        "confidence": ("number", [0.9]),
    },
    "PARTNER_NPS_GROUP": {"score": ("each score", SCORES[1])},
    "PARTNER_RESPONSE_RATE": {"answered": ("count", [3.0, 4.0, 5.0, 6.0]), "invited": ("count", [9.0, 9.0, 9.0, 9.0])},
    "PARTNER_ADVOCACY": {"activities": LIST, "partners": LIST},
    "PARTNER_ADVOCATES": {"partners": LIST, "active_partners": LIST},
    "PARTNER_RETENTION": {
        "start_customers": ("number", [200.0]),
        "end_customers": ("number", [210.0]),
        "new_customers": ("number", [40.0]),
    },
    "PARTNER_RETENTION_RATE": {"retained": RETAINED},
    "PARTNER_RETENTION_INFLUENCE": {"retained": RETAINED, "partner": PARTNER},
    "PARTNER_RETENTION_INDEX": {"retained": RETAINED, "partner": PARTNER},
    "PARTNER_RETENTION_LIFT": {"retained": RETAINED, "partner": PARTNER},
    "PARTNER_RETENTION_PART": {"retained": RETAINED, "partner": PARTNER, "one_partner": ("partner", ["Acme"])},
    "PARTNER_NRR": {"start_revenue": START, "end_revenue": END},
    "PARTNER_GRR": {"start_revenue": START, "end_revenue": END},
    "PARTNER_ATTAINMENT": REACHED,
    "PARTNER_HEALTH": REACHED,
    "PARTNER_RATING": {"kpi": ("choice", ["nps"]), "value": ("number", [45.0])},
}

KINDS: dict[str, object] = {
    "blank": None,
    "empty text": "",
    "spaces": "  ",
    "text": "later",
    "text number": "8",
    "bool": True,
    "date": CellTime.of(2026, 1, 31, 9, 30),
    "currency": Decimal("7.5"),
    "#N/A": "#N/A",
    "#CALC!": -2146826238,
    "#DIV/0!": -2146826281,
    "an error of a later Excel": -2146826200,
    "too large": 1e300,
    "not a number": float("nan"),
}
ERRORS = {"#N/A": NA, "#CALC!": "#CALC!", "#DIV/0!": "#DIV/0!", "an error of a later Excel": VALUE}
BLANKS = ("blank", "empty text", "spaces")
SKIPPED = "as if the cell were blank"

#: What becomes of a cell among others. Kinds that are not named: anything that a cell can show, but no error.
AMONG_OTHERS: dict[str, dict[str, str]] = {
    "score": {
        **dict.fromkeys((*BLANKS, "text", "bool"), SKIPPED),
        **{"text number": VALUE, "date": VALUE, "too large": NUM, "not a number": NUM},
    },
    "flag": {
        **dict.fromkeys(BLANKS, SKIPPED),
        **dict.fromkeys(("text", "text number", "date", "currency", "too large", "not a number"), VALUE),
    },
    "date": {
        **dict.fromkeys(BLANKS, SKIPPED),
        **{"text": VALUE, "text number": VALUE, "bool": VALUE, "too large": NUM, "not a number": NUM},
    },
    # an id of more digits than a cell keeps may have been another one
    "name": {**dict.fromkeys(BLANKS, SKIPPED), "too large": NUM, "not a number": NUM},
    "list": {**dict.fromkeys(BLANKS, SKIPPED), "too large": NUM, "not a number": NUM},
    "count": {
        **dict.fromkeys(BLANKS, SKIPPED),
        **dict.fromkeys(("text", "text number", "bool", "date"), VALUE),
        **{"currency": NUM, "not a number": NUM},
    },
    "weights": {
        **dict.fromkeys((*BLANKS, "text", "text number", "bool", "date"), VALUE),
        **{"not a number": NUM},
    },
    "revenue": {
        **dict.fromkeys((*BLANKS, "text", "bool"), SKIPPED),
        **{"text number": VALUE, "date": VALUE, "not a number": NUM},
    },
    # what a customer of the start pays at the end is known or not
    "end": {
        **dict.fromkeys((*BLANKS, "text", "bool"), NA),
        **{"text number": VALUE, "date": VALUE, "not a number": NUM},
    },
}
#: What becomes of an argument that is this one cell.
ALONE: dict[str, dict[str, str]] = {
    "score": {
        **dict.fromkeys((*BLANKS, "text", "bool"), NA),
        **{"text number": VALUE, "date": VALUE, "too large": NUM, "not a number": NUM},
    },
    "flag": AMONG_OTHERS["flag"] | dict.fromkeys(BLANKS, NA),
    "date": AMONG_OTHERS["date"],
    "name": AMONG_OTHERS["name"],
    "list": {
        **dict.fromkeys(BLANKS, NA),
        **{"text number": VALUE, "bool": VALUE, "date": VALUE, "currency": NUM, "not a number": NUM},
    },
    "count": AMONG_OTHERS["count"] | {**dict.fromkeys(BLANKS, NA), "not a number": NUM},
    "number": {
        **dict.fromkeys(BLANKS, SKIPPED),
        **dict.fromkeys(("text", "text number", "bool", "date"), VALUE),
        "not a number": NUM,
    },
    "revenue": AMONG_OTHERS["revenue"] | dict.fromkeys((*BLANKS, "text", "bool"), NA),
    "end": AMONG_OTHERS["end"],
    "points": {
        **dict.fromkeys(BLANKS, NA),
        **dict.fromkeys(("text", "text number", "bool", "date"), VALUE),
        **{"too large": NUM, "not a number": NUM},
    },
    "partner": {
        **dict.fromkeys((*BLANKS, "text", "text number", "bool", "date", "currency"), NA),
        **{"too large": NUM, "not a number": NUM},
    },
    "figure": {
        **dict.fromkeys((*BLANKS, "#N/A"), SKIPPED),
        **dict.fromkeys(("text", "text number", "bool", "date"), VALUE),
        **{"too large": NUM, "not a number": NUM},
    },
    "choice": {
        **dict.fromkeys(BLANKS, SKIPPED),
        **dict.fromkeys(("text", "text number", "bool", "date", "currency"), VALUE),
        **{"too large": NUM, "not a number": NUM},
    },
    "weights": {
        **dict.fromkeys(BLANKS, SKIPPED),
        **dict.fromkeys(("text", "text number", "bool", "date", "currency"), VALUE),
        **{"too large": NUM, "not a number": NUM},
    },
}

Cells = list[Any]
SHAPES: dict[str, Callable[[Cells], object]] = {
    "a column": lambda cells: CellRange(tuple((cell,) for cell in cells)),
    "a row": lambda cells: CellRange((tuple(cells),)),
    "a block": lambda cells: (
        CellRange((tuple(cells[:2]), tuple(cells[2:]))) if len(cells) == 4 else CellRange((tuple(cells),))
    ),
    "values of a column": lambda cells: tuple((cell,) for cell in cells),
    "values of a row": lambda cells: (tuple(cells),),
    "an array literal": lambda cells: tuple(cells),
}
SINGLE_SHAPES: dict[str, Callable[[Cells], object]] = {
    "one cell": lambda cells: CellRange(cells[0]),
    "a literal": lambda cells: cells[0],
    "an array literal of one": lambda cells: (tuple(cells),),
}


def is_result(value: object) -> bool:
    """Tell whether this is something that a cell, or a block of cells, can show."""
    if type(value) in (float, int, bool):
        return value == value and abs(value) != float("inf")  # type: ignore[arg-type]
    if type(value) is str:
        return len(value) <= 255 and "Traceback" not in value
    rows: Any = value
    if not isinstance(rows, (list, tuple)) or not rows:
        return False
    if not isinstance(rows[0], (list, tuple)):  # CallUDF hands a single row over as a row
        rows = [rows]
    return len({len(row) for row in rows}) == 1 and all(
        not isinstance(cell, (list, tuple)) and is_result(cell) for row in rows for cell in row
    )


def called(excel: ExcelPath, name: str, shape: Callable[[Cells], object], cells: dict[str, Cells]) -> Any:
    """Call a function with the cells of each argument in a shape; a lone cell stays one."""
    arguments = [
        CellRange(given[0]) if len(given) == 1 and shape in SHAPES.values() else shape(given)
        for given in cells.values()
    ]
    result = excel.call(name, *arguments)
    assert is_result(result), result
    return result


#: Each function with each of its arguments; those that take a range; all but the one that answers for each cell.
CASES = [(name, argument) for name, arguments in ARGUMENTS.items() for argument in arguments]
RANGES = [(name, argument) for name, argument in CASES if ARGUMENTS[name][argument][0] in AMONG_OTHERS]
SINGLE = [(name, argument) for name, argument in CASES if ARGUMENTS[name][argument][0] in ALONE]


def test_every_function_and_argument_is_tried() -> None:
    """The table above knows each function, its arguments and their order."""
    assert {name: list(arguments) for name, arguments in ARGUMENTS.items()} == {
        name: list(function.arguments) for name, function in udfs.FUNCTIONS.items()
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "argument"), RANGES)
def test_one_odd_cell_among_others(excel: ExcelPath, name: str, argument: str, kind: str) -> None:
    """In a range of any shape, each kind of cell has the effect that the policy of cells gives it, and only that."""
    role, cells = ARGUMENTS[name][argument]
    given = {other: list(fine) for other, (_, fine) in ARGUMENTS[name].items()}
    given[argument] = [cells[0], KINDS[kind], *cells[2:]]
    blank = given | {argument: [cells[0], None, *cells[2:]]}
    for label, shape in SHAPES.items():
        result = called(excel, name, shape, given)
        expected = ERRORS.get(kind) or AMONG_OTHERS[role].get(kind)
        if expected == SKIPPED:
            assert result == called(excel, name, shape, blank), label
        elif expected is not None:
            assert result == expected, label
        else:
            assert result not in (NA, NUM, VALUE), label
            assert result == called(excel, name, SHAPES["a column"], given), label


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "argument"), SINGLE)
def test_an_argument_of_one_odd_cell(excel: ExcelPath, name: str, argument: str, kind: str) -> None:
    """A single cell, as a reference, a literal or an array of one, means the same; a blank optional one is left out."""
    role = ARGUMENTS[name][argument][0]
    # the others keep their cells, except those that pair up with this one
    paired = len(ARGUMENTS[name][argument][1]) == 4
    given = {
        other: [KINDS[kind]] if other == argument else fine[:1] if paired and len(fine) == 4 else fine
        for other, (_, fine) in ARGUMENTS[name].items()
    }
    if role == "list":  # one name beside one name
        given |= {other: ["Acme"] for other in given if other != argument}
    if name in ("PARTNER_RETENTION_INFLUENCE", "PARTNER_RETENTION_INDEX") and argument == "retained":
        given["partner"] = ["Acme"]
    optional = argument in udfs.FUNCTIONS[name].optional
    missing = role == "figure" and kind == "#N/A"  # that is how no data looks
    expected = ALONE[role].get(kind) if missing else ERRORS.get(kind) or ALONE[role].get(kind)
    for label, shape in SINGLE_SHAPES.items():
        arguments = [shape(cells) if len(cells) == 1 else CellRange((tuple(cells),)) for cells in given.values()]
        result = excel.call(name, *arguments)
        assert is_result(result), label
        if expected == SKIPPED:
            position = list(given).index(argument)
            left_out = [*arguments[:position], LEFT_OUT if optional else None, *arguments[position + 1 :]]
            assert result == excel.call(name, *left_out), label
        elif expected is not None:
            assert result == expected, label
        else:
            assert result != VALUE or kind == "too large", label


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        *((kind, NA) for kind in (*BLANKS, "text", "bool")),
        *(("text number", VALUE), ("date", VALUE), ("currency", "Passive"), ("too large", NUM), ("not a number", NUM)),
        *ERRORS.items(),
    ],
)
def test_one_odd_cell_has_its_own_answer(excel: ExcelPath, kind: str, word: str) -> None:
    """PARTNER_NPS_GROUP answers for each cell where it stands; a cell's error is its own."""
    cells = [9.0, KINDS[kind], 0.0, 7.0]
    words = ["Promoter", word, "Detractor", "Passive"]
    results = {label: excel.call("PARTNER_NPS_GROUP", shape(cells)) for label, shape in SHAPES.items()}
    assert results["a column"] == results["values of a column"] == [[one] for one in words]
    assert results["a row"] == results["values of a row"] == results["an array literal"] == words
    assert results["a block"] == [words[:2], words[2:]]
    for shape in SINGLE_SHAPES.values():
        assert excel.call("PARTNER_NPS_GROUP", shape([KINDS[kind]])) == word


@pytest.mark.parametrize("name", [name for name, function in udfs.FUNCTIONS.items() if function.optional])
def test_an_optional_argument_can_be_left_out(excel: ExcelPath, name: str) -> None:
    """Left out as Excel says it, or as Python does: the same result."""
    required = [
        CellRange(tuple((cell,) for cell in cells)) if len(cells) > 1 else cells[0]
        for argument, (_, cells) in ARGUMENTS[name].items()
        if argument not in udfs.FUNCTIONS[name].optional
    ]
    left_out = [LEFT_OUT] * len(udfs.FUNCTIONS[name].optional)
    result = excel.call(name, *required, *left_out)
    assert is_result(result)
    assert result not in (NA, NUM, VALUE)
    assert result == excel.call(name, *required, *[None] * len(left_out)) == excel.call(name, *required)


PAIRS = {
    "PARTNER_NPS_BY": ("groups", "scores"),
    "PARTNER_NPS_CLUSTERED": ("partners", "scores"),
    "PARTNER_NPS_TREND": ("dates", "scores"),
    "PARTNER_RESPONSE_RATE": ("answered", "invited"),
    "PARTNER_RETENTION_INFLUENCE": ("retained", "partner"),
    "PARTNER_RETENTION_INDEX": ("retained", "partner"),
    "PARTNER_RETENTION_LIFT": ("retained", "partner"),
    "PARTNER_RETENTION_PART": ("retained", "partner"),
    "PARTNER_NRR": ("start_revenue", "end_revenue"),
    "PARTNER_GRR": ("start_revenue", "end_revenue"),
}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("shape", SHAPES)
def test_ranges_that_pair_up_are_equally_long(excel: ExcelPath, name: str, shape: str) -> None:
    """A cell too few on either side shifts everything below it: #VALUE!."""
    for short in PAIRS[name]:
        given = {
            argument: SHAPES[shape](cells[:3] if argument == short else cells) if argument in PAIRS[name] else LEFT_OUT
            for argument, (_, cells) in ARGUMENTS[name].items()
        }
        assert excel.call(name, *given.values()) == VALUE


def test_a_row_pairs_up_with_a_column(excel: ExcelPath) -> None:
    """Cells pair up in reading order, whichever way the ranges lie."""
    row, column = SHAPES["a row"], SHAPES["a column"]
    partners, scores = PARTNERS[1], SCORES[1]
    assert excel.call("PARTNER_NPS_BY", row(partners), column(scores), LEFT_OUT) == excel.call(
        "PARTNER_NPS_BY", column(partners), column(scores), LEFT_OUT
    )


@pytest.mark.parametrize(
    ("name", "heads", "cells", "expected"),
    one_in(
        4,
        [
            ("PARTNER_NPS", [("Score",)], [(9.0,)], 100),
            ("PARTNER_NPS_MARGIN", [("Score",)], [(9.0,)], None),
            ("PARTNER_NPS_GROUP", [("Score",)], [(9.0,)], None),
            ("PARTNER_NPS_BY", [("Partner",), ("Score",)], [("Acme",), (9.0,)], None),
            ("PARTNER_NPS_TREND", [("Date",), ("Score",)], [(46023.0,), (9.0,)], None),
            ("PARTNER_RETENTION_RATE", [("Retained",)], [(True,)], 1),
            ("PARTNER_RETENTION_INFLUENCE", [("Retained",), ("Partner",)], [(True,), ("Acme",)], 100),
            ("PARTNER_ADVOCACY", [("Partner",), ("Partner",)], [("Acme",), ("Acme",)], None),
        ],
    ),
)
def test_a_whole_column(
    excel: ExcelPath, name: str, heads: list[tuple[object]], cells: list[tuple[object]], expected: float | None
) -> None:
    """1,048,576 cells with a heading, 1,000 filled rows and blanks below give what the 1,000 rows give."""
    whole = [
        CellRange((head, *[cell] * 1_000, *[(None,)] * (ALL_ROWS - 1_001)))
        for head, cell in zip(heads, cells, strict=True)
    ]
    rows = [CellRange((cell,) * 1_000) for cell in cells]
    result = excel.call(name, *whole)
    if name == "PARTNER_NPS_GROUP":
        assert len(result) == ALL_ROWS
        assert result[:3] == [[NA], ["Promoter"], ["Promoter"]]
        return
    assert result == excel.call(name, *rows)
    assert expected is None or result == expected


def test_a_full_column(excel: ExcelPath) -> None:
    """A column that is filled to its last row is counted to its last row."""
    column = CellRange(tuple((float(score % 11),) for score in range(ALL_ROWS)))
    whole = [ALL_ROWS // 11 + (score < ALL_ROWS % 11) for score in range(11)]
    assert excel.call("PARTNER_NPS", column) == 100 * (whole[9] + whole[10] - sum(whole[:7])) / ALL_ROWS


# ---- xlwings Lite: lists, whole numbers as int, errors as text, formatted cells as objects

LITE_KINDS: dict[str, object] = {
    "error": {"type": "Error", "errorType": "Div0", "basicType": "Error", "basicValue": "#DIV/0!"},
    "formatted": {"type": "FormattedNumber", "basicType": "Double", "basicValue": 7, "numberFormat": "0.0"},
}


def lite(cells: Cells) -> list[list[Any]]:
    """Return a column as the JSON of xlwings Lite has it: whole numbers come as int."""
    return [[int(cell) if isinstance(cell, float) and cell.is_integer() else cell] for cell in cells]


@pytest.mark.parametrize("name", ARGUMENTS)
def test_lite_gives_what_windows_gives(excel: ExcelPath, name: str) -> None:
    """Lists instead of tuples and ints instead of floats change nothing."""
    cells = {argument: fine for argument, (_, fine) in ARGUMENTS[name].items()}
    windows = called(excel, name, SHAPES["a column"], cells)
    function = udfs.FUNCTIONS[name].call
    one_row = [[windows]] if not isinstance(windows, (list, tuple)) else windows
    for result in (
        function(*(lite(given) if len(given) > 1 else lite(given)[0][0] for given in cells.values())),
        function(*(lite(given) for given in cells.values())),
        function(*([cell for (cell,) in lite(given)] for given in cells.values())),
    ):
        assert is_result(result)
        flat = [cell for row in result for cell in row] if isinstance(result, list) else [result]
        expected = [cell for row in one_row for cell in (row if isinstance(row, (list, tuple)) else [row])]
        assert flat == expected


@pytest.mark.parametrize(("name", "argument"), CASES)
def test_lite_hands_over_errors_and_formatted_numbers(name: str, argument: str) -> None:
    """An error in JSON is that error; a formatted number is its number."""
    cells = {other: list(fine) for other, (_, fine) in ARGUMENTS[name].items()}
    function = udfs.FUNCTIONS[name].call

    def result(odd: object) -> object:
        given = {other: lite([*fine[:-1], odd] if other == argument else fine) for other, fine in cells.items()}
        return function(*given.values())

    if name == "PARTNER_NPS_GROUP":
        assert result(LITE_KINDS["error"]) == [["Promoter"], ["Detractor"], ["Passive"], ["#DIV/0!"]]
    else:
        assert result(LITE_KINDS["error"]) == "#DIV/0!"
    assert result(LITE_KINDS["formatted"]) == result(7.0)
