"""What a workbook carries beside its sheets: the scorecard as plain data, and the fingerprint by which it is known.

The record is the whole scorecard, from which the workbook can be worked out again; the page is the current period for
other programs. The fingerprint is the SHA-256 of the record. It is no signature: who changes the record can write a
new one beside it. It proves something to a reader who has it from elsewhere, such as the mail that the workbook came
with.
"""

from __future__ import annotations

import dataclasses
import json
import zipfile
from pathlib import Path
from typing import Any

from partnerkpi.errors import DataProblem
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.plain import as_dict
from partnerkpi.scorecard.record import canonical, fingerprint, to_record
from partnerkpi.tables.guard import preflight
from partnerkpi.workbook.model.book import Provenance, WorkbookModel
from partnerkpi.workbook.model.values import clean_text
from partnerkpi.workbook.writer.custom_part import find_part


def provenance_of(card: Scorecard, model: WorkbookModel) -> Provenance:
    """Return what the workbook of a scorecard is to carry: nothing that none of its sheets shows."""
    record = canonical(to_record(_only_what_is_shown(card, model)))
    return Provenance(record, page_of(card), fingerprint(record))


def sign(model: WorkbookModel, card: Scorecard) -> None:
    """Give a finished workbook its record, its page and its fingerprint."""
    model.provenance = provenance_of(card, model)


def page_of(card: Scorecard) -> str:
    """Return the current period as other programs read it; `partner` is whose pack it is, null for the whole."""
    page = {"partner": card.partners[0].name if card.is_pack and card.partners else None, **as_dict(card)}
    for told, source in zip(page["provenance"], card.sources, strict=True):
        told["sources"] = list(source.names)
    return json.dumps(page, separators=(",", ":"), allow_nan=False)


def _only_what_is_shown(card: Scorecard, model: WorkbookModel) -> Scorecard:
    """Take the people out who answered unless a sheet names them: a file holds no person whom a reader cannot see."""
    if not card.to_call:
        return card
    shown = model.texts()
    answers = tuple(
        answer if answer.respondent is None or clean_text(answer.respondent) in shown
        else dataclasses.replace(answer, respondent=None)
        for answer in card.to_call
    )  # fmt: skip
    return dataclasses.replace(card, to_call=answers)


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
