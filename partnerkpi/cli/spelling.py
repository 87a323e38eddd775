"""What a message suggests, as the command that says it takes it: an option that it has, else a key of the settings."""

from __future__ import annotations

import re
from collections.abc import Collection

from partnerkpi.config import DEFAULT_NAME
from partnerkpi.errors import in_settings

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
_LISTS, _NUMBERS = ("--retained-words", "--lost-words", *_FILES), ("--grace", "--confidence", "--min-responses")
_OPTION = re.compile(
    r"(?<![\w-])(--[a-z][a-z-]*[a-z])(?: ('[^']*'|\"[^\"]*\"|(?!names\b|takes\b|or\b|and\b)[\w.,-]*\w))?"
)


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
