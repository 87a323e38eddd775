"""`partnerkpi plan`: whom to invite to the next survey, and how many answers it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from partnerkpi.cli import options as given
from partnerkpi.cli.declared import leaving_out

if TYPE_CHECKING:
    from partnerkpi.cli.session import Session
    from partnerkpi.mail.contacts import Contacts
    from partnerkpi.results.result import SetAside
    from partnerkpi.scorecard.card import Scorecard
    from partnerkpi.scorecard.review.plan import Wanted
    from partnerkpi.scorecard.review.plan_basis import PlanBasis


class ImportLayout(StrEnum):
    """The tools whose lists of contacts can be written."""

    plain = "plain"
    qualtrics = "qualtrics"
    limesurvey = "limesurvey"


@leaving_out("to_date", "into")
def plan(
    sources: given.CardSources = None,
    contacts: Annotated[
        str | None,
        given.option(
            "--contacts FILE", "The people who can be invited: email, partner, and if known name, last_invited."
        ),
    ] = None,
    target: Annotated[
        Path | None,
        given.option("-o --output FILE", "Write whom to invite to this CSV file, as a survey tool imports it."),
    ] = None,
    layout: Annotated[
        ImportLayout | None,
        given.option("--layout", "Whose columns that file has. Default: plain, which tools map when they import."),
    ] = None,
    points: Annotated[
        float | None, given.option("--points NUMBER", "The interval that is wanted, to either side. Default: 10.")
    ] = None,
    change: Annotated[
        float | None, given.option("--change NUMBER", "The change of the NPS that is to be told. Default: 20.")
    ] = None,
    on: Annotated[
        str | None,
        given.option(
            "--on DATE", "The day on which it goes out. Default: as far into the next period as the last one."
        ),
    ] = None,
    rest_days: Annotated[
        int | None, given.option("--rest-days DAYS", "Nobody is asked again within so many days. Default: 60.")
    ] = None,
    *,
    order: given.Ordering,
    options: given.CardOptions,
) -> None:
    """Plan the next survey: whom to invite, how many answers it takes, and how many will probably come.

    Needs the list of partners or answers, better both. For each partner and all together: the answers from which on an
    interval is as narrow as wanted, and those that tell a change, each in four of five cases; beside them the answers
    that the last response rates make likely.

    \b
    Example:
      partnerkpi plan partners.csv responses.csv
      partnerkpi plan partners.csv responses.csv --contacts people.csv -o invite.csv --layout qualtrics
    """
    from partnerkpi.cli.options import parse_day
    from partnerkpi.cli.output import number, print_note, show_review, whole
    from partnerkpi.cli.session import session
    from partnerkpi.errors import UsageError
    from partnerkpi.language.figures import shortest
    from partnerkpi.scorecard.review.plan import Wanted, survey_plan
    from partnerkpi.scorecard.review.plan_basis import known_of, with_contacts

    if target is not None and contacts is None:
        raise UsageError(f"-o {target} needs to know the people: name a file with their addresses with --contacts")
    if layout is not None and target is None:
        raise UsageError(f"--layout {layout.value} is about the file of -o FILE: name it too")
    with session(options) as run:
        run.workspace.writes(target, "-o")
        rules = run.config.settings.plan
        for name, value, least, most in (("--points", points, 0, 100), ("--change", change, 0, 200)):
            if value is not None and not least < value <= most:
                raise UsageError(f"{name} {value:g} is not above {least} and at most {most}")
        if rest_days is not None and rest_days < 0:
            raise UsageError(f"--rest-days {rest_days} is below 0")
        with run.working("Reading the tables ..."):
            tables = replace(run.sorted_out(sources, options, list_alone=True), activities=None, customers=None)
        card: Scorecard | None = None
        rows: tuple[SetAside, ...] = ()
        if tables.responses is not None:
            # The survey that has just begun is the last one: the next is the one after it.
            card, rows = run.card(sources, replace(options, to_date=True), counted="answers", tables=tables)
        elif tables.partners is None:
            raise UsageError("a plan needs the list of partners, or answers of their people: name a file of either")
        config = run.config.override(day_first=options.day_first)
        known = known_of(tables, card, config)
        day = parse_day(on, "--on", day_first=config.day_first) or known.due
        wanted = Wanted(
            points if points is not None else rules.points,
            change if change is not None else rules.change,
            rest_days if rest_days is not None else rules.rest_days,
            day,
            config.confidence,
        )
        people = _people(run, contacts, known, config.day_first)
        if people is not None:
            known = with_contacts(known, people.by_partner())
        review = survey_plan(known, wanted, card.sources if card is not None else (), _notes(people))
        if target is not None and people is not None:
            invited = _write(target, (layout or ImportLayout.plain).value, people, known, wanted)
            print_note(f"{invited:,} people to invite are in {target}", quiet=options.quiet)

        def likely(row: given.Row) -> str:
            if row["expected"] is None:
                return "–"
            return f"{whole(round(row['expected']))} ({row['likely_low']} to {row['likely_high']})"

        def chance(row: given.Row) -> str:
            share = row["chance_for_points"]
            return "–" if share is None else f"{row['word']} ({number(100 * share, 0).removesuffix('.0')} %)"

        def invite(row: given.Row) -> str:
            if row["to_invite"] is None:
                return "–"
            later = f", from {row['invite_from']}" if row["invite_from"] else ""
            return f"{whole(row['to_invite'])} of {whole(row['contacts'])}{later}"

        shown = (
            ("Invite", invite),
            (f"For ±{shortest(wanted.points)}", lambda row: whole(row["answers_for_points"])),
            ("Answers likely", likely),
            ("Enough", chance),
            ("Gives", lambda row: f"±{shortest(row['points_likely'], 0)}" if row["points_likely"] is not None else "–"),
            (
                f"To tell {shortest(wanted.change)}",
                lambda row: whole(row["answers_for_change"]) if row["answers_for_change"] is not None else "–",
            ),
            ("Will tell", lambda row: number(row["change_told"], 0).removesuffix(".0") if row["change_told"] else "–"),
            ("Response %", lambda row: number(row["response_rate"], 0).removesuffix(".0")),
            ("Owner", lambda row: row["owner"] or ""),
        )
        below = [
            f"For ±{shortest(wanted.points)}: answers from which on the interval is as narrow, in four of five cases; "
            "Gives: the interval that the answers likely give. "
            f"To tell {shortest(wanted.change)}: answers in each of two surveys that tell such a change as often; Will "
            "tell: the change that the answers likely tell against the last ones. Both of one partner by itself: among "
            "many, judged together, it takes more."
        ]
        if day is not None:
            below.append(
                f"Invitations on {day:%d %b %Y}: who was asked in the {wanted.rest_days} days before is left alone."
            )
        questions = card.questions if card is not None else tables.questions
        show_review(review, shown, options, rows=rows, order=order, below=below, questions=questions)


def _people(run: Session, contacts: str | None, known: PlanBasis, day_first: bool | None) -> Contacts | None:
    from partnerkpi.mail.contacts import read_contacts

    if contacts is None:
        return None
    language = run.config.settings.options.language
    return read_contacts(run.workspace, contacts, [one.name for one in known.partners], language, day_first)


def _notes(people: Contacts | None) -> Sequence[str]:
    if people is None:
        return ()
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in people.set_aside.items())
    return (
        f"contacts: {len(people.people):,} of {people.rows_read:,} rows used"
        + (f"; set aside: {reasons}" if reasons else ""),
    )


def _write(target: Path, layout: str, people: Contacts, known: PlanBasis, wanted: Wanted) -> int:
    """Write the people who are to be invited; those of partners worth most first."""
    import io

    from partnerkpi.csvtext import ShieldedWriter
    from partnerkpi.files import atomic_write
    from partnerkpi.mail.contacts import to_import
    from partnerkpi.scorecard.review.plan import is_resting

    partners = {one.name: one for one in known.partners}
    free = [one for one in people.people if not is_resting(partners[one.partner], one.keys[0], wanted)]
    free.sort(key=lambda one: (-partners[one.partner].value, one.partner.casefold(), one.address))
    text = io.StringIO(newline="")
    ShieldedWriter(text).rows(to_import(free, layout))
    atomic_write(target, text.getvalue().encode(), option="-o")
    return len(free)
