"""`partnerkpi survey`: the kit of a survey of partners' people."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from partnerkpi.cli import options as given
from partnerkpi.cli.plan import ImportLayout
from partnerkpi.cli.terminal import echo


class LanguageCode(StrEnum):
    """The languages of the kit."""

    en = "en"
    de = "de"
    fr = "fr"
    es = "es"


def survey(
    folder: Annotated[Path, given.argument("DIR", "The folder to write the kit to; made if it is not there.")],
    company: Annotated[
        str | None,
        given.option("--company NAME", "Who asks. Default: the name in [brand] of the settings, or [company]."),
    ] = None,
    languages: Annotated[
        list[LanguageCode] | None,
        given.option("--language", "A language of the kit. May be repeated. Default: all four."),
    ] = None,
    layout: Annotated[
        ImportLayout,
        given.option("--layout", "The tool that sends: its fields for name and link. Default: plain, to fill in."),
    ] = ImportLayout.plain,
    link: Annotated[
        str | None,
        given.option("--link URL", "Where the numbers lead; {score} in it stands for the number. Default: the tool's."),
    ] = None,
    config: given.Config = None,
    quiet: given.Quiet = False,
) -> None:
    """Write the kit of a survey: question, follow-ups, invitation, reminder, thanks, and the columns for the answers.

    In English, German, French and Spanish, as text and as HTML with the numbers from 0 to 10. Files that are there
    already are not overwritten.

    \b
    Example:
      partnerkpi survey kit --company "Acme Ltd" --layout qualtrics
    """
    from dataclasses import replace

    from partnerkpi.cli.output import print_note
    from partnerkpi.config import load
    from partnerkpi.errors import UsageError
    from partnerkpi.mail.survey import ANSWERS_FILE, FIELDS, Kit, write_kit

    brand = load(config).settings.brand
    fields = FIELDS[layout.value]
    if link is not None:
        if not link.startswith(("https://", "http://")) or any(letter.isspace() for letter in link):
            raise UsageError(f"--link {link!r} is no address: write it as https://survey.example.com/?score={{score}}")
        fields = replace(fields, link=link)
    kit = Kit(company or brand.name or "[company]", fields, brand)
    codes = [one.value for one in languages or LanguageCode]
    for path in write_kit(folder, kit, list(dict.fromkeys(codes))):
        echo(str(path))
    print_note(
        f"Answers come back in the columns of {ANSWERS_FILE}, then: partnerkpi nps FILE --by partner", quiet=quiet
    )
