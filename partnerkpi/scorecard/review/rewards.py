"""Incentives of a scorecard's partners by how many of their customers stayed in the current period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from partnerkpi.config import Config
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import ConfigError, DataProblem, KpiValueError
from partnerkpi.kpi.intervals import holm, is_shown, wilson
from partnerkpi.kpi.rewards import Kept, Level, above_others, check_levels, limit_among, more_retained, reached
from partnerkpi.results.kinds import CUSTOMERS
from partnerkpi.results.result import bounds
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Partner
from partnerkpi.scorecard.review.result import Review, notes_about

HOW_TO_CONFIGURE = (
    'no levels are configured, so none is shown: write [[rewards]] into partnerkpi.toml, with name = "Gold", '
    "retention_from = 90 and, if wanted, min_customers = 10, once for each level, lowest first"
)


def levels_of(config: Config) -> tuple[Level, ...]:
    """Return the configured levels, lowest first; ConfigError where they do not ascend or share a name."""
    levels = tuple(
        Level(one.name, one.retention_from, one.min_customers, one.shown_above_overall)
        for one in config.settings.rewards
    )
    try:
        check_levels(levels)
    except KpiValueError as error:
        raise ConfigError(f"{config.path or 'partnerkpi.toml'}: [[rewards]] {error}") from None
    return levels


def rewards(card: Scorecard, levels: Sequence[Level] = ()) -> Review:
    """Set each partner's retention in the current period beside that of all other customers, and against the levels.

    The first row is all customers; then the partners, highest level first, within it by what their rate is at least
    (the lower end of its interval). Rates in per cent. DataProblem without customers or without their partners.
    """
    if not card.has_customers:
        raise DataProblem("rewards need customers: add a file with them (customer, period, retained, partner)")
    if not card.customers_have_partners:
        raise DataProblem(
            "the customers do not say which partner each of them has: name the column with --partner, "
            "or the rows with --attributed COLUMN=VALUE"
        )
    total = card.total_retention(card.current)
    everyone = Kept(total.customers, total.retained) if total is not None else Kept(0, 0)
    own = [_kept(card, partner) for partner in card.partners]
    fewest = card.rules.retention.min_customers
    p_values = [above_others(kept, _others(everyone, kept)) if kept.customers >= fewest else None for kept in own]
    rows = []
    for place, (partner, kept, p) in enumerate(zip(card.partners, own, holm(p_values), strict=True)):
        shown = p is not None and is_shown(p, card.confidence)
        limit = limit_among((*p_values[:place], *p_values[place + 1 :]), card.confidence)
        rows.append(
            {
                **_figures(card, partner.name, kept),
                "others_rate": _others(everyone, kept).rate,
                "above_others_p": p,
                "above_others": "yes" if shown else "cannot tell",
                **_standing(_Compared(levels, _others(everyone, kept), limit, fewest), kept, shown=shown),
            }
        )
    rows.sort(key=lambda row: _rank(row, levels))
    whole = {**_figures(card, None, everyone), **dict.fromkeys(_COMPARED)}
    notes = [*notes_about(card, CUSTOMERS), *([] if levels else [HOW_TO_CONFIGURE])]
    facts = {
        "period": card.current,
        "confidence": card.confidence,
        "min_customers": fewest,
        "levels": [
            {
                "name": level.name,
                "retention_from": level.retention_from,
                "min_customers": level.min_customers,
                "shown_above_overall": level.shown_above_others,
            }
            for level in levels
        ],
    }
    return Review("rewards", (whole, *rows), facts, card.sources, tuple(notes))


_COMPARED = ("others_rate", "above_others_p", "above_others", "level", "next_level", "more_retained", "reason")


def _kept(card: Scorecard, partner: Partner) -> Kept:
    count = card.count(partner.name, card.current)
    return Kept(count.customers, count.retained)


def _others(everyone: Kept, own: Kept) -> Kept:
    return Kept(everyone.customers - own.customers, everyone.retained - own.retained)


def _figures(card: Scorecard, partner: str | None, kept: Kept) -> dict[str, Any]:
    interval = wilson(kept.retained, kept.customers, card.confidence)
    return {
        "group": {"partner": partner} if partner is not None else {},
        "period": card.current,
        "customers": kept.customers,
        "retained": kept.retained,
        "retention_rate": kept.rate,
        **bounds(interval),
    }


@dataclass(frozen=True)
class _Compared:
    """What a partner is held against: levels, all other customers, Holm's limit, and the fewest customers."""

    levels: Sequence[Level]
    others: Kept
    limit: float
    fewest: int

    def shows(self, own: Kept) -> bool:
        """Tell whether customers of a partner are shown to stay more often than all others."""
        p = above_others(own, self.others) if own.customers >= self.fewest else None
        return p is not None and is_shown(p, 1 - self.limit)


def _standing(compared: _Compared, own: Kept, *, shown: bool) -> dict[str, Any]:
    """Return the level, the next one, and how many more retained customers it takes, or why no number is enough."""
    levels = compared.levels
    position = reached(levels, own, shown=shown)
    above = 0 if position is None else position + 1
    following = levels[above] if above < len(levels) else None
    more = None
    if following is not None:
        more = more_retained(following, own, compared.shows)
    return {
        "level": levels[position].name if position is not None else None,
        "next_level": following.name if following is not None else None,
        "more_retained": more,
        "reason": _reason(following, own, compared.fewest) if following is not None and more is None else "",
    }


def _reason(level: Level, own: Kept, fewest: int) -> str:
    """Say why a level cannot be had with the customers there are."""
    if not own.customers:
        return "no data"
    needed = max(level.min_customers, fewest if level.shown_above_others else 0)
    if own.customers < needed:
        return f"needs {needed} customers"
    return f"not shown above others even if all {own.customers} had stayed"


def _rank(row: dict[str, Any], levels: Sequence[Level]) -> tuple[Any, ...]:
    names = [level.name for level in levels]
    level = names.index(row["level"]) if row["level"] is not None else -1
    low = row["low"] if row["low"] is not None else -1.0
    return (-level, -low, row["group"]["partner"].casefold())
