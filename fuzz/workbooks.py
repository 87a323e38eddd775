"""Scorecards that are changed at random and verified: none may pass as right that shows something else.

What a changed file shows is told by another hand, openpyxl: cells, formats, colours, hidden rows and columns, names.
"""

from __future__ import annotations

import io
import random
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

import partnerkpi
from fuzz.changes import change
from partnerkpi.errors import PartnerKpiError
from partnerkpi.signing import Signer
from partnerkpi.verify import verify
from partnerkpi.workbook.build import write_workbook

_ROWS = [
    {"partner": partner, "respondent": f"r{number}", "date": day, "score": number * 7 % 11}
    for partner in ("Acme", "Bolt & Söhne")
    for number in range(12)
    for day in ("2026-03-30", "2026-06-29")
]
#: What changes nothing that anybody sees or that counts, and what may be another's to change.
_FREE = ("docProps/", "xl/calcChain.xml", "xl/printerSettings")


def scorecards() -> list[tuple[str, bytes]]:
    """Return a small scorecard, and the same signed and with its answers."""
    with tempfile.TemporaryDirectory() as folder:
        path, signed = Path(folder, "plain.xlsx"), Path(folder, "signed.xlsx")
        card = partnerkpi.build_scorecard(_ROWS, path)
        answers = [(str(row["partner"]), "2026-Q2", None, float(str(row["score"]))) for row in _ROWS]
        write_workbook(card, signed, responses=answers[1::2], signer=Signer(bytes(32)))
        return [(one.name, one.read_bytes()) for one in (path, signed)]


def changed_scorecard(content: bytes, draw: random.Random, others: list[tuple[str, bytes]]) -> bytes:
    """Return a scorecard changed at random; most changes are made inside its parts, where they are seen."""
    return change(content, draw, others)


def judge_of(original: bytes) -> Callable[[Path], str]:
    """Return what judges changes of a scorecard: "read" where it shows the same, "refused", or what went wrong."""
    shown = _shown(io.BytesIO(original))

    def judge(path: Path) -> str:
        try:
            report = verify(path)
        except PartnerKpiError as error:
            return "refused" if str(error).strip() and "\n" not in str(error).strip() else f"several lines: {error!r}"
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:120]}"
        if not report.sound:
            return "refused"
        if _parts(path.read_bytes()) == _parts(original):
            return "read"
        try:
            now = _shown(path)
        except Exception:  # noqa: BLE001 - a part that no reader takes shows nothing
            return "refused"
        return "read" if now == shown else "right, and it shows something else"

    return judge


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist() if not name.startswith(_FREE)}


def _as_computed(value: Any) -> str:
    """Return a cell's value or formula, of which capitals and line breaks mean nothing outside its texts."""
    if not isinstance(value, str) or not value.startswith("="):
        return repr(value)
    pieces = enumerate(value.split('"'))
    return '"'.join(piece if place % 2 else piece.lower().replace("\n", "") for place, piece in pieces)


def _shown(source: Any) -> dict[str, Any]:
    """Return what openpyxl sees of a workbook."""
    found: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for values in (False, True):
            book = openpyxl.load_workbook(source, data_only=values)
            found["names"] = sorted((name, str(one.attr_text)) for name, one in book.defined_names.items())
            for sheet in book.worksheets:
                found[f"{sheet.title} {values}"] = [
                    (
                        cell.coordinate,
                        _as_computed(cell.value),
                        cell.number_format,
                        str(cell.font.color and cell.font.color.rgb),
                    )
                    for row in sheet.iter_rows()
                    for cell in row
                    if cell.value is not None
                ]
                hidden = [row for row, about in sheet.row_dimensions.items() if about.hidden]
                found[f"{sheet.title} hidden"] = hidden, sheet.sheet_state, sorted(map(str, sheet.merged_cells.ranges))
    return found
