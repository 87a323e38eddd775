"""Formulas as they are typed, read from text: definitions, what each needs, and the form in which a file stores them.

A text holds definitions, `name = formula;`, with `//` before a remark. Small names are building blocks. A name in
capitals is a function; it brings along, as names of its own LET, the blocks that it needs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from string import ascii_lowercase

from partnerkpi.dataclass import dataclass

_DEFINITION = re.compile(r"^(\w+) = (.*?);$", re.MULTILINE | re.DOTALL)
_REMARK = re.compile(r"^\s*//.*\n", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\$([a-z_]+)")
# a text, an error, an optional parameter, a name or function, a number, anything else
_TOKEN = re.compile(r'"(?:[^"]|"")*"|#N/A|#[A-Z0-9/]+[!?]|\[\w+\]|[A-Za-z_][\w.]*|\d[\d.]*|\s+|.', re.DOTALL)
_NAME = re.compile(r"[a-z_][a-z0-9_]*")

#: Functions that Excel 2007 did not know, as a file writes them.
_LATER = dict.fromkeys(
    (
        *("LAMBDA", "LET", "MAP", "REDUCE", "ISOMITTED", "VSTACK", "HSTACK", "TOCOL", "TOROW", "UNIQUE", "SORTBY"),
        *("DROP", "TAKE", "SEQUENCE", "XMATCH", "UNICHAR", "CONCAT", "NORM.S.INV", "NORM.S.DIST", "T.INV.2T"),
    ),
    "_xlfn.",
) | dict.fromkeys(("FILTER", "SORT"), "_xlfn._xlws.")
LONGEST = 8_192  # characters of a formula


@dataclass(frozen=True, slots=True)
class Formula:
    """A function as a LAMBDA: its name, as it is typed into Excel, and as a file stores it (both without `=`)."""

    name: str
    typed: str
    stored: str

    @property
    def local_names(self) -> frozenset[str]:
        """Return the names of parameters and of its LETs."""
        return frozenset(_NAME.findall(" ".join(token.strip("[]") for token in _tokens(self.typed) if _is_name(token))))

    @property
    def calls(self) -> frozenset[str]:
        """Return the functions of Excel that it calls."""
        return frozenset(token for token in _tokens(self.typed) if re.fullmatch(r"[A-Z][A-Z0-9.]*", token))


def formulas(texts: Iterable[str], values: Mapping[str, str]) -> dict[str, Formula]:
    """Return the functions that texts define, by name; `$word` stands for the value of that name."""
    blocks = {name: _PLACEHOLDER.sub(lambda found: values[found[1]], body) for name, body in _definitions(texts)}
    return {
        name: Formula(name, typed, _stored(typed))
        for name in blocks
        if name.isupper()
        for typed in [_with_blocks(name, blocks)]
    }


def _definitions(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        for found in _DEFINITION.finditer(_REMARK.sub("", text)):
            yield found[1], found[2]


def _with_blocks(name: str, blocks: Mapping[str, str]) -> str:
    """Return a function with the blocks that it needs, each before those that need it."""
    needed: dict[str, None] = {}

    def need(body: str) -> None:
        for token in dict.fromkeys(_tokens(body)):
            if token in blocks and token not in needed and not token.isupper():
                need(blocks[token])
                needed[token] = None

    body = blocks[name]
    need(body)
    if not needed:
        return body
    head = re.match(r"LAMBDA\((?:\[?\w+\]?, ?)+\n?", body)
    if head is None:
        raise ValueError(f"{name} is no LAMBDA with parameters")
    parameters, rest = head[0].rstrip(), body[head.end() : -1]
    lines = [f"    {block}, {_deeper(blocks[block], 4)}," for block in needed]
    typed = "\n".join([parameters, "  LET(", *lines, f"    {_deeper(rest.strip(), 2)}))"])
    # Where it would be too long to be typed, lines begin half as far in.
    return typed if len(typed) <= LONGEST else re.sub(r"(?m)^(?:  )+", lambda found: len(found[0]) // 2 * " ", typed)


def _deeper(body: str, by: int) -> str:
    return body.replace("\n", "\n" + by * " ")


def _tokens(body: str) -> list[str]:
    return _TOKEN.findall(body)


#: Functions, and what means a cell where rows and columns are counted: no names of ours.
_TAKEN = frozenset({"n", "t", "if", "ln", "na", "or", "pi", "c", "r", "rc"})


def _is_name(token: str) -> bool:
    return _NAME.fullmatch(token.strip("[]")) is not None


def _stored(typed: str) -> str:
    """Return a formula as a file stores it: later functions and local names with their prefixes, without layout.

    Where that is too long, names of LETs are shortened, parameters of the function not.
    """
    tokens = [token for token in _tokens(typed) if not token.isspace()]
    written = "".join(_with_prefix(token) for token in tokens)
    if len(written) <= LONGEST:
        return written
    parameters = set(_NAME.findall(typed[: typed.index("\n")]))
    counted = Counter(token for token in tokens if _NAME.fullmatch(token) and token not in parameters)
    letters = (f"{first}{second}" for first in ("", *ascii_lowercase) for second in ascii_lowercase)
    free = (one for one in letters if one not in _TAKEN and one not in parameters)
    short = dict(zip(sorted(counted, key=lambda one: (-counted[one], one)), free, strict=False))
    return "".join(_with_prefix(short.get(token, token)) for token in tokens)


def _with_prefix(token: str) -> str:
    if token.startswith("["):
        return f"_xlop.{token[1:-1]}"
    if _is_name(token):
        return f"_xlpm.{token}"
    return _LATER.get(token, "") + token
