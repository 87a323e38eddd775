"""Which status belongs to which call, without a workbook."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from partnerkpi.language.sentence import Sentence
from partnerkpi.scorecard.called import DONE, OPEN, PARTNER, Called
from partnerkpi.scorecard.findings.actions import DETRACTOR, Action
from partnerkpi.scorecard.findings.loop import bind


def call(who: str | None, since: str | None, score: float = 3.0, partner: str | None = "Acme") -> Action:
    """Return a call."""
    return Action(DETRACTOR, partner, who, None, Sentence("answered {score}", score="3"), None, None, score, since)


def called(who: str | None, since: str | None, score: float = 3.0, partner: str | None = "Acme") -> Called:
    """Return what became of one."""
    return Called(partner, DETRACTOR, who, "2026-Q1", since, score, DONE, dt.date(2026, 4, 1))


def test_people_without_a_name_are_told_by_day_and_score() -> None:
    """Of two equal answers one is done, where one was; of another score none is."""
    actions = [call(None, "2026-02-01"), call(None, "2026-02-01"), call(None, "2026-02-01", 4.0)]
    bound = bind(actions, [called(None, "2026-02-01")], "2026-Q1")
    assert [one.status for one in bound.actions] == [DONE, OPEN, OPEN]
    assert bound.earlier == ()


def test_an_answer_that_another_export_dates_a_day_later_is_the_same() -> None:
    """A day and not more, the same person and score: time zones; else it is another answer, and another call."""
    for day, status in (("2026-02-02", DONE), ("2026-01-31", DONE), ("2026-02-03", OPEN)):
        bound = bind([call("ann", day)], [called("Ann ", "2026-02-01", partner="ACME")], "2026-Q1")
        assert bound.actions[0].status == status
        assert len(bound.earlier) == (status == OPEN)
    other = bind([call("ann", "2026-02-02", 5.0)], [called("ann", "2026-02-01")], "2026-Q1")
    assert other.actions[0].status == OPEN


def test_the_nearer_of_two_takes_its_own() -> None:
    """Two answers of a person on following days keep their own statuses."""
    both = [called("ann", "2026-02-01"), replace(called("ann", "2026-02-02"), status="called")]
    bound = bind([call("ann", "2026-02-02"), call("ann", "2026-02-01")], both, "2026-Q1")
    assert [one.status for one in bound.actions] == ["called", DONE]


def test_a_note_on_a_partner_stays_for_its_period() -> None:
    """It stands in the row of the partner while that period is shown, and among the earlier ones after it."""
    noted = Called("Acme", PARTNER, None, "2026-Q1", "2026-Q1", None, DONE)
    assert bind([], [noted], "2026-Q1").partners == {"acme": noted}
    assert bind([], [noted], "2026-Q2").earlier == (noted,)
