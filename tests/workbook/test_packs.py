"""A partner's workbook holds its own figures, quartiles of all that name nobody, and nothing else about the others."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import books
import cards
import office
import openpyxl
import pytest
import tampering
from cases import speaking
from command import run_here
from hypothesis import given
from hypothesis import strategies as st
from programme import NAMES, everything_in, programme
from sampled import one_in

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.anonymity import CASES, Attack, share_found
from partnerkpi.errors import UsageError
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.peers import FEWEST, MORE, beside, peers, quartiles_of
from partnerkpi.scorecard.packs import file_names, for_partner, for_review
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.verify import verify
from partnerkpi.workbook.build import build, write_workbook
from partnerkpi.workbook.model import names
from partnerkpi.workbook.provenance import read_page
from partnerkpi.workbook.sheets.peers import standing_of


@pytest.mark.parametrize("review", [False, True])
def test_nothing_about_others_is_in_a_pack(review: bool, tmp_path: Path) -> None:
    """No part of the package names another partner, its tier, region, owner or people, or any respondent at all."""
    card = programme()
    own = NAMES[3]
    path = tmp_path / "pack.xlsx"
    write_workbook(for_review(card, own) if review else for_partner(card, own), path)
    everything = everything_in(path)
    assert own in everything
    assert "owner-Bilby" in everything
    for name in NAMES:
        word = name[8:]
        assert f"person-{word}" not in everything
        if name != own:
            assert word not in everything


@pytest.mark.parametrize("make", one_in(2, [for_partner, for_review]))
def test_a_pack_is_right_and_three_engines_agree(make: Callable[[Scorecard, str], Scorecard], tmp_path: Path) -> None:
    """Packs pass verify, both validators, and every formula gives in three engines what Python stored."""
    card = programme()
    path = tmp_path / "pack.xlsx"
    write_workbook(make(card, NAMES[0]), path)
    report = verify(path)
    assert (report.findings, report.recomputed) == ([], report.formulas)
    assert report.formulas > 20
    assert office.open_xml_sdk(path) == []
    assert office.disagreements(path) == []
    assert read_page(path)["partner"] == NAMES[0]


#: What stands in no workbook that a partner receives: the ratings of the playbook, its guide, calls that nobody needs.
OURS = re.compile(
    r"investigate|watch|exceptional|no data|benchmark|rating|guide|actions?$|nobody needs|shrunk|targets?\b|influence",
    re.I,
)


@pytest.mark.parametrize("name", [name for name, card in cards.odd_cards().items() if card.partners])
def test_a_partner_reads_nothing_of_the_playbook_and_nothing_empty(name: str, tmp_path: Path) -> None:
    """Two to four visible sheets, written to it: no dash for what is missing, no rating, no guide; all is right."""
    card = cards.odd_cards()[name]
    path = tmp_path / "pack.xlsx"
    write_workbook(for_partner(card, card.partners[0].name), path)
    assert verify(path).findings == []
    values = office.stored_values(path)
    sheets = list(dict.fromkeys(sheet for sheet, _ in values))
    assert sheets[:2] == ["Together", "Plan"]
    assert set(sheets[2:]) <= {"Others", "Counts"}
    texts = [value for value in values.values() if isinstance(value, str)]
    assert [text for text in texts if OURS.search(text)] == []
    assert "–" not in texts
    assert "" not in texts[:4]


def test_a_partner_of_which_nobody_answered_is_asked_to() -> None:
    """It reads so where others answered; where the answers name no partner, nothing is known of its own."""
    others, own, nobody = (
        Counts(ScoreTally(1, 1, 8)),
        Counts(activities=1),
        "Nobody at your company has answered yet.",
    )
    for name, told in (("Bolt", True), (None, False)):
        card = cards.card(
            {("Acme", "2026-Q3"): own, (name, "2026-Q3"): others}, partners=(Partner("Acme"), Partner("Bolt"))
        )
        pack = build(for_partner(card, "Acme"))
        said = str(books.shown(pack, "Together")["Together", "A4"])
        assert said.startswith(nobody) == told
        assert "You spoke for us once: thank you." in said


def test_a_partner_with_a_low_nps_is_told_what_is_done(tmp_path: Path) -> None:
    """Who gave −50 is thanked, hears that this is not good enough, and reads on the next sheet what is done."""
    counts = {("Acme", period): Counts(ScoreTally(7, 1, 2), 20, 0, 4, 3) for period in cards.QUARTERS}
    card = cards.card(counts, partners=(Partner("Acme", owner="Maren"),))
    path = tmp_path / "pack.xlsx"
    write_workbook(for_partner(card, "Acme"), path)
    values = office.stored_values(path)
    assert values["Together", "A4"] == (
        "Thank you: 10 of you answered in Q3 2026. You give us an NPS of −50, as in Q2 2026. An NPS below 0 is not "
        "good enough; what we do about it is on the sheet Plan. 3 of your 4 customers stayed."
    )
    assert [values["Plan", f"{letter}5"] for letter in "ABCD"] == [
        *("We ask you what went wrong", "7 of you gave us 6 or less", "2 Oct 2026", "Maren")
    ]
    assert values["Plan", "B6"] == "One of your customers left"


def test_what_is_agreed_may_be_written_into_a_pack(tmp_path: Path) -> None:
    """The yellow cells of Plan are open: what stands there is no finding, and verify says that it was not judged."""
    path, agreed = tmp_path / "pack.xlsx", tmp_path / "agreed.xlsx"
    write_workbook(for_partner(programme(), NAMES[0]), path)
    parts = tampering.parts_of(path)
    plan = parts["xl/worksheets/sheet2.xml"].decode()
    (cell,) = re.findall(r'<c r="A11"[^>]*/>', plan)
    filled = f'{cell[:-2].rstrip()} t="inlineStr"><is><t>We meet each month</t></is></c>'
    parts["xl/worksheets/sheet2.xml"] = plan.replace(cell, filled).encode()
    with zipfile.ZipFile(agreed, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    report = verify(agreed)
    assert report.findings == []
    assert report.not_judged == ["what was written into 1 cell left open for that"]


def test_answers_of_a_few_are_nowhere_in_the_package(tmp_path: Path) -> None:
    """Of fewer than five answers in a period no count is in a pack, not even in its record: a person could be told."""
    counts = {
        ("Acme", "2026-Q1"): Counts(ScoreTally(1, 2, 3)),
        ("Acme", "2026-Q2"): Counts(ScoreTally(0, 0, 4), 97),
        ("Acme", "2026-Q3"): Counts(ScoreTally(2, 2, 2)),
    }
    card = for_partner(cards.card(counts), "Acme")
    assert card.withheld == ("2026-Q2",)
    assert card.count("Acme", "2026-Q2") == Counts()
    path = tmp_path / "pack.xlsx"
    write_workbook(card, path)
    values = office.stored_values(path)
    assert "fewer than 5" in [values.get(("Counts", f"E{row}")) for row in range(6, 9)]
    assert verify(path).findings == []


@pytest.mark.parametrize("code", ["de", "fr", "es"])
def test_a_pack_is_in_the_reader_s_language(code: str, tmp_path: Path) -> None:
    """Sheets and sentences are translated, also those behind the cells; what is left is the data's own."""
    card = cards.demo_card()
    name = "Halden, Brook & Sons"
    found = []
    for language in ("en", code):
        path = tmp_path / f"{language}.xlsx"
        write_workbook(speaking(for_partner(card, name), language), path)
        assert verify(path).findings == []
        found.append({value for value in office.stored_values(path).values() if isinstance(value, str)})
    same = {text for text in found[0] & found[1] if re.search("[A-Za-z]{3}", text)}
    assert {text for text in same if not re.fullmatch(r"NPS|Q\d \d{4}|Plan|Median|Maren Oduya|Partners", text)} == {
        name
    }


def test_a_review_says_on_every_page_that_it_is_internal(tmp_path: Path) -> None:
    """Its title and the head of each printed page do; a pack for the partner has no such word."""
    card = programme()
    path, pack = tmp_path / "review.xlsx", tmp_path / "pack.xlsx"
    write_workbook(for_review(card, NAMES[0]), path)
    write_workbook(for_partner(card, NAMES[0]), pack)
    sheets = openpyxl.load_workbook(path).worksheets
    assert {sheet.oddHeader.center.text for sheet in sheets} == {"Internal: not for the partner"}
    assert office.stored_values(path)["Scorecard", "A1"].startswith("Internal: ")
    assert "nternal" not in everything_in(pack)


def test_a_review_asks_for_no_data_and_a_pack_has_no_empty_row() -> None:
    """What was withheld is not said to be missing, one partner prints no table of partners, one customer no share."""
    workbook = books.opened(build(for_review(cards.demo_card(), "Kestrelane Consulting")), values=True)
    said = " ".join(str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value)
    for asked in ("Add a column that names", "No comments", "do not say who gave them", "makes segments"):
        assert asked not in said
    assert str(workbook[names.RETENTION]["A2"].value).count("100") == 1
    assert names.COMMENTS not in workbook.sheetnames
    nothing = str(workbook[names.PARTNERS].print_area).rpartition("!")[2]
    assert workbook[names.PARTNERS][nothing].value is None
    pack = books.opened(build(for_partner(cards.demo_card(), "Saltmarsh Ledger Services")), values=True)
    labels = [cell.value for cell in pack.worksheets[0]["A"]]
    assert "Of these stayed" in labels
    assert "Stayed, %" not in labels


def test_a_review_asks_what_the_partner_s_own_figures_raise(tmp_path: Path) -> None:
    """A fall, low answers, customers who left: a question each; nothing about what did not happen."""
    counts = {
        ("Acme", "2026-Q2"): Counts(ScoreTally(0, 2, 38), 50, 2, 9, 9),
        ("Acme", "2026-Q3"): Counts(ScoreTally(20, 5, 15), 50, 0, 9, 7),
    }
    path = tmp_path / "review.xlsx"
    write_workbook(for_review(cards.card(counts), "Acme"), path)
    asked = [
        text for (sheet, _), text in office.stored_values(path).items() if sheet == "Review" and str(text)[-1:] == "?"
    ]
    assert asked == [
        "Your NPS of us fell from 95 in Q2 2026 to −13. What happened?",
        "20 of 40 people gave us 6 or less. What would change their minds?",
        "You spoke for us before, and not in Q3 2026. What is in the way?",
        "2 of your 9 customers left. Why, and when could we have known?",
        "Which of your customers do you worry about, and what do they need from us?",
        "What is the one thing that we should do differently from now on?",
    ]


def test_a_pack_quotes_its_own_people_where_that_is_allowed(tmp_path: Path) -> None:
    """With `pack_quotes` up to so many of its comments, of five people or more, none that may name somebody."""
    rows = ["date,partner,respondent,score,comment"]
    said = ("The portal is slow on most mornings.", "Ask Weidenbach about the invoices of May.")
    rows += [f"2026-08-0{day},Acme,a{day},{day},{said[day % 2]}" for day in range(1, 8)]
    rows += [f"2026-08-0{day},Bolt,b{day},{day},Bolt people say that the training is good." for day in range(1, 4)]
    (tmp_path / "answers.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "settings.toml").write_text("[comments]\npack_quotes = 3\n", encoding="utf-8")
    arguments = (
        "scorecard",
        tmp_path / "answers.csv",
        "-o",
        tmp_path / "all.xlsx",
        "--per-partner",
        tmp_path / "packs",
    )
    assert run_here(*arguments, "--config", tmp_path / "settings.toml").code == 0
    texts = office.stored_values(tmp_path / "packs" / "Acme.xlsx").values()
    assert [text for text in texts if str(text).startswith("“")] == ["“The portal is slow on most mornings.”"]
    for file in ("packs/Bolt.xlsx", "all.xlsx"):
        assert "The portal is slow" not in everything_in(tmp_path / file).replace("“The portal", "")
    assert run_here(*arguments).code == 0
    assert "portal is slow" not in everything_in(tmp_path / "packs" / "Acme.xlsx")


def test_the_quartiles_follow_the_chosen_period(tmp_path: Path) -> None:
    """With another current period the comparison shows the quartiles of that period."""
    path = tmp_path / "pack.xlsx"
    card = replace(programme(), current="2026-Q1")
    counts = dict(card.counts)
    counts[NAMES[7], "2026-Q1"] = replace(counts[NAMES[7], "2026-Q1"], scores=ScoreTally(50, 0, 0))
    card = replace(card, counts=counts)
    write_workbook(for_review(card, NAMES[0]), path)
    first = next(one for one in peers(card) if (one.kpi, one.period) == ("nps", "2026-Q1"))
    values = office.stored_values(path)
    assert [values["Peers", f"{letter}6"] for letter in "CDEF"] == [first.lower, first.median, first.upper, 8]
    assert office.disagreements(path) == []


def test_the_page_of_a_pack_says_where_the_partner_stands(tmp_path: Path) -> None:
    """Lists of the strongest and the weakest would hold one partner; its place among anonymous quartiles is said."""
    path = tmp_path / "pack.xlsx"
    card = programme()
    write_workbook(for_review(card, NAMES[0]), path)
    values = office.stored_values(path)
    page = {ref: value for (sheet, ref), value in values.items() if sheet == "Scorecard"}
    assert not {"Strongest partners", "Weakest partners", "Partners to look at", "nobody else"} & set(page.values())
    head = next(ref for ref, value in page.items() if value == "Where you stand among all partners")
    first = int(head[1:]) + 2
    for place in range(3):
        shown = [page.get(f"{letter}{first + place}") for letter in "CDEFGHI"]
        assert shown == [values.get(("Peers", f"{letter}{6 + place}")) for letter in "BCDEFGH"]
    nps = next(one for one in peers(card) if (one.kpi, one.period) == ("nps", card.current))
    tile = next(ref for ref, value in page.items() if value == "Median NPS of all partners")
    assert page[f"{tile[0]}{int(tile[1:]) + 1}"] == nps.median
    assert page[f"{tile[0]}{int(tile[1:]) + 3}"] == f"you: {page[f'I{first}']}"


def test_without_quartiles_the_page_says_that_there_are_too_few(tmp_path: Path) -> None:
    """A pack of a programme with few partners has a dash for the median, and no quartile."""
    card = cards.odd_cards()["two partners"]
    path = tmp_path / "pack.xlsx"
    write_workbook(for_review(card, "Acme"), path)
    values = office.stored_values(path)
    tile = next(ref for (sheet, ref), value in values.items() if value == "Median NPS of all partners")
    assert values["Scorecard", f"{tile[0]}{int(tile[1:]) + 1}"] == "–"
    assert values["Scorecard", f"{tile[0]}{int(tile[1:]) + 3}"] == "you: too few peers to say"
    assert office.disagreements(path) == []


def test_a_partner_of_few_answers_has_no_place_among_the_others(tmp_path: Path) -> None:
    """A review sets the NPS of fewer answers than are rated beside nobody's, where others have quartiles."""
    card = cards.demo_card()
    answers = {one.name: card.count(one.name, card.current).scores.responses for one in card.partners}
    partner = min((name for name, number in answers.items() if number), key=answers.__getitem__)
    card = replace(card, min_responses=answers[partner] + 1)
    path = tmp_path / "review.xlsx"
    write_workbook(for_review(card, partner), path)
    said = set(office.stored_values(path).values())
    assert {"you: too few answers", "too few answers"} <= said
    assert not [one for one in said if re.search(r"in the (lower|upper) quarter", str(one))]
    assert (
        office.ironcalc_values(path).items()
        >= {
            place: value for place, value in office.stored_values(path).items() if value == "you: too few answers"
        }.items()
    )


def test_hand_arithmetic_of_a_quartile() -> None:
    """10 to 80: the places are 1.75, 3.5 and 5.25 from 0, the means of the four figures around them 25, 45 and 65."""
    found = quartiles_of("nps", "2026-Q3", [60, 10, 50, 80, 20, 40, 30, 70])
    assert found is not None
    assert (found.lower, found.median, found.upper, found.partners, found.step) == (25, 45, 65, 8, 5)
    nine = quartiles_of("nps", "2026-Q3", [2 * place for place in range(9)])
    assert nine is not None
    assert (nine.lower, nine.median, nine.upper) == (5, 10, 10)  # places 2, 4, 6: means of three are 4, 8 and 12


def test_where_figures_pile_up_quartiles_are_whole_tens() -> None:
    """More than a quarter share one figure: nearest 10; exactly a quarter: nearest 5."""
    spread = [10.0, 12, 34, 36, 58, 62, 84, 86]
    several = quartiles_of("retention", "2026-Q3", [*spread[:5], 62, 62, 62])
    few = quartiles_of("retention", "2026-Q3", [*spread[:6], 84, 84])
    assert several is not None
    assert few is not None
    assert (several.step, few.step) == (10, 5)
    assert (several.lower, several.median, several.upper) == (20, 50, 60)  # 23, 47.5 and 61


def test_nobody_learns_that_others_have_the_highest_figure() -> None:
    """Where many keep every customer the quartile is 90, which stands for 90 or more; so at the low end."""
    high = quartiles_of("retention", "2026-Q3", [100] * 12)
    low = quartiles_of("nps", "2026-Q3", [-100] * 12)
    assert high is not None
    assert low is not None
    assert (high.lower, high.upper, low.lower, low.upper) == (90, 90, -90, -90)


@pytest.mark.parametrize(
    ("own", "said"), [(75, "in the lower quarter"), (86, "near the median"), (100, "in the upper half")]
)
def test_below_the_median_nobody_is_told_to_be_in_the_upper_half(own: float, said: str) -> None:
    """Of these fourteen the median is 100, told as 90 or more: 86 may lie on either side of what is told."""
    found = quartiles_of("retention", "2026-Q3", [75, 80, 83, 83, 86, 86, *[100] * 8])
    assert found is not None
    assert standing_of("retention", own, found) == said


@given(st.lists(st.floats(-100, 100), max_size=FEWEST - 1))
def test_too_few_partners_have_no_quartiles(figures: list[float]) -> None:
    """With fewer than eight partners nothing is shown."""
    assert quartiles_of("nps", "2026-Q3", figures) is None


@given(st.lists(st.integers(-100, 100), min_size=8, max_size=40))
def test_no_quartile_rests_on_fewer_than_three_figures(figures: list[int]) -> None:
    """Raise one figure near a quartile and lower another by as much: the quartile stays, so it tells neither."""
    spread = [place + figure / 1000 for place, figure in enumerate(figures)]  # all different and in order
    found = quartiles_of("nps", "2026-Q3", spread)
    assert found is not None
    for share, value in ((0.25, found.lower), (0.5, found.median), (0.75, found.upper)):
        place = share * (len(spread) - 1)
        first = int(place) - 1
        moved = list(spread)
        moved[first] -= 0.01
        moved[first + 1] += 0.01
        again = quartiles_of("nps", "2026-Q3", moved)
        assert again is not None
        assert value in (again.lower, again.median, again.upper)


def test_activities_are_compared_in_words() -> None:
    """Of 0 0 1 1 2 2 3 9 the means around the quartiles' places are 0.5 and 4; of none or one nothing is said."""
    everybody = [0, 0, 1, 1, 2, 2, 3, 9]
    assert [beside(own, everybody) for own in everybody] == [
        None,
        None,
        None,
        None,
        *(["about as many as most"] * 3),
        MORE,
    ]
    assert beside(2, [2, 5, 5, 6, 6, 7, 7, 8]) == "fewer than most"
    assert beside(9, everybody[1:]) is None


@pytest.mark.parametrize("case", CASES)
def test_partners_who_attack_with_linear_programs_find_nobody(case: str) -> None:
    """One to three partners of 6 to 40 know their own figures and the packs: no other's is found within a point."""
    assert share_found(case, 4) == 0


def test_the_attack_finds_what_can_be_found() -> None:
    """Of three figures whose sum is known to a point, who has two knows the third."""
    attack = Attack(3, (10.0, 20.0), (((0, 1, 2), 59.5, 60.5),), (0, 100))
    assert attack.found([10, 20, 30]) == 1
    assert Attack(3, (10.0, 20.0), (((0, 1, 2), 55, 65),), (0, 100)).found([10, 20, 30]) == 0


def test_packs_laid_side_by_side_tell_nothing_more() -> None:
    """The quartiles are the same in the pack of every partner."""
    card = programme()
    assert len({for_partner(card, name).peers for name in NAMES}) == 1
    assert len(for_review(card, NAMES[0]).peers) == 6
    assert len(for_partner(card, NAMES[0]).peers) == 2  # of the current period alone


def test_few_answers_take_no_part() -> None:
    """A partner with fewer answers than the minimum is no peer; with it gone there may be too few."""
    card = programme()
    few = {
        key: replace(one, scores=ScoreTally(0, 0, 1)) if key[0] in NAMES[:3] else one
        for key, one in card.counts.items()
    }
    assert "nps" not in {one.kpi for one in peers(replace(card, counts=few))}


def test_the_calls_of_a_review_name_nobody() -> None:
    """Calls of one kind are one line with their number; fewer than the smallest group are not counted out."""
    card = programme()
    (line,) = for_review(card, NAMES[0]).agreed
    assert line.reason == "6 people answered below 7"
    few = replace(card, to_call=card.to_call[:4])
    (line,) = for_review(few, NAMES[0]).agreed
    assert line.reason == "Fewer than 5 people answered below 7"
    assert for_review(replace(card, to_call=()), NAMES[0]).agreed == ()


def test_an_unknown_partner_is_told_with_the_nearest() -> None:
    """A mistyped name gets one line that names the nearest partner."""
    with pytest.raises(UsageError, match="did you mean 'Partner Quokka'"):
        for_partner(programme(), "Partner Quoka")


def test_file_names_are_short_enough_and_not_of_a_device() -> None:
    """Devices are told by their name before the first dot; bytes count as well as characters."""
    names = file_names(["COM¹", "con .x", "😀" * 80, "CONIN$", "a\ud800b", "e\u0301", "é", "É"])
    assert len({name.casefold() for name in names.values()}) == len(names)
    assert all(len(name.encode()) < 255 for name in names.values())
    assert all(name.startswith("_") for partner, name in names.items() if partner.lower().startswith("co"))


@pytest.mark.thorough
def test_the_command_writes_packs_and_a_review(tmp_path: Path) -> None:
    """`--per-partner` writes a workbook for each; `--review` writes the pack of one with its page for the talk."""
    assert run_here("demo", tmp_path / "demo", "--quiet").code == 0
    sources = [tmp_path / "demo" / f"{kind}.csv" for kind in ("responses", "activities", "customers", "partners")]
    packs, review = tmp_path / "packs", tmp_path / "review.xlsx"
    done = run_here("scorecard", *sources, "-o", tmp_path / "all.xlsx", "--per-partner", packs, "--format", "json")
    partners = [one["partner"] for one in json.loads(done.out)["partners"]]
    assert len(list(packs.glob("*.xlsx"))) == len(partners) == 40
    made = run_here("scorecard", *sources, "-o", review, "--review", partners[0], "--format", "json")
    assert [one["partner"] for one in json.loads(made.out)["partners"]] == [partners[0]]
    assert verify(review).sound
    assert ("Review", "A1") in office.stored_values(review)
    wrong = run_here("scorecard", *sources, "-o", review, "--review", "Nobody")
    assert (wrong.code, wrong.out) == (2, "")
