"""Who gets what: each workbook with the people that it may go to, and why it does not go to others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import FileProblem, UsageError
from partnerkpi.language import language
from partnerkpi.mail.compose import Attachment
from partnerkpi.mail.content import PageContent
from partnerkpi.mail.message import title_of
from partnerkpi.mail.recipients import Recipient
from partnerkpi.mail.workbook import digest, read_book, refuse_stale, refuse_unfit
from partnerkpi.scorecard.packs import file_names
from partnerkpi.vocabulary import same_name


@dataclass(frozen=True, slots=True)
class CheckedWorkbook:
    """A workbook that passed every check: its content as figures, and the hash and size of its bytes."""

    path: Path
    sha256: str
    size: int
    page: PageContent

    def file_name(self, code: str) -> str:
        """Return the name of the attachment in a language: Partner scorecard Q3 2026.xlsx."""
        texts = language(code)
        name = f"{title_of(self.page, texts)} {texts.period(self.page.period)}"
        return file_names([name])[name]

    def attachment(self) -> Attachment:
        """Return the workbook as it travels. FileProblem where it is no longer the one that was checked."""
        try:
            attachment = Attachment.of(self.path.read_bytes())
        except OSError as error:
            raise FileProblem(f"{self.path} cannot be read: {(error.strerror or str(error)).lower()}") from None
        if attachment.sha256 != self.sha256:
            raise FileProblem(f"{self.path} has changed since it was checked: run this again")
        return attachment


@dataclass(frozen=True, slots=True)
class Delivery:
    """One workbook for one person."""

    recipient: Recipient
    workbook: CheckedWorkbook


@dataclass(frozen=True, slots=True)
class Plan:
    """The deliveries of a run; `passed_over` counts the people of a table that no workbook is for."""

    deliveries: tuple[Delivery, ...]
    passed_over: tuple[tuple[Recipient, str], ...] = ()


def check_workbook(path: Path, max_megabytes: float, data: Iterable[Path] = ()) -> CheckedWorkbook:
    """Return a workbook ready to be sent. Raises FileProblem with the reason for which it must not be."""
    refuse_unfit(path, max_megabytes)
    before = digest(path)
    book = read_book(path)
    refuse_stale(path, book.digests, data, book.others)
    return CheckedWorkbook(path, before, path.stat().st_size, book.page)


def plan(
    workbooks: Sequence[CheckedWorkbook],
    named: Sequence[Recipient],
    listed: Sequence[Recipient],
    *,
    by_tier: bool = False,
) -> Plan:
    """Return who gets what. A pack goes to the people of its partner, a workbook with all partners to nobody's people.

    With `by_tier` people of no partner who have a tier get the packs of its partners: those who look after it.

    UsageError, and nothing may be sent, where somebody named by an option must not get a workbook, where a person
    would get two of one partner, or where nobody is left.
    """
    deliveries = []
    for one in workbooks:
        for recipient in named:
            reason = why_not(one.page, recipient, by_tier=by_tier)
            if reason is not None:
                raise UsageError(f"{one.path} is not for {recipient.mailbox.address}: {reason}. Nothing was sent")
            deliveries.append(Delivery(recipient, one))
        deliveries += [
            Delivery(recipient, one) for recipient in listed if why_not(one.page, recipient, by_tier=by_tier) is None
        ]
    deliveries = list({(d.recipient.mailbox.key, d.workbook.sha256): d for d in reversed(deliveries)}.values())[::-1]
    _refuse_two_of_one_partner(workbooks)
    reached = {id(delivery.recipient) for delivery in deliveries}
    over = tuple((one, _why(workbooks, one, by_tier=by_tier)) for one in listed if id(one) not in reached)
    if not deliveries:
        reason = f": {over[0][0].mailbox.address}: {over[0][1]}" if over else ""
        raise UsageError(f"nobody is left to write to{reason}. Nothing was sent")
    return Plan(tuple(deliveries), over)


def why_not(page: PageContent, recipient: Recipient, *, by_tier: bool = False) -> str | None:
    """Return why a page is not for a person, None if it is."""
    if page.partner is None:
        whose = recipient.partner or recipient.tier
        return f"it holds all partners, and this person belongs to {whose}" if whose is not None else None
    if recipient.partner is not None:
        if same_name(recipient.partner) == same_name(page.partner):
            return None
        return f"it holds {page.partner}, and this person belongs to {recipient.partner}"
    if recipient.tier is not None and not by_tier:
        return f"it holds {page.partner}, and this person has a tier and no partner: see --by-tier"
    if recipient.tier is not None:
        if page.tier is not None and same_name(recipient.tier) == same_name(page.tier):
            return None
        return f"it holds {page.partner} of tier {page.tier}, and this person looks after tier {recipient.tier}"
    return f"it holds {page.partner}, and this person is not known to belong there: say so with --partner or the table"


def _why(workbooks: Sequence[CheckedWorkbook], recipient: Recipient, *, by_tier: bool) -> str:
    if len(workbooks) == 1 or (recipient.tier is not None and not by_tier):
        return why_not(workbooks[0].page, recipient, by_tier=by_tier) or "an equal row comes first"
    whose = recipient.partner or (f"tier {recipient.tier}" if recipient.tier else None)
    return f"no workbook is for {whose}" if whose is not None else "no workbook holds all partners"


def _refuse_two_of_one_partner(workbooks: Sequence[CheckedWorkbook]) -> None:
    """Refuse two different workbooks of one partner and period: one of them is old."""
    seen: dict[tuple[str, str], CheckedWorkbook] = {}
    for one in workbooks:
        key = (same_name(one.page.partner), one.page.period)
        other = seen.setdefault(key, one)
        if other.sha256 != one.sha256:
            whose = one.page.partner or "all partners"
            raise UsageError(f"{other.path} and {one.path} are both of {whose} for {one.page.period}: name one of them")
