"""What a spreadsheet range may hold and what each cell counts as: one test for each line of the policy."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerkpi.cells import (
    COM_ERRORS,
    CellError,
    _count_kind,
    amounts,
    column,
    count_scores,
    error_code,
    flags,
    is_omitted,
    names,
    number,
    scores,
)
from partnerkpi.errors import PartnerKpiError
from partnerkpi.kpi import ScoreTally
from partnerkpi.vocabulary import ERROR_CELLS

LEFT_OUT = -2147352572


class PyOleMissing:
    """Looks like what pywin32 hands over for an argument that was left out."""


class JsNull:
    """Looks like what Pyodide hands over for a blank cell."""


def code_of(function: Callable[..., object], *arguments: object) -> str:
    """Return the Excel error that the function raises."""
    with pytest.raises(CellError) as caught:
        function(*arguments)
    return caught.value.code


# ---- the policy for a score, line by line


@pytest.mark.parametrize("blank", [None, "", " ", "\t \n", "\u00a0"])
def test_a_blank_is_no_answer(blank: object) -> None:
    """An empty cell, an empty text and a text of spaces are skipped: no answer, not a 0."""
    assert count_scores([9.0, blank, 0.0]) == ScoreTally(1, 0, 1)
    assert scores([blank, 8.0]) == [None, 8]


@pytest.mark.parametrize(
    ("score", "tally"),
    [
        *(
            (score, ScoreTally(1, 0, 0))
            for score in (0, 0.0, -0.0, 1, 1.0, 6, 6.5, 6.999, Decimal("6.99"), np.int64(6))
        ),
        *((score, ScoreTally(0, 1, 0)) for score in (7, 7.0, 8, 8.999, Decimal(7), np.float64(8.5), np.float32(7))),
        *((score, ScoreTally(0, 0, 1)) for score in (9, 9.0, 10, 10.0, Decimal("9.5"), np.int8(10), np.array(9))),
    ],
)
def test_a_number_on_the_scale_is_counted(score: object, tally: ScoreTally) -> None:
    """Whole or averaged, in any of Python's and NumPy's types, a number within 0..10 is a score."""
    assert count_scores(score) == count_scores([score]) == count_scores(((score,),)) == tally


@pytest.mark.parametrize(
    "stray", [11, 10.01, -1, -0.5, 99, 1e300, 10**400, Decimal("10.1"), np.int64(11), np.float64(-1)]
)
def test_a_number_off_the_scale_is_num(stray: object) -> None:
    """A number outside 0..10 is an error in the cell, never silently dropped."""
    assert code_of(count_scores, [9.0, stray]) == "#NUM!"
    assert code_of(scores, [9.0, stray]) == "#NUM!"


@pytest.mark.parametrize("stray", [math.nan, math.inf, -math.inf, Decimal("NaN"), np.float64("nan")])
def test_nan_and_infinity_are_num(stray: object) -> None:
    """NaN is no promoter and infinity is no 10."""
    assert code_of(count_scores, [9.0, stray]) == "#NUM!"
    assert code_of(amounts, [9.0, stray]) == "#NUM!"


@pytest.mark.parametrize(
    "text", ["Score", "n/a", "N/A", "-", "very likely", "9 - yes", "9/10", "nan", "inf", "1_0", "=1+1", "#", "$", "#9"]
)
def test_text_is_skipped(text: str) -> None:
    """A text counts nowhere, as in AVERAGE: a header may be in the range."""
    assert count_scores([text, 9.0]) == ScoreTally(0, 0, 1)
    assert scores([text]) == amounts([text]) == [None]


@pytest.mark.parametrize(
    "text",
    ["8", " 9 ", "7.5", "7,5", "10", "-3", "+8", "1e1", ".5", "9%", "\u00a09", "\u0663", "8\u202f", "1 234", "\u22125"],
)
def test_text_that_reads_as_a_number_is_value(text: str) -> None:
    """A number stored as text would be lost in silence: it is an error that says so."""
    assert code_of(count_scores, [9.0, text]) == "#VALUE!"
    assert code_of(scores, [text]) == "#VALUE!"
    with pytest.raises(CellError, match="number stored as text"):
        count_scores(text)


@pytest.mark.parametrize("text", ["$ 8,000", "8000 €", "1'000.50", "(not a number) 5"])
def test_money_stored_as_text_is_value(text: str) -> None:
    """A revenue with its currency in the text is not lost either; words around a number make it a text."""
    if text.startswith("("):
        assert amounts([text]) == [None]
    else:
        assert code_of(amounts, [text]) == "#VALUE!"


@pytest.mark.parametrize("filler", ["x", " ", "1", "1,", "-", "1 "])
def test_a_long_text_is_read_through_once(filler: str) -> None:
    """The longest text that a cell holds is judged without going over it again and again."""
    assert scores([filler * 32_766 + "x"]) == [None]


@pytest.mark.parametrize("logical", [True, False, np.True_, np.False_])
def test_true_and_false_are_skipped(logical: object) -> None:
    """TRUE is not a 1 and FALSE not a 0, as in AVERAGE over a range."""
    assert count_scores([logical, 9.0, logical]) == ScoreTally(0, 0, 1)
    assert scores([logical]) == [None]


def test_true_and_1_are_told_apart() -> None:
    """Python holds True, 1 and 1.0 for equal; a range that mixes them does not."""
    assert count_scores([True, 1, 1.0, False, 0, 0.0, True]) == ScoreTally(4, 0, 0)


@pytest.mark.parametrize("day", [date(2026, 1, 31), datetime(2026, 1, 31, 9, 30)])
def test_a_date_is_value(day: object) -> None:
    """A date among the scores is the wrong column, not a score of 46053."""
    assert code_of(count_scores, [9.0, day]) == "#VALUE!"


@pytest.mark.parametrize("thing", [object(), b"9", 9j, {9}])
def test_anything_else_is_value(thing: object) -> None:
    """What no cell should hold is an error."""
    assert code_of(count_scores, [9.0, thing]) == "#VALUE!"


@pytest.mark.parametrize("text", sorted(ERROR_CELLS))
def test_an_error_text_gives_that_error(text: str) -> None:
    """An error cell gives its error on, as Excel's own functions do."""
    assert error_code(text) == text
    assert {code_of(function, [1.0, text]) for function in (count_scores, scores, amounts, names, flags)} == {text}


@pytest.mark.parametrize(
    ("number_of_error", "text"),
    [
        (-2146826288, "#NULL!"),
        (-2146826281, "#DIV/0!"),
        (-2146826273, "#VALUE!"),
        (-2146826265, "#REF!"),
        (-2146826259, "#NAME?"),
        (-2146826252, "#NUM!"),
        (-2146826246, "#N/A"),
        (-2146826245, "#GETTING_DATA"),
        (-2146826243, "#SPILL!"),
        (-2146826242, "#CONNECT!"),
        (-2146826241, "#BLOCKED!"),
        (-2146826240, "#UNKNOWN!"),
        (-2146826239, "#FIELD!"),
        (-2146826238, "#CALC!"),
    ],
)
def test_an_error_number_from_com_gives_that_error(number_of_error: int, text: str) -> None:
    """COM hands an error cell over as an int, 0x800A0000 plus Excel's number: it is no detractor."""
    assert COM_ERRORS[number_of_error] == text
    assert error_code(number_of_error) == error_code(np.int32(number_of_error)) == text
    assert code_of(count_scores, ((9.0,), (number_of_error,))) == text
    assert code_of(names, ((number_of_error,),)) == text


def test_com_errors_are_the_ones_that_xlwings_knows() -> None:
    """Where xlwings has a text for a number, it is the same text."""
    spec = find_spec("xlwings")
    assert spec is not None
    assert spec.origin is not None
    # its Windows part loads on Windows only, so the table is read from the source
    source = Path(spec.origin).with_name("_xlwindows.py").read_text(encoding="utf-8")
    known = next(
        ast.literal_eval(statement.value)
        for statement in ast.parse(source).body
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "cell_errors"
    )
    assert len(known) >= 7
    assert known.items() <= COM_ERRORS.items()


@pytest.mark.parametrize("unknown", [-2146826237, -2146826200, -2146826300, -2146828288, -2146762753])
def test_an_unknown_error_number_is_value(unknown: int) -> None:
    """An error of a later Excel is still an error."""
    assert error_code(unknown) == "#VALUE!"
    assert code_of(count_scores, [9, unknown]) == "#VALUE!"
    assert code_of(amounts, [9, unknown]) == "#VALUE!"


def test_errors_in_the_json_of_xlwings_lite_are_errors() -> None:
    """Xlwings Lite hands raw cells with a format or an error over as objects with a basic value."""
    error = {"type": "Error", "errorType": "NotAvailable", "basicType": "Error", "basicValue": "#N/A"}
    percent = {"type": "FormattedNumber", "basicType": "Double", "basicValue": 9, "numberFormat": "0.0"}
    assert error_code(error) == "#N/A"
    assert code_of(count_scores, [[9], [error]]) == "#N/A"
    assert error_code({"type": "Error"}) == "#VALUE!"
    assert count_scores([[percent], [7]]) == ScoreTally(0, 1, 1)
    assert count_scores(percent) == ScoreTally(0, 0, 1)
    assert number(percent, None) == 9


@pytest.mark.parametrize(
    "cell", [9.0, 0, -3, True, None, "", "N/A", "#hashtag", "text", date(2026, 1, 1), -2146828289, -2146762752]
)
def test_ordinary_cells_hold_no_error(cell: object) -> None:
    """Numbers, texts and blanks are not errors."""
    assert error_code(cell) is None


@pytest.mark.parametrize(
    "nothing", [None, "", [], (), [None, ""], ((None,), ("n/a",)), [True], LEFT_OUT, PyOleMissing()]
)
def test_no_usable_score_is_not_available(nothing: object) -> None:
    """A range without a score is no data: #N/A, not 0."""
    assert code_of(count_scores, nothing) == "#N/A"


@pytest.mark.parametrize("text", [" #n/a ", "#Div/0!\t"])
def test_an_error_is_told_in_any_case(text: str) -> None:
    """An error that was typed or copied with blanks around it is that error."""
    assert error_code(text) == text.strip().upper()


def test_the_first_error_in_reading_order_decides() -> None:
    """Row by row, the first cell that cannot be counted is what the cell shows."""
    assert code_of(count_scores, [[9.0, "8"], [11.0, "#REF!"]]) == "#VALUE!"
    assert code_of(count_scores, [[9.0, 11.0], ["8", "#REF!"]]) == "#NUM!"
    assert code_of(count_scores, [[9, True], ["#REF!", 11]]) == "#REF!"
    assert code_of(count_scores, [[9, -2146826246], ["#REF!", 11]]) == "#N/A"


def test_an_error_says_what_and_why() -> None:
    """The code is for the cell, the message for a person; one root catches it."""
    with pytest.raises(PartnerKpiError) as caught:
        count_scores([9.0, 11.0])
    assert str(caught.value) == "#NUM!: the cell is 11.0; allowed: 0 to 10"
    assert str(CellError("#N/A")) == CellError("#N/A").code == "#N/A"


@pytest.mark.parametrize(
    ("function", "argument", "message"),
    [
        (count_scores, [True], "#N/A: there is no score in the range"),
        (count_scores, [" 7,5 "], "#VALUE!: '7,5' is a number stored as text; convert the cell to a number"),
        (count_scores, [9j], "#VALUE!: 9j is no number"),
        (count_scores, ["#REF!"], "#REF!: a cell of the range holds this error"),
        (scores, [-1], "#NUM!: the cell is -1; allowed: 0 to 10"),
        (amounts, [math.inf], "#NUM!: the cell is inf; allowed: any finite number"),
        (column, [[1.0], "abc"], "#VALUE!: the range mixes rows and single cells"),
        (flags, ["maybe"], "#VALUE!: 'maybe' is neither TRUE nor FALSE, 1 nor 0, yes nor no"),
        (lambda argument: number(argument, 5), [1, 2], "#VALUE!: 2 cells were given where one number is expected"),
        (lambda argument: number(argument, 5), True, "#VALUE!: True is no number"),
        (lambda argument: number(argument, 5), "eight", "#VALUE!: 'eight' is no number"),
        (names, [1e15], "#NUM!: a number of more than 15 digits has lost some in a cell: keep such ids as text"),
        (names, [math.nan], "#NUM!: the cell is nan; allowed: any finite number"),
    ],
)
def test_the_message_says_which_cell_and_what_it_may_hold(
    function: Callable[[object], object], argument: object, message: str
) -> None:
    """The whole message, as the terminal and the doctor print it."""
    with pytest.raises(CellError) as caught:
        function(argument)
    assert str(caught.value) == message


# ---- shapes

cells = st.lists(
    st.none() | st.sampled_from(["", "n/a", True, False]) | st.floats(0, 10) | st.integers(0, 10), min_size=1
)


def plain_count(values: list[Any]) -> ScoreTally:
    """Count the scores one by one, as simply as it can be written."""
    return ScoreTally.from_scores(value for value in values if type(value) in (int, float))


@given(cells, st.integers(1, 5))
def test_every_shape_of_a_range_agrees(values: list[Any], width: int) -> None:
    """A row, a column, a block; lists or tuples; raw or converted: the same cells are the same tally."""
    padded = values + [None] * (-len(values) % width)
    rows = [padded[start : start + width] for start in range(0, len(padded), width)]
    shapes: list[object] = [
        values,
        tuple(values),
        [values],
        (tuple(values),),
        [[value] for value in values],
        tuple((value,) for value in values),
        rows,
        tuple(map(tuple, rows)),
        np.array(values, dtype=object),
        np.array(rows, dtype=object),
    ]
    expected = plain_count(values)
    if expected.responses == 0:
        assert {code_of(count_scores, shape) for shape in shapes} == {"#N/A"}
    else:
        assert [count_scores(shape) for shape in shapes] == [expected] * len(shapes)
    assert all(ScoreTally.from_scores(scores(shape)) == expected for shape in shapes)
    assert all(len(column(shape)) in (len(values), len(padded)) for shape in shapes)


@given(cells, cells)
def test_ranges_add_up(first: list[Any], second: list[Any]) -> None:
    """Counting two ranges and adding is counting them as one."""
    answered = [9.0]  # so that neither is #N/A
    assert count_scores(first + second + answered * 2) == count_scores(first + answered) + count_scores(
        second + answered
    )


@pytest.mark.parametrize("kind", [float, int])
def test_the_quick_loop_takes_the_whole_scale(kind: type[float] | type[int]) -> None:
    """Of one kind of number all scores are counted at once, both ends among them; all else but blanks is left."""
    on_it = [kind(score) for score in (0, 6, 7, 8, 9, 10)]
    off_it: list[object] = [kind(11), kind(-1), True, "", 9 if kind is float else 9.0]
    assert _count_kind([None, *on_it, None, *off_it, *on_it], kind) == (ScoreTally(4, 4, 4), off_it)


@pytest.mark.parametrize("first", [8, 8.0])
def test_a_range_is_counted_by_the_kind_it_begins_with(monkeypatch: pytest.MonkeyPatch, first: float) -> None:
    """Numbers of the kind of its first cell that is not blank are never gone through twice."""
    counted = []

    def noted(cells: Iterable[object], kind: type[float] | type[int]) -> tuple[ScoreTally, list[object]]:
        whole = list(cells)
        counted.append((kind, whole))
        return _count_kind(whole, kind)

    monkeypatch.setattr("partnerkpi.cells._count_kind", noted)
    assert count_scores([None, first, None, first]) == ScoreTally(0, 2, 0)
    assert counted == [(type(first), [first, None, first])]
    other = 9.0 if type(first) is int else 9
    assert count_scores([first, other, ""]) == ScoreTally(0, 1, 1)
    assert counted[1:] == [(type(first), [first, other, ""]), (type(other), [other, ""])]


def test_a_text_that_comes_again_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column of formulas that return "" has one text, however long it is."""
    judged = []

    def noted(text: str) -> bool:
        judged.append(text)
        return False

    monkeypatch.setattr("partnerkpi.cells.reads_as_number", noted)
    assert count_scores([9.0, "n/a", "no", True, "n/a", "no", "n/a"]) == ScoreTally(0, 0, 1)
    assert judged == ["n/a", "no"]


@given(st.lists(st.floats(0, 10), min_size=1))
def test_numpy_arrays_are_ranges(values: list[float]) -> None:
    """An array of numbers counts like the cells it came from, in any layout."""
    array = np.array(values)
    assert count_scores(array) == count_scores(array.reshape(-1, 1)) == count_scores(values)


@pytest.mark.parametrize(
    ("argument", "flat"),
    [
        (7.0, [7.0]),
        ("x", ["x"]),
        (None, [None]),
        (LEFT_OUT, [None]),
        (PyOleMissing(), [None]),
        ([], []),
        ([1.0, None, "a"], [1.0, None, "a"]),
        (("a", "b"), ["a", "b"]),
        (["ab", "cd"], ["ab", "cd"]),
        ([[1.0, None], ["", 4.0]], [1.0, None, "", 4.0]),
        ([[1.0], [2.0, 3.0]], [1.0, 2.0, 3.0]),
        ([(1.0,), [2.0, "ab"]], [1.0, 2.0, "ab"]),
        (((1.0,), (None,), ("ab",)), [1.0, None, "ab"]),
        (((1.0, 2.0, None),), [1.0, 2.0, None]),
        ((("ab", "c"), ("d", None)), ["ab", "c", "d", None]),
        ([["ab", "c"], ("d", None)], ["ab", "c", "d", None]),
        (np.array([[1, 2], [3, 4]]), [1, 2, 3, 4]),
    ],
)
def test_a_column_is_flat_in_reading_order(argument: object, flat: list[object]) -> None:
    """Any shape becomes one list, row by row, blanks included, so that paired ranges keep step."""
    assert column(argument) == flat


def test_a_column_is_a_list_of_its_own() -> None:
    """Changing the result does not change the range."""
    cells_of_range = [1.0, 2.0]
    column(cells_of_range).append(3.0)
    assert cells_of_range == [1.0, 2.0]


@pytest.mark.parametrize("ragged", [[[1.0], "abc"], [[1.0], 2.0], [[1.0, 2.0], "#REF!"]])
def test_rows_and_cells_do_not_mix(ragged: object) -> None:
    """No range looks like this; a text among rows is not taken apart into letters."""
    assert code_of(column, ragged) == "#VALUE!"
    assert code_of(count_scores, ragged) == "#VALUE!"


def test_a_row_among_cells_is_value() -> None:
    """A list inside a flat range is no cell."""
    assert code_of(count_scores, [9.0, [8.0]]) == "#VALUE!"


# ---- the other arguments


def test_scores_keep_their_places() -> None:
    """One entry for each cell, None where it counts nowhere, so that names in the next column still match."""
    assert scores(((9.0,), (None,), ("n/a",), (True,), (0,))) == [9, None, None, None, 0]
    assert scores([]) == []


def test_amounts_have_no_bounds() -> None:
    """Revenues are judged like scores, of any size and sign; the arithmetic decides what it can use."""
    assert amounts((100.0, None, 900, -5, Decimal("1e6"), "Revenue")) == [100, None, 900, -5, 1e6, None]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        (" Acme ", "Acme"),
        ("", None),
        ("  ", None),
        (None, None),
        ("007", "007"),
        (12.0, "12"),
        (12, "12"),
        (-0.0, "0"),
        (12.5, "12.5"),
        (0.1 + 0.2, "0.3"),
        (123456789012.345, "123456789012.345"),
        (0.123456789012345, "0.123456789012345"),
        (Decimal("12.50"), "12.5"),
        (np.int64(7), "7"),
        (12345678901234567890, "12345678901234567890"),
        (10**15 - 1, "999999999999999"),
        (1 - 10**15, "-999999999999999"),
        (2**53 + 1, "9007199254740993"),
        (-(2**53) - 1, "-9007199254740993"),
        (True, "TRUE"),
        (np.False_, "FALSE"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 9, 30, 0, 500_000), "2026-01-31 09:30:00"),
        (999999999999999.0, "999999999999999"),
        ("\ufeffAcme\u200b", "Acme"),
        ("=1+1", "=1+1"),
        ("N/A", "N/A"),
    ],
)
def test_names_are_trimmed_texts(cell: object, name: str | None) -> None:
    """A partner is its text; a number is written as Excel shows it, to 15 digits; a blank is nobody."""
    assert names([cell]) == [name]


def test_names_that_cannot_be_are_errors() -> None:
    """NaN is #NUM!, an object #VALUE!, and an error cell gives its error on.

    So is a number of 16 digits, of which a cell keeps 15: two ids would be one name.
    """
    assert code_of(names, [math.nan]) == "#NUM!"
    for lost in (1234567890123456.0, 1234567890123450, 10**15, -(10**15), 2**53, -(2**53), 1e15, -1e15, 1e17):
        assert code_of(names, [lost]) == "#NUM!"
    assert names(["1234567890123456", "1234567890123457"]) == ["1234567890123456", "1234567890123457"]
    assert code_of(names, [object()]) == "#VALUE!"
    assert code_of(names, ["Acme", "#REF!"]) == "#REF!"


@pytest.mark.parametrize(
    ("cell", "flag"),
    [
        *(
            (cell, True)
            for cell in (True, 1, 1.0, Decimal(1), np.True_, np.int64(1), "TRUE", "true", "Yes", " y ", "1")
        ),
        *((cell, False) for cell in (False, 0, 0.0, -0.0, Decimal(0), np.False_, "FALSE", "False", "NO", "n", "0")),
        *((cell, None) for cell in (None, "", "  ")),
    ],
)
def test_flags_are_true_false_or_nothing(cell: object, flag: bool | None) -> None:
    """TRUE/FALSE, 1/0 and yes/no are what they say; a blank says nothing."""
    assert flags([cell]) == [flag]


@pytest.mark.parametrize("cell", [2, 0.5, -1, math.nan, "maybe", "2", date(2026, 1, 1), object()])
def test_other_flags_are_value(cell: object) -> None:
    """What is neither yes nor no is not guessed."""
    assert code_of(flags, [True, cell]) == "#VALUE!"


@pytest.mark.parametrize("nothing", [None, LEFT_OUT, PyOleMissing(), JsNull()])
def test_an_argument_can_be_left_out(nothing: object) -> None:
    """Windows, xlwings Lite and a blank cell each have their way to say nothing."""
    assert is_omitted(nothing)
    assert number(nothing, 0.95) == 0.95
    assert number(nothing, None) is None


@pytest.mark.parametrize("given_argument", [0, 0.0, False, "", [], (None,), -1])
def test_what_is_given_is_not_left_out(given_argument: object) -> None:
    """A zero, FALSE or a range is an argument."""
    assert not is_omitted(given_argument)


@pytest.mark.parametrize("blank", ["", " ", [], [None], ((None,),), (("",),)])
def test_a_blank_cell_takes_the_default(blank: object) -> None:
    """A reference to an empty cell is as good as leaving the argument out."""
    assert number(blank, 5) == 5


@pytest.mark.parametrize("half", [0.5, ((0.5,),), [0.5], [[0.5]], Decimal("0.5"), np.float64(0.5), np.array([[0.5]])])
def test_a_number_is_a_number_in_any_shape(half: object) -> None:
    """A literal, a cell raw or converted, currency or NumPy: one float."""
    result = number(half, None)
    assert result == 0.5
    assert type(result) is float


def test_zero_is_not_the_default() -> None:
    """A 0 that was given is a 0."""
    assert number(0.0, 5) == 0
    assert number(((0,),), 5) == 0


@pytest.mark.parametrize(
    ("argument", "code"),
    [
        ("8", "#VALUE!"),
        ("eight", "#VALUE!"),
        (True, "#VALUE!"),
        (date(2026, 1, 1), "#VALUE!"),
        ([1.0, 2.0], "#VALUE!"),
        ([None, None], "#VALUE!"),
        (math.nan, "#NUM!"),
        (math.inf, "#NUM!"),
        ("#REF!", "#REF!"),
        (((-2146826246,),), "#N/A"),
    ],
)
def test_other_arguments_are_errors(argument: object, code: str) -> None:
    """Text, TRUE, a date or several cells are no number; an error gives itself on."""
    assert code_of(number, argument, 5) == code
