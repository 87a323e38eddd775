"""What a workbook carries beside its sheets: the scorecard as plain data, and the fingerprint by which it is known.

The record is the whole scorecard, from which the workbook can be worked out again; the page is the current period for
other programs. The fingerprint is the SHA-256 of the record. It is no signature: who changes the record can write a
new one beside it. It proves something to a reader who has it from elsewhere, such as the mail that the workbook came
with. A signature proves who made the workbook: it is put over the fingerprint, and over the answers where they have a
sheet, so over everything that the workbook is made again from when it is verified.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.plain import as_dict
from partnerkpi.scorecard.record import canonical, fingerprint, to_record
from partnerkpi.signing import Signer
from partnerkpi.tables.guard import preflight
from partnerkpi.workbook.model.book import Provenance, WorkbookModel
from partnerkpi.workbook.model.brand import Logo
from partnerkpi.workbook.model.values import clean_text, serial
from partnerkpi.workbook.writer.custom_part import find_part

LOGO = "logo"  # what the record says beside the scorecard


def provenance_of(card: Scorecard, model: WorkbookModel, logo: Logo | None = None) -> Provenance:
    """Return what the workbook of a scorecard is to carry: nothing that none of its sheets shows.

    Of the logo the record has the SHA-256, by which the picture in the file is known.
    """
    facts = to_record(_only_what_is_shown(card, model))
    if logo is not None:
        facts[LOGO] = hashlib.sha256(logo.data).hexdigest()
    record = canonical(facts)
    return Provenance(record, page_of(card), fingerprint(record))


def sign(model: WorkbookModel, card: Scorecard, logo: Logo | None = None) -> None:
    """Give a finished workbook its record, its page and its fingerprint."""
    model.provenance = provenance_of(card, model, logo)


@dataclass(frozen=True)
class Signed:
    """What a signature says: when it was made, of which record, and of which answers where the file has them."""

    at: dt.datetime
    record: str
    answers: str | None

    @property
    def text(self) -> str:
        """Return the text that is signed."""
        lines = [f"partnerkpi scorecard, signed {self.at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"]
        lines.append(f"record SHA-256 {self.record}")
        if self.answers is not None:
            lines.append(f"answers SHA-256 {self.answers}")
        return "".join(f"{line}\n" for line in lines)


_SIGNED = re.compile(
    r"partnerkpi scorecard, signed (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\nrecord SHA-256 ([0-9a-f]{64})\n"
    r"(?:answers SHA-256 ([0-9a-f]{64})\n)?"
)


def read_signed(text: str) -> Signed | None:
    """Return what a text says that was signed; None where it is none of ours."""
    match = _SIGNED.fullmatch(text)
    try:
        return Signed(dt.datetime.fromisoformat(match[1]), match[2], match[3]) if match is not None else None
    except ValueError:
        return None


class Digest:
    """The SHA-256 of rows of answers, which are read once, while they are written."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows, self._hash = rows, hashlib.sha256()

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self._rows:
            plain = [clean_text(one) if isinstance(one, str) else one for one in row]
            plain = [int(serial(one)) if isinstance(one, dt.date) else one for one in plain]
            plain[-1] = float(plain[-1])
            self._hash.update(f"{json.dumps(plain)}\n".encode())
            yield row

    @property
    def text(self) -> str:
        """Return the digest of the rows that were taken."""
        return self._hash.hexdigest()


def let_sign(model: WorkbookModel, signer: Signer, sheet: str) -> None:
    """Let a workbook be signed when it is written; `sheet` is that of the answers."""
    rows = model.rows.get(sheet)
    digest = Digest(rows.rows) if rows is not None else None
    if rows is not None and digest is not None:
        model.rows[sheet] = dataclasses.replace(rows, rows=digest)

    def sign(provenance: Provenance) -> Provenance:
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        statement = Signed(now, provenance.actual, digest.text if digest is not None else None).text
        return dataclasses.replace(provenance, signed=statement, signature=signer.sign(statement.encode()))

    model.sign = sign


def page_of(card: Scorecard) -> str:
    """Return the current period as other programs read it; `partner` is whose pack it is, null for the whole."""
    page = {"partner": card.partners[0].name if card.is_pack and card.partners else None, **as_dict(card)}
    for told, source in zip(page["provenance"], card.sources, strict=True):
        told["sources"] = list(source.names)
    return json.dumps(page, separators=(",", ":"), allow_nan=False)


def _only_what_is_shown(card: Scorecard, model: WorkbookModel) -> Scorecard:
    """Take the people out who answered unless a sheet names them: a file holds no person whom a reader cannot see."""
    if not card.to_call and not card.carried:
        return card
    shown = model.texts()
    answers = tuple(
        answer if answer.respondent is None or clean_text(answer.respondent) in shown
        else dataclasses.replace(answer, respondent=None)
        for answer in card.to_call
    )  # fmt: skip
    carried = card.carried and tuple(
        one if one.who is None or clean_text(one.who) in shown else dataclasses.replace(one, who=None)
        for one in card.carried
    )
    return dataclasses.replace(card, to_call=answers, carried=carried)


def read_page(path: Path) -> dict[str, Any]:
    """Return the page that a workbook carries: what `scorecard --format json` printed, and `partner`.

    `partner` is whose pack it is, None for the workbook of all. FileProblem for a file that must not be opened,
    DataProblem for a workbook without a page, such as one that another program saved again.
    """
    preflight(path)
    with zipfile.ZipFile(path) as archive:
        found = find_part({name: archive.read(name) for name in archive.namelist() if name.startswith("customXml/")})
    missing = f"{path} carries no page: it was not made by partnerkpi, or another program saved it again"
    if found is None:
        raise DataProblem(f"{missing}; build it once more with 'partnerkpi scorecard'")
    try:
        page = json.loads(found.page)
    except ValueError:
        page = None
    if not isinstance(page, dict):
        raise DataProblem(f"{missing}; build it once more with 'partnerkpi scorecard'")
    return page
