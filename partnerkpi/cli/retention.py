"""`partnerkpi retention`: Partner Influence on Customer Retention of a table of customers."""

from __future__ import annotations

from typing import Annotated

from partnerkpi.cli import options as given


def retention(
    customers: Annotated[
        list[str],
        given.argument(
            "CUSTOMERS", "Files with one customer (or contract due) a row: retained yes/no, or start and end dates."
        ),
    ],
    retained: Annotated[
        str | None, given.option("--retained COLUMN", "The yes/no column in which yes means stayed.")
    ] = None,
    churned: Annotated[
        str | None, given.option("--churned COLUMN", "The yes/no column in which yes means left.")
    ] = None,
    partner: Annotated[
        str | None, given.option("--partner COLUMN", "The column that names a customer's partner; blank is direct.")
    ] = None,
    attributed: Annotated[
        str | None,
        given.option(
            "--attributed COLUMN=VALUE[,VALUE]",
            "Which rows count as partner-attributed, such as referral_source=partner.",
        ),
    ] = None,
    *,
    grouping: given.Grouping,
    date: given.DateColumn = None,
    customer: Annotated[
        str | None, given.option("--customer COLUMN", "The column that identifies a customer or contract.")
    ] = None,
    start_date: Annotated[str | None, given.option("--start-date COLUMN", "Since when a customer is one.")] = None,
    end_date: Annotated[
        str | None, given.option("--end-date COLUMN", "The last day of a customer, blank while it stays.")
    ] = None,
    window: given.Window,
    retained_words: Annotated[
        str | None,
        given.option(
            "--retained-words WORD[,WORD]",
            "Words of a status that say 'still there', such as paused; 'blank' is an empty cell.",
        ),
    ] = None,
    lost_words: Annotated[
        str | None, given.option("--lost-words WORD[,WORD]", "Words of a status that say 'gone'.")
    ] = None,
    grace: Annotated[
        int | None,
        given.option(
            "--grace DAYS", "A contract that begins so many days after the last one goes on with it. Default: 1."
        ),
    ] = None,
    min_responses: given.MinResponses = None,
    confidence: given.Confidence = None,
    day_first: given.DayFirst = None,
    common: given.Common,
) -> None:
    """Compute customer retention and the part that partners have in it.

    Influence share = retained customers of partners / all retained customers. Beside it stand the index (100 = partners
    retain as well as the rest), the share of partners in the base, and the lift in points. A group's are within the
    group, beside its part of all retained customers; a single partner has only that, and the rate of all others.

    \b
    Example:
      partnerkpi retention accounts.csv --churned churn_flag --attributed source=partner --by region
    """
    from dataclasses import replace

    from partnerkpi.cli.output import between, change_columns, interval_of, number, show, whole
    from partnerkpi.cli.session import session
    from partnerkpi.errors import UsageError
    from partnerkpi.results.arranged import arranged
    from partnerkpi.results.choosing import chosen
    from partnerkpi.results.customer_layout import from_day
    from partnerkpi.results.kinds import CUSTOMERS
    from partnerkpi.results.result import TieredBenchmark
    from partnerkpi.results.retention import retention as compute

    if grace is not None and grace < 0:
        raise UsageError(f"--grace {grace} is below 0: give the number of days between two contracts of one customer")
    if retained is not None and churned is not None:
        raise UsageError("--retained and --churned say the same thing in opposite words: use one of them")
    with session(common) as run:
        question = run.question(
            grouping,
            confidence=confidence,
            min_responses=min_responses,
            day_first=day_first,
            retained_words=_words(retained_words),
            lost_words=_words(lost_words),
            grace_days=grace,
        )
        question = replace(question, words_are_options=True)
        with run.working("Counting customers ..."):
            named = {
                "retained": retained,
                "churned": churned,
                "partner": partner,
                "date": date,
                "customer": customer,
                "start_date": start_date,
                "end_date": end_date,
            }
            table, columns = run.open(customers, CUSTOMERS, named)
            table = chosen(table, columns, grouping.where or (), question.day_first)
            since, until = window.days(question.day_first)
            table = from_day(table, columns, question, since)
            result = compute(
                table,
                columns,
                question,
                attributed=attributed,
                as_of=until,
                benchmark=TieredBenchmark.of(run.config, "retention"),
            )
        shown = [
            ("Customers", lambda row: whole(row["customers"])),
            ("Retained", lambda row: whole(row["retained"])),
            ("Rate %", lambda row: number(row["retention_rate"])),
            (interval_of(question.confidence), lambda row: between(row["low"], row["high"])),
        ]
        if "influence_share" in result.whole:
            shown += [
                ("Partner rate %", lambda row: number(_partner_rate(row))),
                ("Other rate %", lambda row: number(_other_rate(row))),
                ("Influence share", lambda row: number(row["influence_share"])),
                ("Share interval", lambda row: between(row["influence_low"], row["influence_high"])),
                ("Index", lambda row: number(row["influence_index"])),
                ("Base share", lambda row: number(row["base_share"])),
                ("Lift", lambda row: number(row["lift_points"], sign=True)),
                ("Lift interval", lambda row: between(row["lift_low"], row["lift_high"], sign=True)),
                ("Rating", lambda row: row["rating"] or ""),
            ]
            if question.by:
                shown += [
                    ("Part of all retained", lambda row: number(row["part_of_retained"])),
                    ("All others' rate %", lambda row: number(row["others_rate"]) if row["group"] else ""),
                ]
        if "net_revenue_retention" in result.whole:
            shown += [
                ("NRR %", lambda row: number(row["net_revenue_retention"])),
                ("GRR %", lambda row: number(row["gross_revenue_retention"])),
            ]
        if question.compare is not None:
            shown += [("Compared with", lambda row: row["compared_with"] or ""), *change_columns()]
            if "influence_change" in result.whole:
                shown += change_columns("influence_", "Influence change")
        shown.append(("Note", lambda row: ", ".join(row["flags"])))
        show(arranged(result, grouping.sort, grouping.top), shown, common)


def _words(text: str | None) -> list[str] | None:
    """Return the words of an option, which commas part; None for an option that is not given."""
    return [word.strip() for word in text.split(",") if word.strip()] if text is not None else None


def _partner_rate(row: given.Row) -> float | None:
    return 100 * row["partner_retained"] / row["partner_customers"] if row["partner_customers"] else None


def _other_rate(row: given.Row) -> float | None:
    others = row["customers"] - row["partner_customers"]
    return 100 * (row["retained"] - row["partner_retained"]) / others if others else None
