"""`partnerkpi run`: the monthly job, as the settings say: check, scorecard, verify, packs, drafts, and what changed."""

from __future__ import annotations

import datetime as dt
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from partnerkpi.cli import options as given
from partnerkpi.cli.declared import Exit
from partnerkpi.cli.terminal import echo, echo_json

if TYPE_CHECKING:
    from partnerkpi.cli.session import Session
    from partnerkpi.config import Config
    from partnerkpi.job.history import Entry, History
    from partnerkpi.job.rules import Judgement
    from partnerkpi.scorecard.card import Scorecard


class PageFormat(StrEnum):
    """How the page of a run is printed."""

    table = "table"
    json = "json"


def run(
    *,
    config: given.Config = None,
    dry_run: Annotated[
        bool, given.option("--dry-run", "Read and judge the files, and say what would be written; write nothing.")
    ] = False,
    as_of: given.AsOf = None,
    to_date: given.ToDate = False,
    carry_on: Annotated[
        Path | None,
        given.option("--carry-on LAST.xlsx", "Take the statuses of calls from this workbook. Default: the last run's."),
    ] = None,
    anew: Annotated[
        bool, given.option("--anew", "Carry no statuses on: those of the last workbook are left behind.")
    ] = False,
    today: Annotated[
        str | None, given.option("--today DATE", "The day from which the age of the data counts. Default: today.")
    ] = None,
    output: Annotated[
        PageFormat, given.option("--format", "How to print the page. Default: table.")
    ] = PageFormat.table,
    quiet: given.Quiet = False,
) -> None:
    """Do the monthly job as partnerkpi.toml says: check, scorecard, verify, packs, drafts, and what changed.

    The files stand there under [sources], what is made under [run], rules of quality under [quality]. It stops at the
    first question (exit 2) or failed rule (exit 1), before anything is written.

    \b
    Example:
      partnerkpi run --dry-run
    """
    from partnerkpi.cli.options import parse_day
    from partnerkpi.cli.session import session
    from partnerkpi.errors import UsageError

    if anew and carry_on is not None:
        raise UsageError("choose one of --carry-on and --anew")
    with session(given.Common(config=config, quiet=quiet)) as one:
        day = parse_day(today, "--today", day_first=one.config.day_first) or dt.date.today()
        page = _Job(one, day, dry=dry_run).do(as_of, carry_on, to_date=to_date, anew=anew)
    if output is PageFormat.json:
        echo_json(page)
    else:
        _print(page)
    if page["stopped"] is not None:
        raise Exit(1)


class _Job:
    """One run, step by step; `page` is what is told of it."""

    def __init__(self, session: Session, today: dt.date, *, dry: bool) -> None:
        from partnerkpi.errors import ConfigError
        from partnerkpi.job.history import History

        self.session, self.today, self.dry = session, today, dry
        self.config: Config = session.config
        settings = self.config.settings
        if self.config.path is None:
            raise ConfigError(
                "there is no partnerkpi.toml in this folder: 'partnerkpi template .' writes one; name your files in it "
                "under [sources]"
            )
        self.sources, self.run_settings = settings.sources, settings.run
        if not any((self.sources.files, self.sources.responses, self.sources.activities, self.sources.customers)):
            raise ConfigError(
                f"{self.config.path} names no files: write them under [sources], such as files = "
                '["responses.csv", "partners.csv"]'
            )
        if self.run_settings.drafts is not None and self.run_settings.recipients is None:
            raise ConfigError(f"{self.config.path}: run.drafts needs run.recipients, the table of people")
        home = self.config.path.parent
        self.history: History = History(self.config.beside(self.run_settings.keep), home)

    def do(self, as_of: str | None, carry_on: Path | None, *, to_date: bool, anew: bool) -> dict[str, Any]:
        """Do all steps and return the page."""
        from partnerkpi.cli.session import of_settings
        from partnerkpi.errors import OpenQuestion
        from partnerkpi.job.rules import judge
        from partnerkpi.scorecard.review.page import closed_loop

        last = self.history.last
        carry = None if anew else carry_on or self._last_workbook(last)
        files, options = of_settings(self.config, self._options(as_of, to_date=to_date))
        tables = self.session.sorted_out(files, options)
        record = last.record if last is not None and carry == last.workbook else None
        card, _ = self.session.card(
            files, options, title=self.run_settings.title, tables=tables, carry_on=carry, carried_record=record
        )
        if card.questions:
            raise OpenQuestion(card.questions[0])
        quality = judge(card, tables, self.config, self.today)
        failed = [one for one in quality if one.verdict == "fail"]
        page: dict[str, Any] = {
            "run": len(self.history) + 1,
            "dry_run": self.dry,
            "period": card.current,
            "where": list(card.part.words),
            "as_of": card.as_of.isoformat() if card.as_of is not None else None,
            "carried_from": str(carry) if carry is not None else None,
            "statuses_carried": len(card.carried) if card.carried is not None else None,
            "closed_loop": loop["total"] if (loop := closed_loop(card)) is not None else None,
            "check": [_checked(source) for source in card.sources],
            "notes": list(card.notes),
            "quality": [one.as_dict() for one in quality],
            "stopped": f"{failed[0].rule}: {failed[0].words}" if failed else None,
            **dict.fromkeys(("workbook", "fingerprint", "recomputed", "packs", "drafts", "changed", "remembered")),
        }
        if not failed:
            self._make(card, quality, last, page)
        return page

    def _make(self, card: Scorecard, quality: list[Judgement], last: Entry | None, page: dict[str, Any]) -> None:
        """Write what the settings ask for, the memory of the run last; in a dry run say what would be written."""
        from partnerkpi.files import atomic_write, make_folder
        from partnerkpi.job.differences import Made, differences
        from partnerkpi.job.history import filled, free
        from partnerkpi.job.told import brief
        from partnerkpi.scorecard.packs import file_names
        from partnerkpi.scorecard.record import from_record

        run_settings = self.run_settings
        named = {
            key: self.config.beside(filled(name, key, card.current, card.as_of))
            for key, name in (
                ("workbook", run_settings.workbook),
                ("packs", run_settings.packs),
                ("drafts", run_settings.drafts),
            )
            if name is not None
        }
        page["workbook"] = str(free(named["workbook"]))
        page["packs"] = {"folder": str(named["packs"]), "workbooks": len(card.partners)} if "packs" in named else None
        page["drafts"] = {"folder": str(named["drafts"]), "drafts": None, "notes": []} if "drafts" in named else None
        if self.dry:
            return
        data, mark, record, page["recomputed"] = self._verified(card)
        target = free(named["workbook"], data)
        page["workbook"] = str(target)
        make_folder(target.parent)
        atomic_write(target, data, option="[run] workbook")
        page["fingerprint"] = mark
        if "packs" in named:
            self._packs(card, named["packs"])
        if "drafts" in named:
            packs = file_names([one.name for one in card.partners]).values() if "packs" in named else ()
            files = [target, *(named["packs"] / name for name in packs)]
            page["drafts"]["drafts"], page["drafts"]["notes"] = self._drafts(files, named["drafts"])
        made = Made(target, from_record(json.loads(record)).newest, mark)  # as the next run will see it
        if last is not None:
            found = differences(last.made(), made, self.session.workspace.partner_names)
            page["changed"] = {"since": last.workbook.name, "lines": brief(found), "diff": found.as_dict()}
        told = {key: str(page[key]["folder"]) for key in ("packs", "drafts") if page[key] is not None}
        now = dt.datetime.now(dt.UTC)
        page["remembered"] = str(self.history.remember(made, record, quality, told, now))

    def _verified(self, card: Scorecard) -> tuple[bytes, str, str, int]:
        """Return the workbook, its fingerprint and record, and how many figures were recomputed from it."""
        from partnerkpi.cli.scorecard import signer_of
        from partnerkpi.errors import DataProblem
        from partnerkpi.leftovers import private_folder
        from partnerkpi.verify import verify
        from partnerkpi.verify.contents import read_contents
        from partnerkpi.workbook.build import write_workbook
        from partnerkpi.workbook.writer.custom_part import find_part

        with private_folder() as folder, self.session.working("Laying out the workbook ..."):
            path = folder / "scorecard.xlsx"
            mark = write_workbook(card, path, sheets=self.run_settings.sheets, signer=signer_of(None, self.config))
            report = verify(path, mark)
            if not report.sound:
                raise DataProblem(f"the workbook does not verify, and is not kept: {report.in_order[0].line}")
            found = find_part(read_contents(path).parts)
            return path.read_bytes(), mark, found.record if found is not None else "", report.recomputed

    def _packs(self, card: Scorecard, folder: Path) -> None:
        from partnerkpi.cli.scorecard import signer_of, write_the_packs
        from partnerkpi.files import make_folder

        make_folder(folder.parent)
        write_the_packs(card, folder, self.run_settings.sheets, signer_of(None, self.config), quiet=True)

    def _drafts(self, workbooks: list[Path], folder: Path) -> tuple[int, list[str]]:
        """Write drafts for the people of the table; return how many, and for whom there is none."""
        from partnerkpi.cli.mail import plan_of
        from partnerkpi.mail.drafts import write_drafts

        people = self._placed(self.run_settings.recipients or "")
        code = self.config.settings.options.language
        plan, notes = plan_of(self.session, [*map(str, workbooks)], [], people, None, code, [], by_tier=False)
        return len(write_drafts(plan.deliveries, self.config, folder)), notes

    def _last_workbook(self, last: Entry | None) -> Path | None:
        from partnerkpi.errors import FileProblem

        if last is not None and not last.workbook.is_file():
            raise FileProblem(
                f"{last.workbook}, the workbook of the last run, is not there, and what was typed into it would be "
                "lost: put it back, name it with --carry-on, or say --anew"
            )
        return last.workbook if last is not None else None

    def _options(self, as_of: str | None, *, to_date: bool) -> given.CardOptions:
        return given.CardOptions(
            since=self.run_settings.first_day,
            as_of=as_of,
            to_date=to_date,
            where=self.run_settings.where,
            quiet=self.session.quiet,
        )

    def _placed(self, name: str) -> str:
        """Return a source as it is named from here; a connection stays as it is."""
        return name if "://" in name else str(self.config.beside(name))


def _checked(source: Any) -> dict[str, Any]:
    return {
        "kind": source.kind,
        "files": list(source.names),
        "rows_read": source.rows_read,
        "rows_used": source.rows_used,
        "set_aside": dict(source.set_aside),
    }


def _loop(total: dict[str, Any]) -> str:
    """Return the closed loop in a line."""
    from partnerkpi.language.figures import shortest

    days = f", {shortest(total['days_to_close'], 1)} days in the median" if total["days_to_close"] is not None else ""
    again = f"; {total['answered_again']:,} of those called answered again" if total["answered_again"] else ""
    return f"{total['done']:,} of {total['calls']:,} done so far, {shortest(total['closed_share'], 1)} %{days}{again}"


def _print(page: dict[str, Any]) -> None:
    """Print what was done, a step after the other."""
    import textwrap

    from partnerkpi.cli.terminal import in_one_line, window
    from partnerkpi.periods import period_words

    room = window() or 10_000

    def line(step: str, text: str) -> None:
        # A path or a fingerprint is never parted: what is copied must be whole.
        whole = textwrap.TextWrapper(room, f"{step:<11} ", " " * 12, break_long_words=False, break_on_hyphens=False)
        echo(whole.fill(in_one_line(text)), fold=False)

    to = f", to {page['as_of']}" if page["as_of"] else ""
    echo(f"{'Dry run' if page['dry_run'] else 'Run'} {page['run']}: {period_words(page['period'])}{to}")
    if page["where"]:
        line("part", f"only {'; '.join(page['where'])}")
    for source in page["check"]:
        aside = "; set aside: " + ", ".join(f"{n:,} {why}" for why, n in source["set_aside"].items())
        rows = f"{source['rows_used']:,} of {source['rows_read']:,} rows used"
        line("check", f"{source['kind']}: {rows}{aside if source['set_aside'] else ''}")
    for note in page["notes"]:
        line("", f"note: {note}")
    for one in page["quality"]:
        side = "below" if one["rule"] == "response rate" else "above"
        limits = ", ".join(f"{word} {side} {one[word]:g}" for word in ("warn", "fail") if one[word] is not None)
        line("quality", f"{one['verdict']:<5} {one['words']} ({limits})")
    if page["stopped"] is not None:
        line("stopped", f"{page['stopped']}: nothing was written")
        return
    would = "would be " if page["dry_run"] else ""
    line("scorecard", f"{would}{page['workbook']}" + (f", fingerprint {page['fingerprint']}" if not would else ""))
    if page["carried_from"] is not None:
        line("", f"{page['statuses_carried']:,} statuses of calls carried on from {page['carried_from']}")
    if page["closed_loop"] is not None and page["closed_loop"]["calls"]:
        line("calls", _loop(page["closed_loop"]))
    if not would:
        line("verify", f"all is right: {page['recomputed']:,} figures recomputed")
    if page["packs"] is not None:
        line("packs", f"{would}{page['packs']['workbooks']:,} workbooks, one a partner, in {page['packs']['folder']}")
    if page["drafts"] is not None:
        count = page["drafts"]["drafts"]
        many = "would be" if would else "1 draft" if count == 1 else f"{count:,} drafts"
        line("drafts", f"{many} in {page['drafts']['folder']}: look at them and send them")
        for note in page["drafts"]["notes"]:
            line("", " ".join(note.split()))
    if page["changed"] is not None:
        for number, text in enumerate(page["changed"]["lines"]):
            line("" if number else "changed", text)
        line("", f"since {page['changed']['since']}; partnerkpi diff says it in full")
    if page["remembered"] is not None:
        line("remembered", page["remembered"])
