"""Changes to a file: bytes turned, cut out, doubled, replaced by what readers stumble over; inside packages as well."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

#: What readers stumble over, in text, in XML and in numbers.
_WORDS = (
    *(b'"', b"'", b",", b";", b"\t", b"\r", b"\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\xa8"),
    *(b"=1+1", b"@SUM(A1)", b"__row", b"__source", b"NaN", b"inf", b"1e999", b"-0", b"99999999999999999999", b"#N/A"),
    *(b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"<c r='XFD1048576'/>", b'r="A99999999"', b't="e"', b't="s"'),
    *(b"2026-02-31", b"31/12/99", b"Total", b"sep=|", b'{"ImportId":"x"}', b"Respondent ID", b"Response", b"#"),
)


def change(content: bytes, draw: random.Random, others: Sequence[tuple[str, bytes]]) -> bytes:
    """Return a file changed in one to four places; half of the packages are changed inside."""
    if content[:2] == b"PK" and draw.random() < 0.6:
        changed = _inside(content, draw)
        if changed is not None:
            return changed
    for _ in range(draw.randrange(1, 5)):
        content = _once(content, draw, others)
    return content


def shrink(content: bytes, path: Path, verdict: str, judge: Callable[[Path], str], rounds: int = 200) -> bytes:
    """Return the file made as small as it gets while the verdict stays."""
    size = len(content) // 2
    while size and rounds:
        for start in range(0, len(content), size):
            shorter = content[:start] + content[start + size :]
            path.write_bytes(shorter)
            rounds -= 1
            if judge(path) == verdict:
                content = shorter
                break
            if not rounds:
                break
        else:
            size //= 2
    return content


def _once(content: bytes, draw: random.Random, others: Sequence[tuple[str, bytes]]) -> bytes:
    place = draw.randrange(len(content) + 1)
    length = min(draw.choice((1, 2, 4, 16, 200)), len(content) - place)
    kind = draw.randrange(7)
    if kind == 0 and content:
        place = min(place, len(content) - 1)
        return content[:place] + bytes([content[place] ^ (1 << draw.randrange(8))]) + content[place + 1 :]
    if kind == 1:
        return content[:place] + content[place + length :]
    if kind == 2:
        return content[:place] + content[place : place + length] * draw.choice((2, 3, 50)) + content[place + length :]
    if kind == 3:
        return content[:place]
    if kind == 4:
        other = draw.choice(others)[1]
        start = draw.randrange(len(other) + 1)
        return content[:place] + other[start : start + 500] + content[place:]
    return content[:place] + draw.choice(_WORDS) * draw.choice((1, 1, 1, 20)) + content[place + (kind - 5) * length :]


def _inside(content: bytes, draw: random.Random) -> bytes | None:
    """Return a package with one part changed and everything packed again; None if it cannot be unpacked."""
    changed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = [(part.filename, package.read(part)) for part in package.infolist() if part.file_size < 1 << 20]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError):
        return None
    except Exception:  # noqa: BLE001 - a damaged package; it is changed from outside then
        return None
    if not parts:
        return None
    chosen = draw.randrange(len(parts))
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as package:
        for number, (name, part) in enumerate(parts):
            package.writestr(name, _once(part, draw, [("", part)]) if number == chosen else part)
    return changed.getvalue()
