"""What is to be asked of several tables together, before a scorecard is made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from partnerkpi.config import Config
from partnerkpi.errors import OpenQuestion, PartnerKpiError, UsageError
from partnerkpi.results.customer_layout import layout_of
from partnerkpi.results.kinds import ACTIVITIES, CUSTOMERS, RESPONSES, Tables
from partnerkpi.results.result import Question
from partnerkpi.scorecard.build import build_scorecard
from partnerkpi.scorecard.collect import dates_and_days
from partnerkpi.scorecard.reach import Reach, reach_of
from partnerkpi.scorecard.stale import ask_of_stale
from partnerkpi.tables.dates import DateColumn


def questions_of(tables: Tables, config: Config, window: tuple[dt.date | None, dt.date | None]) -> Iterator[str]:
    """Yield what a scorecard of these tables would ask: which exports are older than the others, and what else it does.

    What stops a scorecard is asked once the day until which to count is answered.
    """
    question = Question.of(config, period=config.period or "quarter", window=window)
    dates: dict[str, DateColumn] = {}
    latest: list[tuple[dt.date, dt.date]] = []
    for kind, told in ((RESPONSES, tables.responses), (ACTIVITIES, tables.activities)):
        if told is not None:
            with suppress(PartnerKpiError):  # what is open of one table is asked with that table
                date, days = dates_and_days(*told, question)
                latest += days
                dates |= {kind: date} if date is not None else {}
    reach = reach_of(latest, question.period, window[1])
    if tables.customers is not None:
        with suppress(PartnerKpiError):
            layout = layout_of(*tables.customers, replace(question, window=(window[0], reach.until)))
            if layout.end is not None:
                own = [date for date in (layout.start, layout.end) if date is not None]
                yield from _stale(tables, CUSTOMERS, own, reach, "no loss")
    if ACTIVITIES in dates:
        yield from _stale(tables, ACTIVITIES, [dates[ACTIVITIES]], reach, "no activity")
    try:
        build_scorecard(tables, config, as_of=window[1] or reach.day, since=window[0], calls=0)
    except UsageError:
        return  # an option that a scorecard needs, and check has not
    except PartnerKpiError as error:
        yield str(error)


def _stale(tables: Tables, kind: str, dates: Sequence[DateColumn], reach: Reach, nothing: str) -> Iterator[str]:
    table = tables.customers if kind == CUSTOMERS else tables.activities
    try:
        if table is not None:
            ask_of_stale(table[0], dates, reach, nothing)
    except OpenQuestion as error:
        yield str(error)
