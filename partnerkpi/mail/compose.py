"""A message as bytes: plain text, HTML and the workbook, with headers that nobody can add to."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime

from partnerkpi.mail.address import Mailbox
from partnerkpi.mail.render import Rendered

#: What is put in only when the message is bytes: EmailMessage folds a long type in the middle of its name, and a
#: subject into an encoded word with nothing in it, and some programs show both as they stand.
_XLSX = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ANY_TYPE = "octet-stream"
_NO_SUBJECT = "partnerkpi-subject"
_STAND_IN = b"partnerkpi: the workbook goes here"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A workbook in the form in which it travels: encoded once, however many people get it."""

    sha256: str
    encoded: bytes

    @classmethod
    def of(cls, content: bytes) -> Attachment:
        """Return the attachment of a workbook's bytes."""
        lines = base64.encodebytes(content).replace(b"\n", b"\r\n")
        return cls(hashlib.sha256(content).hexdigest(), lines)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message without its attachment's bytes. A draft has no sender, date and Message-ID: who sends it gives them."""

    to: Sequence[Mailbox]
    subject: str
    body: Rendered
    lang: str
    file_name: str
    sender: Mailbox | None = None
    reply_to: Mailbox | None = None
    message_id: str | None = None
    date: datetime | None = None
    draft: bool = False


def message_id(sender: Mailbox, recipient: Mailbox, sha256: str, period: str, again: int) -> str:
    """Return the Message-ID of a delivery: the same whenever it is tried again, another one when it is sent anew."""
    key = "\n".join((recipient.key, sha256, period, str(again)))
    domain = sender.wire.rpartition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def compose(letter: Letter, attachment: Attachment) -> bytes:
    """Return the message with CRLF line ends: text and HTML as alternatives, the workbook after them."""
    message = EmailMessage(policy=policy.SMTPUTF8 if _needs_utf8(letter) else policy.SMTP)
    message.set_content(letter.body.text, cte="quoted-printable")
    message.add_alternative(letter.body.html, subtype="html", cte="quoted-printable")
    message.add_attachment(
        _STAND_IN,
        maintype="application",
        subtype=_ANY_TYPE,
        filename=letter.file_name,
    )
    stand_in = base64.encodebytes(_STAND_IN).strip()
    _put_headers(message, letter)
    subject = Header(letter.subject, "us-ascii" if letter.subject.isascii() else "utf-8", header_name="Subject")
    message["Subject"] = _NO_SUBJECT
    content = message.as_bytes().replace(_NO_SUBJECT.encode(), subject.encode(linesep="\r\n").encode(), 1)
    before, _, after = content.rpartition(stand_in)  # the attachment is the last part
    above, _, below = before.rpartition(f"application/{_ANY_TYPE}".encode())
    before = above + _XLSX + below
    return before + attachment.encoded.rstrip(b"\r\n") + after


def _needs_utf8(letter: Letter) -> bool:
    return any(box.plain is None for box in (*letter.to, letter.sender, letter.reply_to) if box is not None)


def _put_headers(message: EmailMessage, letter: Letter) -> None:
    if letter.draft:
        message["X-Unsent"] = "1"  # Outlook opens it to be edited; others open it as a message to be sent anew
    if letter.sender is not None:
        message["From"] = letter.sender.header()
    message["To"] = tuple(box.header() for box in letter.to)
    if letter.reply_to is not None:
        message["Reply-To"] = letter.reply_to.header()
    message["Content-Language"] = letter.lang
    if not letter.draft:
        message["Date"] = format_datetime(letter.date or datetime.now(UTC))
        message["Message-ID"] = letter.message_id
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: asks holiday notes not to answer
