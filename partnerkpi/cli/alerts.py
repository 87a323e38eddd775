"""`partnerkpi alerts`: what needs a look, with the number behind it and how sure it is."""

from __future__ import annotations

from partnerkpi.cli import options as given


def alerts(sources: given.CardSources = None, *, order: given.Ordering, options: given.CardOptions) -> None:
    """List what needs a look: low and fallen figures, silent partners, advocacy that stopped, customers that leave.

    Takes the files of a scorecard. Each alert has the number behind it, how sure it is, and the name of its rule; the
    rules are [alerts] in partnerkpi.toml. Partners are tested together, so that chance seldom raises an alert.

    \b
    Example:
      partnerkpi alerts responses.csv activities.csv customers.csv partners.csv
    """
    from partnerkpi.cli.output import show_review
    from partnerkpi.cli.session import session
    from partnerkpi.periods import period_words
    from partnerkpi.scorecard.review.page import alerts_review

    with session(options) as run:
        card, rows = run.card(sources, options)

        def certainty(row: given.Row) -> str:
            if row["p"] is None:
                return str(row["certainty"])
            return f"{row['certainty']} (p {'< 0.0001' if row['p'] < 0.0001 else format(row['p'], '.4f')})"

        shown = (
            ("What", lambda row: row["sentence"]),
            ("How sure", certainty),
            ("Owner", lambda row: row["owner"] or ""),
            ("Rule", lambda row: row["rule"]),
        )
        nothing = f"No alert for {period_words(card.current)}."
        questions = card.questions
        review = alerts_review(card)
        show_review(review, shown, options, rows=rows, order=order, nothing=nothing, questions=questions)
