"""Whether the data of a run are good enough: each rule with its figure, and whether that passes, warns or fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

from partnerkpi.config import Config
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import ConfigError
from partnerkpi.language.figures import shortest, whole
from partnerkpi.results.kinds import Tables
from partnerkpi.results.twice import SAME_ID
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.settings import Limit
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.table import Table
from partnerkpi.tally.activities import UNKNOWN_PARTNER
from partnerkpi.tally.facts import OUTSIDE

Verdict = Literal["pass", "warn", "fail", "not known"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule: its name, the verdict, the figure (None where it is not known), what it is of, and the limits."""

    rule: str
    verdict: Verdict
    figure: float | None
    words: str
    warn: float | None
    fail: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {name: getattr(self, name) for name in self.__slots__}


def judge(card: Scorecard, tables: Tables, config: Config, today: dt.date) -> list[Judgement]:
    """Return what each rule says of the data of a scorecard; a rule without limits says nothing.

    `today` is the day of the run. ConfigError where a column of ids is none of its table. Ids 1, 2, 2, 3, 3, 3 are
    three rows too many.
    """
    rules = config.settings.quality
    found = list(_ids(card, tables, config))
    if _is_on(rules.unknown_partners):
        rows = _unknown(card)
        words = f"{_rows(rows)} of partners not on the list" if rows is not None else "there is no list of partners"
        found.append(_judged("unknown partners", rules.unknown_partners, rows, words))
    if _is_on(rules.set_aside):
        for source in card.sources:
            aside = sum(rows for why, rows in source.set_aside.items() if why != OUTSIDE)
            share = 100 * aside / source.rows_read if source.rows_read else None
            words = f"{shortest(share or 0.0, 1)} % of the rows of {source.kind} set aside"
            found.append(_judged(f"set aside, {source.kind}", rules.set_aside, share, words))
    if _is_on(rules.age_days):
        days = (today - card.as_of).days if card.as_of is not None else None
        words = f"the data end {days} days before {today}" if days is not None else "the data have no dates"
        found.append(_judged("age of the data", rules.age_days, days, words))
    if _is_on(rules.response_rate) and card.has_answers:
        found.append(_response_rate(card, rules.response_rate))
    return found


def _is_on(limit: Limit) -> bool:
    return limit.warn is not None or limit.fail is not None


def _response_rate(card: Scorecard, limit: Limit) -> Judgement:
    """Judge how many of those invited answered; more answers than people are no good rate, of all or of one partner."""
    rate = card.total_line(card.current).response_rate
    words = "nobody says who was invited" if rate is None else f"{shortest(rate, 1)} % of those invited answered"
    found = _judged("response rate", limit, rate, words, lowest=True)
    counts = {name: card.count(name, card.current) for name in card.names()}
    rates = {name: 100 * one.scores.responses / one.invited for name, one in counts.items() if one.invited}
    name, most = max(rates.items(), key=lambda one: one[1], default=("", 0.0))
    if max(rate or 0.0, most) <= 100:
        return found
    over = sum(one > 100 for one in rates.values())
    more = f" and {whole(over - 1)} more" if over > 1 else ""
    whose = f" of {name} ({shortest(most, 1)} %){more}" if most > 100 else ""
    words = f"{words}: more answers than people invited{whose}"
    verdict: Verdict = "fail" if found.verdict == "fail" or limit.fail is not None else "warn"
    return replace(found, verdict=verdict, words=words)


def _ids(card: Scorecard, tables: Tables, config: Config) -> Iterator[Judgement]:
    """Yield how many rows have an id that another row has: those set aside for it, and of the columns named."""
    rules = config.settings.quality
    if not _is_on(rules.duplicate_ids):
        return
    for source in card.sources:
        twice = source.set_aside.get(SAME_ID, 0)
        words = f"{_rows(twice)} of {source.kind} with an id that another row has"
        if (column := rules.ids.get(source.kind)) is not None:  # type: ignore[call-overload]  # one of the kinds
            name, more = _in_column(getattr(tables, source.kind), source.kind, column)
            twice += more
            words = f"{_rows(twice)} of {source.kind} with an id, or a {name!r}, that another row has"
        yield _judged(f"unique ids, {source.kind}", rules.duplicate_ids, twice, words)


def _in_column(opened: tuple[Table, Columns], kind: str, column: str) -> tuple[str, int]:
    """Return a column as its table spells it, and in how many rows it says what another row says."""
    table, _ = opened
    names = [one for one in table.columns if one.casefold() == column.casefold()]
    if not names:
        known = ", ".join(table.columns[:8])
        raise ConfigError(f"quality.ids.{kind} is {column!r}, but {table.label} has no such column; it has {known}")
    text = table.told_by(names[0])
    ((filled, different),) = table.rows.fetch(f"SELECT count({text}), count(DISTINCT {text}) FROM __rows")
    return names[0], int(filled) - int(different)


def _unknown(card: Scorecard) -> int | None:
    """Return how many rows are of partners that are not on the list; None without a list."""
    if not card.has_partner_list:
        return None
    names = [partner.name for partner in card.partners if not partner.listed]
    counts = [card.count(name, period) for name in names for period in card.periods]
    counted = sum(one.scores.responses + one.activities + one.customers for one in counts)
    return counted + sum(source.set_aside.get(UNKNOWN_PARTNER, 0) for source in card.sources)


def _rows(number: int) -> str:
    return f"{whole(number)} {'row' if number == 1 else 'rows'}"


def _judged(rule: str, limit: Limit, figure: float | None, words: str, *, lowest: bool = False) -> Judgement:
    """Judge a figure by its limits: the most that passes, or with `lowest` the least."""

    def beyond(bound: float | None) -> bool:
        if bound is None or figure is None:
            return False
        return figure < bound if lowest else figure > bound

    verdict: Verdict = "fail" if beyond(limit.fail) else "warn" if beyond(limit.warn) else "pass"
    return Judgement(rule, verdict if figure is not None else "not known", figure, words, limit.warn, limit.fail)
