"""Results in Python: frames, dicts, small tables, one line; options as people write them; the notebook in docs."""

from __future__ import annotations

import ast
import csv
import datetime as dt
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from command import run_here
from sampled import one_in

import partnerkpi
import partnerkpi.demo
from partnerkpi.demo import DemoFiles, write_demo_data

ANSWERS = [{"partner": ("Acme", "<Bolt>")[n % 2], "date": f"2026-0{n % 6 + 1}-11", "score": n % 11} for n in range(44)]


def few_answers(folder: Path) -> DemoFiles:
    """Write the demo with a tenth of its answers."""
    files = write_demo_data(folder)
    with files.responses.open(encoding="utf-8", newline="") as whole:
        head, *rows = csv.reader(whole)
    with files.responses.open("w", encoding="utf-8", newline="") as some:
        csv.writer(some).writerows([head, *rows[::10]])
    return files


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return few_answers(tmp_path_factory.mktemp("demo"))


class Cells(HTMLParser):
    """The texts of the cells of a table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - its parent's name
        if tag in ("td", "th"):
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if self.found:
            self.found[-1] += data


def test_one_column_a_day_as_text_and_a_condition() -> None:
    """A single name, a text for a day and a condition give what lists and dates give."""
    one = partnerkpi.nps(ANSWERS, by="partner", first="2026-02-01", last="Q1 2026", where="score>3")
    other = partnerkpi.nps(
        ANSWERS, by=["partner"], first=dt.date(2026, 2, 1), as_of=dt.date(2026, 3, 31), where=["score > 3"]
    )
    assert one.rows == other.rows
    kept = [row for row in ANSWERS if row["date"][:7] in ("2026-02", "2026-03") and row["score"] > 3]  # type: ignore[index, operator]
    assert one.whole["responses"] == len(kept)
    assert one.provenance["where"] == ["score > 3"]
    with pytest.raises(partnerkpi.PartnerKpiError, match="'tomorrow' is not a day"):
        partnerkpi.nps(ANSWERS, first="tomorrow")
    with pytest.raises(partnerkpi.PartnerKpiError, match="use one of them"):
        partnerkpi.nps(ANSWERS, last="2026-03-01", as_of="2026-03-01")
    with pytest.raises(partnerkpi.PartnerKpiError, match="exchange them"):
        partnerkpi.nps(ANSWERS, first="2026-03-01", last="2026-02-01")
    with pytest.raises(TypeError, match="scroe"):
        partnerkpi.alerts(ANSWERS, scroe="score")  # type: ignore[call-arg]


def test_conditions_in_an_engine() -> None:
    """Rows of a database are chosen where they lie, as those of a file."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE answers (partner VARCHAR, date DATE, score INTEGER)")
        connection.executemany("INSERT INTO answers VALUES (?, ?, ?)", [list(row.values()) for row in ANSWERS])
        for where in ("score<7", "date=2026-02", "partner=ACME", "partner in acme, <bolt>", "date>2026-03-01"):
            there = partnerkpi.nps((connection, "answers"), where=where)
            assert there.rows == partnerkpi.nps(ANSWERS, where=where).rows, where


def test_frames_hold_what_csv_has() -> None:
    """Pandas and Polars give the rows of --format csv, unrounded, each column of its type, no data missing."""
    result = partnerkpi.nps(ANSWERS, by="partner", period="quarter")
    pandas, polars = result.to_pandas(), result.to_polars()
    assert isinstance(polars, pl.DataFrame)
    assert list(pandas.columns) == polars.columns
    assert list(pandas.columns[:3]) == ["partner", "level", "period"]
    assert pandas["nps"].tolist() == polars["nps"].to_list() == [row["nps"] for row in result.rows]
    assert polars["responses"].dtype.is_integer()
    assert pandas["partner"].isna().tolist() == [not row["group"] for row in result.rows]
    assert result.to_dict() == result.as_dict()


def test_what_a_notebook_and_a_console_show() -> None:
    """The small table has the first rows with one decimal and texts of the data as texts; the console has one line."""
    result = partnerkpi.nps(ANSWERS, by="partner")
    assert repr(result) == "<nps −45.5 of 44 responses, 3 rows>"
    shown = Cells(result._repr_html_()).found
    assert {"partner", "nps", "<Bolt>", "−45.5", "44"} <= set(shown)
    assert "<Bolt>" not in result._repr_html_()
    many = partnerkpi.nps(ANSWERS, by="date", period="month")
    assert "more rows" in many._repr_html_()
    assert repr(partnerkpi.whatif(counts=(8, 7, 5))) == "<whatif, 1 row>"


ANALYSES: list[tuple[str, dict[str, Any]]] = [
    ("alerts", {}),
    ("compare", {}),
    ("actions", {"as_of": "2026-06-30"}),
    ("outlook", {"kpi": "nps"}),
    ("whatif", {}),
]


@pytest.mark.parametrize(("name", "options"), one_in(5, ANALYSES))
def test_the_analyses_are_those_of_the_commands(name: str, options: dict[str, Any], demo: DemoFiles) -> None:
    """compare, alerts, actions, outlook and whatif give the rows of their commands, and frames of them."""
    files = [demo.responses, demo.activities, demo.customers, demo.partners]
    flags = [word for key, value in options.items() for word in (f"--{key.replace('_', '-')}", value)]
    told = getattr(partnerkpi, name)(files, **options)
    assert list(told.as_dict()["rows"]) == run_here(name, *files, *flags, "--format", "json").json["rows"]
    assert len(told.to_pandas()) == len(told.rows)


def test_what_analyses_refuse() -> None:
    """Counts in the place of files, not beside them; partners are compared where there are some."""
    assert partnerkpi.whatif(counts=(8, 7, 5)).rows[0]["nps"] == -15
    with pytest.raises(partnerkpi.PartnerKpiError, match="one of the two"):
        partnerkpi.whatif([{"score": 9}], counts=(8, 7, 5))
    with pytest.raises(partnerkpi.PartnerKpiError, match="names a partner"):
        partnerkpi.compare(responses=[{"score": 9}, {"score": 3}])


@pytest.mark.thorough
def test_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell of docs/notebook.ipynb runs one after the other, and what it shows can be shown."""
    path = Path(__file__).parents[1] / "docs" / "notebook.ipynb"
    book = json.loads(path.read_text("utf-8"))
    assert (book["nbformat"], {cell["cell_type"] for cell in book["cells"]}) == (4, {"code", "markdown"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(partnerkpi.demo, "write_demo_data", few_answers)
    names: dict[str, Any] = {}
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            tree = ast.parse("".join(cell["source"]))
            shown = tree.body.pop().value if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, str(path), "exec"), names)  # noqa: S102 - our own page
            if shown is not None:
                value = eval(compile(ast.Expression(shown), str(path), "eval"), names)  # noqa: S307
                assert value._repr_html_() if hasattr(value, "_repr_html_") else repr(value)
    assert names["report"].sound


def test_what_goes_wrong_names_parameters() -> None:
    """An error names what the function in Python takes, or a key of the settings; no option of a command."""
    rows = [{"partner": "a", "rating": 4}, {"partner": "b", "rating": 3}]
    customers = [{"customer": "a", "status": "here"}, {"customer": "b", "status": "gone"}]
    days = [{"score": 9, "date": "01/02/2026"}, {"score": 3, "date": "03/04/2026"}]
    asked: list[tuple[Callable[[], object], str]] = [
        (lambda: partnerkpi.nps(rows), 'score="COLUMN"'),
        (lambda: partnerkpi.nps(rows, score="rating", by="region"), "by: records has no column 'region'"),
        (lambda: partnerkpi.nps(rows, score="rating", period="month"), 'with date="COLUMN", or count .* period="all"'),
        (lambda: partnerkpi.nps(days, period="month"), "say day_first=True or day_first=False"),
        (lambda: partnerkpi.nps(rows, tool="lists"), 'tool="lists": no survey tool'),
        (lambda: partnerkpi.nps(rows, score="rating", min_responses=-1), "min_responses=-1 is below 1"),
        (lambda: partnerkpi.retention(customers), 'retained="COLUMN" .* or churned="COLUMN"'),
        (lambda: partnerkpi.build_scorecard(customers=customers), r'\[columns\] retained = "COLUMN" \(yes = stayed\)'),
        (lambda: partnerkpi.outlook(rows, score="rating", period="all"), 'period="week"'),
    ]
    for ask, words in asked:
        with pytest.raises(partnerkpi.PartnerKpiError, match=words) as refused:
            ask()
        assert "--" not in str(refused.value)


def test_diff_and_short_words(tmp_path: Path) -> None:
    """`diff` is the command's, with its figures as rows; a scorecard and a report are told in a line."""
    answers = [{"partner": "Acme", "date": f"2026-0{n % 6 + 1}-11", "score": n % 11} for n in range(44)]
    files = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    partnerkpi.build_scorecard(responses=answers[:22], target=files[0])
    card = partnerkpi.build_scorecard(responses=answers, target=files[1])
    found = partnerkpi.diff(*files)
    assert found.to_dict() == run_here("diff", *files, "--format", "json").json
    rows = found.to_polars().to_dicts()
    assert (rows[0]["partner"], rows[0]["figure"]) == (None, "nps")
    assert (len(found.to_pandas()), len(rows)) == (len(found.rows), len(found.moves))
    assert partnerkpi.diff(files[0], files[0]).nothing
    assert repr(found) == f"<diff 2026-Q2 to 2026-Q2, {len(rows)} rows>"
    assert repr(card) == "<scorecard 'Partner scorecard', 2026-Q2, 1 partners>"
    assert re.fullmatch(r"<\S+new\.xlsx: sound, \S+ figures recomputed>", repr(partnerkpi.verify_scorecard(files[1])))


def test_arguments_of_another_type_are_refused() -> None:
    """Counts are three, a number is no text, and what names columns is a text or a list of them."""
    with pytest.raises(partnerkpi.PartnerKpiError, match=r"counts=.* are not three"):
        partnerkpi.whatif(counts=(1, 2))  # type: ignore[arg-type]
    with pytest.raises(partnerkpi.PartnerKpiError, match=r"confidence= takes a number, not '0\.9'"):
        partnerkpi.nps(ANSWERS, confidence="0.9")  # type: ignore[arg-type]
    with pytest.raises(partnerkpi.PartnerKpiError, match="5 is neither a text nor a list of texts"):
        partnerkpi.nps(ANSWERS, by=5)  # type: ignore[arg-type]
