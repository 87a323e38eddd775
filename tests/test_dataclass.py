"""The project's own `dataclass` beside the one of the standard library."""

import copy
import dataclasses
import inspect
import pickle
import re
from pathlib import Path

import pytest

from partnerkpi.dataclass import dataclass

PACKAGE = Path(__file__).parents[1] / "partnerkpi"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A value with all kinds of fields."""

    number: int
    text: str = "some"
    kept: list[int] = dataclasses.field(default_factory=list, compare=False)
    quiet: int = dataclasses.field(default=3, repr=False)
    fixed: int = dataclasses.field(default=4, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "quiet", self.quiet + 1)


@dataclass
class Open:
    """A value that changes."""

    number: int
    kept: list[int] = dataclasses.field(default_factory=list)


def test_a_value_is_what_the_standard_library_makes_of_it() -> None:
    """Fields, order, defaults, text, comparison, hash, copies and patterns are those of `dataclasses.dataclass`."""
    one = Frozen(1, quiet=2)
    assert repr(one).endswith("Frozen(number=1, text='some', kept=[], fixed=4)")
    assert one.quiet == 3
    assert one == Frozen(1, kept=[7], quiet=2) != Frozen(1)
    assert hash(one) == hash(Frozen(1, "some", [7], 2))
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one  # noqa: S301 - our own bytes
    assert dataclasses.replace(one, number=5).number == 5
    assert dataclasses.asdict(one) == {"number": 1, "text": "some", "kept": [], "quiet": 3, "fixed": 4}
    assert list(inspect.signature(Frozen).parameters) == ["number", "text", "kept", "quiet"]
    assert Frozen.__match_args__ == ("number", "text", "kept", "quiet")
    assert Open(1).kept is not Open(1).kept
    assert Open.__hash__ is None


def test_a_frozen_value_stays() -> None:
    """Nothing is assigned to a frozen value or taken from it; an open one changes."""
    with pytest.raises(dataclasses.FrozenInstanceError, match="number"):
        Frozen(1).number = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError, match="number"):
        del Frozen(1).number
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'number'"):
        Frozen()  # type: ignore[call-arg]
    changed = Open(1)
    changed.number = 2
    assert changed == Open(2)


def test_every_class_of_fields_is_made_so() -> None:
    """No module asks the standard library, whose classes take ten times as long to make."""
    texts = {p.name: p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*.py")}
    asked = re.compile(r"^from dataclasses import .*\bdataclass\b|@dataclasses\.dataclass", re.MULTILINE)
    assert [name for name, text in texts.items() if asked.search(text)] == []
    assert sum("@dataclass" in text for text in texts.values()) > 100
