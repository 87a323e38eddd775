"""`partnerkpi scorecard`: from exports to the workbook that is mailed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from partnerkpi.cli import options as given
from partnerkpi.cli.declared import leaving_out
from partnerkpi.cli.terminal import echo_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from partnerkpi.config import Config
    from partnerkpi.scorecard.card import Scorecard
    from partnerkpi.signing import Signer
    from partnerkpi.workbook.build import Sheets


@leaving_out("into", "shown", "wide")
def scorecard(
    sources: given.CardSources = None,
    *,
    target: Annotated[Path, given.option("-o --output OUT.xlsx", "The workbook to write.")],
    kinds: given.CardKinds,
    time: given.CardTime,
    per_partner: Annotated[
        Path | None,
        given.option("--per-partner DIR", "Also write one workbook for each partner, with its figures alone."),
    ] = None,
    sheets: Annotated[
        given.SheetChoice,
        given.option("--sheets", "All sheets, or only those that have data; the others say how to supply it."),
    ] = given.SheetChoice.all,
    review: Annotated[
        str | None,
        given.option(
            "--review PARTNER",
            "Write the business review of this partner instead, for you: its figures, actions and questions to ask.",
        ),
    ] = None,
    carry_on: given.CarryOn = None,
    with_responses: Annotated[
        bool,
        given.option(
            "--with-responses",
            "Add the answers that count as a sheet: partner, period, date, score; no respondent, no comment.",
        ),
    ] = False,
    with_functions: Annotated[
        bool,
        given.option(
            "--with-functions",
            "Add the functions as names, so that =PARTNER_NPS(...) works in it; Excel 365 or 2024, no macros.",
        ),
    ] = False,
    sign: Annotated[
        Path | None,
        given.option(
            "--sign KEY",
            "Sign the workbook and the packs with this key, as 'ssh-keygen -t ed25519' makes it; verify says who did.",
        ),
    ] = None,
    title: Annotated[str, given.option("--title", "The heading of the first page.")] = "Partner scorecard",
    columns: given.CardColumns,
    common: given.Common,
) -> None:
    """Build the scorecard workbook from answers, activities, customers and the list of partners.

    Name the files in any order, or one workbook with these sheets: each table is recognised by its columns.

    \b
    Example:
      partnerkpi scorecard responses.csv activities.csv customers.csv partners.csv -o scorecard.xlsx
    """
    from partnerkpi.cli.output import account, print_note, write_unused
    from partnerkpi.cli.session import session
    from partnerkpi.errors import UsageError
    from partnerkpi.scorecard.packs import for_review
    from partnerkpi.scorecard.words import headline
    from partnerkpi.workbook.build import write_workbook

    if target.suffix.lower() != ".xlsx":
        raise UsageError(f"-o {target}: the scorecard is an Excel workbook; name a file that ends in .xlsx")
    with session(common, tool=columns.tool, scale=columns.scale) as run:
        run.workspace.writes(target, "-o")
        options = given.CardOptions(**vars(time), **vars(columns), **vars(kinds), **vars(common))
        card, asides = run.card(sources, options, title=title, carry_on=carry_on)
        signer = signer_of(sign, run.config)
        made = card if review is None else for_review(card, review)
        with run.working("Laying out the workbook ..."):
            answers = (
                run.responses(card, made.partners[0].name if review is not None else None) if with_responses else None
            )
            fingerprint = write_workbook(made, target, sheets=_wanted(sheets), responses=answers, signer=signer)
        if with_functions:
            _add_functions(target, run.config)
        write_unused(asides, common)
        if per_partner is not None:
            write_the_packs(card, per_partner, _wanted(sheets), signer, quiet=common.quiet)
    for line in account(card):
        print_note(line, quiet=common.quiet)
    _print(made, common.output)
    for line in headline(made):
        print_note(line, quiet=common.quiet)
    print_note(f"The workbook is {target}, its fingerprint {fingerprint}", quiet=common.quiet)


def _add_functions(target: Path, config: Config) -> None:
    """Put the functions into the workbook that was just written, with the bands of its settings."""
    from partnerkpi.carriers.lambdas.source import pack
    from partnerkpi.carriers.lambdas.splice import with_functions
    from partnerkpi.files import atomic_write

    atomic_write(target, with_functions(target.read_bytes(), pack(config.benchmarks)))


def _print(card: Scorecard, output: given.OutputFormat) -> None:
    """Print the page of the current period: all of it as JSON, the partners as CSV, the KPIs as a table."""
    from partnerkpi.cli.output import between, interval_of, number, print_csv, whole
    from partnerkpi.cli.table import print_table
    from partnerkpi.periods import period_words
    from partnerkpi.scorecard.plain import as_dict
    from partnerkpi.scorecard.review.page import review_as_dict

    page = as_dict(card)
    if output is given.OutputFormat.json:
        page |= review_as_dict(card)
        echo_json(page)
        return
    if output is given.OutputFormat.csv:
        rows = [{"group": {"partner": row["partner"]}, **row} for row in page["partners"]]
        total = {"group": {"partner": None}, **page["total"]}
        print_csv(
            [{key: row.get(key) for key in rows[0] if key != "partner"} for row in (total, *rows)] if rows else []
        )
        return
    total = page["total"]
    full = total["nps_interval_reading"] == "full count"
    shown = (
        ("Strategic Partner NPS", "nps", None if full else "nps", "nps", total["responses"]),
        ("Active advocates %", "active_share", None, "advocacy", total["partners"]),  # a full count: no interval
        ("Influence share %", "influence_share", "influence", "retention", total["customers"]),
    )
    previous = period_words(page["previous_period"]) if page["previous_period"] else "before"
    others = {
        "group": {},
        "period": None,
        "kpi": "  if these partners stand for others",
        "n": total["nps_clusters"],
        "value": total["nps"],
        "low": total["nps_clustered_low"],
        "high": total["nps_clustered_high"],
        "rating": "",
        "change": None,
        "word": "",
        "same_day": False,
    }
    rows = [
        {
            "group": {},
            "period": None,
            "kpi": name,
            "n": count,
            "value": total[value],
            "low": total.get(f"{bound}_low"),
            "high": total.get(f"{bound}_high"),
            "rating": total[f"{kpi}_rating"] or ("to date" if page["to_date"] and total[value] is not None else None),
            "change": total[f"{kpi}_change"],
            "word": total[f"{kpi}_change_word"] if total[f"{kpi}_change"] is not None else "",
            "same_day": kpi == "advocacy" and page["to_date"],
        }
        for name, value, bound, kpi, count in shown
    ]
    print_table(
        [rows[0], *([others] if others["low"] is not None else []), *rows[1:]],
        (
            (period_words(page["period"]), lambda row: row["kpi"]),
            ("Value", lambda row: number(row["value"])),
            (interval_of(card.confidence), lambda row: between(row["low"], row["high"])),
            ("Of", lambda row: whole(row["n"]) if row["n"] is not None else "–"),
            ("Rating", lambda row: row["rating"] if row["rating"] is not None else "no data"),
            (f"Since {previous}", lambda row: number(row["change"], sign=True)),
            ("Note", lambda row: f"{row['word']}, same day" if row["word"] and row["same_day"] else row["word"]),
        ),
    )


def _wanted(sheets: given.SheetChoice) -> Sheets:
    return "with-data" if sheets is given.SheetChoice.with_data else "all"


def signer_of(key: Path | None, config: Config) -> Signer | None:
    """Return who signs: the key that was named, or that of the settings; None for nobody."""
    import sys
    from getpass import getpass

    from partnerkpi.signing import read_signer

    named = config.settings.sign.key
    if key is None and named is not None:
        key = config.beside(named)
    return read_signer(key, getpass if sys.stdin.isatty() else None) if key is not None else None


def write_the_packs(card: Scorecard, folder: Path, sheets: Sheets, signer: Signer | None, *, quiet: bool) -> None:
    """Write one workbook for each partner into a folder."""
    import sys

    from partnerkpi.cli.output import print_note
    from partnerkpi.files import make_folder
    from partnerkpi.scorecard.packs import file_names
    from partnerkpi.workbook.packs import write_packs

    make_folder(folder)
    names = file_names([partner.name for partner in card.partners])
    packs = [(one, folder / name) for one, name in names.items()]
    written: Iterable[str] = write_packs(card, packs, sheets=sheets, signer=signer)
    if not quiet and sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import track

        title = "Writing one workbook a partner"
        written = track(written, title, total=len(names), console=Console(stderr=True))
    for _ in written:
        pass
    print_note(f"{len(names):,} workbooks, one a partner, are in {folder}", quiet=quiet)
