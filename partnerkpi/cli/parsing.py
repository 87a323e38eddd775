"""The words of a command line, parted into options and places by argparse, with messages that say what to write."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from partnerkpi.cli.declared import HelpWanted, Option, nearest
from partnerkpi.errors import UsageError

if TYPE_CHECKING:
    from partnerkpi.cli.declared import Command, Parameter


def read_words(command: Command, words: Sequence[str]) -> dict[str, Any]:
    """Return the value of each parameter of a command; UsageError says which word does not fit.

    HelpWanted where help is asked for.
    """
    given, places = _parted(command, words)
    for one in command.options:
        written = given.get(one.name, ())
        if len(written) > 1 and not one.many and not one.is_flag:
            raise UsageError(f"{one.flags[0]} is given {len(written)} times, and one counts: say it once")
    values = {
        one.name: given[one.name] if one.many else given[one.name][-1] for one in command.options if one.name in given
    }
    values |= _placed(command, places)
    for one in command.parameters:
        if one.name not in values:
            if one.required:
                raise UsageError(f"{command.name} needs {' '.join((*one.flags[:1], one.metavar))}")
            values[one.name] = one.default
    return values


def _parted(command: Command, words: Sequence[str]) -> tuple[dict[str, list[Any]], list[str]]:
    """Return what was given to each option of a command, as often as it was said, and the words that are no option."""
    end = words.index("--") if "--" in words else len(words)
    words, after = words[:end], words[end + 1 :]
    parser = _Parser(add_help=False, allow_abbrev=False, argument_default=argparse.SUPPRESS, exit_on_error=False)
    parser.add_argument("-h", "--help", action=_Help, nargs=0)
    for one in command.options:
        assert isinstance(one.declaration, Option)  # noqa: S101 - `options` has no other
        if one.is_flag:
            parser.add_argument(*one.declaration.flags, dest=one.name, action="append_const", const=True)
            if one.declaration.off:
                parser.add_argument(*one.declaration.off, dest=one.name, action="append_const", const=False)
        else:
            parser.add_argument(*one.declaration.flags, dest=one.name, action="append")
    by_flag = {flag: one for one in command.options for flag in one.flags}
    try:
        given, left = parser.parse_known_args(words)
    except argparse.ArgumentError as wrong:
        raise UsageError(_in_words(wrong, words, by_flag)) from None
    for word in left:
        if word.startswith("-") and word != "-":
            flag = word.partition("=")[0]
            hint = nearest(flag, [known for known in by_flag if known.startswith("--")], 0.7)
            raise UsageError(f"{command.name} has no option {flag}{hint}")
    read = {
        one.name: written if one.is_flag else [one.read(text) for text in written]
        for one in command.options
        if (written := getattr(given, one.name, None)) is not None
    }
    return read, [*left, *after]


def _placed(command: Command, places: list[str]) -> dict[str, Any]:
    """Return the arguments by the places of the words."""
    values: dict[str, Any] = {}
    for one in command.arguments:
        if not places:
            break
        if one.many:
            values[one.name], places = [one.read(word) for word in places], []
        else:
            values[one.name], places = one.read(places[0]), places[1:]
    if places:
        most = len(command.arguments)
        takes = "no argument" if not most else "one argument" if most == 1 else f"{most} arguments"
        raise UsageError(f"{command.name} takes {takes}: what is {places[0]!r}?")
    return values


class _Parser(argparse.ArgumentParser):
    """Parts words; what does not fit is an error of ours and ends no program."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


class _Help(argparse.Action):
    """Ask for the page of the command."""

    def __call__(self, *_: Any) -> None:
        raise HelpWanted


def _in_words(wrong: argparse.ArgumentError, words: Sequence[str], by_flag: dict[str, Parameter]) -> str:
    """Say what does not fit: an option of one value has none, or one of none has some."""
    flags = (wrong.argument_name or "").split("/")
    flag = next((word.partition("=")[0] for word in words if word.partition("=")[0] in flags), flags[0])
    one = by_flag[flag]
    if one.is_flag:
        value = next((word.partition("=")[2] for word in words if word.startswith(f"{flag}=")), "")
        return f"{flag} takes no value: leave out '={value}'"
    return f"{flag} needs a value: {flag} {one.metavar}"
