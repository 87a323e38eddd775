"""The scorecard as data: worked by hand for a programme small enough to do so."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cards
import pytest

from partnerkpi.config import Config, load
from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.kpi import ScoreTally
from partnerkpi.results.kinds import sort_out
from partnerkpi.scorecard.build import build_scorecard
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import file_names, for_partner, for_review
from partnerkpi.scorecard.record import from_record, to_record
from partnerkpi.scorecard.words import headline
from partnerkpi.tables.workspace import Workspace

FILES = {
    "answers.csv": "partner,date,score,respondent\n"
    "Acme,2026-04-01,9,a\nAcme,2026-04-02,10,b\nAcme,2026-05-01,3,c\nBolt,2026-06-30,8,d\n"
    "Acme,2026-07-01,9,a\nAcme,2026-07-02,2,a\nBolt,2026-09-30,10,d\nBolt,2026-09-30,x,e\n,2026-09-30,7,f\nAcme,,9,g\n",
    "deeds.csv": "partner,activity,date\nAcme,reference,2026-07-03\nAcme,case study,2026-08-03\n"
    "Zed,reference,2026-08-03\nBolt,reference,2026-05-05\nBolt,reference,\n",
    "clients.csv": "customer,period,retained,partner\n1,2026-Q3,yes,Acme\n2,2026-Q3,no,Acme\n3,2026-Q3,yes,\n"
    "4,2026-Q3,yes,Direct\n5,2026-Q2,yes,Bolt\n6,2026-Q4,yes,Bolt\n1,2026-Q3,yes,Acme\n",
    "list.csv": "partner,tier,region,owner,invited_contacts\nAcme,Gold,EMEA,Ann,10\n"
    "Bolt,Silver,APAC,Ben,4\nCog,Silver,EMEA,Cy,\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        tmp_path.joinpath(name).write_text(text, encoding="utf-8")
    return tmp_path


def card_of(folder: Path, *names: str, period: str | None = None, **options: object) -> Scorecard:
    """Return the scorecard of some of the files."""
    with Workspace() as workspace:
        tables = sort_out(workspace, [str(folder / name) for name in names or FILES], {}, {})
        return build_scorecard(tables, Config().override(period=period), **options)  # type: ignore[arg-type]  # options of build_scorecard


def test_periods_and_partners(folder: Path) -> None:
    """The page ends with the last period that was asked about, not with a renewal to come."""
    card = card_of(folder)
    assert card.periods == ("2026-Q2", "2026-Q3")
    assert card.current == "2026-Q3"
    assert card.as_of == dt.date(2026, 9, 30)
    assert [(partner.name, partner.listed) for partner in card.partners] == [
        ("Acme", True),
        ("Bolt", True),
        ("Cog", True),
    ]


def test_counts(folder: Path) -> None:
    """The latest answer of each person counts, an unnamed answer belongs to nobody, a direct customer likewise."""
    card = card_of(folder)
    assert card.count("Acme", "2026-Q3").scores == ScoreTally(1, 0, 0)
    assert card.count("Bolt", "2026-Q3").scores == ScoreTally(0, 0, 1)
    assert card.count(None, "2026-Q3").scores == ScoreTally(0, 1, 0)
    assert card.count("Acme", "2026-Q3").activities == 2
    assert (card.count("Acme", "2026-Q3").customers, card.count("Acme", "2026-Q3").retained) == (2, 1)
    assert (card.count(None, "2026-Q3").customers, card.count(None, "2026-Q3").retained) == (2, 2)


def test_total(folder: Path) -> None:
    """All partners together: NPS 0 of 3, one of three active, one of three retained customers is a partner's."""
    total = card_of(folder).view().total
    assert total.scores.nps == 0
    assert total.nps_change.raw == pytest.approx(0 - 25)
    assert total.nps_change.word == "cannot tell"
    assert total.nps_rating is None  # three answers
    assert total.advocacy is not None
    assert total.advocacy.active_share == pytest.approx(100 / 3)
    assert total.influence_share == pytest.approx(100 / 3)
    assert total.retention is not None
    assert total.retention.retention_rate == pytest.approx(75)
    assert total.response_rate == pytest.approx(100 * 2 / 14)  # the unnamed answer was invited by nobody
    assert total.flags == ("few responses",)
    assert total.health.covered_weight == pytest.approx(1)


def test_partner_lines(folder: Path) -> None:
    """A partner nobody heard from stays in the table with no data; parts of retention add up."""
    view = card_of(folder).view()
    assert view.partners["Cog"].scores.nps is None
    assert view.partners["Cog"].flags == ("no data",)
    assert view.partners["Cog"].response_rate is None
    assert view.partners["Bolt"].response_rate == 25
    parts = [line.part_of_retained for line in view.partners.values()]
    assert sum(part for part in parts if part is not None) == pytest.approx(view.total.influence_share)
    one_sided = {(line.influence_share, line.retention_rating, line.advocacy_rating) for line in view.partners.values()}
    assert one_sided == {(None, None, None)}
    assert view.total.part_of_retained is None


@pytest.mark.parametrize(
    ("period", "wave", "rate"),
    [
        pytest.param("quarter", "quarter", 100 * 2 / 4, id="one wave"),
        pytest.param("year", "quarter", None, id="a year of two waves"),
        pytest.param("all", "quarter", None, id="all time of two waves"),
        pytest.param("year", "year", 100 * 4 / 4, id="the year is the wave"),
        pytest.param("all", "none", 100 * 4 / 4, id="all answers are of one wave"),
    ],
)
def test_invited_are_those_of_one_wave(folder: Path, period: str, wave: str, rate: float | None) -> None:
    """Four people are asked each quarter: what they answer over several is set against no four; that is said."""
    (folder / "answers.csv").write_text(
        "partner,date,score\nAcme,2026-02-01,9\nAcme,2026-02-02,3\nAcme,2026-05-01,9\nAcme,2026-05-02,8\n",
        encoding="utf-8",
    )
    (folder / "partners.csv").write_text("partner,invited_contacts\nAcme,4\n", encoding="utf-8")
    (folder / "partnerkpi.toml").write_text(f'[options]\nwave = "{wave}"\n', encoding="utf-8")
    config = load(folder / "partnerkpi.toml").override(period=period)
    with Workspace() as workspace:
        tables = sort_out(workspace, [str(folder / "answers.csv"), str(folder / "partners.csv")], {}, {})
        card = build_scorecard(tables, config)
    line = card.view().partners["Acme"]
    assert (line.response_rate, card.view().total.response_rate) == (rate, rate)
    assert any("a survey wave invites" in note for note in card.notes) == (rate is None)


def test_every_row_is_accounted_for(folder: Path) -> None:
    """Rows read are rows used plus rows set aside in every source, each with its reason."""
    sources = {source.kind: source for source in card_of(folder).sources}
    assert {kind: dict(source.set_aside) for kind, source in sources.items()} == {
        "responses": {"text in a score": 1, "duplicate respondent": 1, "no date": 1},
        "activities": {"unknown partner": 1, "no date": 1},
        "customers": {"duplicate customer": 1},
        "partners": {},
    }
    for source in sources.values():
        assert source.rows_read == source.rows_used + sum(source.set_aside.values())


def test_as_of(folder: Path) -> None:
    """With an as-of day the period that holds it is the current one, and later rows are outside the window."""
    card = card_of(folder, as_of=dt.date(2026, 6, 30))
    assert card.current == "2026-Q2"
    assert card.view().total.scores == ScoreTally(1, 1, 2)
    responses = next(source for source in card.sources if source.kind == "responses")
    assert responses.set_aside["date outside the window"] == 4


def test_missing_tables_are_no_data(folder: Path) -> None:
    """Without activities, customers or a list there is no data for them, and a note says how to supply it."""
    card = card_of(folder, "answers.csv")
    total = card.view().total
    assert total.advocacy is None
    assert total.retention is None
    assert total.influence_share is None
    assert total.response_rate is None
    assert total.scores.nps == 0
    assert sum("add a file" in note or "add the list" in note for note in card.notes) == 3


def test_without_a_list_there_is_no_share_of_advocates(folder: Path) -> None:
    """The partners that happen to appear are no denominator: without a list the share has no data."""
    total = card_of(folder, "answers.csv", "deeds.csv").view().total
    assert total.advocacy is None


def test_all_time(folder: Path) -> None:
    """With --period all there is one page over everything, and nothing to compare it with."""
    card = card_of(folder, period="all")
    assert card.periods == ("all time",)
    assert card.view().previous is None
    assert card.view().total.nps_change.raw is None
    assert card.view().total.scores.responses == 8  # one answer a person in each quarter


def test_one_workbook_with_these_sheets(folder: Path) -> None:
    """The four tables may be the sheets of one workbook; a sheet that is none of them is passed over."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Read me first"])  # type: ignore[union-attr]  # a new workbook has a sheet
    for name, text in zip(("responses", "activities", "customers", "partners"), FILES.values(), strict=True):
        sheet = book.create_sheet(name)
        for line in text.splitlines():
            sheet.append([cell or None for cell in line.split(",")])
    book.save(folder / "all.xlsx")
    whole, single = card_of(folder, "all.xlsx"), card_of(folder)
    assert whole.counts == single.counts
    assert whole.partners == single.partners


def test_what_cannot_be_a_scorecard(folder: Path) -> None:
    """A list of partners alone, or a file that is none of the four, is refused with what to do."""
    with pytest.raises(UsageError, match="needs answers, activities or customers"):
        card_of(folder, "list.csv")
    folder.joinpath("odd.csv").write_text("colour,size\nred,1\n")
    with pytest.raises(UsageError, match="partnerkpi check"):
        card_of(folder, "answers.csv", "odd.csv")
    folder.joinpath("blank.csv").write_text("partner,score\nA,\n")
    with pytest.raises((DataProblem, UsageError)):
        card_of(folder, "blank.csv")


def test_sentences(folder: Path) -> None:
    """The words carry figure, interval, answers, rating and whether a change is more than chance."""
    first, second, third = headline(card_of(folder))
    assert first.startswith("Strategic Partner NPS, Q3 2026: 0 (")
    assert "from 3 answers, too few to rate; down 25 on Q2 2026: too few answers to tell." in first
    assert second.startswith("Active advocates: 1 of 3 partners, 33 %, ")  # all on the list: no interval
    assert "partner influence 33 %, investigate" in third


def test_a_pack_holds_one_partner_alone(folder: Path) -> None:
    """A partner's pack has its counts and nothing that names or counts the others."""
    card = card_of(folder)
    pack = for_partner(card, "Bolt")
    assert [partner.name for partner in pack.partners] == ["Bolt"]
    assert {name for name, _ in pack.counts} == {"Bolt"}
    assert "Acme" not in repr(pack)
    assert "Cog" not in repr(pack)
    assert 0 < card.count("Bolt", "2026-Q3").scores.responses < 5
    assert (pack.view().total.scores, pack.withheld[-1]) == (ScoreTally(), "2026-Q3")  # a person could be told
    assert for_review(card, "Bolt").view().total.scores == card.count("Bolt", "2026-Q3").scores
    with pytest.raises(UsageError, match="'Bolt Ltd'"):
        for_partner(card, "Bolt Ltd")


def test_file_names_are_safe_everywhere() -> None:
    """Names that Windows keeps, forbids or cannot tell apart become file names that differ."""
    partners = [
        "Acme",
        "ACME",
        "a/b:c*?",
        "con",
        "nul.txt",
        "..",
        " ",
        "x" * 300,
        "Ünïcode & Söhne",
        "a/b:c*?" + "\u202e",
    ]
    names = file_names(partners)
    assert len({name.casefold() for name in names.values()}) == len(partners)
    for name in names.values():
        assert name.endswith(".xlsx")
        assert len(name) < 100
        assert not set(name) & set('<>:"/\\|?*\u202e')
        assert name.removesuffix(".xlsx").strip(" .") == name.removesuffix(".xlsx")
        assert name.split(".")[0].casefold() not in {"con", "nul"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda record: record["benchmarks"].pop("advocacy"), "no benchmark of advocacy"),
        (lambda record: record.update(current="2031-Q1"), "'2031-Q1' is none of its periods"),
    ],
)
def test_a_record_that_was_changed_holds_no_scorecard(change: Callable[[dict[str, Any]], Any], said: str) -> None:
    """Without a benchmark, or with a period that is none of its own, nothing can be worked out of it again."""
    record = to_record(cards.odd_cards()["usual"])
    change(record)
    with pytest.raises(DataProblem, match=f"does not hold a scorecard: .*{said}"):
        from_record(record)
