"""The columns that a reader of the Partners sheet looks at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from partnerkpi.kpi.intervals import Interval
from partnerkpi.language.figures import DASH, change_in_words
from partnerkpi.workbook.columns.base import (
    NOT_LISTED,
    Cells,
    OfPartner,
    PartnerColumn,
    PartnerColumns,
    bands,
    of_partner,
)
from partnerkpi.workbook.columns.compared import among
from partnerkpi.workbook.columns.health import health_columns
from partnerkpi.workbook.columns.workings import common_rating, shown_rank, tier_rating
from partnerkpi.workbook.figures.base import attribute, high, low
from partnerkpi.workbook.model import arithmetic, expression
from partnerkpi.workbook.model.arithmetic import when_number
from partnerkpi.workbook.model.expression import Expression, joined, or_, tell, when
from partnerkpi.workbook.model.names import HAS_ACTIVITIES, HAS_CUSTOMER_PARTNERS, HAS_CUSTOMERS, MIN_ANSWERS
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.ratings import label
from partnerkpi.workbook.model.theme import CHANGE, COUNT, DATE, SCORE, SHARE
from partnerkpi.workbook.model.translation import message, translate

_advocacy_of, _retention_of = attribute(lambda k: k.line.advocacy), attribute(lambda k: k.line.retention)
BAR = ";;;"  # the figure stands beside it: where a program draws no bars, nothing is seen
LOYALTY, ADVOCACY, RETENTION = message("Strategic Partner NPS"), message("Advocacy"), message("Retention")


def shown_columns(*, by_tier: bool, targets: bool = False) -> list[PartnerColumn]:
    """Return the columns in their order; with `by_tier` a partner is rated by the thresholds of its tier.

    With `targets` there are columns of what partners are to reach; without, none has one.
    """
    aims = _targets() if targets else []
    return [*_facts(), *aims, *_loyalty(by_tier=by_tier), *_advocacy(), *_retention(), *health_columns(), _note()]


def _facts() -> list[PartnerColumn]:
    def fact(key: str, head: str, width: float, indent: int = 1) -> PartnerColumn:
        return PartnerColumn(key, head, width, None, lambda k: getattr(k.partner, key), left=True, indent=indent)

    return [
        fact("name", message("Partner"), 26, 0),
        fact("tier", message("Tier"), 11),
        fact("region", message("Region"), 11),
        fact("owner", message("Owner"), 20),
        PartnerColumn("annual_value", message("Value a year"), 12, None, lambda k: k.partner.annual_value, COUNT),
    ]


def _targets() -> list[PartnerColumn]:
    """Return what each partner is to reach, by when, and how far the period is from it."""
    return [
        PartnerColumn("target", message("NPS to reach"), 9, None, lambda k: k.partner.target, SCORE),
        PartnerColumn("target_date", message("By"), 12, None, _target_date, DATE),
        PartnerColumn(
            "to_target",
            message("From target"),
            9,
            lambda r: arithmetic.difference(r("nps"), r("target")),
            lambda k: shown(
                k.line.scores.nps - k.partner.target
                if k.line.scores.nps is not None and k.partner.target is not None
                else None
            ),
            CHANGE,
        ),
    ]


def _target_date(k: PartnerColumns) -> int | None:
    """Return a day as a cell holds it: days since 30 December 1899."""
    day = k.partner.target_date
    return (day - dt.date(1899, 12, 30)).days if day is not None else None


def _loyalty(*, by_tier: bool) -> list[PartnerColumn]:
    return [
        PartnerColumn(
            "answers",
            message("Answers"),
            9,
            lambda r: f"{r('promoters')}+{r('passives')}+{r('detractors')}",
            lambda k: k.line.scores.responses,
            COUNT,
            group=LOYALTY,
        ),
        PartnerColumn(
            "answers_bar", message("Answers from 0"), 9, lambda r: r("answers"), lambda k: k.line.scores.responses, BAR
        ),
        PartnerColumn(
            "response",
            message("Response rate"),
            10,
            lambda r: arithmetic.share(r("answers"), r("invited")),
            lambda k: shown(k.line.response_rate),
            SHARE,
        ),
        PartnerColumn("nps", "NPS", 7, lambda r: arithmetic.nps(*bands(r)), lambda k: shown(k.line.scores.nps), SCORE),
        PartnerColumn(
            "nps_bar",
            message("NPS from −100 to 100"),
            12,
            lambda r: f'IF(AND({r("answers")}>0,{r("answers")}>={MIN_ANSWERS}),{r("nps")},"")',
            lambda k: shown(k.line.scores.nps) if k.order is not None else "",
            BAR,
        ),
        *_ends(
            ("nps_low", message("NPS low"), "nps_high", message("NPS high")),
            lambda r: arithmetic.nps_ends_of(*bands(r), r("finite")),
            lambda k: k.line.nps_interval,
            7,
            SCORE,
        ),
        PartnerColumn(
            "rating",
            message("Rating"),
            14,
            tier_rating if by_tier else common_rating,
            lambda k: label(k.line.nps_rating),
            left=True,
            indent=1,
        ),
        PartnerColumn(
            "change",
            message("Change"),
            9,
            lambda r: arithmetic.difference(r("nps"), r("old_nps")),
            lambda k: shown(k.line.nps_change.raw),
            CHANGE,
        ),
        PartnerColumn(
            "certainty",
            message("Certainty"),
            15,
            _certainty,
            lambda k: DASH if k.line.nps_change.raw is None else translate(change_in_words(k.line.nps_change.word)),
            left=True,
            indent=1,
        ),
        *shown_rank(),
    ]


def _ends(
    names: tuple[str, str, str, str],
    ends: Callable[[Cells], tuple[str, str]],
    interval: Callable[[PartnerColumns], Interval | None],
    width: float,
    number: str,
) -> list[PartnerColumn]:
    """Return the columns of the two ends of an interval; `names` are key and head of either."""
    low_key, low_head, high_key, high_head = names
    return [
        PartnerColumn(low_key, low_head, width, lambda r: ends(r)[0], lambda k: low(interval(k)), number),
        PartnerColumn(high_key, high_head, width, lambda r: ends(r)[1], lambda k: high(interval(k)), number),
    ]


def _certainty(r: Cells) -> str:
    """Return the word of a change that is judged together with those of all partners."""
    return arithmetic.word_of_change_together(r("change"), r("p_rank"), among(r, "_fail"))


def _advocacy() -> list[PartnerColumn]:
    activities = of_partner("activities")
    active = expression.when_number(activities, when(activities > 0, tell("yes"), tell("no")), DASH)
    return [
        PartnerColumn(
            "activities",
            message("Activities"),
            10,
            lambda r: f'IF({HAS_ACTIVITIES}=1,{r.tally("Activities")},"{DASH}")',
            _advocacy_of("activities"),
            COUNT,
            group=ADVOCACY,
        ),
        PartnerColumn(
            "active",
            message("Active"),
            8,
            active.formula,
            active.value,
            left=True,
            indent=1,
        ),
    ]


def _retention() -> list[PartnerColumn]:
    known = f"AND({HAS_CUSTOMERS}=1,{HAS_CUSTOMER_PARTNERS}=1)"
    return [
        PartnerColumn(
            "customers",
            message("Customers"),
            10,
            lambda r: f'IF({known},{r.tally("Customers")},"{DASH}")',
            _retention_of("customers"),
            COUNT,
            group=RETENTION,
        ),
        PartnerColumn(
            "retained",
            message("Retained"),
            10,
            lambda r: f'IF({known},{r.tally("Retained")},"{DASH}")',
            _retention_of("retained"),
            COUNT,
        ),
        PartnerColumn(
            "retention",
            message("Retention rate"),
            10,
            lambda r: arithmetic.share(r("retained"), r("customers")),
            _retention_of("retention_rate"),
            SHARE,
        ),
        *_ends(
            ("retention_low", message("Retention low"), "retention_high", message("Retention high")),
            lambda r: arithmetic.wilson_ends(r("retention"), r("retained"), r("customers")),
            lambda k: k.line.retention_interval,
            9,
            SHARE,
        ),
        PartnerColumn(
            "part_of_retained",
            message("Part of all retained"),
            9,
            lambda r: when_number(r("retained"), _part_of_all(r)),
            lambda k: shown(k.line.part_of_retained),
            '0.0"\u00a0%"',
        ),
    ]


def _part_of_all(r: Cells) -> str:
    """Return a partner's part of all retained customers; where all are its own, that is none."""
    customers, retained = r.layout.chosen("customers"), r.layout.chosen("retained")
    return f'IF({customers}>{r("customers")},{arithmetic.share(r("retained"), f"({retained})")},"{DASH}")'


def _note() -> PartnerColumn:
    answers = of_partner("answers")
    fewest: OfPartner = Expression(lambda _: MIN_ANSWERS, lambda k: k.card.min_responses)
    listed: OfPartner = Expression(
        lambda r: r.tally("On list"), lambda k: int(k.card.on_list(k.partner, k.card.current))
    )
    few = when(answers.equals(0), tell("no answers"), when(answers < fewest, tell("few answers")))
    gap = when(or_(answers.equals(0), answers < fewest), "; ")
    note = joined(few, when(listed.equals(1), "", joined(gap, tell(NOT_LISTED))))
    return PartnerColumn("note", message("Note"), 22, note.formula, note.value, left=True, indent=1)
