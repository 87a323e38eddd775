"""Hand messages to Outlook on Windows: each becomes a draft that its user looks at and sends."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from partnerkpi.config import Config
from partnerkpi.errors import FileProblem, UsageError
from partnerkpi.mail.draft import letters
from partnerkpi.mail.plan import Delivery


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
    drafts = letters(deliveries, config, together=False)
    try:
        outlook = (dispatch or _outlook)()
        with tempfile.TemporaryDirectory(prefix="partnerkpi-") as folder:
            for number, (letter, delivery) in enumerate(drafts):
                copy = Path(folder) / str(number) / letter.file_name  # Outlook shows the name of the file
                copy.parent.mkdir()
                copy.write_bytes(delivery.parcel.path.read_bytes())
                item = outlook.CreateItem(0)
                item.To = "; ".join(box.wire for box in letter.to)
                item.Subject = letter.subject
                item.HTMLBody = letter.body.html
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
