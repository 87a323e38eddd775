"""What a command takes, as its function declares it: arguments and options, and the words of a command line as both.

A command is a function. Each parameter is annotated with an `Option` or an `Argument`; its type says what a word must
be: text, a whole number, a number, a path, one of a few words (an enum), a list of them, or nothing at all (a flag). A
parameter whose type is a dataclass of such fields stands for all of them. argparse parts the words (`parsing`):
a page of help is printed before any other library is loaded, and loading typer takes longer than printing it.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import UsageError


class Exit(Exception):
    """End the program with an exit code; what there is to say has been said."""

    def __init__(self, exit_code: int = 0) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class HelpWanted(Exception):
    """The page of the command was asked for."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option: its flags, what stands behind it in its help, and what it does."""

    flags: tuple[str, ...]
    off: tuple[str, ...]  # the flags that say the opposite
    metavar: str | None
    help: str


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument: what it is called in the help, what it is, and words that the Tab key offers for it."""

    metavar: str
    help: str
    offered: tuple[str, ...] = ()


def option(name: str, text: str) -> Any:
    """Return an option as its help shows it, such as "--by COLUMN" or "--a/--b"; its text says what happens without."""
    *flags, last = name.split()
    flags, metavar = ([*flags, last], None) if last.startswith("-") else (flags, last)
    pairs = [flag.partition("/") for flag in flags]
    return Option(tuple(on for on, _, _ in pairs), tuple(off for _, _, off in pairs if off), metavar, text)


def argument(metavar: str, text: str, *offered: str) -> Any:
    """Return an argument; what happens without it stands in its text, and the Tab key offers the words."""
    return Argument(metavar, text, offered)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One option or argument of a command, with the type of what is given."""

    name: str
    declaration: Option | Argument
    kind: type
    many: bool
    default: Any

    @property
    def flags(self) -> tuple[str, ...]:
        """Return the flags of an option."""
        return (*self.declaration.flags, *self.declaration.off) if isinstance(self.declaration, Option) else ()

    @property
    def is_flag(self) -> bool:
        """Tell whether it is said without a value."""
        return self.kind is bool

    @property
    def required(self) -> bool:
        """Tell whether the command needs it."""
        return self.default is inspect.Parameter.empty

    @property
    def metavar(self) -> str:
        """Return what stands for the value."""
        if self.declaration.metavar is not None:
            return self.declaration.metavar
        return "|".join(self.words) if self.words else self.name.upper()

    @property
    def words(self) -> tuple[str, ...]:
        """Return the only words that may be given; none where any may."""
        return tuple(one.value for one in self.kind) if issubclass(self.kind, Enum) else ()

    @property
    def offered(self) -> tuple[str, ...]:
        """Return the words that the Tab key offers."""
        return self.words or (self.declaration.offered if isinstance(self.declaration, Argument) else ())

    def read(self, text: str) -> Any:
        """Return a word as what it must be; UsageError if it is not that."""
        name = (
            self.declaration.flags[0] if isinstance(self.declaration, Option) else self.declaration.metavar.strip("[].")
        )
        if self.words:
            if text not in self.words:
                raise UsageError(
                    f"{name} {text!r} is not one of {', '.join(self.words)}{nearest(text, self.words, 0.6)}"
                )
            return self.kind(text)
        try:
            return self.kind(text)
        except ValueError:
            what = "a whole number" if self.kind is int else "a number, such as 0.9"
            raise UsageError(f"{name} {text!r} is not {what}") from None


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, what its help says, what it takes, and the function that does it."""

    name: str
    text: str
    parameters: tuple[Parameter, ...]
    run: Callable[..., None]

    @property
    def options(self) -> tuple[Parameter, ...]:
        """Return its options in the order of its help."""
        return tuple(one for one in self.parameters if isinstance(one.declaration, Option))

    @property
    def arguments(self) -> tuple[Parameter, ...]:
        """Return its arguments in their order."""
        return tuple(one for one in self.parameters if isinstance(one.declaration, Argument))

    @property
    def flags(self) -> frozenset[str]:
        """Return all that can be said with a dash."""
        return frozenset(("-h", "--help", *(flag for one in self.options for flag in one.flags)))

    def __call__(self, given: dict[str, Any]) -> None:
        """Do it, with a value for each parameter."""
        token = _running.set(self.flags)
        try:
            self.run(**given)
        finally:
            _running.reset(token)


def nearest(word: str, known: Sequence[str], cutoff: float) -> str:
    """Return which of the known words was perhaps meant, as the end of a message; nothing where none is near."""
    import difflib

    near = difflib.get_close_matches(word, known, 1, cutoff)
    return f"; did you mean {near[0]}?" if near else ""


_running: ContextVar[frozenset[str] | None] = ContextVar("the options of the command that runs", default=None)


def options_of_the_command() -> frozenset[str] | None:
    """Return the options that the command has which runs; None where none does."""
    return _running.get()


def command(name: str, function: Callable[..., None]) -> Command:
    """Return what a function declares as a command.

    A parameter that is a group of options stands for each of them, in order; `leaves_out` names those that it has not.
    """
    groups: dict[str, tuple[Any, tuple[str, ...]]] = {}
    parameters: list[Parameter] = []
    defaults = inspect.signature(function).parameters
    without = getattr(function, "leaves_out", ())
    for own, hint in get_type_hints(function, include_extras=True).items():
        if is_dataclass(hint):
            hints = get_type_hints(hint, include_extras=True)
            told = [(one.name, hints[one.name], one.default) for one in fields(hint) if one.name not in without]
            groups[own] = (hint, tuple(one for one, _, _ in told))
            parameters += [_parameter(*one) for one in told]
        elif own != "return":
            parameters.append(_parameter(own, hint, defaults[own].default))

    def run(**given: Any) -> None:
        made = {own: group(**{one: given.pop(one) for one in names}) for own, (group, names) in groups.items()}
        function(**given, **made)

    return Command(name, inspect.getdoc(function) or "", tuple(parameters), run)


def leaving_out(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Say which options of its groups a command does not have."""

    def marked(function: Callable[..., None]) -> Callable[..., None]:
        function.leaves_out = names  # type: ignore[attr-defined]  # read by `command`
        return function

    return marked


def _parameter(name: str, hint: Any, default: Any) -> Parameter:
    assert get_origin(hint) is Annotated, name  # noqa: S101 - a declaration of ours
    kind, declaration = get_args(hint)[:2]
    if get_origin(kind) in (Union, types.UnionType):
        (kind,) = (one for one in get_args(kind) if one is not type(None))
    many = get_origin(kind) is list
    if many:
        (kind,) = get_args(kind)
    return Parameter(name, declaration, kind, many, default)
