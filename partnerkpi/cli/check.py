"""`partnerkpi check`: what was recognised and what would be set aside; changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from partnerkpi.cli import options as given
from partnerkpi.cli.declared import leaving_out
from partnerkpi.cli.terminal import echo, echo_json

if TYPE_CHECKING:
    from partnerkpi.cli.session import Session
    from partnerkpi.results.checkup import Found
    from partnerkpi.tables.columns import Columns


@leaving_out("into", "shown", "wide")
def check(
    sources: given.CardSources = None,
    *,
    kinds: given.CardKinds,
    score: given.ScoreColumn = None,
    asked: given.QuestionText = None,
    frequency: given.FrequencyColumn = None,
    partner: given.PartnerColumn = None,
    date: given.DateColumn = None,
    period: Annotated[
        given.PeriodName | None,
        given.option("--period", "List as well what counting by this period asks. Default: that of the settings."),
    ] = None,
    window: given.Window,
    day_first: given.DayFirst = None,
    tool: given.SurveyTool = None,
    scale: given.ScaleName = None,
    names: Annotated[
        Path | None,
        given.option(
            "--names FILE",
            "Write the partners that seem to be spelled in several ways to this CSV file, to look at and correct.",
        ),
    ] = None,
    common: given.Common,
) -> None:
    """Show what was understood of each file: its table, its columns, the rows that would not be used and why.

    Changes nothing.

    \b
    Example:
      partnerkpi check survey.xlsx --set-aside not-used.csv
    """
    from dataclasses import replace

    from partnerkpi.cli.output import print_note, write_unused
    from partnerkpi.cli.session import session
    from partnerkpi.errors import DataProblem, UsageError
    from partnerkpi.results.checkup import check_table, unrecognised, with_question
    from partnerkpi.results.copies import twice
    from partnerkpi.results.kinds import named_alike
    from partnerkpi.results.result import Question
    from partnerkpi.tables.columns import Columns, is_word
    from partnerkpi.tables.names import count_names
    from partnerkpi.tables.read import no_table, read_each

    if not sources and not kinds.of_kinds:
        raise UsageError("name at least one file to look at")
    with session(common, tool=tool, scale=scale, question=asked) as run:
        run.workspace.writes(names, "--names")
        config = run.config.override(day_first=day_first)
        question = Question.of(config, period=period or config.period, window=window.days(config.day_first))
        wanted = {"score": score, "frequency": frequency, "partner": partner, "date": date}
        found: list[Found] = []
        known: list[Columns] = []
        spellings: Counter[str] = Counter()
        with run.working("Looking at the files ..."):
            told: list[tuple[str | None, str]] = [(None, source) for source in sources or []]
            told += [(kind, source) for kind, several in kinds.of_kinds.items() for source in several]
            for kind, source in told:
                tables = list(read_each(run.workspace, source))
                if not tables:
                    raise DataProblem(no_table(source))
                for table in tables:
                    present = {name.casefold() for name in table.columns}
                    named = {
                        role: column
                        for role, column in wanted.items()
                        if column is not None
                        and (len(tables) * len(told) == 1 or is_word(role, column) or column.casefold() in present)
                    }
                    columns = Columns(table.profiles, table.label, named, run.config.columns)
                    alike = named_alike(run.workspace, table, columns)
                    if names is not None and (partner := columns.get("partner")) is not None:
                        spellings.update(count_names(alike, partner))
                    found.append(check_table(alike, columns, question, kind))
                    known.append(columns)
                of_source = found[-len(tables) :], known[-len(tables) :]
                found[-1] = with_question(found[-1], unrecognised(*of_source) if kind is None else None)
                found[-1] = with_question(found[-1], twice(tables, [one.kind for one in found[-len(tables) :]]))
        if len(found) > 1:
            read_as = given.CardColumns(score, asked, frequency, partner, date, None, day_first, tool, scale)
            options = given.CardOptions(**vars(common), **vars(read_as), **vars(window), **vars(kinds))
            for of_all in _of_all(run, sources, options):
                place = next((number for number, one in enumerate(found) if one.source in of_all), len(found) - 1)
                if not any(of_all in asked or asked in of_all for one in found for asked in one.questions):
                    found[place] = with_question(found[place], of_all)
        if names is not None:
            print_note(run.spelled(_propose(spellings, names)), quiet=common.quiet)
        found = [replace(one, questions=tuple(map(run.spelled, one.questions))) for one in found]
        write_unused([one.set_aside for one in found if one.set_aside is not None], common, "would not be")
        if common.output is given.OutputFormat.json:
            echo_json({"tables": [one.as_dict() for one in found]})
        elif common.output is given.OutputFormat.csv:
            _print_csv(found)
        else:
            echo("\n\n".join(_page(one) for one in found))


def _of_all(run: Session, sources: Sequence[str] | None, options: given.CardOptions) -> Iterator[str]:
    """Yield what a scorecard asks of all files together."""
    from partnerkpi.errors import DataProblem, OpenQuestion, PartnerKpiError
    from partnerkpi.scorecard.together import questions_of

    try:
        tables = run.sorted_out(sources, options)
        config = run.config.override(day_first=options.day_first)
        yield from questions_of(tables, config, options.days(config.day_first))
    except (OpenQuestion, DataProblem) as question:
        yield str(question)
    except PartnerKpiError:
        return  # no question: such as a list of partners alone, of which there is no scorecard


def _propose(spellings: Mapping[str, int], target: Path) -> str:
    """Write the spellings that seem to be one partner, and return what to do with them."""
    from partnerkpi.errors import DataProblem, UsageError
    from partnerkpi.tables.names import propose, write_proposals

    if target.suffix.lower() != ".csv":
        raise UsageError(f"--names {target}: the names are written as CSV; name a file that ends in .csv")
    if not spellings:
        raise DataProblem("no column of these files names partners, so no names are proposed: say --partner COLUMN")
    proposals = propose(spellings)
    if not proposals:
        return f"{len(spellings):,} partners, and no two of them seem to be the same: {target} was not written"
    write_proposals(target, proposals)
    return (
        f"{len(proposals):,} of {len(spellings):,} names seem to be other spellings: they are in {target}. Look "
        "through it, delete what is wrong, and name it in partnerkpi.toml: [options] partner_names. Until then nothing "
        "is merged"
    )


def _page(found: Found) -> str:
    lines = [found.source, f"  Found      {found.detail}"]
    if found.passed_over:
        return "\n".join([*lines, "  Holds      a page to read, no table: passed over"])
    or_else = "".join(f"; or {kind} ({why})" for kind, why in found.other_kinds.items())
    lines.append(
        f"  Holds      {found.kind} ({found.why}){or_else}"
        if found.kind is not None
        else "  Holds      nothing that is recognised (answers, activities, customers or partners)"
    )
    for role, column in found.roles.items():
        how = f" ({found.dates[column]})" if column in found.dates else ""
        question = f", {_cut(found.titles[column], 60)!r}" if column in found.titles else ""
        before = f"; next best {_cut(found.runners_up[role], 40)!r}" if role in found.runners_up else ""
        lines.append(f"  {role.replace('_', ' ').capitalize():<18} {column!r}{question}{how}{before}")
    if found.dimensions:
        lines.append(f"  {'Can be grouped by':<18} {', '.join(repr(_cut(name, 40)) for name in found.dimensions[:8])}")
    known = {*found.roles.values(), *found.dimensions[:8]}
    others = [name for name in found.columns if name not in known]
    if others:
        shown = ", ".join(repr(_cut(name, 40)) for name in others[:12])
        lines.append(f"  {'Other columns':<18} {shown}" + (f" and {len(others) - 12} more" if len(others) > 12 else ""))
    ledger = found.ledger
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in ledger.set_aside.items())
    lines.append(
        f"  {'Rows':<18} {ledger.rows_read:,} read = {ledger.rows_used:,} used + {sum(ledger.set_aside.values()):,} "
        "set aside" + (f" ({reasons})" if reasons else "")
    )
    lines += [f"  Question   {question}" for question in found.questions]
    lines += [f"  Quality    {remark.words()}" for remark in found.quality]
    lines += [f"  Note       {note}" for note in found.notes]
    shown_rows = [tuple(row[place] for place in found.decided_first) for row in (found.columns, *found.first_rows)]
    lines += ["  First rows", *(f"    {_short(row)}" for row in shown_rows)]
    return "\n".join(lines)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 3] + "..."


def _short(row: tuple[str | None, ...]) -> str:
    cells = [(cell or "").replace("\n", " ") for cell in row[:8]]
    text = " | ".join(cell if len(cell) <= 18 else cell[:17] + "…" for cell in cells)
    return text + (" | …" if len(row) > 8 else "")


def _print_csv(found: list[Found]) -> None:
    from partnerkpi.cli.output import csv_printer

    writer = csv_printer()
    writer.row(["source", "kind", "role", "column", "rows_read", "rows_used"])
    for one in found:
        counts = [one.ledger.rows_read, one.ledger.rows_used]
        for role, column in one.roles.items() or [("", "")]:
            writer.row([one.source, one.kind or "", role, column, *counts])
