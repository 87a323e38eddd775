"""A template filled in within limits: it may come from somebody else, and it may loop without end.

The limits are on work, not on time: steps of the template and the length of texts. So a template that is all right is
all right on a slow machine too.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

from partnerkpi.errors import ConfigError

if TYPE_CHECKING:
    from jinja2 import Environment, Template

#: Lines and calls of the compiled template. The message of 1,000 partners takes some 20,000.
MOST_STEPS = 1_000_000
#: Characters of a text, and the largest number with which a template may multiply, pad or repeat.
MOST_LETTERS = 2_000_000
_MOST_TIMES = 100_000

#: Filters that make texts or lists as long as a number says.
_PADDING = frozenset({"do_center", "do_indent", "do_batch", "do_slice", "sync_do_slice", "do_wordwrap", "do_format"})
#: Filters and methods that write one text as often as another one is long, or pad each piece of it.
_MULTIPLYING = frozenset(
    {"do_replace", "do_join", "sync_do_join", "do_format", "do_indent", "do_wordwrap", "do_urlize"}
)
_MULTIPLYING |= {"replace", "join", "format", "format_map", "translate", "expandtabs", "do_tojson"}
_BY_NUMBER = frozenset({"expandtabs", "do_tojson"})
#: What two texts may make of each other at most: much more than a message, and no strain.
_MOST_MADE = 10 * MOST_LETTERS

_Made = TypeVar("_Made")


class _TooMuch(BaseException):  # so that nothing in between takes it for a fault of a value and goes on
    """A template does more than any message needs."""


def environment(*, html: bool) -> Environment:
    """Return where templates are made: sandboxed, strict, since executives see a gap, and bounded in what grows."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Bounded(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset(("+", "*", "**", "%"))

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            _refuse_growth(operator, left, right)
            return super().call_binop(context, operator, left, right)

        def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - as in jinja2
            of = getattr(__obj, "__self__", None)
            if isinstance(of, (str, bytes, int)):
                _refuse_numbers((*args, *kwargs.values()))
                _refuse_product(getattr(__obj, "__name__", ""), (of, *args, *kwargs.values()))
            return super().call(__context, __obj, *args, **kwargs)

        def wrap_str_format(self, value: Any) -> Any:
            """Return a text's format or format_map: the sandbox's own, which does not fill in a pattern that pads."""
            fill_in = super().wrap_str_format(value)
            if fill_in is None:
                return None

            def bounded(*args: Any, **kwargs: Any) -> str:
                _refuse_format(value.__self__)
                _refuse_product("format", (value.__self__, *args, *kwargs.values()))
                return str(fill_in(*args, **kwargs))

            return bounded

    return Bounded(autoescape=html, undefined=StrictUndefined, keep_trailing_newline=True)


def filled(template: Template, filling: dict[str, Any]) -> str:
    """Return the text that a template gives; ConfigError where it cannot be filled in, or does not come to an end."""
    return within_limits(lambda: template.render(filling), str(template.filename), "be filled in")


def within_limits(work: Callable[[], _Made], name: str, what: str) -> _Made:
    """Return what some work of a template gives; ConfigError, naming the template, where it fails or does not end."""
    look = "'partnerkpi template DIR' writes the original to compare with"
    try:
        with _counted():
            return work()
    except (_TooMuch, RecursionError, MemoryError) as error:
        reason = str(error) or "it calls itself without end, or makes more text than there is memory for"
        raise ConfigError(f"the mail template {name} cannot {what}: {reason}. {look}") from None
    except ConfigError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a template does to a value, the template is at fault
        line = getattr(error, "lineno", None)
        where = f"{name}, line {line}" if line is not None else name
        raise ConfigError(f"the mail template {where} cannot {what}: {error}. {look}") from None


@contextmanager
def _counted() -> Iterator[None]:
    """Count the steps of this thread, and end it where they are too many or a text grows too long."""
    steps = 0

    def step(frame: FrameType, event: str, given: Any) -> Any:
        nonlocal steps
        steps += 1
        if steps > MOST_STEPS:
            raise _TooMuch(f"it takes more than {MOST_STEPS:,} steps, as a loop in a loop does")
        if event == "call" and frame.f_globals.get("__name__") == "jinja2.filters":
            name, values = frame.f_code.co_name, tuple(frame.f_locals.values())
            if name in _PADDING:
                _refuse_numbers(values)
                _refuse_width(str(frame.f_locals.get("value")) if name == "do_format" else "")
            _refuse_product(name, values)
        if event == "return" and isinstance(given, (str, list)) and len(given) > MOST_LETTERS:
            raise _TooMuch(f"a text in it grows beyond {MOST_LETTERS:,} characters")
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        yield
    finally:
        sys.settrace(before)


def _refuse_growth(operator: str, left: Any, right: Any) -> None:
    sizes = [len(side) for side in (left, right) if isinstance(side, (str, bytes, list, tuple))]
    numbers = [abs(side) for side in (left, right) if isinstance(side, int)]
    if operator == "%" and isinstance(left, str):
        _refuse_width(left)
        _refuse_product("format", (left, right))
    grown = {"+": sum(sizes), "*": sizes[0] * max(numbers, default=1) if sizes else 0}.get(operator, 0)
    too_large = grown > MOST_LETTERS or (operator == "**" and any(one > 1000 for one in numbers))
    if too_large or (operator == "*" and any(one.bit_length() > _MOST_TIMES for one in numbers)):
        raise _TooMuch(f"'{operator}' in it makes more than {MOST_LETTERS:,} characters or digits")


def _refuse_product(name: str, values: tuple[Any, ...]) -> None:
    """Refuse a filter or method that could write one of its values as often as another is long."""
    if name not in _MULTIPLYING:
        return
    sizes = [1, 1]
    for value in values:
        if isinstance(value, (str, bytes, list, tuple, dict)):
            sizes.append(len(value))
        if isinstance(value, (list, tuple, dict)):
            held = value.values() if isinstance(value, dict) else value
            sizes.append(max((len(one) for one in held if isinstance(one, (str, bytes))), default=1))
        if isinstance(value, int) and name in _BY_NUMBER:
            sizes.append(abs(value))
    if (most := sorted(sizes)[-2:])[0] * most[1] > _MOST_MADE:
        raise _TooMuch(f"'{name.removeprefix('sync_').removeprefix('do_')}' in it may make a text of gigabytes")


def _refuse_numbers(values: tuple[Any, ...]) -> None:
    if any(isinstance(value, int) and abs(value) > _MOST_TIMES for value in values):
        raise _TooMuch(f"a number in it is larger than {_MOST_TIMES:,}, which no message needs")


def _refuse_format(pattern: str) -> None:
    """Refuse a pattern of `format` that pads to thousands of characters, or to as many as a value says."""
    if re.search(r"\{[^{}]*\{", pattern.replace("{{", "")):
        raise _TooMuch("a pattern in it pads to as many characters as a value says")
    _refuse_width(pattern)


def _refuse_width(pattern: str) -> None:
    """Refuse a pattern that pads to thousands of characters, or to as many as a value says."""
    digits = "".join(letter if letter.isdigit() else " " for letter in pattern).split()
    if any(len(run) > 4 for run in digits) or "*" in pattern:
        raise _TooMuch("a pattern in it pads to more characters than a message has")
