"""The functions as custom functions of Google Sheets: one file of Apps Script to paste, made from `FUNCTIONS`.

What cells count as and the arithmetic are written in JavaScript beside this module, to be read; the words, bands and
limits that they go by are those of the package, put before them as constants.
"""

from __future__ import annotations

import json
import math
import re
import textwrap
from collections.abc import Mapping, Set
from importlib.resources import files
from typing import Any

from partnerkpi._version import __version__
from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.kpi.health import DEFAULT_ANCHORS, DEFAULT_WEIGHTS, FIGURES
from partnerkpi.kpi.scores import HIGHEST_SCORE, LOWEST_SCORE, PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.periods import LONGEST_GAPLESS, LONGEST_GAPLESS_WEEKS, UNITS
from partnerkpi.udfs import FUNCTIONS, ExcelFunction
from partnerkpi.udfs import arguments as limits
from partnerkpi.udfs.function import LONGEST_TEXT
from partnerkpi.udfs.nps import BLANK, FEW_RESPONSES, NO_DATE
from partnerkpi.udfs.ratings import SCALES, in_cells
from partnerkpi.vocabulary import ERROR_CELLS, NO, NO_PARTNER, NUMBER_TEXT, SPACES, YES

#: The parts in JavaScript, in their order.
PARTS = ("cells.js", "statistics.js", "nps.js", "functions.js")
#: What Sheets shows besides Excel's errors: a script that failed, and a cell that is not calculated yet.
OWN_ERROR, LOADING = "#ERROR!", "Loading..."
_WIDTH = 116


def script(benchmarks: Mapping[str, Benchmark]) -> str:
    """Return the script: its head, the arithmetic, and each function with its help.

    `benchmarks` are those of the settings by KPI, shares in percent; ratings go by them until the script is made anew.
    """
    used = in_cells(benchmarks)
    parts = [files(__name__).joinpath(part).read_text(encoding="utf-8") for part in PARTS]
    inner = "\n".join((_constants(used), *parts, "return { answer, shown };\n"))
    return "\n".join(
        (
            _head(used),
            "const PartnerKpi_ = (() => {",
            '"use strict";',
            "",
            f"{inner}}})();",
            *(_function(function) for function in FUNCTIONS.values()),
        )
    )


def _head(benchmarks: Mapping[str, Benchmark]) -> str:
    bands = "; ".join(
        f"{kpi} " + ", ".join(f"{name} from {start:g}" for name, start in benchmark.thresholds.items())
        for kpi, benchmark in benchmarks.items()
    )
    remarks = (
        f"The functions of partnerkpi {__version__} for Google Sheets: Extensions, Apps Script, paste this file over "
        "what is there, save.",
        "A cell without data, or with an error, shows #ERROR!; with the mouse over it the code of Excel (#N/A, #NUM!, "
        "#VALUE!) and the reason are seen. ISERROR and IFERROR see it, ISNA does not. In a table such a cell shows "
        "#NUM!.",
        f"Ratings go by these bands: {bands}. Below the first: {_worst(benchmarks)}.",
        "Made by 'partnerkpi excel sheets'. Do not change it by hand: make it anew.",
    )
    return "/*\n" + "".join(f"{_wrapped(line, ' * ')}\n" for line in remarks) + " */"


def _worst(benchmarks: Mapping[str, Benchmark]) -> str:
    return ", ".join(sorted({benchmark.bands[0].name for benchmark in benchmarks.values()}))


def _function(function: ExcelFunction) -> str:
    """Return a custom function, with its help as Sheets reads it."""
    lines = [
        _wrapped(function.description, " * "),
        " *",
        *(f" * @param {{*}} {name} {text}" for name, text in function.arguments.items()),
        " * @return {*} The figure, or rows of figures.",
        " * @customfunction",
    ]
    given = ", ".join(function.arguments)
    body = f'  return PartnerKpi_.shown("{function.name}", [{given}]);'
    return "\n".join(("", "/**", *lines, " */", f"function {function.name}({given}) {{", body, "}", ""))


def _wrapped(text: str, indent: str) -> str:
    """Return a text as lines of a comment."""
    lines = textwrap.wrap(text.replace("*/", "* /"), _WIDTH, break_on_hyphens=False, break_long_words=False)
    return "\n".join(f"{indent}{line}" for line in lines)


# ---- the constants, from the package


def _constants(benchmarks: Mapping[str, Benchmark]) -> str:
    blanks = "".join(f"\\u{ord(character):04x}" for character in SPACES)
    white = "".join(f"\\u{ord(character):04x}" for character in SPACES if character.isspace())
    constants: dict[str, Any] = {
        "SCALE": {
            "lowest": LOWEST_SCORE,
            "passiveFrom": PASSIVE_FROM,
            "promoterFrom": PROMOTER_FROM,
            "highest": HIGHEST_SCORE,
        },
        "DEFAULTS": {
            "confidence": limits.CONFIDENCE,
            "minResponses": limits.MIN_RESPONSES,
            "weights": list(DEFAULT_WEIGHTS),
        },
        "BENCHMARKS": {
            kpi: {
                "lowest": SCALES[kpi][0],
                "highest": SCALES[kpi][1],
                "bands": [{"name": band.name, "from": band.low} for band in benchmark.bands],
            }
            for kpi, benchmark in benchmarks.items()
        },
        "TARGETS": [
            {"lowest": lowest, "counts0": none, "counts100": reached}
            for (_, lowest), (none, reached) in zip(FIGURES, DEFAULT_ANCHORS, strict=True)
        ],
        "DAYS": {
            "first": limits.FIRST_SERIAL,
            "last": limits.LAST_SERIAL,
            "fictitious": limits.FICTITIOUS_DAY,
        },
        "LONGEST_TEXT": LONGEST_TEXT,
        "LONGEST_GAPLESS": LONGEST_GAPLESS,
        "LONGEST_GAPLESS_WEEKS": LONGEST_GAPLESS_WEEKS,
        "TEXTS": {"blank": BLANK, "noDate": NO_DATE, "fewResponses": FEW_RESPONSES},
        "HEADINGS": {
            "score": limits.SCORE_HEADINGS,
            "partner": limits.PARTNER_HEADINGS,
            "group": limits.GROUP_HEADINGS,
            "retained": limits.RETAINED_HEADINGS,
            "invited": limits.INVITED_HEADINGS,
        },
        "WORDS": {
            "saysYes": YES,
            "saysNo": NO,
            "noPartner": NO_PARTNER,
            "errors": ERROR_CELLS | {OWN_ERROR},
            "loading": LOADING,
            "outerSpaces": re.compile(f"^[{blanks}]+|[{blanks}]+$"),
            "spaces": re.compile(f"[{white}]"),
            "number": re.compile(f"^(?:{NUMBER_TEXT.pattern})$", re.IGNORECASE),
        },
    }
    lines = [f"const {name} = {_literal(value)};" for name, value in constants.items()]
    months = [[name, 0 if name == "week" else UNITS[name]] for name in limits.PERIODS]
    lines.append(f"const MONTHS = new Map({_literal(months)}); // weeks are counted by themselves")
    return "// ---- What the functions go by: limits, bands and words of partnerkpi\n\n" + "\n".join(lines) + "\n"


def _literal(value: Any, indent: str = "") -> str:
    """Return a value as JavaScript has it: a set as Set, a pattern as RegExp, no bound as Infinity."""
    deeper = indent + "  "
    if isinstance(value, Mapping):
        if all(isinstance(one, (str, int, float)) for one in value.values()):
            return "{ " + ", ".join(f"{name}: {_literal(one)}" for name, one in value.items()) + " }"
        members = "".join(f"{deeper}{name}: {_literal(one, deeper)},\n" for name, one in value.items())
        return f"{{\n{members}{indent}}}"
    if isinstance(value, Set):
        return f"new Set([\n{_lines_of(sorted(value), deeper)}{indent}])"
    if isinstance(value, re.Pattern):
        # Python's digits are those of all scripts; g, for what is taken out wherever it stands
        flags = "iu" if value.flags & re.IGNORECASE else "gu"
        return f'new RegExp({_literal(value.pattern.replace(chr(92) + "d", chr(92) + "p{Nd}"))}, "{flags}")'
    if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        return "[\n" + "".join(f"{deeper}{_literal(one, deeper)},\n" for one in value) + f"{indent}]"
    if isinstance(value, list):
        return f"[{', '.join(_literal(one, indent) for one in value)}]"
    if isinstance(value, float):
        if math.isinf(value):
            return "-Infinity" if value < 0 else "Infinity"
        return repr(int(value)) if value.is_integer() else repr(value)
    return json.dumps(value, ensure_ascii=False)


def _lines_of(words: list[str], indent: str) -> str:
    """Return words as literals, as many in a line as fit."""
    lines = [""]
    for word in words:
        literal = f"{_literal(word)}, "
        if lines[-1] and len(lines[-1]) + len(literal) > _WIDTH:
            lines.append("")
        lines[-1] += literal
    return "".join(f"{indent}{line.rstrip()}\n" for line in lines)
