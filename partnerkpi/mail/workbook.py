"""The page of a scorecard workbook that is to be sent: verified, and read from the record that it carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from partnerkpi.errors import DataProblem, FileProblem
from partnerkpi.mail.content import PageContent, from_scorecard
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.verify import recovered, verify


@dataclass(frozen=True, slots=True)
class BookContent:
    """What a workbook says: its page, and the SHA-256 of each file that it was made from, by name."""

    page: PageContent
    digests: Mapping[str, str]


def read_book(path: Path) -> BookContent:
    """Return what a scorecard workbook says in the period that is chosen in it, if `verify` finds nothing wrong.

    Raises FileProblem where the file cannot be read or is not as it was made, DataProblem where it is no scorecard.
    """
    report = verify(path)
    if report.findings:
        more = f", and {len(report.findings) - 1} more findings" if len(report.findings) > 1 else ""
        raise FileProblem(
            f"{path} is not sent: {report.findings[0].line}{more}. 'partnerkpi verify' shows all; build it again"
        )
    card = recovered(path)
    if card is None:
        raise DataProblem(f"{path} is no scorecard that can be read: build it again with 'partnerkpi scorecard'")
    return BookContent(from_scorecard(card), _digests(card))


def _digests(card: Scorecard) -> dict[str, str]:
    return {name: digest for source in card.sources for name, digest in source.digests.items()}
