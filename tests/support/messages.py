"""The messages that the code says, found by reading it: what every message file must translate."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from shared import once

from partnerkpi.guide import ATTRIBUTE_TITLES, guides
from partnerkpi.guide.themes import default_themes
from partnerkpi.periods import PERIODS
from partnerkpi.results import advocacy
from partnerkpi.scorecard import collect
from partnerkpi.tables import copying
from partnerkpi.tables.roles import ROLES
from partnerkpi.tally import activities, customers, facts

PACKAGE = Path(__file__).parents[2] / "partnerkpi"
#: How many arguments come before the messages of a function, and how many messages it takes.
_SAYS = {
    **dict.fromkeys(("translate", "translate_formula", "tell", "message", "Sentence"), (0, 1)),
    **dict.fromkeys(("count", "translate_count", "of"), (1, 2)),
}


def messages() -> set[str]:
    """Return the English messages of the workbook and the mail, of the scorecard's sentences, and of our own words."""
    return once("messages", _said)


def _said() -> set[str]:
    return _words() | {
        text
        for room in ("workbook", "mail", "scorecard", "results", "comments", "language")
        for path in sorted((PACKAGE / room).rglob("*.py"))
        for text in _messages(ast.parse(path.read_text(encoding="utf-8")), room)
    }


def _words() -> set[str]:
    """Return words of the program that stand elsewhere: themes, heads of the guide, reasons, roles, choices."""
    reasons = {*activities.REASONS, *customers.REASONS, *facts.REASONS, *copying.REASONS, advocacy.DUPLICATE_PARTNER}
    reasons |= {collect.NO_DATE, collect.OUTSIDE}
    roles = {role.replace("_", " ") for role in ROLES}
    choices = {*PERIODS, *facts.DUPLICATES}
    heads = {*ATTRIBUTE_TITLES.values(), *(guide.title for guide in guides())}
    return {theme.name for theme in default_themes()} | heads | reasons | roles | choices


def _messages(tree: ast.Module, room: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = _called(node.func, room)
        before, number = _SAYS.get(name, (0, 0))
        for argument in node.args[before : before + number]:
            yield from _literals(argument)


def _called(function: ast.expr, room: str) -> str:
    """Return the name of a function that takes messages; `Sentence.of` is one, another thing's `of` is none."""
    if isinstance(function, ast.Name):
        name = function.id
        return name if room == "workbook" or name in ("Sentence", "message") else ""
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return "of" if (function.value.id, function.attr) == ("Sentence", "of") else ""
    return ""


def _literals(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an argument can be: one, or one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)
