"""`partnerkpi compare`: partners side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from partnerkpi.cli import options as given

if TYPE_CHECKING:
    from partnerkpi.cli.table import Column


def compare(sources: given.CardSources = None, *, order: given.Ordering, options: given.CardOptions) -> None:
    """Compare partners by their NPS in the current period: their ranks, how sure they are, and three ways to roll up.

    Takes the files of a scorecard. The order is that of the NPS pulled towards the mean where answers are few.

    \b
    Example:
      partnerkpi compare responses.csv partners.csv --as-of 2026-09-30
    """
    from partnerkpi.cli.output import show_review
    from partnerkpi.cli.session import session
    from partnerkpi.errors import DataProblem
    from partnerkpi.periods import period_words
    from partnerkpi.scorecard.review.comparison import compare_partners

    with session(options) as run:
        card, asides = run.card(sources, options, counted="answers")
        review = compare_partners(card)
        if not review.facts["partners"]:
            raise DataProblem(
                f"no answer of {period_words(card.current)} names a partner, so there is nothing to compare: "
                "add answers with a column that names it (--partner COLUMN), or choose another day (--as-of DATE)"
            )
        show_review(
            review,
            _columns(card.confidence),
            options,
            rows=asides,
            order=order,
            below=_roll_ups(review.facts),
            questions=card.questions,
        )


def _columns(confidence: float) -> list[Column]:
    from partnerkpi.cli.output import between, interval_of, number, probability, whole
    from partnerkpi.language.figures import change_in_words

    def ranks(row: given.Row) -> str:
        first, last = row["first_rank"], row["last_rank"]
        return "" if first is None else str(first) if first == last else f"{first} to {last}"

    def standing(row: given.Row) -> str:
        p = row["p_together"]
        return f"{change_in_words(row['standing'])} (p {probability(p)})" if p is not None else ""

    return [
        ("Rank", lambda row: str(row["rank"] or "")),
        ("Possible ranks", ranks),
        ("Quartile", lambda row: str(row["quartile"] or "")),
        ("Responses", lambda row: whole(row["responses"])),
        ("NPS", lambda row: number(row["nps"], sign=True)),
        (interval_of(confidence), lambda row: between(row["low"], row["high"], sign=True)),
        ("Shrunk", lambda row: number(row["shrunk_nps"], 1, sign=True)),
        ("Lead", lambda row: number(row["difference"], 1, sign=True)),
        ("Against the others", standing),
        ("Rating", lambda row: row["rating"] or ""),
        ("Note", lambda row: ", ".join(row["flags"])),
    ]


def _roll_ups(about: Mapping[str, Any]) -> list[str]:
    """Return the three figures in words: which one is meant must never be guessed."""
    from partnerkpi.cli.output import number
    from partnerkpi.language.figures import between, read_as
    from partnerkpi.periods import period_words

    def others(name: str) -> str:
        low, high = about[f"{name}_clustered_low"], about[f"{name}_clustered_high"]
        return f": {read_as(between(low, high, 0), 'other partners')}" if low is not None else ""

    return [
        f"Together, {period_words(about['period'])}",
        f"  Respondent NPS, one vote an answer    {number(about['respondent_nps'], sign=True):>8} "
        f"of {about['answers']:,} answers{others('respondent')}",
        f"  Partner NPS, one vote a partner       {number(about['partner_nps'], sign=True):>8} "
        f"of {about['partners']:,} partners{others('partner')}",
        f"  Revenue-weighted NPS, by annual value {number(about['revenue_weighted_nps'], sign=True):>8} "
        f"of {about['weighted_partners']:,} partners{others('revenue_weighted')}",
    ]
