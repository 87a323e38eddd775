"""What is known of a prospective partner: a small TOML file, checked when it is read."""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from partnerkpi.errors import DataProblem, FileProblem
from partnerkpi.files import atomic_write
from partnerkpi.settings import Name, Section

#: A number with the digits it was written with; a whole number is one too.
Written = Annotated[Decimal, Field(strict=False)]

TEMPLATE = """\
# A prospective partner, from what is known. Leave out what is not known: the card then says so.
partner = "Example Ltd"

# The NPS that it declares
[nps]
figure = 62                     # as printed: 62 is rounded to whole points, 61.7 to tenths
answers = 180                   # how many answered
#promoters = 120                # the counts, where they are printed: the interval is then exact
#passives = 52
#detractors = 8
date = 2026-03-31               # the last day of its survey
scale = "0-10"                  # the scale of the question: "0-10", "1-10", "1-5" ...
promoters_from = 9              # the lowest score that it counts as a promoter
passives_from = 7               # the lowest score that it counts as a passive
asked = "customers"             # "customers", "partners", "employees" or "others"
selection = "everybody"         # "everybody", "random sample", "chosen" or "self-selected"
invited = 900                   # how many people were asked
incentive = false               # was anything given or promised for an answer

# References
[references]
asked = 5                       # how many we asked for
given = 4                       # how many it gave
checked = 3                     # how many of those we spoke with ourselves
"""


class DeclaredNps(Section):
    """The NPS that the partner declares, and how it came about."""

    figure: Written = Field(ge=-100, le=100)
    answers: int | None = Field(None, ge=1)
    promoters: int | None = Field(None, ge=0)
    passives: int | None = Field(None, ge=0)
    detractors: int | None = Field(None, ge=0)
    date: dt.date | None = None
    scale: Name | None = None
    promoters_from: Written | None = None
    passives_from: Written | None = None
    asked: Literal["customers", "partners", "employees", "others"] | None = None
    selection: Literal["everybody", "random sample", "chosen", "self-selected"] | None = None
    invited: int | None = Field(None, ge=1)
    incentive: bool | None = None

    @model_validator(mode="after")
    def _counts(self) -> DeclaredNps:
        counts = (self.promoters, self.passives, self.detractors)
        known = [count for count in counts if count is not None]
        if known and len(known) < len(counts):
            raise ValueError("promoters, passives and detractors belong together: give all three or none")
        if known and sum(known) != (self.answers or sum(known)):
            raise ValueError(
                f"promoters, passives and detractors add up to {sum(known)}, and answers is {self.answers}"
            )
        if known and not sum(known):
            raise ValueError("promoters, passives and detractors are all 0: leave them out if they are not known")
        total = self.total
        if self.invited is not None and total is not None and total > self.invited:
            raise ValueError(f"{total} answers are more than the {self.invited} people invited")
        return self

    @property
    def total(self) -> int | None:
        """Return the number of answers, from the counts if they are given."""
        if self.promoters is None or self.passives is None or self.detractors is None:
            return self.answers
        return self.promoters + self.passives + self.detractors

    @property
    def decimals(self) -> int:
        """Return to how many decimals the figure is printed."""
        exponent = self.figure.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0


class References(Section):
    """References: how many were asked for, given, and checked."""

    asked: int = Field(ge=1)
    given: int = Field(ge=0)
    checked: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _order(self) -> References:
        if self.checked > self.given:
            raise ValueError(f"checked is {self.checked}, but only {self.given} references were given")
        return self


class Prospect(Section):
    """The whole file."""

    partner: Name
    nps: DeclaredNps | None = None
    references: References | None = None


def read_prospect(path: Path) -> Prospect:
    """Return what the file says; FileProblem where it cannot be read, DataProblem naming the key that does not fit."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FileProblem(f"{path} is not there; --template {path} writes one to fill in") from None
    except (OSError, UnicodeDecodeError) as error:
        raise FileProblem(f"{path} cannot be read: {error}") from None
    try:
        # a Decimal keeps how many digits were printed: 62.0 was rounded to tenths
        given = tomllib.loads(content, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise FileProblem(
            f'{path} is not valid TOML: {error}. Texts stand in quotation marks: asked = "customers"'
        ) from None
    try:
        return Prospect.model_validate(given)
    except ValidationError as error:
        raise DataProblem(f"{path}: {_explained(error.errors())}") from None


def write_template(path: Path) -> None:
    """Write a file to fill in; FileProblem where there is one already."""
    if path.exists():
        raise FileProblem(f"{path} is there already, perhaps filled in, and is not overwritten: name another file")
    atomic_write(path, TEMPLATE.encode("utf-8"), option="--template")


def _explained(errors: Sequence[Any]) -> str:
    # a mistyped key comes before the key that it leaves missing
    error = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    place = [str(step) for step in error["loc"]]
    key = ".".join(place)
    if error["type"] == "extra_forbidden":
        known = _KEYS.get(place[0] if len(place) > 1 else "", [])
        near = difflib.get_close_matches(place[-1], known, 1, 0.5)
        return f"unknown key {key!r}; " + (f"did you mean {near[0]!r}? " if near else "") + f"Known: {', '.join(known)}"
    if error["type"] == "missing":
        return f"{key} is missing"
    message = "should be a number" if error["type"] == "decimal_type" else str(error["msg"])
    if error["type"] == "value_error":
        return f"[{key}] " + message.removeprefix("Value error, ")
    stands = repr(error["input"]) if isinstance(error["input"], str) else str(error["input"])
    return f"{key} is {stands}, but it {message.removeprefix('Decimal ').removeprefix('Input ')}"


_KEYS = {
    "": list(Prospect.model_fields),
    "nps": list(DeclaredNps.model_fields),
    "references": list(References.model_fields),
}
