"""A message as text and HTML, by the templates `mail.txt.j2` and `mail.html.j2` or those of the user; and as bytes.

In the bytes the workbook comes after them, under headers that nobody can add to.
"""

from __future__ import annotations

import base64
import hashlib
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from partnerkpi.config import Config
from partnerkpi.dataclass import dataclass
from partnerkpi.demo.templates import template_files
from partnerkpi.errors import ConfigError
from partnerkpi.mail.content import PageContent
from partnerkpi.mail.message import Message, message_of
from partnerkpi.mail.recipients import Mailbox
from partnerkpi.mail.template import environment, filled, within_limits
from partnerkpi.workbook.page import USUAL_FOOTER

if TYPE_CHECKING:
    from jinja2 import Template

    from partnerkpi.settings import Brand

HTML, TEXT = "mail.html.j2", "mail.txt.j2"
_WIDTH = 72

#: What is put in only when the message is bytes: EmailMessage folds a long type in the middle of its name, and a
#: subject into an encoded word with nothing in it, and some programs show both as they stand.
_XLSX = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ANY_TYPE = "octet-stream"
_NO_SUBJECT = "partnerkpi-subject"
_STAND_IN = b"partnerkpi: the workbook goes here"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message, ready to be read."""

    text: str
    html: str


class Renderer:
    """The two templates of one run. ConfigError for a template of the user's own that cannot be read or filled in."""

    def __init__(self, config: Config) -> None:
        self._brand: Brand = config.settings.brand
        own = config.settings.mail.template
        self._html = self._load(config.beside(own) if own is not None else None, HTML)
        self._text = self._load(_text_beside(config, own), TEXT)

    def render(self, message: Message, recipient: str | None = None) -> Rendered:
        """Return a message as text and HTML; `recipient` is whom the greeting names."""
        brand = _plain(self._brand)
        if self._brand.footer == USUAL_FOOTER:
            brand |= {"footer": message.texts.translate(USUAL_FOOTER)}
        filling = {"message": message, "recipient": recipient or "", "brand": brand}
        return Rendered(filled(self._text, filling), filled(self._html, filling))

    def email(self, page: PageContent, code: str, file_name: str, to: Sequence[Mailbox]) -> Email:
        """Return the message about a page in a language, which greets by name the one person that it goes to."""
        words = message_of(page, code, file_name)
        body = self.render(words, to[0].name if len(to) == 1 else None)
        return Email(to, words.subject, body, code, file_name)

    def _load(self, own: Path | None, name: str) -> Template:
        maker = environment(html=name == HTML)
        maker.filters["fold"] = fold
        try:
            if own is not None:
                source = own.read_text(encoding="utf-8")
            else:
                source = next(file for file in template_files() if file.name == name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ConfigError(
                f"the mail template {own} cannot be read ({reason.lower()}): see [mail] template"
            ) from None
        template = within_limits(lambda: maker.from_string(source), str(own or name), "be read")
        template.filename = str(own or name)
        return template


def _text_beside(config: Config, own: str | None) -> Path | None:
    """Return the user's text template, which stands beside the HTML one; None where there is none."""
    if own is None:
        return None
    path = config.beside(own)
    text = path.with_name(path.name.replace(".html", ".txt"))
    return text if text != path and text.is_file() else None


def _plain(brand: Brand) -> dict[str, str]:
    return {
        "name": brand.name or "",
        "accent": brand.accent.removeprefix("#"),
        "ink": brand.ink.removeprefix("#"),
        "font": brand.font,
        "footer": brand.footer,
    }


def fold(text: str, indent: str = "", first: str | None = None) -> str:
    """Return a text in lines of at most 72 characters, indented; words and figures with their units stay whole."""
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


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
class Email:
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


def compose(email: Email, attachment: Attachment) -> bytes:
    """Return the message with CRLF line ends: text and HTML as alternatives, the workbook after them."""
    message = EmailMessage(policy=policy.SMTPUTF8 if _needs_utf8(email) else policy.SMTP)
    message.set_content(email.body.text, cte="quoted-printable")
    message.add_alternative(email.body.html, subtype="html", cte="quoted-printable")
    message.add_attachment(
        _STAND_IN,
        maintype="application",
        subtype=_ANY_TYPE,
        filename=email.file_name,
    )
    stand_in = base64.encodebytes(_STAND_IN).strip()
    _put_headers(message, email)
    subject = Header(email.subject, "us-ascii" if email.subject.isascii() else "utf-8", header_name="Subject")
    message["Subject"] = _NO_SUBJECT
    content = message.as_bytes().replace(_NO_SUBJECT.encode(), subject.encode(linesep="\r\n").encode(), 1)
    before, _, after = content.rpartition(stand_in)  # the attachment is the last part
    above, _, below = before.rpartition(f"application/{_ANY_TYPE}".encode())
    before = above + _XLSX + below
    return before + attachment.encoded.rstrip(b"\r\n") + after


def _needs_utf8(email: Email) -> bool:
    return any(box.plain is None for box in (*email.to, email.sender, email.reply_to) if box is not None)


def _put_headers(message: EmailMessage, email: Email) -> None:
    if email.draft:
        message["X-Unsent"] = "1"  # Outlook opens it to be edited; others open it as a message to be sent anew
    if email.sender is not None:
        message["From"] = email.sender.header()
    message["To"] = tuple(box.header() for box in email.to)
    if email.reply_to is not None:
        message["Reply-To"] = email.reply_to.header()
    message["Content-Language"] = email.lang
    if not email.draft:
        message["Date"] = format_datetime(email.date or datetime.now(UTC))
        message["Message-ID"] = email.message_id
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: asks holiday notes not to answer
