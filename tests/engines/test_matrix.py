"""The same rows give the same counts wherever they lie, and they are those of a second hand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import engines
import odd_rows as second
import openpyxl
import pandas as pd
import pytest
from sampled import one_in, quick_where

import partnerkpi
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.tables.spark import Spark
from partnerkpi.workbook.build import write_workbook

ROWS = second.odd_rows()

#: The columns of each table, with their types.
TABLES = {
    "responses": {
        **{"partner": "VARCHAR", "respondent": "VARCHAR", "date": "TIMESTAMP", "instant": "TIMESTAMPTZ"},
        **{"nps": "DOUBLE", "score_text": "VARCHAR", "region": "VARCHAR", "product": "VARCHAR", "comment": "VARCHAR"},
    },
    "activities": {"partner": "VARCHAR", "date": "DATE", "type": "VARCHAR"},
    "customers": {"customer": "VARCHAR", "period": "VARCHAR", "retained": "VARCHAR", "partner": "VARCHAR"},
    "contracts": {
        **{"customer": "VARCHAR", "start_date": "DATE", "end_date": "DATE", "partner": "VARCHAR"},
        **{"revenue_start": "DOUBLE", "revenue_end": "DOUBLE"},
    },
    "snapshots": dict.fromkeys(("customer", "month", "state", "partner"), "VARCHAR"),
    "partners": {"partner": "VARCHAR", "tier": "VARCHAR"},
}
#: The day until which contracts are counted where there are no periods.
DAY = dt.date(2025, 3, 31)

SETTINGS = """
[columns]
score = "nps"
date = "date"
retained = "retained"
[options]
min_responses = 1
[comments]
default_themes = false
[themes]
""" + "\n".join(f"{name} = {words!r}" for name, words in second.THEMES.items())

Sources = Mapping[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the settings, and the rows as Parquet files."""
    place = tmp_path_factory.mktemp("rows")
    (place / "partnerkpi.toml").write_text(SETTINGS, encoding="utf-8")
    (place / "fiscal.toml").write_text('[options]\nfiscal_year_start = 4\nduplicates = "all"\n', encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, columns in TABLES.items():
            connection.execute(f"CREATE TABLE {name} ({', '.join(f'{c} {k}' for c, k in columns.items())})")
            values = [[row[column] for column in columns] for row in ROWS[name]]
            places = ", ".join(f"unnest(CAST(${n} AS {k}[]))" for n, k in enumerate(columns.values(), 1))
            connection.execute(f"INSERT INTO {name} SELECT {places}", [list(one) for one in zip(*values, strict=True)])
            connection.execute(f"COPY {name} TO '{place / name}.parquet' (FORMAT parquet)")
    return place


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def parquet(folder: Path, stack: ExitStack) -> Sources:  # noqa: ARG001
    return {name: folder / f"{name}.parquet" for name in TABLES}


def pandas(folder: Path, stack: ExitStack) -> Sources:  # noqa: ARG001
    """Return frames, whose instants are of a zone."""
    frames = {name: pd.DataFrame(rows, columns=list(TABLES[name])) for name, rows in ROWS.items()}
    answers = frames["responses"]
    answers["instant"] = pd.to_datetime(answers["instant"], utc=True).dt.tz_convert("America/New_York")
    return frames


def postgres(folder: Path, stack: ExitStack) -> Sources:  # noqa: ARG001
    """Return tables on a server whose session is in New York."""
    psycopg = pytest.importorskip("psycopg")
    connection = stack.enter_context(psycopg.connect(engines.postgres()))
    connection.execute("SET TimeZone = 'America/New_York'")
    for name, columns in TABLES.items():
        kinds = ", ".join(f"{column} {kind.replace('DOUBLE', 'float8')}" for column, kind in columns.items())
        connection.execute(f"CREATE TABLE {name} ({kinds})")
        with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
            for row in ROWS[name]:
                copy.write_row([row[column] for column in columns])
    connection.commit()
    return {name: (connection, name) for name in TABLES}


def spark(folder: Path, stack: ExitStack) -> Sources:  # noqa: ARG001
    """Return frames of a session that is in New York."""
    session = engines.spark()
    return {name: session.read.parquet(str(folder / f"{name}.parquet")) for name in TABLES}


def spark_connect(folder: Path, stack: ExitStack) -> Sources:  # noqa: ARG001
    session = engines.spark_connect()
    return {name: session.read.parquet(str(folder / f"{name}.parquet")) for name in TABLES}


def card_of(sources: Sources, folder: Path) -> Scorecard:
    kinds = {name: sources[name] for name in ("responses", "activities", "customers", "partners")}
    return partnerkpi.build_scorecard(**kinds, period="quarter", config=folder / "partnerkpi.toml")


@pytest.fixture(scope="module")
def reference(folder: Path) -> Scorecard:
    """Give the scorecard of files."""
    return card_of({name: folder / f"{name}.parquet" for name in TABLES}, folder)


@pytest.fixture(scope="module")
def reference_book(reference: Scorecard, folder: Path) -> bytes:
    """Give the workbook of files."""
    return workbook(reference, folder)


def workbook(card: Scorecard, folder: Path) -> bytes:
    write_workbook(card, folder / "card.xlsx")
    return (folder / "card.xlsx").read_bytes()


def of_card(card: Scorecard) -> dict[str, Any]:
    """Return what a scorecard counts, kind by kind."""
    aside = {source.kind: {**source.set_aside} for source in card.sources}
    assert card.comments is not None
    cells = {period: card.comments.tallies.total(period) for period in card.comments.tallies.periods}
    return {
        "answers": {key: list(bands(counts.scores)) for key, counts in card.counts.items() if counts.scores.responses},
        "segments": {
            (name, value, period): list(bands(tally))
            for name, counted in card.segments.items()
            if name in ("region", "product")
            for (value, period), tally in counted.items()
            if period is not None
        },
        "people": {one: (found.people, found.returning) for one, found in card.people.items() if one != "all time"},
        "persons of two periods": {
            key: (one.persons, one.sums, one.products) for key, one in card.pairs.items() if one.persons
        },
        "themes": {
            (name, period): list(bands(tally))
            for period, cell in cells.items()
            for name, tally in zip(card.comments.tallies.themes, cell.themes, strict=True)
            if tally.responses
        },
        "activities": {key: counts.activities for key, counts in card.counts.items() if counts.activities},
        "customers": {
            key: [counts.customers, counts.retained] for key, counts in card.counts.items() if counts.customers
        },
        "ledgers": aside,
    }


def bands(tally: Any) -> tuple[int, int, int]:
    return tally.detractors, tally.passives, tally.promoters


def of_rows(result: Any) -> dict[Any, list[int]]:
    """Return the bands of an NPS by partner and quarter."""
    return {
        (row["group"]["partner"], row["period"]): [row["detractors"], row["passives"], row["promoters"]]
        for row in result.rows
        if row["group"] and row["period"] and row["responses"]
    }


def first_of_texts(sources: Sources, folder: Path) -> dict[str, Any]:  # noqa: ARG001
    result = partnerkpi.nps(
        sources["responses"], score="score_text", date="date", by=["partner"], period="quarter", duplicates="first"
    )
    return {"first of texts": of_rows(result), "ledger of texts": result.provenance["set_aside"]}


def fiscal_instants(sources: Sources, folder: Path) -> dict[str, Any]:
    config = folder / "fiscal.toml"
    asked = {"score": "nps", "date": "instant", "by": ["partner"], "period": "quarter"}
    return {"all of fiscal quarters": of_rows(partnerkpi.nps(sources["responses"], **asked, config=config))}


def waves(sources: Sources, folder: Path) -> dict[str, Any]:  # noqa: ARG001
    """Return the whole by period where one answer of a person counts in each quarter, whatever period is shown."""
    found = {}
    for duplicates in ("latest", "first"):
        for period in ("all", "month", "year"):
            asked = {"score": "nps", "date": "date", "duplicates": duplicates, "period": period}
            result = partnerkpi.nps(sources["responses"], **asked)
            found |= {(duplicates, period, row["period"]): list(bands_of(row)) for row in result.rows}
    return {"waves": found}


def weeks(sources: Sources, folder: Path) -> dict[str, Any]:  # noqa: ARG001
    """Return answers, activities and customers by ISO week."""
    asked = {"score": "nps", "date": "date", "duplicates": "all", "period": "week", "by": ["partner"]}
    acts = partnerkpi.advocacy(sources["activities"], sources["partners"], period="week").rows
    kept = partnerkpi.retention(sources["contracts"], end_date="end_date", period="week", as_of=DAY).rows
    return {
        "answers by week": of_rows(partnerkpi.nps(sources["responses"], **asked)),
        "activities by week": {row["period"]: row["activities"] for row in acts if row["period"] and row["activities"]},
        "customers by week": {
            row["period"]: (row["customers"], row["retained"]) for row in kept if row["period"] and row["customers"]
        },
    }


def answers_by_week(answers: Iterable[Mapping[str, Any]]) -> dict[Any, list[int]]:
    """Return the bands of answers by partner and ISO week, as the second hand has it."""
    found: dict[Any, list[int]] = {}
    for one in answers:
        if one["reason"] is None and one["row"]["date"] is not None:
            key = second.whose(one["row"]), second.week(one["row"]["date"])
            found.setdefault(key, [0, 0, 0])[second.band(one["score"])] += 1
    return found


def as_of(sources: Sources, folder: Path) -> dict[str, Any]:
    """Return what a scorecard counts until a day in the middle of a quarter."""
    kinds = {name: sources[name] for name in ("responses", "activities", "partners")}
    asked = {"period": "quarter", "as_of": UNTIL, "config": folder / "partnerkpi.toml"}
    card = partnerkpi.build_scorecard(**kinds, **asked)
    counted = {key: list(bands(one.scores)) for key, one in card.counts.items() if one.scores.responses}
    return {"answers until a day": counted, "ledger until a day": dict(card.sources[1].set_aside)}


def of_a_part(sources: Sources, folder: Path) -> dict[str, Any]:
    """Return what a scorecard counts of the partners that the list chooses, and an NPS of rows that are chosen."""
    kinds = {name: sources[name] for name in ("responses", "activities", "partners")}
    asked = {"period": "quarter", "config": folder / "partnerkpi.toml", "where": "tier = gold"}
    card = partnerkpi.build_scorecard(**kinds, **asked)
    counts = {key: list(bands(one.scores)) for key, one in card.counts.items() if one.scores.responses}
    done = {key: one.activities for key, one in card.counts.items() if one.activities}
    where = ["region != apac", "date >= 2025-07", "nps in 0, 3, 7, 10", "partner != "]
    rows = partnerkpi.nps(sources["responses"], score="nps", date="date", by="partner", period="quarter", where=where)
    return {"answers of a part": counts, "activities of a part": done, "answers that are chosen": of_rows(rows)}


UNTIL = dt.date(2026, 2, 20)


def bands_of(row: Mapping[str, Any]) -> tuple[int, int, int]:
    return row["detractors"], row["passives"], row["promoters"]


def of_two_periods(sources: Sources, folder: Path) -> dict[str, Any]:  # noqa: ARG001
    """Return how many persons each period is compared with, of the whole and by region; a year has several waves."""
    found = {}
    for period in ("quarter", "year"):
        asked = {"score": "nps", "date": "date", "by": ["region"], "period": period, "compare": "previous"}
        for row in partnerkpi.nps(sources["responses"], **asked).rows:
            if row["paired_persons"]:
                found[period, row["group"].get("region", ALL), row["period"]] = row["paired_persons"]
    return {"persons of two periods by region": found}


ALL = "all regions"


def by_dates(sources: Sources, folder: Path) -> dict[str, Any]:  # noqa: ARG001
    result = partnerkpi.retention(sources["contracts"], end_date="end_date", period="quarter")
    money = ("net_revenue_retention", "gross_revenue_retention")
    return {
        "customers by dates, and money": {
            row["period"]: (
                *(row[name] for name in ("customers", "retained", "partner_customers", "partner_retained")),
                *(round(row[name], 9) for name in money),
            )
            for row in result.rows
            if row["period"] and row["customers"]
        }
    }


def without_periods(sources: Sources, folder: Path) -> dict[str, Any]:  # noqa: ARG001
    whole = partnerkpi.retention(sources["contracts"], end_date="end_date", as_of=DAY).whole
    return {"customers on a day": {DAY: (whole["customers"], whole["retained"])}}


def by_snapshots(sources: Sources, folder: Path) -> dict[str, Any]:  # noqa: ARG001
    result = partnerkpi.retention(sources["snapshots"], retained="state", period="month")
    names = ("customers", "retained", "partner_customers", "partner_retained")
    return {
        "customers by snapshots": {row["period"]: tuple(row[name] for name in names) for row in result.rows[1:]},
    }


def expected(wrong: str = "") -> dict[str, Any]:
    """Return what the second hand counts, kind by kind, with a rule broken on purpose where `wrong` says which."""
    answers = second.judged(ROWS["responses"], "nps", "latest", wrong=wrong)
    texts = second.judged(ROWS["responses"], "score_text", "first", wrong=wrong)
    until = second.judged(ROWS["responses"], "nps", "latest", wrong=wrong, until=UNTIL)
    every = second.judged(ROWS["responses"], "nps", "all", begins=4, wrong=wrong)

    gold = {row["partner"] for row in ROWS["partners"] if row["tier"] == "Gold"}
    of_gold = [[row for row in ROWS[kind] if second.whose(row) in gold] for kind in ("responses", "activities")]
    chosen = [row for row in ROWS["responses"] if is_chosen(row)]
    done, not_done = second.activities(ROWS["activities"], wrong)
    kept, not_kept = second.customers(ROWS["customers"], wrong)
    undated = sum(answer["reason"] is None and answer["quarter"] is None for answer in answers)
    return {
        "answers": second.bands_by(answers, second.whose, wrong),
        "segments": {
            (name, *key): counts
            for name in ("region", "product")
            for key, counts in second.bands_by(answers, lambda row, at=name: second.bare(row[at]), wrong).items()
        },
        "people": second.people(answers, wrong),
        "persons of two periods": second.pairs(answers, second.whose, (1, 4), wrong=wrong),
        "persons of two periods by region": {
            (period, group, after): sums[0]
            for period, letters in (("quarter", 7), ("year", 4))
            for group_of in (lambda _: ALL, lambda row: second.bare(row["region"]))
            for (group, _, after), sums in second.pairs(answers, group_of, (1,), letters, wrong).items()
        },
        "themes": second.themes(answers, wrong),
        "activities": done,
        "customers": kept,
        "ledgers": {
            "responses": second.ledger(answers) | {"no date": undated},
            "activities": not_done,
            "customers": not_kept,
            "partners": {},
        },
        "first of texts": second.bands_by(texts, second.whose, wrong),
        "ledger of texts": second.ledger(texts),
        "all of fiscal quarters": second.bands_by(every, second.whose, wrong),
        "customers by dates, and money": second.contracts(ROWS["contracts"], wrong),
        "customers on a day": {DAY: second.at_the_end(ROWS["contracts"], DAY)},
        "customers by snapshots": second.snapshots(ROWS["snapshots"], wrong),
        "waves": {
            (duplicates, *key): counts
            for duplicates in ("latest", "first")
            for key, counts in second.waves(second.judged(ROWS["responses"], "nps", duplicates, wrong=wrong)).items()
        },
        "answers until a day": second.bands_by(until, second.whose, wrong),
        "ledger until a day": second.ledger(until),
        "answers by week": answers_by_week(second.judged(ROWS["responses"], "nps", "all")),
        "activities by week": second.activities_by_week(ROWS["activities"]),
        "customers by week": second.contracts_by_week(ROWS["contracts"], DAY),
        "answers of a part": second.bands_by(
            second.judged(of_gold[0], "nps", "latest", wrong=wrong), second.whose, wrong
        ),
        "activities of a part": second.activities(of_gold[1], wrong)[0],
        "answers that are chosen": second.bands_by(
            second.judged(chosen, "nps", "latest", wrong=wrong), second.whose, wrong
        ),
    }


def is_chosen(row: Mapping[str, Any]) -> bool:
    """Tell whether the conditions of `of_a_part` hold for a row."""
    late = row["date"] is not None and row["date"].date() >= dt.date(2025, 7, 1)
    named = second.whose(row) is not None  # "unknown" is a blank
    return second.bare(row["region"]) != "APAC" and late and row["nps"] in (0, 3, 7, 10) and named


@pytest.fixture(scope="module")
def wanted() -> dict[str, Any]:
    return expected()


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give a list that gets the plan of each query that Spark is asked."""
    found: list[str] = []
    asked = Spark._frame

    def watched(self: Spark, sql: str) -> Any:
        frame = asked(self, sql)
        found.append(plan_of(frame))
        return frame

    monkeypatch.setattr(Spark, "_frame", watched)
    return found


def plan_of(frame: Any) -> str:
    plan: str = frame._jdf.queryExecution().executedPlan().toString()
    return plan


def all_in_one_task(plan: str) -> bool:
    """Tell whether a window gets all rows in one partition; the last step of a sum gets one row of each."""
    lines = [re.sub(r"^[ :+*()\d-]*", "", line) for line in plan.splitlines()]
    return any(
        line.startswith("Window") and "Exchange SinglePartition" in " ".join(lines[number + 1 : number + 3])
        for number, line in enumerate(lines)
    )


ENGINES = quick_where(lambda engine: engine is parquet, zip((parquet, pandas, postgres, spark), strict=True))


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__)
def test_no_count_differs(
    engine: Callable[[Path, ExitStack], Sources],
    wanted: dict[str, Any],
    folder: Path,
    stack: ExitStack,
    reference: Scorecard,
    reference_book: bytes,
    plans: list[str],
) -> None:
    """Answers, segments, people, ledgers, themes, activities, customers and money are those of the second hand."""
    sources = engine(folder, stack)
    card = card_of(sources, folder)
    found = of_card(card)
    several = waves, weeks, as_of, of_two_periods, of_a_part
    for ask in (first_of_texts, fiscal_instants, by_dates, without_periods, by_snapshots, *several):
        found |= ask(sources, folder)
    assert found.keys() == wanted.keys()
    assert {kind: differences(wanted[kind], found[kind]) for kind in wanted} == {key: [] for key in wanted}
    # The workbook is the same, byte for byte, but for what it says of where the rows come from.
    alike = replace(card, sources=reference.sources, notes=reference.notes)
    assert workbook(alike, folder) == reference_book
    if engine is spark:
        everything = engines.spark().sql("SELECT row_number() OVER (ORDER BY id) FROM range(0, 9, 1, 2)")
        assert all_in_one_task(plan_of(everything))
        assert len(plans) > 20
        assert [plan for plan in plans if all_in_one_task(plan)] == []


@pytest.mark.thorough
def test_spark_connect(wanted: dict[str, Any], folder: Path, stack: ExitStack) -> None:
    """Through Spark Connect the counts are the same; a few of them are asked for."""
    found = first_of_texts(spark_connect(folder, stack), folder)
    assert {kind: differences(wanted[kind], counts) for kind, counts in found.items()} == {key: [] for key in found}


def differences(wanted: Mapping[Any, Any], found: Mapping[Any, Any]) -> list[Any]:
    """Return where two tables of counts differ: the key, what was wanted and what was found."""
    keys = sorted({*wanted, *found}, key=str)
    return [(key, wanted.get(key), found.get(key)) for key in keys if wanted.get(key) != found.get(key)]


@pytest.mark.parametrize("engine", ["file", "postgres", pytest.param("spark", marks=pytest.mark.thorough)])
def test_more_than_32_bits_hold(engine: str, tmp_path: Path, stack: ExitStack) -> None:
    """Eighteen thousand million answers, told by their numbers, are counted, carded and written as what they are."""
    many = 1_000_000_000
    rows = [
        (partner, day, score, factor * number)
        for partner, factor in (("Acme", 1), ("Bolt", 2))
        for day in (dt.date(2026, 3, 31), dt.date(2026, 6, 30))
        for score, number in ((3, many), (8, many // 2), (10, many * 3 // 2))
    ]
    file = tmp_path / "numbers.parquet"
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE numbers (partner VARCHAR, date DATE, score INTEGER, answers BIGINT)")
        connection.executemany("INSERT INTO numbers VALUES (?, ?, ?, ?)", rows)
        connection.execute(f"COPY numbers TO '{file}' (FORMAT parquet)")
    source: Any = file
    if engine == "spark":
        source = engines.spark().read.parquet(str(file))
    elif engine == "postgres":
        psycopg = pytest.importorskip("psycopg")
        opened = stack.enter_context(psycopg.connect(engines.postgres()))
        opened.execute("CREATE TABLE numbers (partner text, date date, score int, answers bigint)")
        opened.cursor().executemany("INSERT INTO numbers VALUES (%s, %s, %s, %s)", rows)
        opened.commit()
        source = opened, "numbers"
    found = partnerkpi.nps(source, by=["partner"], period="quarter")
    assert [found.whole[name] for name in ("responses", "detractors", "passives", "promoters")] == [
        18 * many, 6 * many, 3 * many, 9 * many
    ]  # fmt: skip
    assert found.whole["nps"] == pytest.approx(100 / 6)
    card = partnerkpi.build_scorecard(source, tmp_path / "card.xlsx", period="quarter")
    assert bands(card.counts["Bolt", "2026-Q2"].scores) == (2 * many, many, 3 * many)
    cells = openpyxl.load_workbook(tmp_path / "card.xlsx", data_only=True)
    counts = [sheet for sheet in cells if sheet.title != "Benchmarks"]  # whose lowest rating begins far below
    numbers = {cell for sheet in counts for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {6 * many, 3 * many} <= numbers  # Bolt's answers of a quarter, and its promoters
    assert not [cell for cell in numbers if isinstance(cell, int) and cell < -100]  # none has begun again from below


@pytest.mark.parametrize(
    ("wrong", "kinds"),
    one_in(
        6,
        [
            ("band", {"answers", "segments", "first of texts", "all of fiscal quarters"}),
            ("zone", {"answers", "segments", "people", "themes", "first of texts", "all of fiscal quarters"}),
            ("tie", {"answers", "segments", "themes", "first of texts"}),
            ("person", {"answers", "ledgers", "ledger of texts", "waves", "answers until a day", "ledger until a day"}),
            ("first", {"people"}),
            ("several", {"persons of two periods by region"}),
            ("address", {"themes"}),
            ("unknown", {"activities", "ledgers"}),
            ("twice", {"customers", "ledgers"}),
            ("end", {"customers by dates, and money"}),
            ("grace", {"customers by dates, and money"}),
            ("base", {"customers by snapshots"}),
        ],
    ),
)
def test_a_wrong_rule_is_noticed(wrong: str, kinds: set[str], wanted: dict[str, Any]) -> None:
    """A rule that is broken makes the comparison fail in each kind that it touches: no kind compares nothing."""
    broken = expected(wrong)
    assert {kind for kind in wanted if differences(wanted[kind], broken[kind])} >= kinds


IDS = {
    "responses": (("partner_id", "VARCHAR"), [("P1", 9), ("p1", 10), ("P2", 3), ("P9", 8), (None, 7)]),
    "activities": (("partner", "VARCHAR"), [("P1", 1), ("P3", 1), ("birk  DATA", 1), ("(blank)", 1)]),
}


@pytest.mark.parametrize("kind", ["postgres", pytest.param("spark", marks=pytest.mark.thorough)])
def test_partners_are_joined_by_id_in_every_engine(kind: str, stack: ExitStack) -> None:
    """Answers by id in an engine and the list in a frame: names are shown; a table may mix ids and names."""
    listed = pd.DataFrame({"id": ["P1", "P2", "P3"], "name": ["Alder", "Birk Data", "Corvane"], "tier": list("abc")})
    answers = pd.DataFrame(IDS["responses"][1], columns=["partner_id", "nps"])
    activities = pd.DataFrame(
        [(who, "2026-07-01", "reference") for who, _ in IDS["activities"][1]], columns=["partner", "date", "type"]
    )
    sources: dict[str, Any] = {}
    if kind == "spark":
        session = engines.spark()
        sources = {
            "responses": session.createDataFrame([tuple(r) for r in IDS["responses"][1]], "partner_id string, nps int"),
            "activities": session.createDataFrame(
                [tuple(map(str, r)) for r in activities.itertuples(index=False)],
                "partner string, date string, type string",
            ),
        }
    else:
        psycopg = pytest.importorskip("psycopg")
        connection = stack.enter_context(psycopg.connect(engines.postgres()))
        for name, frame in (("by_id", answers), ("done", activities)):
            kinds = ", ".join(f"{c} {'int' if c == 'nps' else 'text'}" for c in frame.columns)
            connection.execute(f"CREATE TEMP TABLE {name} ({kinds})")
            with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                for row in frame.itertuples(index=False):
                    copy.write_row([None if pd.isna(cell) else cell for cell in row])
        sources = {"responses": (connection, "by_id"), "activities": (connection, "done")}
    card = partnerkpi.build_scorecard(**sources, partners=listed, period="all")
    counted = {name: (c.scores.responses, c.activities) for (name, _), c in card.counts.items()}
    assert counted == {"Alder": (2, 1), "Birk Data": (1, 1), "Corvane": (0, 1), "P9": (1, 0), None: (1, 0)}
