"""Texts that a spreadsheet program would run if it found them at the beginning of a cell, and who looks for those."""

from __future__ import annotations

import csv
import io
import random
import re
from pathlib import Path

from office import convert_text

#: What is run: formulas in every first sign, calls of programs, addresses that are fetched.
_PAYLOADS = (
    *("=1+41", "+1+41", "-1+41", "@SUM(40;2)", "=SUM(40,2)", "=cmd|'/c calc'!A0", "=cmd|' /c calc'!A0", "-2+3"),
    *('=HYPERLINK("http://evil.example","x")', '=WEBSERVICE("http://evil.example")', "+A1", "-A1", "@A1"),
    *("＝1+41", "＋1+41", "－1+41", "＠SUM(1)", "=-1", "--1", "+-1", '=DDE("a";"b";"c")', "==1", '=A1&"', "=1+41&'"),
)
#: What may stand before it in the same text: separators, quotation marks, line ends, blanks, what is dropped.
_BEFORE = (
    *(
        "",
        "",
        ",",
        ";",
        "\t",
        "|",
        "\n",
        "\r",
        "\r\n",
        '"',
        '""',
        "'",
        '";',
        '";"',
        '",',
        '"\n',
        ";'",
        ';"',
        "; ",
        ",\t",
    ),
    *("\x0b", "\x0c", "\u2028", "\x85", "\xa0", "\ufeff", "\u200b", " ", "  ", ";;", ";\x01", "|\x00", ";\u200b"),
)
_SIGNS = "=+-@＝＋－＠"
_NUMBER = re.compile(r"[+-]?[0-9.,]+(?:[eE][+-]?[0-9]+)?")


def injected(count: int, seed: int = 17, *, quotes: bool = True) -> list[str]:
    """Return so many different texts of that kind, each of which a partner could be called.

    Without `quotes` none holds a quotation mark: where those do not come in pairs, a reader takes all that follows for
    one cell, and formulas in it go unseen.
    """
    draw = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        pieces = [draw.choice(("", f"Acme {len(found)}", "Zet", "x y"))]
        for _ in range(draw.choice((1, 1, 2))):
            pieces += [draw.choice(_BEFORE), draw.choice(_PAYLOADS), draw.choice(("", ";", ",", "\t", "\n", "|", '"'))]
        text = "".join([*pieces, draw.choice(("", str(len(found))))])
        if quotes or '"' not in text:
            found[text] = None
    return list(found)


def cells_that_run(text: str) -> list[str]:
    """Return the cells of a CSV text that would be formulas in the strictest reading: any separator, quoted or not."""
    found = []
    for sign in ",;\t|":
        quoted = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign) for cell in row]
        for cell in (*quoted, *re.split(rf"[\r\n\v\f\x85\u2028\u2029{re.escape(sign)}]", text)):
            bare = cell.lstrip(' \t\r\n\xa0\x00\x01\x0b\x0c\x85\u2028\u200b\ufeff"')
            if bare[:1] in tuple(_SIGNS) and not _NUMBER.fullmatch(bare.rstrip('"')):
                found.append(cell)
    return found


def formulas_in_libreoffice(files: list[Path], separator: str, language: int, folder: Path) -> list[str]:
    """Return the formulas that LibreOffice makes of some CSV files with a separator, in a locale (1033 en, 1031 de)."""
    options = f"{ord(separator)},34,76,1,,{language},false,true"
    made = convert_text(files, f"Text - txt - csv (StarCalc):{options}", "fods", folder)
    return [one for file in made for one in re.findall(r'table:formula="([^"]*)"', file.read_text(encoding="utf-8"))]
