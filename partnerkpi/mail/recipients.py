"""Who gets mail: people named by options, or listed in a table with address, name, partner or tier, and language.

Addresses are checked, in one spelling, and harmless in a header.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from email.headerregistry import Address
from typing import TYPE_CHECKING

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.language import LANGUAGES
from partnerkpi.mail.odd import why_odd
from partnerkpi.mail.words import one_line
from partnerkpi.tables.identity import is_no_partner
from partnerkpi.tables.names import Merged
from partnerkpi.tables.read import read_table
from partnerkpi.tables.sql import ROW
from partnerkpi.tables.values import as_text
from partnerkpi.vocabulary import same_name

if TYPE_CHECKING:
    from partnerkpi.tables.workspace import Workspace

#: The columns of a table of recipients, by what they may be called.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "address": (
        *("address", "email", "e-mail", "mail", "email address", "e-mail address", "mail address", "recipient", "to"),
        *("adresse", "e-mail-adresse", "mailadresse", "courriel", "adresse e-mail", "correo", "correo electrónico"),
    ),
    "name": ("name", "contact", "contact name", "full name", "person", "ansprechpartner", "nom", "nombre", "contacto"),
    "partner": ("partner", "partner name", "account", "account name", "partenaire", "socio"),
    "tier": ("tier", "level", "partner tier", "partner level", "stufe", "niveau", "nivel"),
    "language": ("language", "lang", "sprache", "langue", "idioma"),
}
_LANGUAGE_NAMES = {
    **{code: code for code in LANGUAGES},
    **{"english": "en", "englisch": "en", "anglais": "en", "inglés": "en"},
    **{"german": "de", "deutsch": "de", "allemand": "de", "alemán": "de"},
    **{"french": "fr", "französisch": "fr", "français": "fr", "francés": "fr"},
    **{"spanish": "es", "spanisch": "es", "espagnol": "es", "español": "es"},
}


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
    if why := why_odd(found.normalized):
        raise UsageError(f"{place}: {shown!r} is no address that can be written to: {why}")
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


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person: where to write, in which language, and the partner (or tier) that the person belongs to."""

    mailbox: Mailbox
    language: str
    partner: str | None = None
    tier: str | None = None
    place: str = "--to"


@dataclass(frozen=True, slots=True)
class People:
    """The recipients of a run, and the rows of their table that were not used, by reason."""

    recipients: tuple[Recipient, ...]
    rows_read: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)


def from_options(
    addresses: Iterable[str], partner: str | None, language: str, merged: Mapping[str, str]
) -> list[Recipient]:
    """Return the people named by --to, each once; UsageError for what is no address, or no partner.

    `merged` says which spellings of partners are another one's, as in tables.
    """
    partner = _partner(partner, "--partner", Merged(merged)) if partner is not None else None
    found = [Recipient(mailbox(text, "--to"), language, partner) for text in addresses]
    return list({one.mailbox.key: one for one in reversed(found)}.values())[::-1]


def from_table(workspace: Workspace, source: str, language: str) -> People:
    """Return the people of a table; a row's own language wins over `language`.

    A row without an address, or one that repeats another, is set aside and counted. UsageError for an address, a
    partner or a language that is none, with its row; DataProblem where no column holds addresses.
    """
    merged = Merged(workspace.partner_names)
    table = read_table(workspace, [source])
    columns = _recognised(table.columns, table.label)
    names = table.numbered.columns
    positions = {name: names.index(column) for name, column in columns.items()}
    set_aside: Counter[str] = Counter()
    found: dict[tuple[str, ...], Recipient] = {}
    rows = table.numbered.all()
    for row in rows:
        cells = {name: " ".join((as_text(row[place]) or "").split()) for name, place in positions.items()}
        raw = str(row[positions["address"]] or "").strip()
        where = f"{table.label}, row {row[names.index(ROW)]}"
        if not raw:
            set_aside["blank address"] += 1
            continue
        one = _recipient(raw, cells, where, language, merged)
        key = (one.mailbox.key, same_name(one.partner), same_name(one.tier))
        if key in found:
            set_aside["listed twice"] += 1
        found.setdefault(key, one)
    return People(tuple(found.values()), len(rows), dict(set_aside))


def _recipient(raw: str, cells: Mapping[str, str], where: str, language: str, merged: Merged) -> Recipient:
    partner = _partner(cells["partner"], where, merged) if cells.get("partner") else None
    # A table has partners or tiers. Where it has both, a gap in the partner column must not open a whole tier.
    tier = cells.get("tier") or None if "partner" not in cells else None
    return Recipient(
        mailbox(raw, where, cells.get("name")),
        language_of(cells.get("language"), where, language),
        partner,
        tier,
        where,
    )


def _partner(text: str, where: str, merged: Merged) -> str:
    """Return the partner that a text counts as; UsageError for what stands for none, or for one that is not known."""
    name = merged.canonical(text)
    if is_no_partner(name):
        raise UsageError(
            f"{where}: {text!r} names no partner: write whose person this is, or leave it blank for somebody who may "
            "see all partners"
        )
    return name


def language_of(text: str | None, where: str, default: str) -> str:
    """Return the code of the language that a text names; UsageError, which says where it stands, for none of ours."""
    if not text:
        return default
    code = _LANGUAGE_NAMES.get(text.casefold()) or _LANGUAGE_NAMES.get(text.casefold().replace("_", "-").split("-")[0])
    if code is None:
        raise UsageError(
            f"{where}: there is no language {text!r}: write one of {', '.join(LANGUAGES)}, or leave it blank"
        )
    return code


def _recognised(names: Sequence[str], label: str) -> dict[str, str]:
    """Return the column of each role. DataProblem without addresses; UsageError where two columns fit equally."""
    found: dict[str, str] = {}
    for role, words in COLUMNS.items():
        fits = [name for name in names if " ".join(name.casefold().replace("_", " ").split()) in words]
        if len(fits) > 1:
            both = " and ".join(map(repr, fits))
            raise UsageError(f"{label}: {both} could both be the {role}: rename one of them")
        if fits:
            found[role] = fits[0]
    if "address" not in found:
        raise DataProblem(
            f"{label}: no column holds addresses; call one 'address'. Columns are: {', '.join(map(repr, names))}"
        )
    return found
