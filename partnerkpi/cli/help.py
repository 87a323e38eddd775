"""The pages of help, wrapped to the window: the first one, that of a group of commands, and that of a command."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from partnerkpi.cli.commands import BEGIN, GROUPS, LINES
from partnerkpi.cli.terminal import window

if TYPE_CHECKING:
    from partnerkpi.cli.declared import Command, Parameter

_MOST = 100  # characters in a line: longer ones are hard to read
_LEFT = 30  # characters for what is explained


def first_page() -> str:
    """Return what the program is, the three commands to begin with, and all of them."""
    width = min(window() or 80, _MOST)
    about = (
        "Strategic Partner NPS, Partner Advocacy and Partner Influence on Customer Retention, from survey exports to a "
        "scorecard workbook."
    )
    lines = ["Usage: partnerkpi COMMAND [OPTION]...", "", *_wrapped(about, width), "", "Begin with:"]
    lines += _two_columns(BEGIN, width)
    longest = max(map(len, LINES)) + 4
    for title, commands in GROUPS:
        lines += ["", f"{title}:", *_two_columns([line[:2] for line in commands], width, longest)]
    ends = (
        "'partnerkpi COMMAND --help' explains a command, 'partnerkpi --version' tells the version, "
        "'partnerkpi completion --help' how the Tab key completes commands and options."
    )
    return "\n".join([*lines, "", *_wrapped(ends, width)])


def group_page(name: str) -> str:
    """Return the commands of which the first word is this one."""
    width = min(window() or 80, _MOST)
    own = [(command, line) for command, line in LINES.items() if command.startswith(f"{name} ")]
    head = [f"Usage: partnerkpi {name} COMMAND [OPTION]...", "", "Commands:"]
    ends = f"'partnerkpi {name} COMMAND --help' explains a command."
    return "\n".join([*head, *_two_columns(own, width), "", *_wrapped(ends, width)])


def command_page(command: Command) -> str:
    """Return what a command does, its example, its arguments and its options."""
    width = min(window() or 80, _MOST)
    usage = [f"Usage: partnerkpi {command.name}", *(_in_usage(one) for one in command.parameters), "[OPTION]..."]
    lines = textwrap.wrap(" ".join(filter(None, usage)), width, subsequent_indent="  ", break_on_hyphens=False)
    for paragraph in command.text.split("\n\n"):
        lines += ["", *_paragraph(paragraph, width)]
    arguments = [(one.metavar, one.declaration.help) for one in command.arguments]
    if arguments:
        lines += ["", "Arguments:", *_two_columns(arguments, width)]
    options = [(_flags(one), one.declaration.help) for one in command.options]
    lines += ["", "Options:", *_two_columns([*options, ("-h, --help", "Show this page.")], width)]
    return "\n".join(lines)


def _in_usage(one: Parameter) -> str:
    """Return how a parameter stands in the first line: arguments, and the options that must be given."""
    if one.flags:
        return f"{one.flags[0]} {one.metavar}" if one.required else ""
    bare = one.metavar.strip("[].")
    return f"{bare}{'...' if one.many else ''}" if one.required else f"[{bare}]{'...' if one.many else ''}"


def _flags(one: Parameter) -> str:
    """Return an option as its page names it."""
    flags = " / ".join(one.flags) if one.is_flag else ", ".join(one.flags)
    return flags if one.is_flag else f"{flags} {one.metavar}"


def _paragraph(text: str, width: int) -> list[str]:
    """Return a paragraph of a docstring: its own lines where it is marked with \\b, else wrapped."""
    lines = text.split("\n")
    if lines[0].strip() == "\b":
        return [f"  {line}" for line in lines[1:]]
    return _wrapped(" ".join(line.strip() for line in lines), width)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _two_columns(rows: Iterable[tuple[str, ...]], width: int, left: int | None = None) -> Iterator[str]:
    """Yield lines that say on the left what the right explains, below it where it is too long."""
    rows = list(rows)
    left = left or min(max(len(row[0]) for row in rows) + 4, _LEFT)
    for name, text in rows:
        explained = textwrap.wrap(text, width - left, break_on_hyphens=False)
        head = f"  {name}"
        if len(head) > left - 2:
            yield from textwrap.wrap(head, width, initial_indent="", subsequent_indent="    ", break_on_hyphens=False)
            head = ""
        for line in explained or [""]:
            yield f"{head:<{left}}{line}".rstrip()
            head = ""
