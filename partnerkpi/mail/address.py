"""Addresses: checked, in one spelling, and harmless in a header."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.headerregistry import Address

from partnerkpi.errors import UsageError
from partnerkpi.mail.phrases import one_line


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address and whose it is.

    `address` is as people write it, its domain in small letters; `plain` is the same in ASCII (the domain of
    ana@straße.de as xn--strae-oqa.de), None where the part before the @ has other letters: such an address needs a
    server that knows SMTPUTF8.
    """

    address: str
    plain: str | None
    name: str | None = None

    @property
    def wire(self) -> str:
        """Return the address as it goes over the line."""
        return self.plain or self.address

    @property
    def key(self) -> str:
        """Return what two spellings of one mailbox share: no server in use tells Ana@ from ana@."""
        return self.address.lower()

    @property
    def domain(self) -> str:
        """Return what stands after the @."""
        return self.address.rpartition("@")[2]

    def header(self) -> Address:
        """Return the address as a header takes it."""
        local, _, domain = self.wire.rpartition("@")
        return Address(self.name or "", local, domain)

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


def mailbox(text: str, place: str, name: str | None = None) -> Mailbox:
    """Return the mailbox that a text names: ana@example.com, or Ana Ruiz <ana@example.com>.

    `place` says where the text stands. UsageError for what is no address of one person: two addresses, a line break, a
    missing dot, characters that no server takes.
    """
    from email_validator import EmailNotValidError, validate_email

    shown = text if len(text) <= 80 else f"{text[:79]}…"
    try:
        found = validate_email(
            text.strip(" \t"),
            check_deliverability=False,
            allow_display_name=True,
            globally_deliverable=False,
            strict=True,
        )
    except EmailNotValidError as error:
        raise UsageError(f"{place}: {shown!r} is no address that can be written to: {error}") from None
    if "." not in (found.ascii_domain or ""):
        raise UsageError(f"{place}: {shown!r} is no address that can be written to: its domain has no dot")
    whose = one_line(name or found.display_name or "")
    return Mailbox(found.normalized, found.ascii_email, whose or None)


def refuse_other_domains(mailboxes: Iterable[tuple[Mailbox, str]], allowed: Iterable[str]) -> None:
    """Raise UsageError where a mailbox, given with its place, is outside the allowed domains; no list allows all.

    A domain does not allow those below it: example.com is not mail.example.com.
    """
    domains = {_comparable(domain) for domain in allowed}
    if not domains:
        return
    outside = [(box, place) for box, place in mailboxes if _comparable(box.domain) not in domains]
    if outside:
        first, place = outside[0]
        more = f" and {len(outside) - 1} more" if len(outside) > 1 else ""
        raise UsageError(
            f"{place}: {first.address}{more} may not be written to: [mail] domains allows only "
            f"{', '.join(sorted(domains))}. Nothing was sent"
        )


def _comparable(domain: str) -> str:
    """Return a domain in ASCII and small letters, whichever way it was given; ß is not ss."""
    import idna

    text = domain.strip().lstrip("@")
    try:
        return idna.encode(text, uts46=True).decode("ascii")
    except idna.IDNAError:
        return text.lower()
