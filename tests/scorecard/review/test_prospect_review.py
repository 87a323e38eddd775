"""Due diligence: what makes a declared figure comparable, what does not, and what is simply not known."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command import run_here
from office import shared_file

from partnerkpi.config import Config
from partnerkpi.errors import DataProblem, FileProblem
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.review import prospect as module
from partnerkpi.scorecard.review.prospect import Finding, prospect
from partnerkpi.scorecard.review.prospect_file import DeclaredNps, Prospect, References, read_prospect, write_template
from partnerkpi.scorecard.review.result import Review

DAY = dt.date(2026, 11, 22)
GOOD: dict[str, Any] = {
    "figure": 62,
    "answers": 180,
    "date": dt.date(2026, 3, 31),
    "scale": "0-10",
    "promoters_from": 9,
    "passives_from": 7,
    "asked": "customers",
    "selection": "everybody",
    "invited": 900,
    "incentive": False,
}


def card_of(**changes: Any) -> Review:
    """Return the card of a flawless declared figure with some things changed; None leaves a key out."""
    known = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return prospect(Prospect(partner="Acme", nps=DeclaredNps(**known)), Config(), DAY)


def verdicts(review: Review) -> dict[str, str]:
    return {row["check"]: row["verdict"] for row in review.rows}


def test_a_flawless_figure_is_comparable() -> None:
    """Nothing missing, nothing wrong: comparable, with the intervals at best and at worst and the test at worst."""
    review = card_of()
    assert review.facts["comparable"] == "yes"
    assert set(verdicts(review).values()) == {"ok"}
    declared = review.facts["declared"]
    # 111 or 112 more promoters than detractors: (0, 69, 111) to (34, 0, 146)
    assert declared["narrowest_low"] == pytest.approx(54.02, abs=0.01)
    assert declared["widest_high"] == pytest.approx(72.58, abs=0.01)
    assert declared["above_target_p"] == pytest.approx(0.0348, abs=1e-4)


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"answers": None, "invited": None}, "answers"),
        ({"answers": 4, "figure": 50}, "answers"),
        ({"answers": 7}, "whole counts"),
        ({"scale": "1-10"}, "scale"),
        ({"scale": "1-5"}, "scale"),
        ({"promoters_from": 8}, "bands"),
        ({"passives_from": 6}, "bands"),
        ({"date": dt.date(2025, 11, 21)}, "date"),
        ({"date": dt.date(2026, 11, 23)}, "date"),
        ({"asked": "employees"}, "who was asked"),
        ({"selection": "chosen"}, "selection"),
        ({"selection": "self-selected"}, "selection"),
        ({"incentive": True}, "incentive"),
        ({"answers": 180, "promoters": 90, "passives": 60, "detractors": 30}, "counts"),
    ],
)
def test_what_makes_it_incomparable(changes: dict[str, Any], check: str) -> None:
    """Each of these alone is a red flag, and the card names it among the reasons."""
    review = card_of(**changes)
    assert verdicts(review)[check] == "red flag"
    assert review.facts["comparable"] == "no"
    assert next(row["finding"] for row in review.rows if row["check"] == check) in review.facts["reasons"]


@pytest.mark.parametrize("key", ["scale", "promoters_from", "date", "asked", "selection", "incentive"])
def test_what_is_not_known_is_not_guessed(key: str) -> None:
    """Where something that matters is not known, nobody can tell whether the figure is comparable."""
    review = card_of(**{key: None})
    assert review.facts["comparable"] == "cannot tell"
    assert "not known" in verdicts(review).values()


def test_twelve_months_are_not_old_yet() -> None:
    """A survey is old after twelve whole months, to the day."""
    assert verdicts(card_of(date=dt.date(2025, 11, 22)))["date"] == "ok"
    assert verdicts(card_of(date=dt.date(2025, 11, 21)))["date"] == "red flag"


def test_too_few_answers_have_no_verdict() -> None:
    """Four promoters of four are not shown to be above our target, nor rated; thirty of thirty are."""
    few, enough = (card_of(figure=100, answers=n, promoters=n, passives=0, detractors=0, invited=60) for n in (4, 30))
    assert "cannot tell" in _finding(few, "declared and target")
    assert (few.facts["declared"]["rating"], few.facts["declared"]["above_target_p"]) == (None, None)
    assert "shown to be above" in _finding(enough, "declared and target")
    assert enough.facts["declared"]["rating"] == "exceptional"


def test_a_low_response_rate_is_a_caution() -> None:
    """A response rate below the floor of the settings is pointed out and does not make the figure incomparable."""
    review = card_of(invited=1000)
    assert verdicts(review)["response rate"] == "caution"
    assert review.facts["comparable"] == "yes"


def test_the_counts_give_the_exact_interval() -> None:
    """Where the counts are declared too, best and worst are one interval: that of our own arithmetic."""
    declared = card_of(figure=62, promoters=120, passives=51, detractors=9).facts["declared"]
    exact = ScoreTally(9, 51, 120).interval()
    assert exact is not None
    assert (declared["narrowest_low"], declared["widest_low"]) == (exact.low, exact.low)
    assert verdicts(card_of(figure=62, promoters=120, passives=51, detractors=9)).get("counts") is None


def test_against_the_target() -> None:
    """Above and below the target are said only where they are shown at worst."""
    assert "cannot tell" in _finding(card_of(figure=52), "declared and target")
    assert "shown to be below" in _finding(card_of(figure=10), "declared and target")
    assert "at worst p" in _finding(card_of(figure=80), "declared and target")


def test_references() -> None:
    """References given of those asked for, and checked of those given; none checked is a red flag."""
    made = Prospect(partner="Acme", references=References(asked=5, given=2, checked=0))
    review = prospect(made, Config(), DAY)
    assert verdicts(review) == {"references given": "caution", "references checked": "red flag"}
    assert review.facts["references"]["given_share"] == 40
    # Wilson 1927 of 2 of 5
    assert review.facts["references"]["low"] == pytest.approx(11.76, abs=0.01)
    assert review.facts["comparable"] is None
    none = prospect(Prospect(partner="Acme", references=References(asked=5, given=0)), Config(), DAY)
    assert verdicts(none) == {"references given": "red flag"}


def test_every_citation_is_in_the_guide() -> None:
    """Each finding quotes a line that stands in the guide, under the attribute that it names."""
    places = [value for name, value in vars(module).items() if name.isupper() and isinstance(value, tuple)]
    assert len(places) >= 10
    for place in places:
        finding = Finding("x", "ok", "x", place)
        assert finding.quote.startswith(place[2])
        assert finding.attribute.startswith(("Strategic Partner NPS, ", "Partner Advocacy, "))


def test_a_survey_of_its_customers(tmp_path: Path) -> None:
    """A survey is computed by us; a declared figure outside its interval is a red flag, its rows are accounted for."""
    path, survey = tmp_path / "acme.toml", tmp_path / "survey.csv"
    path.write_text('partner = "Acme"\n[nps]\nfigure = 62\nanswers = 180\n', encoding="utf-8")
    survey.write_text("score\n" + "9\n" * 10 + "7\n" * 10 + "3\n" * 30 + "\n", encoding="utf-8")
    result = run_here("prospect", path, survey, "--as-of", "2026-11-22", "--format", "json").json
    assert (result["survey"]["nps"], result["survey"]["responses"]) == (-40, 50)
    found = {row["check"]: row for row in result["rows"]}
    assert found["declared and survey"]["verdict"] == "red flag"
    assert "shown to be below our target of 50" in found["survey and target"]["finding"]
    assert result["provenance"][0]["rows_used"] == 50
    inside = run_here("prospect", path, survey, "--format", "csv", "--quiet").out
    assert inside.splitlines()[0].replace('"', "") == "period,check,verdict,finding,attribute,guide"


def test_the_computers_date_decides_nothing(tmp_path: Path) -> None:
    """An age counts from --as-of, else from the last day of the survey of its customers, else it is not known."""
    path, survey = tmp_path / "acme.toml", tmp_path / "survey.csv"
    path.write_text('partner = "Acme"\n[nps]\nfigure = 62\nanswers = 180\ndate = 2025-03-31\n', encoding="utf-8")
    survey.write_text("date,score\n2026-01-05,9\n2026-03-30,3\n2026-04-02,9\n", encoding="utf-8")
    for given, day, verdict, answers in (
        ((), None, "not known", None),
        ((survey,), "2026-04-02", "red flag", 3),
        ((survey, "--as-of", "2026-03-31"), "2026-03-31", "ok", 2),
        (("--as-of", "2026-04-01"), "2026-04-01", "red flag", None),
    ):
        told = run_here("prospect", path, *given, "--format", "json").json
        age = next(row for row in told["rows"] if row["check"] == "date")
        assert (told["as_of"], age["verdict"], (told["survey"] or {}).get("responses")) == (day, verdict, answers)


def test_a_real_survey(tmp_path: Path) -> None:
    """441 public answers give +60.317, as the reference answers have it."""
    survey = shared_file("nps/saas_whiteboard_nps_comments.csv")
    path = tmp_path / "acme.toml"
    path.write_text('partner = "Acme"\n', encoding="utf-8")
    result = run_here("prospect", path, survey, "--format", "json").json
    assert result["survey"]["nps"] == pytest.approx(60.317, abs=1e-3)
    assert (result["declared"], result["comparable"]) == (None, None)


def test_the_template_reads_back(tmp_path: Path) -> None:
    """The template can be read as it stands, is not overwritten, and names every key."""
    path = tmp_path / "acme.toml"
    write_template(path)
    made = read_prospect(path)
    assert made.nps is not None
    assert (made.nps.figure, made.nps.decimals, made.nps.total) == (62, 0, 180)
    text = path.read_text(encoding="utf-8")
    for key in (*DeclaredNps.model_fields, *References.model_fields):
        assert f"{key} = " in text
    with pytest.raises(FileProblem, match="not overwritten"):
        write_template(path)
    assert run_here("prospect", path).code == 0


def test_printed_digits_are_kept(tmp_path: Path) -> None:
    """62.0 was rounded to tenths, 62 to whole points."""
    path = tmp_path / "acme.toml"
    path.write_text('partner = "Acme"\n[nps]\nfigure = 62.0\n', encoding="utf-8")
    made = read_prospect(path).nps
    assert made is not None
    assert (made.figure, made.decimals) == (Decimal("62.0"), 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[nps]\nfigur = 3", "unknown key 'nps.figur'; did you mean 'figure'?"),
        ("[nps]\nfigure = true", "nps.figure is True, but it should be a number"),
        ("[nps]\nfigure = 120", "nps.figure is 120, but it should be less than or equal to 100"),
        ("[nps]\nfigure = nan", "nps.figure is NaN"),
        ("[nps]\nanswers = 3", "nps.figure is missing"),
        ("[nps]\nfigure = 3\nanswers = 1.5", "nps.answers is 1.5, but it should be a valid integer"),
        ("[nps]\nfigure = 3\npromoters = 1", "give all three or none"),
        (
            "[nps]\nfigure = 3\nanswers = 9\npromoters = 1\npassives = 1\ndetractors = 1",
            "add up to 3, and answers is 9",
        ),
        ("[nps]\nfigure = 3\npromoters = 0\npassives = 0\ndetractors = 0", "are all 0"),
        ("[nps]\nfigure = 3\nanswers = 9\ninvited = 8", "9 answers are more than the 8 people invited"),
        ("[references]\nasked = 3\ngiven = 1\nchecked = 2", "checked is 2, but only 1 references were given"),
        ('[nps]\nfigure = 3\nasked = "friends"', "nps.asked is 'friends'"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, text: str, message: str) -> None:
    """A key or value that does not fit is one error with the file, the key and what is allowed."""
    path = tmp_path / "acme.toml"
    path.write_text(f'partner = "Acme"\n{text}\n', encoding="utf-8")
    with pytest.raises(DataProblem) as error:
        read_prospect(path)
    assert message in str(error.value)
    assert "acme.toml" in str(error.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    """A missing file names --template; TOML that is none, or a card of nothing, is one clear line."""
    missing = run_here("prospect", tmp_path / "no.toml")
    assert (missing.code, missing.out) == (1, "")
    assert "--template" in missing.err
    path = tmp_path / "acme.toml"
    path.write_text("{", encoding="utf-8")
    assert "is not valid TOML" in run_here("prospect", path).err
    path.write_text('partner = "Acme"', encoding="utf-8")
    assert "nothing is known of Acme but the name" in run_here("prospect", path).err
    assert run_here("prospect").code == 2


def _finding(review: Review, check: str) -> str:
    return str(next(row["finding"] for row in review.rows if row["check"] == check))
