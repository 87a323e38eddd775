"""The script for Google Sheets answers as `partnerkpi.udfs` does, given what a sheet hands over; run in Node."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import re
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from calls import Argument, answer, calls, same
from javascript import node
from scipy import special, stats

from partnerkpi.carriers.sheets import PARTS, script
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, Benchmark
from partnerkpi.udfs import FUNCTIONS
from partnerkpi.vocabulary import plain_name, reads_as_number

ERROR_NAN = {"nan": True}
Asked = list[tuple[str, list[Any]]]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the script with the bands that are built in, as a file."""
    path = tmp_path_factory.mktemp("sheets") / "partnerkpi.gs"
    path.write_text(script(DEFAULT_BENCHMARKS), encoding="utf-8")
    return path


def ask(written: Path, asked: Asked, *parts: str) -> Any:
    """Return what the script answers in Node, and the functions that it has."""
    path = written.with_suffix(".json")
    path.write_text(json.dumps(asked), encoding="utf-8")
    return node("in_sheets.mjs", written, path, *parts)


def as_a_sheet_gives(argument: Argument, name: str = "") -> Any:
    """Return an argument as Sheets hands it over: a blank as "", one cell as its value, days as dates."""
    if isinstance(argument, list):
        rows = [[as_a_sheet_gives(cell, name) for cell in row] for row in argument]
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows
    if name == "dates" and isinstance(argument, (int, float)) and argument > 61 and not isinstance(argument, bool):
        try:
            moment = dt.datetime(1899, 12, 30) + dt.timedelta(days=argument)
        except OverflowError:
            return argument
        return {"date": f"{moment:%Y-%m-%d %H:%M:%S}"} if moment.year < 10_000 else argument
    return "" if argument is None else argument


def handed_over(name: str, given: Sequence[Argument]) -> tuple[str, list[Any]]:
    """Return a call as Sheets makes it; arguments that are left out at the end are not there."""
    return name, [as_a_sheet_gives(*pair) for pair in zip(given, FUNCTIONS[name].arguments, strict=False)]


def in_a_sheet(answered: Any) -> Any:
    """Return an answer as the cell gets it: a single error is thrown with its code first, one in a table is NaN."""
    if isinstance(answered, list):
        return [[ERROR_NAN if isinstance(cell, dict) else cell for cell in row] for row in answered]
    return answered


def test_the_odd_calls_are_answered_alike(written: Path) -> None:
    """Each of thousands of odd calls: the same figures to nine digits, the same errors, in the cell as inside."""
    asked = list(calls())
    assert len(asked) >= 2000
    found = ask(written, [handed_over(one.function, one.arguments) for one in asked])
    assert set(found["functions"]) == set(FUNCTIONS)
    wrong = []
    for one, got in zip(asked, found["answers"], strict=True):
        cells = got["cells"]
        if isinstance(cells, dict) and "thrown" in cells:
            cells = {"error": cells["thrown"].split(": ")[0]}
        if not (same(one.answer, got["inner"]) and same(in_a_sheet(one.answer), cells)):
            wrong.append((str(one), one.made, one.answer, got))
    assert wrong == []


def test_of_two_faults_the_first_in_reading_order_decides(written: Path) -> None:
    """An error that comes as its text is no word, so that it decides no earlier than a cell before it."""
    persons = [[[True], [5], [{"error": "#REF!"}], [False]], [[True], [{"error": "#N/A"}], [7], [True]]]
    made = [("PARTNER_RESPONSE_RATE", [one, [[True]] * 4]) for one in persons]
    made += [("PARTNER_RESPONSE_RATE", [[[True]] * 4, one]) for one in persons]
    found = ask(written, [handed_over(name, given) for name, given in made])["answers"]
    assert [one["inner"] for one in found] == [answer(name, given) for name, given in made]
    assert [one["inner"]["error"] for one in found] == ["#VALUE!", "#N/A"] * 2


def drawn_tables() -> list[tuple[str, list[Any]]]:
    """Return calls of larger tables than the odd ones have: normal curves, many partners, years of months."""
    draw = random.Random(18)
    made: list[tuple[str, list[Any]]] = []
    for size, names in ((70, 3), (500, 12), (4000, 1100), (4000, 1001)):
        weights = [draw.random() for _ in range(11)]
        scores = [[score] for score in draw.choices(range(11), weights, k=size)]
        later = [[score] for score in draw.choices(range(11), weights[::-1], k=size + 9)]
        groups = [[f"P{draw.randrange(names):04d}"] for _ in range(size)]
        days = [[draw.randrange(44000, 46500)] for _ in range(size)]
        made += [
            ("PARTNER_NPS_SHIFT", [scores, later]),
            ("PARTNER_NPS_SHIFT", [scores, later[: size // 9]]),
            ("PARTNER_NPS_CLUSTERED", [groups, scores, 0.99]),
            ("PARTNER_NPS_CLUSTERED", [groups, scores, 1e-9]),
            ("PARTNER_NPS_BY", [groups, scores, 3]),
            ("PARTNER_NPS_TREND", [days, scores, "month"]),
            ("PARTNER_NPS_TREND", [days, scores, "week"]),
            ("PARTNER_NPS_ABOVE", [scores, -20]),
            ("PARTNER_NPS_ABOVE", [scores, 80]),
            ("PARTNER_NPS_LOW", [scores, 1 - 1e-12]),
            ("PARTNER_NRR", [[[draw.random() * 1e6] for _ in scores], [[draw.choice([0, 1e5, 2e6])] for _ in scores]]),
        ]
    return made


def test_large_tables_are_answered_alike(written: Path) -> None:
    """So are thousands of rows, where normal curves and many degrees of freedom take over."""
    made = drawn_tables()
    asked = [handed_over(name, given) for name, given in made]
    for (name, given), got in zip(made, ask(written, asked)["answers"], strict=True):
        assert same(answer(name, given), got["inner"]), name


def test_curves_are_those_of_scipy(written: Path) -> None:
    """The error function, and the quantiles of the normal curve and of Student's t, are SciPy's to ten digits."""
    points = [0.0, 1e-9, 0.1, 0.9, 1.5, 1.999, 2.0, 2.001, 3.0, 5.0, 9.0, 20.0, 26.0, -0.3, -4.0]
    confidences = [0.01, 0.5, 0.8, 0.95, 0.99, 0.999999, 1 - 1e-12]
    degrees = [1, 2, 3, 7, 30, 200, 999, 1000, 40_000]
    asked: Asked = [("erfc", [point]) for point in points]
    asked += [("zValue", [one]) for one in confidences]
    asked += [("tValue", [one, number]) for one in confidences for number in degrees]
    expected = [special.erfc(point) for point in points]
    expected += [stats.norm.isf((1 - one) / 2) for one in confidences]
    expected += [stats.t.isf((1 - one) / 2, number) for one in confidences for number in degrees]
    got = ask(written, asked, "erfc", "zValue", "tValue")["answers"]
    for (name, given), want, value in zip(asked, expected, got, strict=True):
        assert value == pytest.approx(want, rel=1e-10, abs=1e-300), (name, given)


def test_texts_are_compared_as_everywhere(written: Path) -> None:
    """Capitals of the alphabets in use, headings, and what reads as a number are those of the package."""
    letters = [chr(one) for one in range(0x20, 0x2C00) if unicodedata.category(chr(one))[0] == "L"]
    letters = [
        one for one in letters if not 0x10A0 <= ord(one) <= 0x1CBF
    ]  # Georgian and Cherokee: other rules, no words
    texts = ["Straße", "ÉTÉ", "ΣΑΣ", "Renewed?", "PartnerName", "prénom_Nom", "Account: Account Name", "NPS  Score"]
    numbers = ["8", " 7,5 ", "1'000", "1’000", "$5", "€ 5", "(12)", "(12", "90%", "−4", "1e3", ".5", ".", "9-10", "٣"]
    asked: Asked = [("fold", [one]) for one in letters + texts]
    asked += [("plainName", [one]) for one in texts] + [("readsAsNumber", [one]) for one in numbers]
    got = ask(written, asked, "fold", "plainName", "readsAsNumber")["answers"]
    expected: list[Any] = [one.casefold() for one in letters + texts]
    expected += [plain_name(one) for one in texts] + [reads_as_number(one) for one in numbers]
    differ = [(one, want, value) for one, want, value in zip(asked, expected, got, strict=True) if want != value]
    assert differ == []


def test_dates_are_days_of_the_spreadsheet(written: Path) -> None:
    """Whatever time zone the script runs in: midnight stays on its day, and a date is a name, and no score."""
    night, evening = {"date": "2026-03-31 00:00:00"}, {"date": "2026-12-31 23:30:00"}
    asked: Asked = [
        ("PARTNER_NPS_TREND", [[[night], [evening]], [[9], [3]], "quarter"]),
        ("PARTNER_NPS", [[[9], [night]]]),
        ("PARTNER_NPS_BY", [[[night], [evening]], [[9], [3]]]),
    ]
    trend, score, by = (one["inner"] for one in ask(written, asked)["answers"])
    assert [row[0] for row in trend] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert score == {"error": "#VALUE!"}
    moments = [dt.datetime(2026, 3, 31), dt.datetime(2026, 12, 31, 23, 30)]
    expected: Any = FUNCTIONS["PARTNER_NPS_BY"].call([[one] for one in moments], [[9.0], [3.0]])
    assert [row[0] for row in by] == [row[0] for row in expected] == ["2026-03-31", "2026-12-31 23:30:00"]


def test_days_on_which_clocks_change_stay_those_days(written: Path) -> None:
    """Each hour around the change of clocks in March and November is a name as it is shown; Sheets is asked seldom."""
    hours = [
        f"2026-{day} {hour:02d}:30:00"
        for day in ("03-08", "11-01")
        for hour in range(24)
        if (day, hour) != ("03-08", 2)
    ]
    year = [f"{dt.datetime(2026, 1, 1) + dt.timedelta(hours=number):%Y-%m-%d %H:%M:%S}" for number in range(0, 8760, 3)]
    found = ask(written, [("PARTNER_NPS_BY", [[[{"date": one}] for one in hours], [[9]] * len(hours)])])
    assert sorted(row[0] for row in found["answers"][0]["inner"]) == sorted(hours)
    found = ask(written, [("PARTNER_NPS_TREND", [[[{"date": one}] for one in year], [[9]] * len(year), "year"])])
    assert found["answers"][0]["inner"][0][:2] == ["2026", len(year)]
    assert found["asked"] < 400


def test_errors_of_sheets_are_no_words(written: Path) -> None:
    """A failed script, and a cell that is still being calculated, are not skipped as words are."""
    asked: Asked = [("PARTNER_NPS", [[[9], [text]]]) for text in ("#ERROR!", "Loading...", "#N/A", "later")]
    thrown = [one["cells"] for one in ask(written, asked)["answers"]]
    assert [one["thrown"].split(": ")[0] for one in thrown[:3]] == ["#ERROR!", "Loading...", "#N/A"]
    assert thrown[3] == 100


def test_every_function_has_its_javascript() -> None:
    """A function that is added needs its JavaScript, with as many arguments; one that is gone leaves none behind."""
    source = files("partnerkpi.carriers.sheets").joinpath(PARTS[-1]).read_text(encoding="utf-8")
    found = {
        name: one or other
        for name, one, other in re.findall(r"(?m)^  (PARTNER_\w+)(?:\((.*)\)|: (\w+|\(.*?\)) =>)", source)
    }
    assert set(found) == set(FUNCTIONS)
    for name, given in found.items():
        named = [re.sub(r"([A-Z])", r"_\1", one).lower() for one in re.findall(r"\w+", given)]
        assert named == list(FUNCTIONS[name].arguments), name


def test_the_help_is_that_of_the_functions() -> None:
    """Each function has its description and a line for each argument, as Sheets reads them, and is marked as one."""
    text = " ".join(re.sub(r"(?m)^ \*(?!/)", "", script(DEFAULT_BENCHMARKS)).split())
    for function in FUNCTIONS.values():
        for said in (
            function.description,
            *(f"@param {{*}} {name} {line}" for name, line in function.arguments.items()),
        ):
            assert said in text
        assert f"@customfunction */ function {function.name}({', '.join(function.arguments)}) {{" in text


def test_the_bands_are_those_of_the_settings(written: Path, tmp_path: Path) -> None:
    """Bands of one's own are in the script, stated at its head; the default ones are not."""
    own = Benchmark.from_thresholds("nps", {"fine": 40}, worst="poor", target=40)
    path = tmp_path / "own.gs"
    path.write_text(script({**DEFAULT_BENCHMARKS, "nps": own}), encoding="utf-8")
    asked: Asked = [
        ("PARTNER_RATING", ["nps", 39.9]),
        ("PARTNER_RATING", ["nps", 40]),
        ("PARTNER_RATING", ["advocacy", 0.57]),
    ]
    assert [one["cells"] for one in ask(path, asked)["answers"]] == ["poor", "fine", "watch"]
    assert "nps fine from 40; advocacy watch from 0.5" in " ".join(path.read_text("utf-8").replace("\n *", "").split())
    assert [one["cells"] for one in ask(written, asked)["answers"]] == ["watch", "watch", "watch"]


def test_the_same_script_every_time() -> None:
    """The script does not depend on the order in which Python happens to keep words."""
    code = "from partnerkpi.carriers.sheets import script; from partnerkpi.kpi import DEFAULT_BENCHMARKS as all_;"
    code += "import hashlib; print(hashlib.sha256(script(all_).encode()).hexdigest())"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
