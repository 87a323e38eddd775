"""What a message suggests, as whoever asked takes it: an option, a parameter in Python, else a key of the settings."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Collection
from typing import ParamSpec, TypeVar

from partnerkpi.config import DEFAULT_NAME
from partnerkpi.errors import PartnerKpiError, in_settings

_P = ParamSpec("_P")
_R = TypeVar("_R")

#: The options that name a column, each the key of the settings under [columns].
_COLUMNS = (
    *("score", "frequency", "partner", "date", "respondent", "comment", "customer"),
    *("retained", "churned", "start_date", "end_date"),
)
#: Where the settings say what an option says, and what a flag says there.
KEYS = {f"--{role.replace('_', '-')}": f"[columns] {role}" for role in _COLUMNS} | {
    "--retained-words": "[retention] retained_words",
    "--lost-words": "[retention] lost_words",
    "--grace": "[retention] grace_days",
    "--duplicates": "[options] duplicates",
    "--period": "[options] period",
    "--confidence": "[options] confidence",
    "--min-responses": "[options] min_responses",
    "--encoding": "[options] encoding",
    "--decimal": "[numbers] decimal",
    "--day-first": "[options] day_first = true",
    "--month-first": "[options] day_first = false",
    "--scale": "[sources] scale",
    "--as": "[sources] tool",
    "--question": "[sources] question",
    "--attributed": "[sources] attributed",
    "--responses": "[sources] responses",
    "--activities": "[sources] activities",
    "--customers": "[sources] customers",
    "--partners": "[sources] partners",
    "--since": "[run] first_day",
}
_FILES = ("--responses", "--activities", "--customers", "--partners")
_LISTS = ("--retained-words", "--lost-words", *_FILES)
_NUMBERS = ("--grace", "--confidence", "--min-responses", "--population", "--rolling")
_OPTION = re.compile(
    r"(?<![\w-])(--[a-z][a-z-]*[a-z])(?: ('[^']*'|\"[^\"]*\"|(?!names\b|takes\b|or\b|and\b)[\w.,-]*\w))?"
)

#: What a parameter in Python is called where its name is not the option's, and what a flag is there.
_PARAMETERS = {
    **{"--as": "tool", "--from": "first", "--to": "last"},
    **{"--day-first": "day_first=True", "--month-first": "day_first=False", "--to-date": "to_date=True"},
}
#: What may follow an option in a message as its value: other words belong to the sentence.
_VALUE = (
    r"'[^']*'|\"[^\"]*\"|[A-Z]+\b(?:=[A-Z]+(?:\[,[A-Z]+\])?)?(?![\w-])|-?\d(?:[\w.-]*\w)?|[\w.,-]+(?=:)"
    r"|(?:all|latest|first|week|month|quarter|year|comma|point|partner|none|across)\b"
)
_OPTION_IN_PYTHON = re.compile(rf"(?<![\w-])(--[a-z][a-z-]*[a-z])(?: ({_VALUE})|(?=(:)))?")


def says_parameters(more: Collection[str] = ()) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Let what goes wrong in a function name its parameters, and those of its options, where commands have options."""

    def decorated(function: Callable[_P, _R]) -> Callable[_P, _R]:
        parameters = {*inspect.signature(function).parameters, *more}

        @functools.wraps(function)
        def called(*args: _P.args, **given: _P.kwargs) -> _R:
            try:
                return function(*args, **given)
            except PartnerKpiError as error:
                error.put_as(in_python(str(error), parameters))
                raise

        return called

    return decorated


def in_python(text: str, parameters: Collection[str]) -> str:
    """Return a message in which options are parameters of the function that was called, else keys of the settings.

    Of `partnerkpi.nps`, "name one with --by COLUMN" becomes 'name one with by="COLUMN"'.
    """

    def parameter_of(found: re.Match[str]) -> str:
        option, value, names_it = found.groups()
        name = _PARAMETERS.get(option, option[2:].replace("-", "_"))
        if name.partition("=")[0] not in parameters:
            return found[0]
        if "=" in name:
            return f"{name} {value}" if value else name
        if value is None:
            return name if names_it else f"{name}="
        return f"{name}={value if option in _FILES else _as_toml(option, value)}"

    return spelled(_OPTION_IN_PYTHON.sub(parameter_of, text), ())


def spelled(text: str, options: Collection[str] | None, settings: object = None) -> str:
    """Return a message in which options that a command does not have are keys of the settings, whose file is named.

    Of `alerts`, which has no --end-date, "name it with --end-date COLUMN" becomes 'name it with [columns] end_date =
    "COLUMN" in partnerkpi.toml'.
    """
    told = False

    def key_of(found: re.Match[str]) -> str:
        nonlocal told
        option, value = found[1], found[2]
        if options is None or option in options or option not in KEYS:
            return found[0]
        key, where = KEYS[option], "" if told else f" in {DEFAULT_NAME}"
        told = True
        if value is None:
            return key + where
        if "=" in key:  # a flag has no value: the word belongs to the sentence
            return f"{key}{where} {value}"
        return f"{key} = {_as_toml(option, value)}{where}"

    return in_settings(_OPTION.sub(key_of, text), settings)


def _as_toml(option: str, value: str) -> str:
    """Return a value as the settings file has it: in quotation marks, a list, or a number."""
    bare = value.strip("'\"")
    if option in _NUMBERS:
        return bare
    if option in _LISTS:
        return "[" + ", ".join(f'"{one.strip()}"' for one in bare.split(",")) + "]"
    return value if value[0] in "'\"" else f'"{value}"'
