"""`partnerkpi actions`: whom to call, why, and by when."""

from __future__ import annotations

from partnerkpi.cli import options as given

#: So many partners are named where the answers name nobody; Actions in the scorecard has a row for each.
_NAMED = 10


def actions(
    sources: given.CardSources = None,
    *,
    carry_on: given.CarryOn = None,
    order: given.Ordering,
    options: given.CardOptions,
) -> None:
    """List whom to call: detractors, promoters who are none any more, and partners whose advocacy stopped.

    Takes the files of a scorecard. Those with the most value at stake come first; due dates are working days after
    the as-of day, by the rules in partnerkpi.toml.

    \b
    Example:
      partnerkpi actions responses.csv activities.csv partners.csv --as-of 2026-09-30
    """
    from partnerkpi.cli.output import show_review
    from partnerkpi.cli.session import session
    from partnerkpi.language import language
    from partnerkpi.language.figures import DASH
    from partnerkpi.periods import period_words
    from partnerkpi.scorecard.parts import ALL_TIME
    from partnerkpi.scorecard.review.page import actions_review

    with session(options) as run:
        card, rows = run.card(sources, options, every_call=True, carry_on=carry_on)
        value = language().number
        shown = (
            ("Due", lambda row: row["due"] or DASH),
            ("Who", lambda row: row["who"] or ""),
            ("Owner", lambda row: row["owner"] or ""),
            ("Why", lambda row: f"{row['kind']}: {row['reason']}"),
            ("Value", lambda row: value(row["value_at_stake"]) if row["value_at_stake"] is not None else ""),
            ("Status", lambda row: row["status"]),
        )
        of_period = "" if card.current == ALL_TIME else f" for {period_words(card.current)}"
        nothing = f"Nobody needs a call{of_period}."
        if card.calls:
            partners = [f"{name} ({people:,})" for name, people in card.more_by_partner.items()]
            more = f" and {len(partners) - _NAMED:,} more" if len(partners) > _NAMED else ""
            of_whom = f" Call their partners: {', '.join(partners[:_NAMED])}{more}." if partners else ""
            nothing = f"{card.calls:,} detractors to call{of_period}, but the answers name nobody.{of_whom}"
        questions = card.questions
        review = actions_review(card)
        show_review(review, shown, options, rows=rows, order=order, nothing=nothing, questions=questions)
