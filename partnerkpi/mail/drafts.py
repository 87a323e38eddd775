"""Drafts, to be looked at, changed and sent by hand: .eml files for any desktop mail program, or Outlook on Windows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from partnerkpi.config import Config
from partnerkpi.errors import FileProblem, UsageError
from partnerkpi.files import atomic_write, make_folder
from partnerkpi.leftovers import private_folder
from partnerkpi.mail.compose import Email, Renderer, compose
from partnerkpi.mail.plan import Delivery
from partnerkpi.mail.recipients import Mailbox
from partnerkpi.scorecard.packs import file_names


def emails(deliveries: Sequence[Delivery], config: Config, *, together: bool) -> list[tuple[Email, Delivery]]:
    """Return the drafts: one to all recipients together, or one to each."""
    renderer = Renderer(config)
    found = []
    for group in _groups(deliveries, together=together):
        workbook, code = group[0].workbook, group[0].recipient.language
        boxes = [delivery.recipient.mailbox for delivery in group]
        email = renderer.email(workbook.page, code, workbook.file_name(code), boxes)
        found.append((replace(email, draft=True), group[0]))  # no Reply-To: whoever sends a draft gets the answers
    return found


def _groups(deliveries: Sequence[Delivery], *, together: bool) -> list[Sequence[Delivery]]:
    if not together:
        return [(delivery,) for delivery in deliveries]
    kinds = {(delivery.workbook.sha256, delivery.recipient.language) for delivery in deliveries}
    if len(kinds) > 1:
        raise UsageError(
            "--draft: one .eml file is one message, and these people get different workbooks or languages: name a "
            "folder, and each gets a draft of its own"
        )
    return [deliveries]


def write_drafts(deliveries: Sequence[Delivery], config: Config, target: Path) -> list[Path]:
    """Write one draft to a file that ends in .eml, or one a person into a folder; return the files.

    Raises UsageError where one file would have to be several messages, FileProblem where it cannot be written.
    """
    together = target.suffix.lower() == ".eml"
    drafts = emails(deliveries, config, together=together)
    if together:
        paths = [target]
    else:
        make_folder(target)
        names = file_names([_label(email.to[0], delivery) for email, delivery in drafts])
        paths = [target / Path(name).with_suffix(".eml").name for name in names.values()]
    drafts_and_paths = zip(drafts, paths, strict=True)
    for workbook, group in groupby(drafts_and_paths, lambda pair: pair[0][1].workbook):
        attachment = workbook.attachment()
        for (email, _), path in group:
            atomic_write(path, compose(email, attachment), option="--draft")
    return paths


def _label(box: Mailbox, delivery: Delivery) -> str:
    return f"{box.address} {delivery.workbook.page.partner or ''}".strip()


def hand_to_outlook(
    deliveries: Sequence[Delivery], config: Config, dispatch: Callable[[], Any] | None = None, *, system: str = ""
) -> int:
    """Put a draft for each person into Outlook's drafts, show it where it is the only one; return how many.

    Raises UsageError on another system than Windows, FileProblem where Outlook does not answer.
    """
    if (system or sys.platform) != "win32":
        raise UsageError(
            "--outlook needs Windows with Outlook: here --draft OUT.eml writes a draft for any mail program"
        )
    drafts = emails(deliveries, config, together=False)
    try:
        outlook = (dispatch or _outlook)()
        with private_folder() as folder:
            for number, (email, delivery) in enumerate(drafts):
                copy = folder / str(number) / email.file_name  # Outlook shows the name of the file
                copy.parent.mkdir()
                copy.write_bytes(delivery.workbook.path.read_bytes())
                item = outlook.CreateItem(0)
                item.To = "; ".join(box.wire for box in email.to)
                item.Subject = email.subject
                item.HTMLBody = email.body.html
                item.Attachments.Add(str(copy))
                item.Save()
                if len(drafts) == 1:
                    item.Display()
    except Exception as error:
        if error.__class__.__name__ not in ("com_error", "ImportError", "ModuleNotFoundError"):
            raise
        raise FileProblem(
            "Outlook does not answer: start it, or use --draft OUT.eml (the new Outlook takes nothing from programs)"
        ) from None
    return len(drafts)


def _outlook() -> Any:
    from win32com.client import Dispatch  # type: ignore[import-untyped, import-not-found, unused-ignore]  # on Windows

    return Dispatch("Outlook.Application")
