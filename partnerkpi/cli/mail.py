"""`partnerkpi mail`: a scorecard workbook as a message: shown, as a draft, or sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from partnerkpi.cli import options as given
from partnerkpi.cli.declared import Exit
from partnerkpi.cli.terminal import echo

if TYPE_CHECKING:
    from partnerkpi.cli.mail_report import Report
    from partnerkpi.cli.session import Session
    from partnerkpi.mail.plan import CheckedWorkbook, Plan


def mail(
    files: Annotated[
        list[str],
        given.argument(
            "FILE.xlsx", "Workbooks of 'partnerkpi scorecard', or packs of its --per-partner; a pattern names several."
        ),
    ],
    to: Annotated[
        list[str] | None,
        given.option("--to ADDRESS", "Who gets it: ana@example.com or 'Ana Ruiz <ana@example.com>'. May be repeated."),
    ] = None,
    recipients: Annotated[
        str | None, given.option("--recipients TABLE", "A table of people: address, name, partner or tier, language.")
    ] = None,
    partner: Annotated[
        str | None,
        given.option(
            "--partner NAME", "The partner that the people of --to belong to: needed for a partner's own pack."
        ),
    ] = None,
    by_tier: Annotated[
        bool,
        given.option(
            "--by-tier",
            "People of the table with a tier and no partner look after it: they get the packs of its partners.",
        ),
    ] = False,
    language: Annotated[
        given.LanguageName | None, given.option("--language", "Of those who have none of their own. Default: en.")
    ] = None,
    draft: Annotated[
        Path | None,
        given.option("--draft OUT.eml", "Write a draft for any mail program; a folder: one for each person."),
    ] = None,
    outlook: Annotated[bool, given.option("--outlook", "Put drafts into Outlook (Windows).")] = False,
    send: Annotated[bool, given.option("--send", "Send. Without it nothing leaves this machine.")] = False,
    again: Annotated[bool, given.option("--again", "Also send to those who have it already.")] = False,
    resend_unknown: Annotated[
        bool, given.option("--resend-unknown", "Also send where nobody knows whether an earlier try arrived.")
    ] = False,
    data: Annotated[
        list[Path] | None,
        given.option(
            "--data FILE",
            "A file that the workbook was made from: if it has changed since, nothing is sent. May be repeated.",
        ),
    ] = None,
    encoding: given.Encoding = None,
    config: given.Config = None,
    output: given.Format = given.OutputFormat.table,
    quiet: given.Quiet = False,
) -> None:
    """Mail a scorecard workbook: show who would get what, write drafts, or send with --send.

    Each person gets a message of their own, once. Exit code 0: all have it; 3: some; 1: none.

    \b
    Example:
      partnerkpi mail scorecard.xlsx --to ana@example.com --draft scorecard.eml
    """
    from partnerkpi.cli.mail_report import Report
    from partnerkpi.cli.session import session
    from partnerkpi.errors import UsageError

    if sum((draft is not None, outlook, send)) > 1:
        raise UsageError("choose one of --draft, --outlook and --send")
    if not to and recipients is None:
        raise UsageError("say who gets it: --to ADDRESS or --recipients TABLE")
    if partner is not None and not to:
        raise UsageError(
            "--partner says whom the people of --to belong to: the table of --recipients has its own column"
        )
    with session(given.Common(config=config, encoding=encoding, quiet=quiet)) as run:
        run.workspace.writes(draft, "--draft")
        code = language.value if language is not None else run.config.settings.options.language
        planned, notes = plan_of(run, files, to or [], recipients, partner, code, data or [], by_tier=by_tier)
        if draft is not None or outlook:
            _drafts(run, planned, draft)
            return
        report = Report(planned, notes, sent=send)
        if send:
            _send(run, planned, report, again=again, resend_unknown=resend_unknown)
        else:
            _show(run, planned, report, again=again, resend_unknown=resend_unknown)
    report.print(output, quiet=quiet)
    raise Exit(report.exit_code)


def plan_of(
    run: Session,
    files: Iterable[str],
    to: Sequence[str],
    table: str | None,
    partner: str | None,
    code: str,
    data: Sequence[Path],
    *,
    by_tier: bool,
) -> tuple[Plan, list[str]]:
    """Return who gets what; nothing has been sent when this raises."""
    from partnerkpi.mail.plan import check_workbook, plan
    from partnerkpi.mail.recipients import from_options, from_table, refuse_other_domains
    from partnerkpi.tables.read import find

    settings = run.config.settings.mail
    named, notes = from_options(to, partner, code, run.workspace.partner_names), []
    listed: tuple[Any, ...] = ()
    if table is not None:
        people = from_table(run.workspace, table, code)
        listed = people.recipients
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in people.set_aside.items())
        notes.append(
            f"People     {len(listed):,} of {people.rows_read:,} rows used" + (f"; {reasons}" if reasons else "")
        )
    refuse_other_domains(((one.mailbox, one.place) for one in (*named, *listed)), settings.domains)
    paths = list(dict.fromkeys(found.path for file in files for found in find(file)))
    for path in (*paths, *data):
        run.workspace.reads(path)
    workbooks: list[CheckedWorkbook] = []
    with _progress("Checking the workbooks", len(paths), quiet=run.quiet) as done:
        for path in paths:
            workbooks.append(check_workbook(path, settings.max_megabytes, data))
            done()
    planned = plan(workbooks, named, listed, by_tier=by_tier)
    notes += [f"Not for    {one.mailbox.address}: {reason}" for one, reason in planned.passed_over[:5]]
    if len(planned.passed_over) > 5:
        notes.append(f"           and {len(planned.passed_over) - 5:,} more people")
    return planned, notes


def _drafts(run: Session, planned: Plan, target: Path | None) -> None:
    from partnerkpi.cli.output import print_note

    if target is None:
        from partnerkpi.mail.drafts import hand_to_outlook

        count = hand_to_outlook(planned.deliveries, run.config)
        print_note(f"{count:,} drafts are in Outlook: look at them there and send them", quiet=run.quiet)
        return
    from partnerkpi.mail.drafts import write_drafts

    for path in write_drafts(planned.deliveries, run.config, target):
        echo(str(path))
    print_note("Open a draft in your mail program, look at it, and send it there", quiet=run.quiet)


def _show(run: Session, planned: Plan, report: Report, *, again: bool, resend_unknown: bool) -> None:
    """Find out what would be sent: the log is read and nothing is written."""
    from partnerkpi.config import DEFAULT_NAME
    from partnerkpi.mail.log import read_log
    from partnerkpi.mail.send import jobs

    settings = run.config.settings.mail
    with read_log(run.config.beside(settings.log)) as log:
        sender = _own(settings.sender, "[mail] sender") if settings.sender is not None else None
        report.jobs = jobs(planned.deliveries, log, sender, again=again, unknown_too=resend_unknown)
    if settings.server is None or settings.sender is None:
        report.notes.append(
            f"To send, set [mail] server and sender in {run.config.path or DEFAULT_NAME}; --draft needs neither"
        )


def _send(run: Session, planned: Plan, report: Report, *, again: bool, resend_unknown: bool) -> None:
    import time

    from partnerkpi.errors import ConfigError, PartnerKpiError
    from partnerkpi.mail.log import open_log
    from partnerkpi.mail.send import Outcome, Sender, jobs
    from partnerkpi.mail.server import MailServer, find_login

    settings = run.config.settings.mail
    if settings.sender is None:
        raise ConfigError("[mail] sender is not set in partnerkpi.toml: name the address that mails come from")
    sender = _own(settings.sender, "[mail] sender")
    reply_to = _own(settings.reply_to, "[mail] reply_to") if settings.reply_to is not None else None
    server = MailServer(settings, find_login(settings))
    with open_log(run.config.beside(settings.log)) as log:
        report.jobs = jobs(planned.deliveries, log, sender, again=again, unknown_too=resend_unknown)
        due = sum(job.due for job in report.jobs)
        with _progress("Sending", due, quiet=run.quiet) as done:
            sending = Sender(run.config, server, log, sender, reply_to, wait=time.sleep, progress=done)
            try:
                for job in sending.send(report.jobs):
                    report.results[job.key] = job
            except PartnerKpiError as error:
                if not report.results:
                    raise
                report.error = str(error)
    if any(job.outcome is Outcome.delivered for job in report.results.values()):
        back = f"what comes back later (a bounce) goes to {sender.address}"
        report.notes.append(f"Delivered  means that {server} took it; {back}")


def _own(text: str, place: str) -> Any:
    from partnerkpi.errors import ConfigError, UsageError
    from partnerkpi.mail.recipients import mailbox

    try:
        return mailbox(text, place)
    except UsageError as error:
        raise ConfigError(str(error)) from None


@contextmanager
def _progress(what: str, total: int, *, quiet: bool) -> Iterator[Any]:
    """Yield what is to be called after each step; a person sees a bar on standard error."""
    import sys

    if quiet or total < 2 or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
