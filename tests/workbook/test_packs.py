"""A partner's workbook holds its own figures, quartiles of all that name nobody, and nothing else about the others."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import cards
import office
import pytest
from command import run_here
from hypothesis import given
from hypothesis import strategies as st
from programme import NAMES, everything_in, programme

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.anonymity import CASES, Attack, share_found
from partnerkpi.errors import UsageError
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.scorecard.findings.peers import FEWEST, MORE, beside, peers, quartiles_of
from partnerkpi.scorecard.packs import file_names, for_partner, for_review
from partnerkpi.verify import verify
from partnerkpi.workbook.build import write_workbook
from partnerkpi.workbook.provenance import read_page


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


def test_a_pack_is_right_and_three_engines_agree(tmp_path: Path) -> None:
    """Packs pass verify, both validators, and every formula gives in three engines what Python stored."""
    card = programme()
    path = tmp_path / "pack.xlsx"
    write_workbook(for_review(card, NAMES[0]), path)
    assert verify(path).findings == []
    assert office.open_xml_sdk(path) == []
    assert office.disagreements(path) == []
    assert read_page(path)["partner"] == NAMES[0]


def test_the_quartiles_follow_the_chosen_period(tmp_path: Path) -> None:
    """With another current period the comparison shows the quartiles of that period."""
    path = tmp_path / "pack.xlsx"
    card = replace(programme(), current="2026-Q1")
    counts = dict(card.counts)
    counts[NAMES[7], "2026-Q1"] = replace(counts[NAMES[7], "2026-Q1"], scores=ScoreTally(50, 0, 0))
    card = replace(card, counts=counts)
    write_workbook(for_partner(card, NAMES[0]), path)
    first = next(one for one in peers(card) if (one.kpi, one.period) == ("nps", "2026-Q1"))
    values = office.stored_values(path)
    assert [values["Peers", f"{letter}6"] for letter in "CDEF"] == [first.lower, first.median, first.upper, 8]
    assert office.disagreements(path) == []


def test_the_page_of_a_pack_says_where_the_partner_stands(tmp_path: Path) -> None:
    """Lists of the strongest and the weakest would hold one partner; its place among anonymous quartiles is said."""
    path = tmp_path / "pack.xlsx"
    card = programme()
    write_workbook(for_partner(card, NAMES[0]), path)
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
    write_workbook(for_partner(card, "Acme"), path)
    values = office.stored_values(path)
    tile = next(ref for (sheet, ref), value in values.items() if value == "Median NPS of all partners")
    assert values["Scorecard", f"{tile[0]}{int(tile[1:]) + 1}"] == "–"
    assert values["Scorecard", f"{tile[0]}{int(tile[1:]) + 3}"] == "you: too few peers to say"
    assert office.disagreements(path) == []


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
    assert len(for_partner(card, NAMES[0]).peers) == 6


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
