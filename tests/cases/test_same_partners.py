"""The share of active advocates in two quarters, judged on the partners of both, wherever it is said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import office
import pytest
from command import rows_by, run_here
from openpyxl.utils.cell import get_column_letter
from scipy.stats import binom
from statsmodels.stats.contingency_tables import mcnemar

import partnerkpi
from partnerkpi.kpi import holm, share_change
from partnerkpi.workbook.build import write_workbook
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.layout import PERIOD_LABEL_COLUMN

#: Of 40 partners that were always there, 24 were active; then nine began and two stopped. Two others came and went.
BEFORE = {*range(1, 25), 42}
AFTER = {*range(1, 23), *range(25, 34), 41}
ALWAYS = {*range(1, 41)}
COUNTED = "on the list in both periods", "that began to be active", "that stopped being active"


def p_of(before: set[int], after: set[int]) -> float:
    """Return the mid-p: that of the exact test less the probability of what is seen."""
    began, stopped = len(after - before), len(before - after)
    exact = mcnemar([[0, began], [stopped, 0]], exact=True).pvalue
    return float(exact - binom.pmf(min(began, stopped), began + stopped, 0.5))


def files_of(folder: Path, quarters: tuple[set[int], set[int]]) -> tuple[Path, Path]:
    """Write activities of two quarters, and the list: odd partners are Gold, one joined between them and one left."""
    days = "2026-05-04", "2026-08-03"
    deeds = [
        f"P{number},{day},reference" for day, active in zip(days, quarters, strict=True) for number in sorted(active)
    ]
    span = {41: "2026-07-01,", 42: ",2026-06-30"}
    listed = [f"P{number},{['Silver', 'Gold'][number % 2]},{span.get(number, ',')}" for number in range(1, 43)]
    activities, partners = folder / "activities.csv", folder / "partners.csv"
    activities.write_text("\n".join(["partner,date,activity type", *deeds]) + "\n")
    partners.write_text("\n".join(["partner,tier,joined_date,left_date", *listed]) + "\n")
    return activities, partners


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Return activities and partners where nine began and two stopped."""
    return files_of(tmp_path, (BEFORE, AFTER))


def test_the_command_compares_the_same_partners(files: tuple[Path, Path]) -> None:
    """25 of 41, then 32 of 41: p is that of the 40 partners of both; a share of all of them has no interval."""
    asked = ("advocacy", files[0], "--compare", "previous", "--as-of", "2026-09-30", "--format", "json", "--quiet")
    rows = rows_by(run_here(*asked, "--partners", files[1], "--by", "tier").json)
    whole = rows["2026-Q3",]
    assert whole["change"] == pytest.approx(100 * 7 / 41)
    assert whole["p"] == whole["p_together"] == pytest.approx(p_of(BEFORE & ALWAYS, AFTER & ALWAYS))
    assert (whole["word"], whole["change_low"], whole["change_high"]) == ("up", None, None)
    assert share_change((25, 41), (32, 41)).word == "cannot tell"  # as if they were other partners
    tiers = {"Gold": {*range(1, 41, 2)}, "Silver": {*range(2, 41, 2)}}
    alone = [p_of(BEFORE & those, AFTER & those) for those in tiers.values()]
    assert [rows[tier, "2026-Q3"]["p"] for tier in tiers] == pytest.approx(alone)
    assert [rows[tier, "2026-Q3"]["p_together"] for tier in tiers] == pytest.approx(holm(alone))
    by_number = rows_by(run_here(*asked, "--partners", "42").json)["2026-Q3",]
    assert by_number["p"] == pytest.approx(p_of(BEFORE, AFTER))  # who was on the list then is not known


def test_card_and_workbook_say_the_same(files: tuple[Path, Path], tmp_path: Path) -> None:
    """The card, its table of changes and the workbook's formula have the p of the same partners, and so the word."""
    path = tmp_path / "card.xlsx"
    card = partnerkpi.build_scorecard([*files], as_of=dt.date(2026, 9, 30))
    write_workbook(card, path)
    expected = p_of(BEFORE & ALWAYS, AFTER & ALWAYS)
    moved = card.view().total.advocacy_change
    assert (moved.points, moved.p, moved.word) == (pytest.approx(100 * 7 / 41), pytest.approx(expected), "up")
    assert moved.interval is None
    (one,) = (one for one in card.changes if (one.figure, one.against) == ("active_share", "previous"))
    assert (one.p, one.word, one.low) == (pytest.approx(expected), "up", None)
    label, newest = (get_column_letter(PERIOD_LABEL_COLUMN + number) for number in (0, 2))
    for values in (office.stored_values(path), office.recalculate(path)):
        of = {
            value: values.get((sheet, newest + ref.removeprefix(label)))
            for (sheet, ref), value in values.items()
            if sheet == names.DATA and ref.startswith(label)
        }
        assert [of[f"Partners {words}"] for words in COUNTED] == [40, 9, 2]
        assert of["Active advocates, p of the change"] == pytest.approx(expected)
        assert of["Active advocates, what may be said"] == "up"
    assert run_here("verify", path).code == 0


def test_fewer_advocates_alert(tmp_path: Path) -> None:
    """The same quarters the other way round are a fall that is shown; as other partners they were none."""
    span = {41, 42}
    files = files_of(tmp_path, ((AFTER - span) | {42}, (BEFORE - span) | {41}))
    rows = run_here("alerts", *files, "--as-of", "2026-09-30", "--format", "json", "--quiet").json["rows"]
    (alert,) = (row for row in rows if (row["kpi"], row["rule"]) == ("advocacy", "fallen"))
    assert alert["p"] == pytest.approx(p_of(BEFORE & ALWAYS, AFTER & ALWAYS))
