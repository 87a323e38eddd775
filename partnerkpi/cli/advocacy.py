"""`partnerkpi advocacy`: Partner Advocacy of a list of activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from partnerkpi.cli import options as given

if TYPE_CHECKING:
    from partnerkpi.cli.table import Column
    from partnerkpi.results.result import Question


def advocacy(
    sources: Annotated[
        list[str] | None,
        given.argument(
            "ACTIVITIES", "Files that list references, case studies, testimonials, referrals and the like, one a row."
        ),
    ] = None,
    *,
    partners: Annotated[
        list[str],
        given.option(
            "--partners PARTNERS", "The list of partners (a file or several), or their number: the denominator."
        ),
    ],
    activities: given.ActivitiesFiles = None,
    window: given.Window,
    grouping: given.Grouping,
    partner: given.PartnerColumn = None,
    date: given.DateColumn = None,
    confidence: given.Confidence = None,
    day_first: given.DayFirst = None,
    common: given.Common,
) -> None:
    """Compute Partner Advocacy: activities per partner and the share of partners that are active.

    The denominator is the list of partners, never just those that appear among the activities.

    \b
    Example:
      partnerkpi advocacy references.csv --partners partners.csv --from 2026-07-01 --to 2026-09-30 --by tier
    """
    from partnerkpi.cli.output import number, show, whole
    from partnerkpi.cli.session import session
    from partnerkpi.errors import UsageError
    from partnerkpi.results.advocacy import PartnerList, read_partners
    from partnerkpi.results.advocacy import advocacy as compute
    from partnerkpi.results.arranged import arranged
    from partnerkpi.results.choosing import chosen, chosen_of_both
    from partnerkpi.results.kinds import ACTIVITIES, open_table, open_with_list
    from partnerkpi.results.result import TieredBenchmark
    from partnerkpi.vocabulary import whole_number

    with session(common) as run:
        question = run.question(grouping, confidence=confidence, day_first=day_first)
        days = window.days(question.day_first)
        where = grouping.where or ()
        with run.working("Counting activities ..."):
            options = {"partner": partner, "date": date}
            members: PartnerList | int
            files, told = [*(sources or []), *(activities or [])], bool(activities)
            if not files:
                raise UsageError("name at least one file of activities")
            number_of = [int(one) for one in partners if whole_number(one.strip().removeprefix("-")) is not None]
            if number_of:
                if len(partners) > 1:
                    raise UsageError(f"--partners is given {len(partners)} times: name files, or say one number")
                table, columns = open_table(run.workspace, run.config, files, options, ACTIVITIES, told=told)
                (members,) = number_of
                table = chosen(table, columns, where, question.day_first)
            else:
                (table, columns), listed = open_with_list(
                    run.workspace, run.config, files, partners, options, told=told
                )
                table, some = chosen_of_both((table, columns), listed, where, question.day_first)
                members = read_partners(some, listed[1])
            benchmark = TieredBenchmark.of(run.config, "advocacy")
            result = compute(table, columns, members, question, days, benchmark)
        show(
            arranged(result, grouping.sort, grouping.top),
            (
                ("Partners", lambda row: whole(row["partners"])),
                ("Active", lambda row: whole(row["active"])),
                ("Active %", lambda row: number(row["active_share"])),  # of all partners: a full count, no interval
                ("Activities", lambda row: whole(row["activities"])),
                ("Per partner", lambda row: number(row["advocacy_per_partner"])),
                ("Per active", lambda row: number(row["intensity"])),
                ("Rating", lambda row: row["rating"] or ""),
                *_compared_columns(question),
                ("Note", lambda row: ", ".join(row["flags"])),
            ),
            common,
        )


def _compared_columns(question: Question) -> list[Column]:
    from partnerkpi.cli.output import change_columns

    if question.compare is None:
        return []
    return [
        ("Compared with", lambda row: row["compared_with"] or ""),
        ("Until", lambda row: row["compared_until"] or ""),
        ("In", lambda row: {"active_share": "active %", "activities": "activities"}.get(row["compared"] or "", "")),
        *change_columns(),
    ]
