"""`partnerkpi rewards`: the partners' incentives by how many of their customers stayed."""

from __future__ import annotations

from partnerkpi.cli import options as given


def rewards(sources: given.CardSources = None, *, order: given.Ordering, options: given.CardOptions) -> None:
    """Set each partner's customer retention against the incentive levels and against all other customers.

    Takes the same files as the scorecard; customers are needed. The levels are [[rewards]] in partnerkpi.toml. Counted
    is the current period: --period year counts more customers and tells more.

    \b
    Example:
      partnerkpi rewards customers.csv partners.csv --period year
    """
    from dataclasses import replace

    from partnerkpi.cli.output import between, interval_of, number, show_review, whole
    from partnerkpi.cli.session import session
    from partnerkpi.language.figures import change_in_words
    from partnerkpi.scorecard.review.rewards import levels_of
    from partnerkpi.scorecard.review.rewards import rewards as compute

    with session(options) as run:
        levels = levels_of(run.config)
        card, rows = run.card(sources, options, counted="customers")
        review = compute(card, levels)
        review = replace(review, notes=tuple(map(run.spelled, review.notes)))

        def following(row: given.Row) -> str:
            if row["next_level"] is None:
                return ""
            missing = row["reason"] or f"{row['more_retained']} more retained"
            return f"{row['next_level']}: {missing}"

        shown = (
            ("Customers", lambda row: whole(row["customers"])),
            ("Retained", lambda row: whole(row["retained"])),
            ("Rate %", lambda row: number(row["retention_rate"])),
            (interval_of(card.confidence), lambda row: between(row["low"], row["high"])),
            ("Others %", lambda row: number(row["others_rate"]) if row["group"] else ""),
            ("Shown above others", lambda row: change_in_words(row["above_others"] or "")),
            ("Level", lambda row: row["level"] or ("–" if levels and row["group"] else "")),
            ("Next level", following),
        )
        show_review(review, shown, options, rows=rows, order=order, questions=card.questions)
