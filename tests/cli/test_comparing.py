"""--compare, compare and whatif as a user runs them."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from command import rows_by, run_here
from office import shared_file

from partnerkpi.kpi import (
    RetentionTally,
    ScoreTally,
    activity_change,
    change,
    classify,
    holm,
    influence_change,
    rate_change,
)
from partnerkpi.results.segments import segments

ANSWERS = {  # partner, quarter: detractors, passives, promoters
    ("Acme", "2026-04-01"): (8, 8, 4),
    ("Acme", "2026-07-01"): (1, 5, 14),
    ("Bolt", "2026-04-01"): (5, 5, 10),
    ("Bolt", "2026-07-01"): (5, 5, 10),
    ("Cog", "2026-07-01"): (0, 0, 3),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with answers, activities, customers and partners of two quarters."""
    scores = [
        f"{partner},{day},{score}"
        for (partner, day), bands in ANSWERS.items()
        for score, count in zip((3, 8, 10), bands, strict=True)
        for _ in range(count)
    ]
    deeds = [("Acme", 4, 2), ("Acme", 7, 14), ("Bolt", 4, 3), ("Bolt", 7, 4)]
    activities = [f"{partner},reference,2026-0{month}-03" for partner, month, count in deeds for _ in range(count)]
    kept = {
        ("2026-Q2", "Acme"): (40, 33),
        ("2026-Q2", "Bolt"): (20, 17),
        ("2026-Q2", ""): (60, 38),
        ("2026-Q3", "Acme"): (40, 20),
        ("2026-Q3", "Bolt"): (20, 10),
        ("2026-Q3", ""): (60, 38),
    }
    customers = [
        f"{period}{partner}{number},{period},{'yes' if number < retained else 'no'},{partner}"
        for (period, partner), (total, retained) in kept.items()
        for number in range(total)
    ]
    files = {
        "answers": ["partner,date,score", *scores],
        "activities": ["partner,type,date", *activities],
        "customers": ["customer,period,retained,partner", *customers],
        "partners": ["partner,tier,annual_value", "Acme,Gold,900", "Bolt,Gold,100", "Cog,Silver,"],
    }
    for name, lines in files.items():
        tmp_path.joinpath(f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def moved(row: dict[str, Any], prefix: str = "") -> tuple[Any, ...]:
    """Return change, bounds and p-value of a row."""
    return tuple(row[f"{prefix}{key}"] for key in ("change", "change_low", "change_high", "p"))


def test_nps_is_compared(folder: Path) -> None:
    """Each quarter has its change: test, interval and word of the definitions, corrected over the three partners."""
    asked = ("nps", folder / "answers.csv", "--by", "partner", "--compare", "previous", "--format", "json")
    result = run_here(*asked)
    assert "compared by quarter" in result.err
    assert "3 groups" in result.err
    rows = rows_by(result.json)
    acme, bolt, cog = (rows[name, "2026-Q3"] for name in ("Acme", "Bolt", "Cog"))
    expected = change(ScoreTally(8, 8, 4), ScoreTally(1, 5, 14))
    assert moved(acme) == pytest.approx((85, expected.low, expected.high, expected.p))
    assert (acme["previous_nps"], acme["previous_responses"], acme["compared_with"]) == (-20, 20, "2026-Q2")
    assert [acme["p_together"], bolt["p_together"]] == pytest.approx(holm([acme["p"], bolt["p"]]))
    assert (acme["word"], bolt["word"], cog["word"]) == ("up", "cannot tell", "cannot tell")
    assert (cog["previous_nps"], cog["previous_responses"], cog["change"], cog["p"]) == (None, 0, None, None)
    whole = rows["2026-Q3",]
    assert whole["p_together"] == whole["p"]
    assert acme["answer_share"] == pytest.approx(100 * 20 / 43)
    assert sum(rows[name, "2026-Q3"]["contribution"] for name in ("Acme", "Bolt", "Cog")) == pytest.approx(0)
    effects = [rows[name, "2026-Q3"][key] for name in ("Acme", "Bolt", "Cog") for key in ("score_effect", "mix_effect")]
    assert sum(effects) == pytest.approx(whole["change"])
    assert whole["score_effect"] + whole["mix_effect"] == pytest.approx(whole["change"])
    for first in (rows["2026-Q2",], rows["Acme", "2026-Q2"], rows["Acme", None]):
        assert {first[key] for key in ("compared_with", "change", "p", "p_together", "word", "answers_needed")} == {
            None
        }


def test_advocacy_is_compared(folder: Path) -> None:
    """The whole and a tier compare their active shares, a group that is one partner its number of activities."""
    asked = ("advocacy", folder / "activities.csv", "--partners", folder / "partners.csv", "--compare", "previous")
    asked += ("--as-of", "2026-09-30")
    rows = rows_by(run_here(*asked, "--by", "partner", "--format", "json").json)
    acme, cog = rows["Acme", "2026-Q3"], rows["Cog", "2026-Q3"]
    expected = activity_change(2, 14)
    assert moved(acme) == pytest.approx((12, expected.low, expected.high, expected.p))
    assert (acme["compared"], acme["previous_activities"], acme["word"]) == ("activities", 2, "up")
    assert acme["p_together"] == pytest.approx(2 * acme["p"])
    assert (cog["change"], cog["p"], cog["word"]) == (0, None, "cannot tell")
    whole = rows["2026-Q3",]
    assert moved(whole) == (0, None, None, 1)  # the same two of three: nobody began, nobody stopped
    assert (whole["compared"], whole["previous_active_share"]) == ("active_share", pytest.approx(200 / 3))
    tiers = rows_by(run_here(*asked, "--by", "tier", "--format", "json").json)
    assert tiers["Gold", "2026-Q3"]["compared"] == "active_share"
    assert tiers["Silver", "2026-Q3"]["compared"] == "activities"
    printed = run_here(*asked, "--by", "partner")
    assert "up +12 (p 0.008)" in printed.out


def test_retention_is_compared(folder: Path) -> None:
    """The retention rate is compared, and where partners are known the influence share as well."""
    asked = ("retention", folder / "customers.csv", "--compare", "previous", "--format", "json")
    rows = rows_by(run_here(*asked).json)
    row = rows["2026-Q3",]
    rate = rate_change((88, 120), (68, 120))
    share = influence_change(RetentionTally(120, 88, 60, 50), RetentionTally(120, 68, 60, 30))
    assert moved(row) == pytest.approx((rate.raw, rate.low, rate.high, rate.p))
    assert moved(row, "influence_") == pytest.approx((share.raw, share.low, share.high, share.p))
    assert (row["word"], row["previous_customers"]) == ("down", 120)
    assert row["previous_influence_share"] == pytest.approx(100 * 50 / 88)
    folder.joinpath("direct.csv").write_text("customer,period,retained\n1,2026-Q2,yes\n2,2026-Q3,no\n")
    alone = run_here("retention", folder / "direct.csv", "--compare", "previous", "--format", "json").json["rows"]
    assert "influence_change" not in alone[0]


def test_the_table_is_for_reading(folder: Path) -> None:
    """The printed change is a word, a figure and a p; nothing stands where there is nothing to compare with."""
    out = run_here("nps", folder / "answers.csv", "--by", "partner", "--compare", "previous", "--quiet").out
    assert "up +85.0 (p 0.002)" in out  # twice .00103, among two
    assert "within chance 0.0 (p 1.00)" in out
    (cog,) = [line for line in out.splitlines() if line.startswith("Cog") and "2026-Q3" in line]
    assert "no data" in cog


def test_periods_of_a_comparison(folder: Path) -> None:
    """The configured period is taken and said; --period wins; all time cannot be compared, and neither can gaps."""
    settings = folder / "partnerkpi.toml"
    settings.write_text('[options]\nperiod = "month"\n')
    source = folder / "answers.csv"
    result = run_here("nps", source, "--compare", "previous", "--config", settings, "--format", "json")
    assert "compared by month, as" in result.err
    rows = rows_by(result.json)
    assert rows["2026-07",]["compared_with"] == "2026-06"
    assert rows["2026-07",]["change"] is None
    assert rows["2026-07",]["word"] == "cannot tell"
    refused = run_here("nps", source, "--compare", "year", "--period", "all")
    assert (refused.code, refused.out) == (2, "")
    assert "--compare needs periods" in refused.err
    yearly = run_here("nps", source, "--compare", "year", "--period", "year", "--format", "json").json
    assert [row["compared_with"] for row in yearly["rows"]] == [None, None]


@pytest.mark.parametrize(
    ("file", "oracle", "by", "score"),
    [
        ("nps/bank_nps_by_market_quarter.csv", "oracles/bank_nps.csv", "market", "rating"),
        ("nps/cran_NPS_testdata.csv", "oracles/cran_NPS_testdata.csv", "Account", "REC"),
        ("nps/telco_nps_by_market_region.csv", "oracles/telco_nps.csv", "Region", "NPS"),
    ],
)
def test_segments_equal_the_oracles(file: str, oracle: str, by: str, score: str) -> None:
    """Counts, NPS and contribution of every segment are those that follow from R's figures."""
    with shared_file(oracle).open(encoding="utf-8") as stream:
        expected = {(row["group_by"], row["group"]): row for row in csv.DictReader(stream)}
    arguments = ("nps", shared_file(file), "--by", by, "--score", score, "--duplicates", "all", "--format", "json")
    rows = run_here(*arguments).json["rows"]
    whole = expected["ALL", "ALL"]
    own = {group: row for (column, group), row in expected.items() if column == by}
    assert {row["group"][by] for row in rows[1:]} == set(own)
    for row in rows[1:]:
        told = own[row["group"][by]]
        counts = [int(told[key]) for key in ("n", "promoters", "passives", "detractors")]
        assert [row[key] for key in ("responses", "promoters", "passives", "detractors")] == counts
        assert row["nps"] == pytest.approx(float(told["nps"]), abs=1e-6)
        share = int(told["n"]) / int(whole["n"])
        assert row["answer_share"] == pytest.approx(100 * share)
        lift = share * (float(told["nps"]) - float(whole["nps"]))
        assert row["contribution"] == pytest.approx(lift, abs=1e-6)
    assert sum(row["contribution"] for row in rows[1:]) == pytest.approx(0, abs=1e-9)


def test_quarters_of_the_bank_are_compared() -> None:
    """Market by quarter: the rows of the command are the segments of the file, counted by hand in this test."""
    path = shared_file("nps/bank_nps_by_market_quarter.csv")
    scores: defaultdict[tuple[str | None, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    with path.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            place = ("detractor", "passive", "promoter").index(classify(float(row["rating"])))
            scores[row["market"], f"2021-Q{row['quarter']}"][place] += 1
    tallies = {key: ScoreTally(*counts) for key, counts in scores.items()}
    asked = ("nps", path, "--by", "market", "--compare", "previous", "--duplicates", "all", "--format", "json")
    rows = rows_by(run_here(*asked).json)
    for period, before in (("2021-Q2", "2021-Q1"), ("2021-Q3", "2021-Q2"), ("2021-Q4", "2021-Q3")):
        page = segments(tallies, period, before)
        for one in page.rows:
            row, since = rows[one.segment, period], one.since
            assert since is not None
            assert (row["nps"], row["previous_nps"]) == (one.tally.nps, since.tally.nps)
            assert row["p_together"] == pytest.approx(since.judged.together.p)
            assert (row["score_effect"], row["mix_effect"]) == pytest.approx((since.effects.score, since.effects.mix))
        assert page.total.since is not None
        assert rows[period,]["change"] == pytest.approx(page.total.since.judged.change.raw)


def test_periods_that_are_not_whole_are_named(folder: Path) -> None:
    """Data that begin in April and end in July fill a part of their years and of the last quarter: a note says so."""
    asked = ("nps", folder / "answers.csv", "--compare", "previous")
    quarterly = run_here(*asked, "--period", "quarter").err
    assert "2026-Q3 is compared as if it were whole: the data end in July 2026" in quarterly
    assert "begin" not in quarterly
    assert "as if it were whole" not in run_here(*asked, "--period", "month").err
    assert "as if it were whole" not in run_here("nps", folder / "answers.csv", "--period", "quarter").err
    deeds = ("advocacy", folder / "activities.csv", "--partners", "3", "--compare", "previous", "--period", "quarter")
    window = run_here(*deeds, "--from", "2026-05-01", "--to", "2026-09-30").err
    assert "2026-Q2 is compared as if it were whole: the data begin in May 2026" in window


def test_part_of_a_financial_period(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is whole follows the financial year: February to July are two of its quarters, and parts of three others."""
    monkeypatch.chdir(tmp_path)
    settings = tmp_path / "partnerkpi.toml"
    lines = [f"Acme,2026-{month:02}-10,9" for month in range(2, 8)]
    tmp_path.joinpath("answers.csv").write_text("\n".join(["partner,date,score", *lines]) + "\n")
    deeds = [f"Acme,reference,2026-{month:02}-10" for month in range(2, 8)]
    tmp_path.joinpath("activities.csv").write_text("\n".join(["partner,type,date", *deeds]) + "\n")
    whole = "{} is compared as if it were whole: the data end in July 2026"
    so_far = "{} is not over: it is counted until"
    for asked, parts in (
        (("nps", "answers.csv"), (whole.format("FY2027-Q2"), whole.format("2026-Q3"))),
        (
            ("advocacy", "activities.csv", "--partners", "1"),
            (so_far.format("Q2 FY2027"), so_far.format("Q3 2026")),
        ),
    ):
        settings.write_text("[options]\nfiscal_year_start = 2\n")
        assert "as if it were whole" not in run_here(*asked, "--compare", "previous").err
        settings.write_text("[options]\nfiscal_year_start = 3\n")
        third = run_here(*asked, "--compare", "previous").err
        assert "FY2026-Q4 is compared as if it were whole: the data begin in February 2026" in third
        assert parts[0] in third
        settings.unlink()
        calendar = run_here(*asked, "--compare", "previous").err
        assert "2026-Q1 is compared as if it were whole: the data begin in February 2026" in calendar
        assert parts[1] in calendar


def test_compare_ranks_the_partners(folder: Path) -> None:
    """The page of the last quarter: best first, few answers below the line, and three roll-ups with their names."""
    sources = [folder / f"{name}.csv" for name in ("answers", "partners", "activities", "customers")]
    page = run_here("compare", *sources, "--to-date", "--format", "json").json
    assert page["period"] == "2026-Q3"
    assert [row["group"]["partner"] for row in page["rows"]] == ["Acme", "Bolt", "Cog"]
    assert [(row["responses"], row["rank"], row["rating"]) for row in page["rows"]] == [
        *((20, 1, "strong"), (20, 2, "investigate"), (3, None, None))
    ]
    assert page["respondent_nps"] == pytest.approx(100 * (27 - 6) / 43)
    assert page["partner_nps"] == pytest.approx((100 + 65 + 25) / 3)
    assert page["revenue_weighted_nps"] == pytest.approx(0.9 * 65 + 0.1 * 25)
    assert (page["partners"], page["weighted_partners"]) == (3, 2)
    assert page["rows"][0]["tier"] == "Gold"
    assert {one["kind"]: one["rows_used"] for one in page["provenance"]}["responses"] == 83
    earlier = run_here("compare", *sources, "--as-of", "2026-06-30", "--format", "json").json
    assert earlier["period"] == "2026-Q2"
    assert [row["rank"] for row in earlier["rows"]] == [1, 2, None]
    printed = run_here("compare", *sources, "--to-date")
    assert "Revenue-weighted NPS, by annual value" in printed.out
    assert "Together, Q3 2026" in printed.out
    assert "were given" not in run_here("compare", sources[0]).err
    lines = run_here("compare", *sources, "--to-date", "--format", "csv").out.splitlines()
    assert (len(lines), lines[0].replace('"', "").split(",")[:3]) == (4, ["partner", "period", "rank"])


def test_what_a_list_says_is_no_formula(folder: Path) -> None:
    """A tier or an owner that a spreadsheet would run as a formula gets an apostrophe in front, as names do."""
    folder.joinpath("partners.csv").write_text("partner,tier,owner\nAcme,=1+1,@Ann\nBolt,-5,Ben\n")
    out = run_here("compare", folder / "answers.csv", folder / "partners.csv", "--format", "csv").out.replace('"', "")
    acme, bolt = (next(line for line in out.splitlines() if line.startswith(name)) for name in ("Acme", "Bolt"))
    assert ",'=1+1,," in acme
    assert ",'@Ann," in acme
    assert ",-5,,Ben," in bolt


def test_compare_needs_partners(folder: Path) -> None:
    """Without an answer that names a partner there is nothing to compare: one line says what to do."""
    result = run_here("compare", folder / "customers.csv")
    assert (result.code, result.out) == (1, "")
    assert "nothing to compare" in result.err
    assert "--as-of" in result.err


def test_rows_not_used_are_written(folder: Path) -> None:
    """Compare and whatif write what they did not use, as the other commands do."""
    source, target = folder / "answers.csv", folder / "unused.csv"
    source.write_text(source.read_text() + "Acme,2026-07-01,nothing\n")
    for command in ("compare", "whatif"):
        assert run_here(command, source, "--set-aside", target).code == 0
        assert "text in a score" in target.read_text(encoding="utf-8-sig")


def test_whatif_of_files_and_numbers(folder: Path) -> None:
    """The total comes first, then each partner; three numbers at hand give the same as a file of them."""
    page = run_here("whatif", folder / "answers.csv", folder / "partners.csv", "--format", "json").json
    assert [row["group"] for row in page["rows"]] == [{}, {"partner": "Acme"}, {"partner": "Bolt"}, {"partner": "Cog"}]
    bolt = page["rows"][2]
    numbers = run_here("whatif", "--counts", "5,5,10", "--format", "json").json
    assert numbers["rows"][0] == {**bolt, "group": {}, "period": None}
    # 20 answers, NPS 25: one step of 5 points to 30, five to the target of 50
    assert (bolt["next_detractors_to_passives"], bolt["next_detractors_to_promoters"]) == (1, 1)
    assert (bolt["target_detractors_to_passives"], bolt["target_passives_to_promoters"]) == (5, 5)
    assert (numbers["counts"], numbers["provenance"]) == ("5,5,10", [])
    printed = run_here("whatif", "--counts", "8,7,5").out
    assert "all: +25.0" in printed
    assert "One person of 20, who moves up one band: +5.0 points" in printed
    assert "no data" in run_here("whatif", "--counts", "0,0,0").out


@pytest.mark.parametrize("counts", ["8,7", "8,7,5,1", "a,b,c", "8,-7,5", "8;7;5", "", "1.5,2,3"])
def test_whatif_takes_three_whole_numbers(counts: str) -> None:
    """Anything else is refused with the value and how to write it."""
    result = run_here("whatif", "--counts", counts)
    assert (result.code, result.out) == (2, "")
    assert "8,7,5" in result.err


def test_whatif_takes_files_or_numbers(folder: Path) -> None:
    """Both at once, and neither, is a question that cannot be answered."""
    for arguments in ((), (folder / "answers.csv", "--counts", "1,2,3")):
        result = run_here("whatif", *arguments)
        assert result.code == 2
        assert "one of the two" in result.err
