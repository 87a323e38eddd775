"""LibreOffice Calc with the add-in in a profile of its own: installed by unopkg, asked without a window.

`expected` says what a call of `calls` must give there: what `partnerkpi.udfs` answers to what Calc hands over, which is
rougher than what Excel does, in the four ways that `way` tells apart.
"""

from __future__ import annotations

import os
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from calls import Argument, Call, Cell, answer, error, same
from calls_sheet import ANSWERS, Placed
from office import SECONDS, need

from partnerkpi.udfs import FUNCTIONS

PREFIX = "ORG.PARTNERKPI.ADDIN.PARTNERKPI."  # what Calc writes before the name of a method into a file
_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
_ERRORS = {"#N/A": "NA()", "#DIV/0!": "1/0", "#REF!": "#REF!"}


def install(add_in: Path, profile: Path) -> None:
    """Install an add-in into a profile, which is made, as its user would."""
    profile.mkdir(parents=True)
    _run([need("unopkg"), "add", str(add_in)], profile)


def calculate(profile: Path, sheet: str) -> dict[tuple[int, int], Cell]:
    """Return (row, column) -> value of the cells of a sheet of flat ODF, as Calc with this profile calculates it."""
    given, calculated = profile / "given.fods", profile / "calculated"
    given.write_text(sheet, encoding="utf-8")
    options = ["--headless", "--norestore", "--convert-to", "fods", "--outdir", str(calculated), str(given)]
    _run([need("soffice"), *options], profile)
    return dict(_read(calculated / given.name))


def _run(command: list[str], profile: Path) -> None:
    """Run a program of LibreOffice with the profile, and nothing of ours: no PYTHONPATH, no home of the user."""
    options: dict[str, Any] = {}
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # for whom unopkg installs nothing
        import pwd

        nobody = pwd.getpwnam("nobody")
        options = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(profile, nobody.pw_uid, nobody.pw_gid)
        for folder in profile.parents:
            if not folder.stat().st_mode & 0o001:
                folder.chmod(folder.stat().st_mode | 0o001)
    program, *rest = command
    done = subprocess.run(
        [program, *rest[:1], f"-env:UserInstallation={profile.as_uri()}", *rest[1:]],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(profile), "LC_ALL": "C.UTF-8"},
        cwd=profile,
        **options,
    )
    assert done.returncode == 0, f"{done.stdout} {done.stderr}"


def sheet(cells: dict[tuple[int, int], str]) -> str:
    """Return a sheet as flat ODF from the XML of its cells by (row, column)."""
    lines, last = [], 0
    for row, places in groupby(sorted(cells), key=lambda place: place[0]):
        if row > last + 1:
            repeated = f'table:number-rows-repeated="{row - last - 1}"'
            lines.append(f"<table:table-row {repeated}><table:table-cell/></table:table-row>")
        line, before = [], 0
        for _, column in places:
            if column > before + 1:
                line.append(f'<table:table-cell table:number-columns-repeated="{column - before - 1}"/>')
            line.append(cells[row, column])
            before = column
        lines.append(f"<table:table-row>{''.join(line)}</table:table-row>")
        last = row
    names = " ".join(f'xmlns:{name}="{address}"' for name, address in _NAMES.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {names} '
        'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet>'
        f'<table:table table:name="Calls">{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document>"
    )


def expected(call: Call) -> Call:
    """Return the call with the answer that Calc must give."""
    stopped = _stopped(call)
    reached = handed_over(call) if stopped is None else None
    return replace(call, answer=stopped if reached is None else reached.answer)


def way(call: Call, expected: Call) -> str:
    """Return in which way the answer of Calc is another than that of Excel, if it is."""
    if same(call.answer, expected.answer):
        return "as in Excel"
    if expected.answer in (error("Err:504"), error("Err:502")):
        return str(expected.answer["error"])
    if _stopped(call) is not None:
        return "a single error is the answer"
    assert any(isinstance(cell, bool) for argument in call.arguments for cell in _cells(argument)), str(call)
    return "TRUE is 1"


def handed_over(call: Call) -> Call | None:
    """Return the call with its arguments as Calc hands them over and its answer there; None where Calc stops before.

    TRUE is 1, a blank of a range is "", a single one is 0. Where 0 and a blank have two answers, it is Err:502.
    """
    if _stopped(call) is not None:
        return None
    given = [_handed_over(argument) for argument in call.arguments]
    zeros = [place for place, one in enumerate(given) if isinstance(one, float) and one == 0]
    answers = [
        answer(call.function, [[[None]] if place in blanks else one for place, one in enumerate(given)])
        for size in range(len(zeros) + 1)
        for blanks in combinations(zeros, size)
    ]
    alike = all(same(answers[0], other) for other in answers)
    return replace(call, arguments=tuple(given), answer=answers[0] if alike else error("Err:502"))


def _handed_over(argument: Argument) -> Argument:
    if argument is None:
        return None
    rows = argument if isinstance(argument, list) else [[argument]]
    plain = [[float(cell) if isinstance(cell, (bool, int, float)) else cell for cell in row] for row in rows]
    if len(plain) == len(plain[0]) == 1:
        return 0.0 if plain[0][0] is None else plain[0][0]
    return [["" if cell is None else cell for cell in row] for row in plain]


def _stopped(call: Call) -> Cell:
    """Return the error that Calc answers itself: that of a single argument, Err:504 for one in a range."""
    for argument in call.arguments:
        for cell in _cells(argument):
            if isinstance(cell, dict):
                return cell if len(_cells(argument)) == 1 else error("Err:504")
    return None


def _cells(argument: Argument) -> list[Cell]:
    return [cell for row in argument for cell in row] if isinstance(argument, list) else [argument]


def cells_of(calls: Iterable[Placed]) -> dict[tuple[int, int], str]:
    """Return the cells of the calls, with their formulas; those of functions that give tables as matrices."""
    found = {}
    for one in calls:
        found.update({place: cell(value) for place, value in one.cells.items() if value is not None})
        name = PREFIX + one.call.function.replace("_", "")
        size = (one.height, one.width) if FUNCTIONS[one.call.function].table else None
        text = one.formula(literal, reference=reference, between=";")
        found[one.row, ANSWERS] = formula(f"{name}({text})", size)
    return found


def cell(value: Cell) -> str:
    """Return a cell that holds a value."""
    if isinstance(value, dict):
        return formula(_ERRORS[value["error"]])
    if isinstance(value, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
    if isinstance(value, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
    if not value.strip():  # white space in a paragraph comes to nothing, so a formula gives it
        return formula(literal(value))
    text = escape(value).replace(" ", "<text:s/>")
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def formula(text: str, size: tuple[int, int] | None = None) -> str:
    """Return a cell that holds a formula, or a matrix of so many rows and columns."""
    spanned = ""
    if size is not None:
        spanned = f' table:number-matrix-rows-spanned="{size[0]}" table:number-matrix-columns-spanned="{size[1]}"'
    return f"<table:table-cell{spanned} table:formula={quoteattr(f'of:={text}')}/>"


def literal(value: Cell) -> str:
    """Return a value as it stands in a formula."""
    if isinstance(value, dict):
        return _ERRORS[value["error"]]
    if isinstance(value, bool):
        return f"{str(value).upper()}()"
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else repr(value)


def reference(range_: str) -> str:
    """Return a reference as a file of Calc has it: A1:B2 is [.A1:.B2]."""
    return "[" + ":".join(f".{one}" for one in range_.split(":")) + "]"


def answers(one: Placed, values: dict[tuple[int, int], Cell]) -> Cell | list[list[Cell]]:
    """Return what Calc answered to a call, in the shape of the expected answer; an empty text of a table is a blank."""
    if not isinstance(one.call.answer, list):
        return values.get((one.row, ANSWERS))
    return [
        [values.get((one.row + down, ANSWERS + right), "") for right in range(one.width)] for down in range(one.height)
    ]


def _read(path: Path) -> Iterator[tuple[tuple[int, int], Cell]]:
    row = 0
    for element in _in_order(path, "table", "table-row"):
        repeated = int(element.get(_name("table", "number-rows-repeated"), "1"))
        column = 0
        for one in element:
            if one.tag not in (_name("table", "table-cell"), _name("table", "covered-table-cell")):
                continue
            width = int(one.get(_name("table", "number-columns-repeated"), "1"))
            kind = one.get(_name("office", "value-type"))
            if kind is not None and width * repeated < 10_000:
                value = _value(one, kind)
                for down in range(repeated):
                    for right in range(width):
                        yield (row + down + 1, column + right + 1), value
            column += width
        row += repeated


def _value(element: ET.Element, kind: str) -> Cell:
    text = "\n".join(_text(one) for one in element.iterfind(_name("text", "p")))
    if element.get(_name("calcext", "value-type")) == "error":
        return {"error": text}
    if kind == "boolean":
        return element.get(_name("office", "boolean-value")) == "true"
    if kind == "string":
        return text
    return float(element.get(_name("office", "value"), "nan"))


def _text(paragraph: ET.Element) -> str:
    parts = [paragraph.text or ""]
    for one in paragraph:
        parts += [" " * int(one.get(_name("text", "c"), "1")) if one.tag == _name("text", "s") else "", one.tail or ""]
    return "".join(parts)


def _in_order(path: Path, space: str, name: str) -> Sequence[ET.Element]:
    return list(ET.parse(path).iter(_name(space, name)))  # noqa: S314 - written by LibreOffice just now


def _name(space: str, name: str) -> str:
    return f"{{{_NAMES[space]}}}{name}"
