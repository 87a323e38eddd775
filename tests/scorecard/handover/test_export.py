"""Tables for other programs: the figures of the commands, sums that are right, and a dictionary of every column."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from command import run_here

from partnerkpi import leftovers

TABLES = ("partners", "periods", "figures", "answers", "activities", "customers", "actions")
#: Each figure with the keys that its command has for it and its bounds.
FIGURES = {
    "nps": ("nps", "low", "high"),
    "active_share": ("active_share", "low", "high"),
    "advocacy_per_partner": ("advocacy_per_partner", None, None),
    "intensity": ("intensity", None, None),
    "retention_rate": ("retention_rate", "low", "high"),
    "influence_share": ("influence_share", "influence_low", "influence_high"),
    "influence_index": ("influence_index", None, None),
    "base_share": ("base_share", None, None),
    "lift_points": ("lift_points", "lift_low", "lift_high"),
    "part_of_retained": ("part_of_retained", None, None),
    "others_rate": ("others_rate", None, None),
    "net_revenue_retention": ("net_revenue_retention", None, None),
    "gross_revenue_retention": ("gross_revenue_retention", None, None),
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return four small files with what is awkward: no date, no partner, a repeated answer, names like formulas."""
    folder = tmp_path_factory.mktemp("given")
    answers = ["partner,date,score,respondent"]
    for place in range(60):
        partner = ("=Acme", "Bolt", "Corvane", "")[place % 4]
        day = dt.date(2026, 1, 5) + dt.timedelta(days=4 * place)
        answers.append(f"{partner},{'' if place % 15 == 7 else day},{(place * 7) % 11},r{place % 25}")
    who = ("Bolt", "", "=Acme")
    files = {
        "responses": "\n".join(answers),
        "activities": "partner,type,date\n=Acme,reference,2026-02-03\n=Acme,reference,2026-02-04\n"
        '=Acme,case study,2026-05-03\nBolt,"referral, paid",\nZed,reference,2026-07-03\nBolt,webinar,2026-08-01\n',
        "customers": "customer,period,retained,partner,revenue_start,revenue_end\n"
        + "\n".join(
            f"c{n},2026-Q{n % 3 + 1},{'yes' if n % 5 else 'no'},{who[n % 3 - n % 2]},{100 + n},{90 + 2 * n}"
            for n in range(40)
        ),
        "partners": "partner,tier,invited_contacts,annual_value\n=Acme,Gold,40,1000\nBolt,Silver,30,\n"
        "Corvane,Gold,20,500\nDune,Silver,10,200\n",
    }
    for name, text in files.items():
        folder.joinpath(f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    folder.joinpath("partnerkpi.toml").write_text("[benchmarks.tiers.Gold.nps]\ntarget = 62\n", encoding="utf-8")
    return {name: folder / f"{name}.csv" for name in files} | {"config": folder / "partnerkpi.toml"}


def _export(sources: dict[str, Path], folder: Path, *more: str) -> None:
    given = [sources[kind] for kind in ("responses", "activities", "customers", "partners")]
    made = run_here("export", folder, *given, "--config", sources["config"], *more)
    assert made.code == 0, made.err


@pytest.fixture(scope="module")
def written(sources: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tables as Parquet."""
    folder = tmp_path_factory.mktemp("tables") / "new"
    _export(sources, folder, "--format", "parquet")
    return folder


def _rows(folder: Path, table: str) -> list[dict[str, Any]]:
    return pl.read_parquet(folder / f"{table}.parquet").to_dicts()


def _command(sources: dict[str, Path], kpi: str) -> list[dict[str, Any]]:
    given: dict[str, list[str | Path]] = {
        "nps": [sources["responses"]],
        "advocacy": [sources["activities"], "--partners", sources["partners"]],
        "retention": [sources["customers"]],
    }
    by = ("--by", "partner", "--period", "quarter", "--config", sources["config"], "--format", "json")
    rows: list[dict[str, Any]] = run_here(kpi, *given[kpi], *by).json["rows"]
    return rows


def _level(row: dict[str, Any]) -> str:
    return {
        (False, False): "whole",
        (False, True): "period",
        (True, False): "partner",
        (True, True): "partner and period",
    }[bool(row["group"]), row["period"] is not None]


@pytest.mark.parametrize("kpi", ["nps", "advocacy", "retention"])
def test_figures_are_those_of_the_commands(sources: dict[str, Path], written: Path, kpi: str) -> None:
    """Each figure with its bounds equals what the KPI's command prints as JSON, to the last digit, at every level."""
    exported = {
        (row["level"], row["partner"], row["period"], row["figure"]): (row["value"], row["low"], row["high"])
        for row in _rows(written, "figures")
        if row["kpi"] == kpi and row["figure"] != "response_rate"
    }
    expected = {}
    for row in _command(sources, kpi):
        for figure, (key, low, high) in FIGURES.items():
            if key in row and (row[key] is not None or figure in ("nps", "active_share", "retention_rate")):
                place = (_level(row), row["group"].get("partner"), row["period"], figure)
                expected[place] = (row[key], row[low] if low else None, row[high] if high else None)
    assert len(expected) > 15
    assert exported == expected


def test_sums_of_counts_are_the_whole(sources: dict[str, Path], written: Path) -> None:
    """Counts stand at one level, so summed they are the whole of the command: of all time, and of each period."""
    for kpi, table, keys in (
        ("nps", "answers", ("responses", "promoters", "passives", "detractors")),
        ("advocacy", "activities", ("activities",)),
        ("retention", "customers", ("customers", "retained")),
    ):
        rows = _rows(written, table)
        assert {row["level"] for row in rows} == {"partner and period"}
        sums: dict[str | None, list[int]] = {}
        for row in rows:
            for label in {None, row["period"]}:
                sums[label] = [old + row[key] for old, key in zip(sums.get(label, [0] * 4), keys, strict=False)]
        whole = [row for row in _command(sources, kpi) if not row["group"]]
        told = {row["period"]: [row[key] for key in keys] for row in whole if any(row[key] for key in keys)}
        assert told == {label: counts for label, counts in sums.items() if any(counts)}
    undated = [row for row in _rows(written, "answers") if row["period"] is None and row["responses"]]
    assert undated
    assert {row["type"] for row in _rows(written, "activities")} == {
        "reference",
        "case study",
        "referral, paid",
        "webinar",
    }


def test_rates_targets_and_links(written: Path) -> None:
    """Response rates are answers of those invited; a tier has its own target; names lead to the tables they link to."""
    figures, answers = _rows(written, "figures"), _rows(written, "answers")
    counts = {(row["partner"], row["period"]): (row["responses"], row["invited"]) for row in answers if row["invited"]}
    rates = {
        (row["partner"], row["period"]): row["value"]
        for row in figures
        if row["figure"] == "response_rate" and row["level"] == "partner and period"
    }
    assert rates == {place: 100 * answered / invited for place, (answered, invited) in counts.items()}
    assert rates["Dune", "2026-Q2"] == 0
    targets = {row["partner"]: row["target"] for row in figures if row["figure"] == "nps" and row["level"] == "partner"}
    assert (targets["=Acme"], targets["Bolt"]) == (62, 50)
    partners = {row["partner"] for row in _rows(written, "partners")}
    periods = {row["period"]: row for row in _rows(written, "periods")}
    for table in ("figures", "answers", "activities", "customers", "actions"):
        rows = _rows(written, table)
        assert {row["partner"] for row in rows} <= partners | {None}
        assert {row["period"] for row in rows} <= set(periods) | {None}
    assert periods["2026-Q2"]["last_day"] == dt.date(2026, 6, 30)
    assert periods["2026-Q2"]["previous_period"] == "2026-Q1"
    assert sum(row["is_current"] for row in periods.values()) == 1


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_dictionary_names_each_column_and_no_other(sources: dict[str, Path], tmp_path: Path, form: str) -> None:
    """Dictionary and Data Package have the columns that the files have, in order, with types, and the right hashes."""
    _export(sources, tmp_path / "out", "--format", form)
    folder = tmp_path / "out"
    assert {path.name for path in folder.iterdir()} == {f"{name}.{form}" for name in TABLES} | {
        "dictionary.csv",
        "datapackage.json",
    }
    with folder.joinpath("dictionary.csv").open(encoding="utf-8", newline="") as file:
        listing = list(csv.DictReader(file))
    assert all(line["type"] and line["meaning"] for line in listing)
    package = json.loads(folder.joinpath("datapackage.json").read_text(encoding="utf-8"))
    kinds = {"string": pl.String, "number": pl.Float64, "integer": pl.Int64, "date": pl.Date, "boolean": pl.Boolean}
    for resource in package["resources"]:
        path = folder / resource["path"]
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                header, *rows = csv.reader(file)
        else:
            frame = pl.read_parquet(path)
            header, rows = frame.columns, frame.to_dicts()
            assert dict(frame.schema) == {one["name"]: kinds[one["type"]] for one in resource["schema"]["fields"]}
        assert [one["name"] for one in resource["schema"]["fields"]] == header
        assert [line["column"] for line in listing if line["table"] == resource["name"]] == header
        assert resource["rows"] == len(rows)
        assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def test_csv_is_the_same_and_runs_nothing(sources: dict[str, Path], written: Path, tmp_path: Path) -> None:
    """CSV holds what Parquet holds, unrounded; a name that a spreadsheet program would run has an apostrophe."""
    _export(sources, tmp_path / "out")
    for table in TABLES:
        frame = pl.read_parquet(written / f"{table}.parquet")
        kinds = {name: pl.String if kind == pl.Boolean else kind for name, kind in frame.schema.items()}
        told = pl.read_csv(tmp_path / "out" / f"{table}.csv", schema=kinds)
        for name, kind in frame.schema.items():
            texts = kind in (pl.String, pl.Boolean)
            own = [
                ("" if v is None else str(v).lower() if kind == pl.Boolean else v) if texts else v for v in frame[name]
            ]
            read = [("" if v is None else v.removeprefix("'")) if texts else v for v in told[name]]
            assert read == own, (table, name)
    assert '"\'=Acme"' in tmp_path.joinpath("out", "partners.csv").read_text(encoding="utf-8")


def test_all_files_or_none(sources: dict[str, Path], tmp_path: Path) -> None:
    """An export replaces an export; what no export wrote, or somebody changed, stays, and then nothing is written."""
    folder = tmp_path / "out"
    _export(sources, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    _export(sources, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    folder.joinpath("answers.csv").write_text("mine")
    for arguments, said in (
        ((), "answers.csv, not as an export wrote it"),
        (("--format", "parquet"), "in another format"),
    ):
        refused = run_here("export", folder, sources["responses"], *arguments)
        assert refused.code == 1
        assert said in refused.err
        assert len(refused.err.splitlines()) == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before | {"answers.csv": b"mine"}
    inputs = {path.name: path.read_bytes() for path in sources["responses"].parent.iterdir()}
    assert run_here("export", sources["responses"].parent, sources["responses"]).code == 1
    assert {path.name: path.read_bytes() for path in sources["responses"].parent.iterdir()} == inputs


def test_an_export_that_was_killed_is_replaced(
    sources: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while its files were put in place, it leaves some files of each; the next one goes on."""
    folder, other = tmp_path / "out", tmp_path / "other"
    _export(sources, other)
    assert run_here("export", folder, sources["responses"]).code == 0
    for name in ("answers.csv", "partners.csv"):
        folder.joinpath(name).write_bytes(other.joinpath(name).read_bytes())
    monkeypatch.setattr(leftovers, "_swept", set())  # as in a process of its own
    folder.joinpath(".partnerkpi-0123456789ab.json").write_bytes(other.joinpath("datapackage.json").read_bytes())
    _export(sources, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in other.iterdir()
    }


def test_answers_alone(tmp_path: Path) -> None:
    """Without dates there is one level and no period; tables of what was not given have a header and no row."""
    answers = tmp_path / "answers.csv"
    answers.write_text("partner,score\nAcme,9\nAcme,9\nAcme,7\nBolt,3\n")
    made = run_here("export", tmp_path / "out", answers, "--format", "parquet")
    assert made.code == 0, made.err
    figures = _rows(tmp_path / "out", "figures")
    assert {(row["level"], row["partner"]): row["value"] for row in figures} == {
        ("whole", None): 25,
        ("partner", "Acme"): pytest.approx(200 / 3),
        ("partner", "Bolt"): -100,
    }
    assert [row["level"] for row in _rows(tmp_path / "out", "answers")] == ["partner", "partner"]
    assert _rows(tmp_path / "out", "customers") == _rows(tmp_path / "out", "periods") == []
