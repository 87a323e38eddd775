"""The odd calls that every carrier of the functions is asked: all kinds of them, and answers that can be trusted."""

from __future__ import annotations

import json
from collections import Counter, defaultdict

import pytest
from calls import KINDS, SEED, SHAPES, Argument, Call, answer, as_excel_gives, calls, same
from excel_path import LEFT_OUT, CellRange, ExcelPath

from partnerkpi.udfs import FUNCTIONS


def test_every_function_meets_every_shape_and_kind_of_cell() -> None:
    """At least 2,000 different calls, and for each argument of each function every kind of cell."""
    made = calls()
    assert len({str(one) for one in made}) > 2_000
    for name, function in FUNCTIONS.items():
        assert sum(one.function == name for one in made) >= len(SHAPES) * len(KINDS)
        for argument in function.arguments:
            met = {
                one.made.partition(" with ")[2].rpartition(" at ")[0] for one in made if _odd_in(one, name, argument)
            }
            assert met == set(KINDS), argument


def _odd_in(call: Call, name: str, argument: str) -> bool:
    return call.function == name and call.made.startswith(f"{argument} as ")


def test_every_function_answers_more_than_errors() -> None:
    """Among the answers of each function are figures or words, often, and every error that its cells may hold."""
    answers: dict[str, Counter[str]] = defaultdict(Counter)
    for one in calls():
        answers[one.function][one.answer["error"] if isinstance(one.answer, dict) else "a value"] += 1
    for name in FUNCTIONS:
        assert answers[name]["a value"] >= 20, answers[name]
        assert {"#N/A", "#VALUE!", "#DIV/0!", "#REF!"} <= set(answers[name]), answers[name]


def test_functions_that_answer_with_rows_say_so() -> None:
    """A function is marked as a table where any of its answers is one, and no other is."""
    tables = {one.function for one in calls() if isinstance(one.answer, list)}
    assert tables == {name for name, function in FUNCTIONS.items() if function.table}


def test_the_same_seed_makes_the_same_calls() -> None:
    """Calls are known by their seed, and are plain data."""
    data = json.dumps([one.as_json() for one in calls(SEED)])
    calls.cache_clear()
    assert json.dumps([one.as_json() for one in calls(SEED)]) == data
    assert all(same(one["answer"], answer(one["function"], one["arguments"])) for one in json.loads(data)[::17])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_excel_on_windows_gives_these_answers(excel: ExcelPath, name: str) -> None:
    """Through xlwings' own code, every call has the answer that stands in the table."""
    for one in calls():
        if one.function == name:
            got = excel.call(name, *map(_through_com, one.arguments))
            expected = one.answer
            if isinstance(expected, list) and len(expected) == 1:
                (expected,) = expected  # a single row is handed over as a row
            assert same(expected, _as_data(got)), f"{one} ({one.made})"


def _through_com(argument: Argument) -> object:
    if argument is None:
        return LEFT_OUT
    value = as_excel_gives(argument)
    if not isinstance(value, tuple):
        return value
    return CellRange(value[0][0] if len(value) == len(value[0]) == 1 else value)


def _as_data(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_as_data(one) for one in value]
    return {"error": value} if isinstance(value, str) and value.startswith("#") else value
