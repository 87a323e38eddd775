"""`partnerkpi outlook`: what the next period will probably show."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from partnerkpi.cli import options as given


class OutlookKpi(StrEnum):
    """The KPIs that can be foretold."""

    nps = "nps"
    advocacy = "advocacy"


_NAMES = {"nps": "Strategic Partner NPS", "advocacy": "Active advocates %"}


def outlook(
    sources: given.CardSources = None,
    kpi: Annotated[OutlookKpi | None, given.option("--kpi", "The KPI to foretell. Default: both.")] = None,
    by_partner: Annotated[
        bool, given.option("--by-partner", "Also foretell the NPS of each partner with enough periods.")
    ] = False,
    *,
    order: given.Ordering,
    options: given.CardOptions,
) -> None:
    """Foretell the next period's NPS and active advocates, with the interval that will probably hold them.

    Takes the same files as the scorecard. The interval holds the next period's figure as it will be observed, if as
    many answer as in the last period. Below six periods with data: cannot tell.

    \b
    Example:
      partnerkpi outlook responses.csv activities.csv partners.csv --by-partner
    """
    from partnerkpi.cli.output import between, interval_of, number, show_review, whole
    from partnerkpi.cli.session import session
    from partnerkpi.periods import period_words
    from partnerkpi.scorecard.review.outlook import KPIS
    from partnerkpi.scorecard.review.outlook import outlook as foretell

    with session(options) as run:
        # Without dates there is nothing to learn from.
        period = options.period or given.PeriodName(run.config.period or "quarter")
        card, rows = run.card(sources, replace(options, period=period), counted="answers and activities")
        with run.working("Foretelling the next period ..."):
            review = foretell(card, [kpi.value] if kpi is not None else KPIS, by_partner=by_partner)

        def history(row: given.Row) -> str:
            if row["first_period"] is None:
                return "–"
            return f"{row['periods']}, {period_words(row['first_period'])} to {period_words(row['last_period'])}"

        def expected(row: given.Row) -> str:
            if row["expected"] is None:
                return "–"
            word = "answer" if row["kpi"] == "nps" else "partner"
            return f"{whole(row['expected'])} {word}{'' if row['expected'] == 1 else 's'}"

        def target(row: given.Row) -> str:
            if row["target"] is None:
                return ""
            by = f" by {row['target_by']}" if row["target_by"] else ""
            return f"{number(row['target'], 1).removesuffix('.0')}{by}: {row['on_track']}"

        def tested(row: given.Row) -> str:
            if row["back_test_forecasts"] is None:
                return ""
            return (
                f"{number(row['back_test_error'])} in {row['back_test_forecasts']} "
                f"(as last time: {number(row['back_test_last_value_error'])})"
            )

        shown = (
            ("KPI", lambda row: _NAMES[row["kpi"]]),
            ("From periods", history),
            ("Last", lambda row: number(row["last_value"])),
            ("Outlook", lambda row: row["word"] or number(row["value"])),
            (interval_of(card.confidence), lambda row: between(row["low"], row["high"])),
            ("On track", target),
            ("Expected", expected),
            ("Error so far", tested),
            ("Note", lambda row: row["reason"]),
        )
        show_review(review, shown, options, rows=rows, order=order, questions=card.questions)
