"""A sentence of the workbook, written once: an expression knows its formula and the value that the formula gives.

`formula` is given the cells of a period, a partner or a row, `value` what Python knows of the same. A text stands for
itself, a number too, and a `Live` for the formula and the value that it has. A branch that is not taken is not worked
out, as in a spreadsheet, so what has no data may stand behind `when_number`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import cache
from string import Formatter
from typing import Any, Generic, TypeAlias, TypeVar

from partnerkpi.dataclass import dataclass
from partnerkpi.workbook.model import translation
from partnerkpi.workbook.model.formula import Live

C = TypeVar("C", contravariant=True)
K = TypeVar("K", contravariant=True)
#: How tightly the operations of a formula bind, the loosest first; what is not one of them stands alone.
COMPARES, JOINS, ADDS, MULTIPLIES, ALONE = range(5)


@dataclass(eq=False, slots=True)
class Expression(Generic[C, K]):
    """A formula without its equals sign, by the cells it stands among, and its value, by what is known of them.

    `binds` is how tightly its last operation binds: as an operand of one that binds more tightly it is put in brackets.
    """

    formula: Callable[[C], str]
    value: Callable[[K], Any]
    binds: int = ALONE

    def __lt__(self, other: Part[C, K]) -> Expression[C, K]:
        return _operation("<", COMPARES, operator.lt, self, other)

    def __gt__(self, other: Part[C, K]) -> Expression[C, K]:
        return _operation(">", COMPARES, operator.gt, self, other)

    def __ge__(self, other: Part[C, K]) -> Expression[C, K]:
        return _operation(">=", COMPARES, operator.ge, self, other)

    def equals(self, other: Part[C, K]) -> Expression[C, K]:
        """Return whether both are the same."""
        return _operation("=", COMPARES, operator.eq, self, other)

    def differs(self, other: Part[C, K]) -> Expression[C, K]:
        """Return whether they are not the same."""
        return _operation("<>", COMPARES, operator.ne, self, other)

    def __sub__(self, other: Part[C, K]) -> Expression[C, K]:
        return _operation("-", ADDS, operator.sub, self, other)

    def __rsub__(self, other: Part[C, K]) -> Expression[C, K]:
        return _operation("-", ADDS, operator.sub, other, self)

    def __rmul__(self, other: float) -> Expression[C, K]:
        return _operation("*", MULTIPLIES, operator.mul, other, self)

    def __truediv__(self, other: Part[C, K]) -> Expression[C, K]:
        return _operation("/", MULTIPLIES, operator.truediv, self, other)


Part: TypeAlias = Expression[C, K] | Live | str | float
#: An expression whose cells and values are its own: it stands the same wherever it is put.
Given: TypeAlias = Expression[object, object]


def given(formula: str, value: object) -> Given:
    """Return a cell, or a formula without its equals sign, with the value that it has."""
    return Expression(lambda _: formula, lambda _: value)


def live(part: Part[None, None]) -> Live:
    """Return what a cell holds for an expression whose cells and values are its own."""
    whole = expression(part)
    return Live(f"={whole.formula(None)}", whole.value(None))


def expression(part: Part[C, K]) -> Expression[C, K]:
    """Return a part as an expression."""
    if isinstance(part, Expression):
        return part
    if isinstance(part, Live):
        return given(part.formula[1:], part.value)
    return given(translation.quoted(part) if isinstance(part, str) else str(part), part)


def applied(
    formula: Callable[..., str], value: Callable[..., Any], *parts: Part[C, K], binds: int = ALONE
) -> Expression[C, K]:
    """Return a function of some parts: `formula` takes their formulas, `value` their values."""
    whole = [expression(part) for part in parts]
    values = [part.value for part in whole]  # looked up once: a workbook asks for ten thousand of them
    return Expression(
        lambda cells: formula(*[part.formula(cells) for part in whole]),
        lambda known: value(*[one(known) for one in values]),
        binds,
    )


def in_brackets(part: Part[C, K]) -> Expression[C, K]:
    """Return a part in brackets: `(A1-B1)`."""
    whole = expression(part)
    return Expression(lambda cells: f"({whole.formula(cells)})", whole.value)


def size(part: Part[C, K]) -> Expression[C, K]:
    """Return a figure without its sign."""
    return applied("ABS({})".format, abs, part)


def total(*parts: Part[C, K]) -> Expression[C, K]:
    """Return the sum of some figures."""
    terms = [_operand(part, ADDS) for part in parts]
    return applied(lambda *formulas: "+".join(formulas), lambda *values: sum(values), *terms, binds=ADDS)


def how_many(*parts: Part[C, K]) -> Expression[C, K]:
    """Return how many of some cells hold a figure."""
    return applied(
        lambda *formulas: f"COUNT({','.join(formulas)})", lambda *values: sum(map(_is_number, values)), *parts
    )


def when(test: Expression[C, K], then: Part[C, K], otherwise: Part[C, K] = "") -> Expression[C, K]:
    """Return one part where a test holds, and else the other."""
    yes, no = expression(then), expression(otherwise)
    holds, if_so, if_not = test.value, yes.value, no.value
    return Expression(
        lambda cells: f"IF({test.formula(cells)},{yes.formula(cells)},{no.formula(cells)})",
        lambda known: if_so(known) if holds(known) else if_not(known),
    )


def when_number(part: Part[C, K], then: Part[C, K], otherwise: Part[C, K] = "") -> Expression[C, K]:
    """Return one part where there is a figure, and else the other; text would be above every number in a comparison."""
    return when(is_figure(part), then, otherwise)


def is_figure(part: Part[C, K]) -> Expression[C, K]:
    """Return whether there is a figure."""
    return applied("ISNUMBER({})".format, _is_number, part)


def and_(*tests: Expression[C, K]) -> Expression[C, K]:
    """Return whether all tests hold."""
    return applied(lambda *formulas: f"AND({','.join(formulas)})", lambda *values: all(values), *tests)


def or_(*tests: Expression[C, K]) -> Expression[C, K]:
    """Return whether one of the tests holds."""
    return applied(lambda *formulas: f"OR({','.join(formulas)})", lambda *values: any(values), *tests)


def joined(*parts: Part[C, K]) -> Expression[C, K]:
    """Return texts one after the other; a figure among them is made one first, by `phrases`."""
    texts = [_operand(part, JOINS) for part in parts]
    return applied(
        lambda *formulas: "&".join(formulas), lambda *values: "".join(map(_text, values)), *texts, binds=JOINS
    )


def tell(english: str, /, **places: Part[C, K]) -> Expression[C, K]:
    """Return a message in the reader's language, its places filled in; the language is that of when it is asked for.

    Raises ValueError for a place that nothing is given for. What is filled in are texts, figures by `phrases` as well:
    a number would be written with the signs of the reader's Excel.
    """
    wanted = _places(english)
    if missing := wanted - places.keys():
        raise ValueError(f"Nothing is given for {', '.join(sorted(missing))} in {english!r}.")
    parts = {place: _operand(places[place], JOINS) for place in wanted}
    return Expression(
        lambda cells: translation.translate_formula(
            english, **{place: part.formula(cells) for place, part in parts.items()}
        ),
        lambda known: translation.translate(
            english, **{place: _text(part.value(known)) for place, part in parts.items()}
        ),
        binds=JOINS,
    )


def count(number: Part[C, K], one: str, other: str, /, **places: Part[C, K]) -> Expression[C, K]:
    """Return the message for a number of things, `{n}` in it, as `tell` does."""
    test = applied(translation.is_one_formula, translation.is_one, number)
    few = applied('TEXT({},"0")'.format, translation.counted, number)
    written = applied(translation.counted_formula, translation.counted, number)
    return when(test, tell(one, n=few, **places), tell(other, n=written, **places))


@cache
def _places(english: str) -> frozenset[str]:
    return frozenset(place for _, place, _, _ in Formatter().parse(english) if place is not None)


def _operation(
    sign: str, binds: int, value: Callable[[Any, Any], Any], one: Part[C, K], other: Part[C, K]
) -> Expression[C, K]:
    """Return two parts with a sign between; what follows a sign has to bind more tightly than that does."""
    parts = _operand(one, binds), _operand(other, binds + 1)
    return applied(f"{{}}{sign}{{}}".format, value, *parts, binds=binds)


def _operand(part: Part[C, K], binds: int) -> Expression[C, K]:
    whole = expression(part)
    return whole if whole.binds >= binds else in_brackets(whole)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text: phrases write figures into sentences")
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float))
