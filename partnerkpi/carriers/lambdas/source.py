"""The formulas of all functions, with the words, thresholds and weights that are said elsewhere filled in."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from importlib import resources

from partnerkpi._version import __version__
from partnerkpi.carriers.lambdas.syntax import Formula, formulas
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, Benchmark
from partnerkpi.kpi.conditional import COUNTED_OUT
from partnerkpi.kpi.health import DEFAULT_ANCHORS, DEFAULT_WEIGHTS
from partnerkpi.kpi.intervals import z_value
from partnerkpi.kpi.scores import PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.periods import LONGEST_GAPLESS, LONGEST_GAPLESS_WEEKS
from partnerkpi.udfs import FUNCTIONS
from partnerkpi.udfs.arguments import (
    CONFIDENCE,
    GROUP_HEADINGS,
    INVITED_HEADINGS,
    MIN_RESPONSES,
    PARTNER_HEADINGS,
    RETAINED_HEADINGS,
    SCORE_HEADINGS,
)
from partnerkpi.udfs.ratings import in_cells
from partnerkpi.vocabulary import MINUS, NO, NO_PARTNER, SIGNS, SPACES, YES

_KPIS = ("nps", "advocacy", "retention")
_LONGEST_TEXT = 255  # characters of a text in a formula
_TEXTS = ("cells", "nps", "advocacy", "retention", "ratings")


def pack(benchmarks: Mapping[str, Benchmark] = DEFAULT_BENCHMARKS) -> dict[str, Formula]:
    """Return the LAMBDA of each function by its name, with these benchmarks, as the settings hold them, for ratings."""
    return dict(_pack(tuple(in_cells(benchmarks).items())))


def text_of(formulas: Mapping[str, Formula]) -> str:
    """Return the functions as text for the formula editor of Excel Labs: a definition each, its help above it."""
    parts = [f"/* Partner KPI, partnerkpi {__version__}. */"]
    for name, formula in formulas.items():
        function = FUNCTIONS[name]
        lines = [f"{function.description}", *(f"{one}: {text}" for one, text in function.arguments.items())]
        remark = "\n".join(f"   {line}" for line in lines)
        parts.append(f"/*{remark[2:]} */\n{name} = {formula.typed};")
    return "\n\n".join(parts) + "\n"


@functools.lru_cache(maxsize=4)
def _pack(benchmarks: tuple[tuple[str, Benchmark], ...]) -> Mapping[str, Formula]:
    folder = resources.files(__package__)
    texts = [folder.joinpath(f"{name}.txt").read_text(encoding="utf-8") for name in _TEXTS]
    made = formulas(texts, values(dict(benchmarks)))
    return {name: made[name] for name in FUNCTIONS}


def values(benchmarks: Mapping[str, Benchmark]) -> dict[str, str]:
    """Return what `$word` stands for in the texts."""
    weights = ",".join(f"{weight:g}" for weight in DEFAULT_WEIGHTS)
    targets = {kpi: high for kpi, (_, high) in zip(_KPIS, DEFAULT_ANCHORS, strict=True)}
    targets["advocacy"] /= 100  # a fraction in a cell
    return {
        "signs": '"' + MINUS + SIGNS + '"',
        "marks": '".,\'’"',
        "spaces": "{" + ",".join(str(ord(space)) for space in SPACES) + "}",
        "passive": f"{PASSIVE_FROM:g}",
        "promoter": f"{PROMOTER_FROM:g}",
        "counted": str(COUNTED_OUT),
        "usual": repr(z_value(CONFIDENCE)),
        "minimum": str(MIN_RESPONSES),
        "longest": str(LONGEST_GAPLESS),
        "longest_weeks": str(LONGEST_GAPLESS_WEEKS),
        "says_yes": _words(YES),
        "says_no": _words(NO),
        "no_partner": _words(NO_PARTNER),
        "partner_headings": _headings(PARTNER_HEADINGS),
        "group_headings": _headings(GROUP_HEADINGS),
        "score_headings": _headings(SCORE_HEADINGS),
        "retained_headings": _headings(RETAINED_HEADINGS),
        "invited_headings": _headings(INVITED_HEADINGS),
        "weights": "{" + weights.replace(",", ";") + "}",
        **{f"target_{kpi}": f"{target:g}" for kpi, target in targets.items()},
        **{f"rate_{kpi}": _rating(benchmark) for kpi, benchmark in benchmarks.items()},
    }


def _words(words: Iterable[str]) -> str:
    """Return words as an array constant, in one order."""
    return "{" + ",".join(_quoted(word) for word in sorted(words)) + "}"


def _headings(headings: Iterable[str]) -> str:
    """Return headings as one text, each between bars; Excel takes texts of up to 255 characters in a formula."""
    text = "".join(f"|{one}" for one in sorted(headings)) + "|"
    return " & ".join(_quoted(text[start : start + _LONGEST_TEXT]) for start in range(0, len(text), _LONGEST_TEXT))


def _rating(benchmark: Benchmark) -> str:
    """Return the formula that names the band of `points`."""
    formula = _quoted(benchmark.bands[0].name)
    for band in benchmark.bands[1:]:
        formula = f"IF(points >= {_number(band.low)}, {_quoted(band.name)}, {formula})"
    return formula


def _number(number: float) -> str:
    return repr(number).removesuffix(".0")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
