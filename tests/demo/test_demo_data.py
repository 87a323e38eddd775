"""The example data: the same everywhere, with the shares, the stories and the traps that it promises.

Everything is counted again here, in plain Python, without the package's own arithmetic.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from command import run_here

from partnerkpi.demo import DemoFiles, write_demo_data
from partnerkpi.errors import FileProblem

Row = Mapping[str, str]

QUARTERS = ["2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
FALLERS = {"Kestrelane Consulting", "Ostermoor Beratung", "Wrenfield Analytics"}
RISERS = {"Sorivaux Conseil", "Brindlewick Data", "Quaymark Integrators"}
FEW_ANSWERS = {"Fennick Byte", "Dornwinkel EDV"}
WENT_QUIET, NEVER_HEARD = "Ravelmoor IT", "Saltmarsh Ledger Services"
CUSTOMERS_LEAVE = {"Marrowgate Partners", "Wrenfield Analytics"}
NOT_ON_THE_LIST = "Pinehollow Grid"

HEADERS = {
    "responses": "response_id,date,partner,region,tier,product,respondent,score,comment,channel",
    "activities": "activity_id,date,partner,type,value,customer",
    "customers": "customer,period,partner,retained,region,revenue_start,revenue_end",
    "partners": "partner,tier,region,owner,invited_contacts,annual_value,joined_date",
}
SHA256 = {
    "responses": "9b1cf49bdf45899ce8acc06ca15bdd180ad262ebe65477c7027ec94a307c95fe",
    "activities": "6d405308304a3e3b5607a8a0783268e1dd1e704b7ddae026a69d2aa762984068",
    "customers": "aae9002e43a4dce62abe5611959e67881abcadd29dd8ff84d281f445412ab96e",
    "partners": "2cf48e14ea487e0757fdde85070563ca22b1a86e190ce8fd650a835ef56fe9cc",
}


@dataclass(frozen=True)
class Demo:
    """The four tables as rows."""

    responses: list[Row]
    activities: list[Row]
    customers: list[Row]
    partners: list[Row]

    def counted(self) -> dict[tuple[str, str], list[int]]:
        """Return (partner, quarter) -> scores, one for each respondent: the latest that is not blank."""
        latest = {
            (row["partner"], quarter(row["date"]), row["respondent"]): int(row["score"])
            for row in sorted(self.responses, key=lambda row: row["date"])
            if row["score"]
        }
        scores: dict[tuple[str, str], list[int]] = defaultdict(list)
        for (partner, when, _), score in latest.items():
            scores[partner, when].append(score)
        return scores

    def scores(self, partner: str, quarters: Iterable[str]) -> list[int]:
        """Return a partner's counted scores of these quarters."""
        counted = self.counted()
        return [score for when in quarters for score in counted.get((partner, when), [])]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return write_demo_data(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def demo(files: DemoFiles) -> Demo:
    return Demo(rows(files.responses), rows(files.activities), rows(files.customers), rows(files.partners))


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def quarter(day: str) -> str:
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"


def nps(scores: list[int]) -> float:
    return 100 * (sum(score >= 9 for score in scores) - sum(score < 7 for score in scores)) / len(scores)


def change_in_errors(before: list[int], after: list[int]) -> float:
    """Return the change in standard errors, adjusted Wald: definitions, section 1."""

    def adjusted(scores: list[int]) -> tuple[float, float]:
        n = len(scores) + 3
        promoters, detractors = sum(s >= 9 for s in scores) + 0.75, sum(s < 7 for s in scores) + 0.75
        mean = (promoters - detractors) / n
        return mean, ((promoters + detractors) / n - mean * mean) / n

    (old, old_error), (new, new_error) = adjusted(before), adjusted(after)
    return float((new - old) / (old_error + new_error) ** 0.5)


def share(part: Iterable[object], whole: int) -> float:
    return 100 * sum(1 for _ in part) / whole


def retention(found: list[Row]) -> float:
    return share((row for row in found if row["retained"] == "yes"), len(found))


def test_two_runs_write_the_same_bytes(files: DemoFiles, tmp_path: Path) -> None:
    """The example data does not depend on the run."""
    again = write_demo_data(tmp_path / "a" / "b")
    for name in HEADERS:
        assert getattr(again, name).read_bytes() == getattr(files, name).read_bytes(), name


@pytest.mark.parametrize("name", HEADERS)
def test_every_machine_writes_the_same_bytes(files: DemoFiles, name: str) -> None:
    """The example data depends on no platform, no Python version and no hash seed: its fingerprint is pinned."""
    assert hashlib.sha256(getattr(files, name).read_bytes()).hexdigest() == SHA256[name]


@pytest.mark.parametrize("name", HEADERS)
def test_headers_and_line_ends(files: DemoFiles, name: str) -> None:
    """The files have the columns of the contract, are UTF-8 without a mark, and their lines end with a line feed."""
    data = getattr(files, name).read_bytes()
    assert data.decode("utf-8").startswith(HEADERS[name] + "\n")
    assert b"\r" not in data
    assert getattr(files, name).name == f"{name}.csv"


def test_sizes(demo: Demo) -> None:
    """There are 40 partners, about 6,000 answers, 700 activities and 1,200 customers."""
    assert len(demo.partners) == len({row["partner"] for row in demo.partners}) == 40
    assert 5_800 <= len(demo.responses) <= 6_200
    assert 650 <= len(demo.activities) <= 750
    assert len({row["customer"] for row in demo.customers}) == 1_200


def test_file_order(demo: Demo) -> None:
    """Rows stand in the order in which they came in, and their numbers are unique and rise."""
    for found, number in ((demo.responses, "response_id"), (demo.activities, "activity_id")):
        days = [row["date"] for row in found if row["date"]]
        numbers = [row[number] for row in found]
        assert days == sorted(days)
        assert numbers == sorted(set(numbers))
    by_period = [(row["period"], row["customer"]) for row in demo.customers]
    assert by_period == sorted(set(by_period))
    joined = [row["joined_date"] for row in demo.partners]
    assert joined == sorted(joined)


def test_dates(demo: Demo) -> None:
    """Dates are ISO, answers with a time of day on a working day; every table spans the eight quarters."""
    for row in demo.responses:
        assert datetime.fromisoformat(row["date"]).weekday() < 5
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row["date"])
    for row in demo.activities:
        assert not row["date"] or date.fromisoformat(row["date"]).weekday() < 5
    assert sorted({quarter(row["date"]) for row in demo.responses}) == QUARTERS
    assert sorted({quarter(row["date"]) for row in demo.activities if row["date"]}) == QUARTERS
    assert sorted({row["period"] for row in demo.customers}) == QUARTERS
    assert all(date.fromisoformat(row["joined_date"]) for row in demo.partners)


def test_partner_list(demo: Demo) -> None:
    """The list has three tiers, four regions, an owner and figures for everybody, and names that trip careless code."""
    assert {row["tier"] for row in demo.partners} == {"Strategic", "Growth", "Registered"}
    assert {row["region"] for row in demo.partners} == {"Americas", "EMEA", "APAC", "DACH"}
    assert all(row["owner"] and int(row["invited_contacts"]) > 0 for row in demo.partners)
    assert all(int(row["annual_value"]) > 0 for row in demo.partners)
    names = [row["partner"] for row in demo.partners]
    for trait in (" & ", "ü", "'", ","):
        assert any(trait in name for name in names), trait
    assert any(len(name) > 31 for name in names), "a name longer than a sheet name may be"


def test_nobody_is_there_before_joining(demo: Demo) -> None:
    """A partner has answers and activities only after it joined."""
    joined = {row["partner"]: row["joined_date"] for row in demo.partners}
    for row in (*demo.responses, *demo.activities):
        assert not row["date"] or row["date"][:10] >= joined.get(row["partner"], "")
    assert sum(day > "2024-10-01" for day in joined.values()) == 3


def test_respondents_belong_to_one_partner_and_are_invited(demo: Demo) -> None:
    """A respondent has one partner, and no partner has more respondents in a quarter than it has invited contacts."""
    partner_of = {row["respondent"]: row["partner"] for row in demo.responses}
    assert all(partner_of[row["respondent"]] == row["partner"] for row in demo.responses)
    assert all(re.fullmatch(r"r-\d{5}", respondent) for respondent in partner_of)
    invited = {row["partner"]: int(row["invited_contacts"]) for row in demo.partners}
    assert all(len(scores) <= invited[partner] for (partner, _), scores in demo.counted().items())


def test_scores(demo: Demo) -> None:
    """Scores are whole numbers from 0 to 10, every one of them occurs, and about 2 % are blank."""
    given = [row["score"] for row in demo.responses]
    assert set(given) == {"", *(str(score) for score in range(11))}
    assert 1.5 <= share((score for score in given if not score), len(given)) <= 2.5


def test_some_people_answer_twice(demo: Demo) -> None:
    """About 1.5 % of the answers are second ones of the same person in the same quarter, never at the same moment."""
    seen = Counter((row["respondent"], quarter(row["date"])) for row in demo.responses)
    assert set(seen.values()) == {1, 2}
    assert 1.2 <= share((n for n in seen.values() if n == 2), len(demo.responses)) <= 1.8
    assert len({(row["respondent"], row["date"]) for row in demo.responses}) == len(demo.responses)


def test_programme_nps_climbs(demo: Demo) -> None:
    """The programme's NPS climbs from about 35 to about 46, more than chance, and never falls far behind on the way."""
    by_quarter: dict[str, list[int]] = defaultdict(list)
    for (_, when), scores in demo.counted().items():
        by_quarter[when] += scores
    trend = [nps(by_quarter[when]) for when in QUARTERS]
    assert trend[0] == pytest.approx(35, abs=1)
    assert trend[-1] == pytest.approx(46, abs=1)
    assert all(later > earlier - 1.5 for earlier, later in pairwise(trend))
    assert change_in_errors(by_quarter[QUARTERS[0]], by_quarter[QUARTERS[-1]]) > 2


def test_three_fell_and_three_rose(demo: Demo) -> None:
    """In the last two quarters three partners truly fell and three rose; no other change is anywhere near as clear."""
    changes = {}
    for partner in (row["partner"] for row in demo.partners):
        before, after = demo.scores(partner, QUARTERS[:6]), demo.scores(partner, QUARTERS[6:])
        changes[partner] = change_in_errors(before, after)
        if partner in FALLERS | RISERS:
            last = demo.scores(partner, QUARTERS[7:])
            assert abs(nps(last) - nps(before)) > 45, partner
    assert {partner for partner, change in changes.items() if change < -3} == FALLERS
    assert {partner for partner, change in changes.items() if change > 3} == RISERS
    assert all(abs(change) < 2.5 for partner, change in changes.items() if partner not in FALLERS | RISERS)


def test_some_are_hardly_heard(demo: Demo) -> None:
    """Two partners have one to three answers a quarter, one has none in the last quarter, one was never heard from."""
    counted = demo.counted()
    for partner in FEW_ANSWERS:
        numbers = [len(counted.get((partner, when), [])) for when in QUARTERS]
        assert max(numbers) <= 3
        assert numbers[-1] >= 1
    answered = {row["partner"] for row in demo.responses}
    listed = {row["partner"] for row in demo.partners}
    assert answered == listed - {NEVER_HEARD}
    last = {row["partner"] for row in demo.responses if quarter(row["date"]) == QUARTERS[-1]}
    assert answered - last == {WENT_QUIET}
    assert all(counted[WENT_QUIET, when] for when in QUARTERS[:-1])


def test_dimensions(demo: Demo) -> None:
    """Every answer has region, product and channel; its tier is its partner's, its region mostly is."""
    home = {row["partner"]: row for row in demo.partners}
    assert {row["region"] for row in demo.responses} == {"Americas", "EMEA", "APAC", "DACH"}
    assert {row["product"] for row in demo.responses} == {"Core", "Analytics", "Connect", "Mobile"}
    assert {row["channel"] for row in demo.responses} == {"e-mail", "portal", "phone"}
    assert all(row["tier"] == home[row["partner"]]["tier"] for row in demo.responses)
    elsewhere = [row for row in demo.responses if row["region"] != home[row["partner"]]["region"]]
    assert 5 <= share(elsewhere, len(demo.responses)) <= 11


def test_comments(demo: Demo) -> None:
    """About 45 % of the answers have a comment, in four languages, some with commas, quotes, line breaks and signs."""
    written = [row["comment"] for row in demo.responses if row["comment"]]
    assert 42 <= share(written, len(demo.responses)) <= 48
    for sign, least in ((",", 300), ('"', 30), ("\n", 100), ("ü", 30), ("é", 30), ("ó", 20)):
        assert sum(sign in comment for comment in written) >= least, sign
    for start in ("=", "+", "-", "@"):
        assert any(comment.startswith(start) for comment in written), f"none would be a formula after {start!r}"
    assert max(Counter(written).values()) < 0.02 * len(written)
    assert not [comment for comment in written if "{" in comment or "}" in comment], "a slot was not filled in"


def test_comments_fit_the_score(demo: Demo) -> None:
    """Praise stands beside a promoter's score, complaints beside a detractor's, "no idea yet" beside a blank."""
    for phrase, allowed in (
        ("Great team.", range(9, 11)),
        ("Commissions arrive on time", range(7, 11)),
        ("Disappointing.", range(7)),
        ("Escalations disappear", range(9)),
        ("Der Support braucht", range(9)),
    ):
        scores = [int(row["score"]) for row in demo.responses if phrase in row["comment"]]
        assert scores, phrase
        assert set(scores) <= set(allowed), phrase
    blank = {row["comment"] for row in demo.responses if not row["score"]}
    assert any("ask" in comment for comment in blank)


def test_comments_tell_the_story(demo: Demo) -> None:
    """Where a partner fell, most of its detractors' comments in the last quarter name the reason."""
    for partner, words in {
        "Kestrelane Consulting": ("support", "ticket", "escalation", "outage"),
        "Ostermoor Beratung": ("bonus", "commission", "rebate", "incentive", "payment", "abrechnung", "rückvergütung"),
        "Wrenfield Analytics": ("margin", "price", "discount", "expensive"),
    }.items():
        complaints = [
            row["comment"].lower()
            for row in demo.responses
            if row["partner"] == partner
            and quarter(row["date"]) == QUARTERS[-1]
            and row["score"] in {str(score) for score in range(7)}
            and row["comment"]
        ]
        assert len(complaints) >= 5
        assert sum(any(word in comment for word in words) for comment in complaints) > len(complaints) / 2, partner


def test_advocacy_is_skewed(demo: Demo) -> None:
    """A few partners do most of the advocacy; 65 to 70 % of all were active in the last quarter, more than at first."""
    listed = {row["partner"] for row in demo.partners}
    done = Counter(row["partner"] for row in demo.activities)
    assert sum(number for _, number in done.most_common(4)) > 0.35 * len(demo.activities)

    def active(when: str) -> set[str]:
        return {row["partner"] for row in demo.activities if row["date"] and quarter(row["date"]) == when} & listed

    assert 65 <= share(active(QUARTERS[-1]), 40) <= 70
    assert len(active(QUARTERS[0])) < len(active(QUARTERS[-1]))
    assert {row["type"] for row in demo.activities} == {
        *("reference", "case study", "testimonial", "referral", "co-marketing", "event talk")
    }
    assert all(row["type"] == "referral" for row in demo.activities if row["value"])


def test_activity_traps(demo: Demo) -> None:
    """A handful of activities has no date, two are of a partner that is not on the list; named customers exist."""
    assert 3 <= sum(not row["date"] for row in demo.activities) <= 9
    listed = {row["partner"] for row in demo.partners}
    assert [row["partner"] for row in demo.activities if row["partner"] not in listed] == [NOT_ON_THE_LIST] * 2
    partners_of = {row["customer"]: row["partner"] for row in demo.customers}
    assert all(partners_of[row["customer"]] == row["partner"] for row in demo.activities if row["customer"])


def test_retention(demo: Demo) -> None:
    """About 86 % of the renewals are kept, 55 to 60 % are attributed to partners, and those are kept more often."""
    through_partners = [row for row in demo.customers if row["partner"]]
    direct = [row for row in demo.customers if not row["partner"]]
    assert retention(demo.customers) == pytest.approx(86, abs=1)
    assert 55 <= share(through_partners, len(demo.customers)) <= 60
    assert 4 <= retention(through_partners) - retention(direct) <= 10
    assert {row["retained"] for row in demo.customers} == {"yes", "no"}


def test_two_partners_lose_customers(demo: Demo) -> None:
    """Two partners clearly keep fewer customers than all others of any size."""
    by_partner: dict[str, list[Row]] = defaultdict(list)
    for row in demo.customers:
        by_partner[row["partner"]].append(row)
    for partner, found in by_partner.items():
        if partner in CUSTOMERS_LEAVE:
            assert len(found) >= 30
            assert retention(found) < 70
        elif len(found) >= 10:
            assert retention(found) > 75, partner


def test_a_lost_customer_stays_away(demo: Demo) -> None:
    """A kept customer of the first year renews four quarters later, at the revenue it stood at; a lost one is gone."""
    seen: dict[str, list[Row]] = defaultdict(list)
    for row in demo.customers:
        seen[row["customer"]].append(row)
    for found in seen.values():
        first = found[0]
        place = QUARTERS.index(first["period"])
        assert len(found) == (2 if place < 4 and first["retained"] == "yes" else 1)
        if len(found) == 2:
            assert found[1]["period"] == QUARTERS[place + 4]
            assert found[1]["revenue_start"] == first["revenue_end"]
            assert found[1]["partner"] == first["partner"]


def test_revenue(demo: Demo) -> None:
    """Revenue is never negative, 0 after a loss and positive after a renewal, which may grow or shrink it."""
    kept = [row for row in demo.customers if row["retained"] == "yes"]
    lost = [row for row in demo.customers if row["retained"] == "no"]
    assert all(int(row["revenue_start"]) > 0 for row in demo.customers)
    assert {row["revenue_end"] for row in lost} == {"0"}
    changes = [int(row["revenue_end"]) - int(row["revenue_start"]) for row in kept]
    assert all(int(row["revenue_end"]) > 0 for row in kept)
    assert min(changes) < 0 < max(changes)


def test_nobody_can_be_reached(demo: Demo) -> None:
    """No text holds an e-mail address, a web address or a telephone number."""
    for table in (demo.responses, demo.activities, demo.customers, demo.partners):
        for row in table:
            for column in row.keys() & {"comment", "owner", "partner", "customer", "respondent"}:
                text = row[column]
                assert not re.search(r"\S@\S|https?:|www\.", text), text
                assert not re.search(r"\d[\d\s()/.-]{5,}\d", text) or column == "respondent", text


def test_files_of_others_stay(tmp_path: Path) -> None:
    """Writing again over its own files gives the same files; one that somebody wrote stays, and nothing is written."""
    before = {path.name: path.read_bytes() for path in vars_of(write_demo_data(tmp_path))}
    assert {path.name: path.read_bytes() for path in vars_of(write_demo_data(tmp_path))} == before
    other = tmp_path / "other"
    other.mkdir()
    (other / "partners.csv").write_text("old", encoding="utf-8")
    with pytest.raises(FileProblem, match="which is not of the demo"):
        write_demo_data(other)
    assert [path.read_text(encoding="utf-8") for path in other.iterdir()] == ["old"]


def vars_of(files: DemoFiles) -> tuple[Path, ...]:
    """Return the four files."""
    return files.responses, files.activities, files.customers, files.partners


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    """A folder that is a file gives one clear message, and the file stays as it is."""
    target = tmp_path / "demo"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(FileProblem, match="name another folder"):
        write_demo_data(target)
    assert target.read_text(encoding="utf-8") == "mine"


def test_what_to_look_at_stands_in_lines(tmp_path: Path) -> None:
    """The five-minute tour ends with steps, one below the other: a line end of ours is none of the data's."""
    done = run_here("demo", tmp_path / "demo")
    assert done.code == 0
    lines = done.err.splitlines()
    start = lines.index("Three things to look at:")
    assert [line[:3] for line in lines[start + 1 : start + 4]] == [" 1.", " 2.", " 3."]
    assert "\\n" not in done.err
