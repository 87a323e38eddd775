"""What goes to the terminal, in the one place that sends it: text from data is shown, never obeyed.

A partner can be called by a text that clears the screen, colours what follows, turns the line around or hides a part
of it. Such characters are written as they are escaped in programs: \\x1b, \\u202e.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from partnerkpi.errors import FileProblem

#: Control characters (C0 but for the line end, C1), what turns the direction of text, parts lines, or has no width.
#: A joiner within a word of a script that needs it is part of its spelling; beside plain letters it hides.
_SENT = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
    "|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)
_SENT_IN_JSON = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")


def visible(text: str) -> str:
    """Return a text whose control characters can be seen; line ends stay."""
    return _SENT.sub(_escaped, text)


def in_one_line(text: str) -> str:
    """Return a text as `visible` does, its line ends too."""
    return visible(text).replace("\n", "\\n")


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return {9: "\\t", 13: "\\r"}.get(code) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )


def echo(text: str, *, error: bool = False, fold: bool = True) -> None:
    """Print a text and a line end to standard output, or to standard error: in a window lines fold between words."""
    stream = sys.stderr if error else sys.stdout
    width = window(stream) if fold else None
    shown = visible(text)
    _send(shown if width is None else "\n".join(folded(line, width) for line in shown.split("\n")), stream)


def folded(line: str, width: int) -> str:
    """Return a line of text over several where a window is too narrow for it; what has no blank in it stays whole."""
    if len(line) <= width:
        return line
    import textwrap

    blanks = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.fill(line, width, subsequent_indent=blanks, break_long_words=False, break_on_hyphens=False)


def _send(text: str, stream: TextIO) -> None:
    with writing(stream):
        stream.write(f"{text}\n")
        stream.flush()


@contextlib.contextmanager
def writing(stream: TextIO) -> Iterator[None]:
    """Raise FileProblem where standard output takes nothing: its disk is full, and no file of ours is at fault."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if stream is not sys.stdout:
            raise
        reason = (error.strerror or str(error)).lower()
        raise FileProblem(f"what is printed cannot be written ({reason}): send it elsewhere") from None


def window(stream: TextIO | None = None) -> int | None:
    """Return the width of the window in which a stream, standard output, is looked at; None for a pipe or a file."""
    stream = stream or sys.stdout
    if not stream.isatty():
        return None
    if columns_told := os.environ.get("COLUMNS"):
        from partnerkpi.vocabulary import whole_number

        if (columns := whole_number(columns_told)) is not None and columns > 0:
            return columns
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):  # a terminal that does not tell
        return 80


def echo_json(content: Any) -> None:
    """Print what a program reads: what a terminal would obey is escaped as JSON has it, and means the same."""
    import json

    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
    _send(_SENT_IN_JSON.sub(lambda found: json.dumps(found[0])[1:-1], text), sys.stdout)


def table_output() -> TextIO:
    """Return where tables for programs go: to a person's terminal visible, into a pipe or a file as they are."""
    return _Tables(visible if sys.stdout.isatty() else str)  # type: ignore[return-value]  # only `write` is called


class _Tables:
    def __init__(self, shown: Callable[[str], str]) -> None:
        self._shown = shown

    def write(self, text: str) -> int:
        with writing(sys.stdout):
            return sys.stdout.write(self._shown(text))
