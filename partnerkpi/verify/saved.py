"""Which program saved a package last, as far as its properties tell."""

from __future__ import annotations

from partnerkpi.verify.contents import Contents, parsed

_EXTENDED = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
_OURS = "Openpyxl"  # how the library that lays out our workbooks signs them
_TERMS = "{http://purl.org/dc/terms/}"


def saved_by(contents: Contents) -> str | None:
    """Return the program that saved a workbook after it was made, None where none did.

    Three signs: another program's name, times of making and saving that differ, and a chain of calculation, which we
    never write.
    """
    program = _text(contents, "docProps/app.xml", f"{_EXTENDED}Application") or ""
    made, saved = (_text(contents, "docProps/core.xml", f"{_TERMS}{name}") for name in ("created", "modified"))
    if _OURS in program and made == saved and "xl/calcChain.xml" not in contents.parts:
        return None
    return program if program and _OURS not in program else "another program"


def _text(contents: Contents, part: str, tag: str) -> str | None:
    xml = contents.parts.get(part)
    return parsed(xml, part).findtext(tag) if xml is not None else None
