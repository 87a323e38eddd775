"""Whom to call first: one list, by what the partners are worth, wherever it is told."""

from __future__ import annotations

import books
import cards
from review_cards import answers, build

from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.mail.content import from_scorecard
from partnerkpi.mail.message import message_of
from partnerkpi.scorecard.findings.alerts import RISKS
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.workbook.build import build as workbook
from partnerkpi.workbook.model import names


def test_alerts_and_calls_name_the_same_partners_in_the_same_order() -> None:
    """Whoever reads the alerts, the calls or the page meets the same partners, those worth most first."""
    for name, card in cards.odd_cards().items():
        listed = [one.partner for one in card.newest.call_first]
        alerts = list(dict.fromkeys(one.partner for one in card.newest.alerts if one.rule in RISKS and one.partner))
        calls = list(dict.fromkeys(one.partner for one in card.newest.actions if one.partner in listed))
        assert alerts == listed, name
        assert calls == [one for one in listed if one in calls], name
        first = [one.partner for one in card.newest.actions][
            : sum(one.partner in listed for one in card.newest.actions)
        ]
        assert set(first) <= set(listed), name


def test_the_demo_calls_kestrelane_first() -> None:
    """Seven partners are rated worst; the one of 1,985,000 a year leads, and how it came down is told."""
    card = cards.demo_card()
    first, second, *_ = card.call_first
    assert len(card.call_first) == 7
    assert (first.partner, first.owner, first.value) == ("Kestrelane Consulting", "Callum Reyes-Whitlock", 1_985_000)
    assert [round(nps) for nps in first.course] == [41, -23]
    assert [round(nps) for nps in second.course] == [42, -14, -11]
    values = [one.value or 0 for one in card.call_first]
    assert values == sorted(values, reverse=True)


def test_without_values_the_most_answers_come_first() -> None:
    """A list without yearly values is ordered by how many answered; few answers are rated nowhere."""
    counts = {"Few": [answers(4, 0, 0)], "Small": [answers(6, 0, 0)], "Large": [answers(60, 0, 0)]}
    assert [one.partner for one in build(counts).call_first] == ["Large", "Small"]
    worth = {"Small": Partner("Small", annual_value=1.0)}
    assert [one.partner for one in build(counts, worth).call_first] == ["Small", "Large"]


def test_a_course_has_three_values_at_most() -> None:
    """From the last good period to now; one that never was better shows the period before, unless it is the same."""
    good, bad = answers(0, 0, 10), answers(10, 0, 0)
    counts = {"Long": [good, bad, bad, bad], "Never": [bad, bad, bad, bad], "New": [answers(0, 0, 0)] * 3 + [bad]}
    courses = {one.partner: one.course for one in build(counts).call_first}
    assert courses == {"Long": (100, -100), "Never": (-100,), "New": (-100,)}


def test_a_partner_whose_customers_leave_is_called_for_that() -> None:
    """Its NPS of 80 is no reason to call: page, mail and Actions say how many of its customers stayed."""
    counts = {
        ("Good", "2026-Q3"): Counts(ScoreTally(1, 2, 17), customers=60, retained=30),
        ("Other", "2026-Q3"): Counts(ScoreTally(0, 5, 15), customers=100, retained=95),
    }
    card = cards.card(counts, periods=("2026-Q3",), partners=(Partner("Good"), Partner("Other")))
    (one,) = card.call_first
    assert (one.partner, one.course, one.stayed) == ("Good", (), "30 of 60 customers stayed")
    told = message_of(from_scorecard(card), "en", "book.xlsx").to_do[0]
    assert told.startswith("Call Good: 30 of 60 customers stayed")
    model = workbook(card)
    page = books.shown(model, names.SCORECARD)
    assert "30 of 60 customers stayed" in page.values()
    why = [str(value) for value in books.shown(model, names.ACTIONS).values()]
    assert "30 of 60 customers stayed (50 %), of all others 95 %" in why
    assert not [text for text in why if text.startswith("NPS 80")]
