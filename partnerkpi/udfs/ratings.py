"""What the figures say in a cell: the rating of each KPI, and the share of targets reached.

The benchmarks are those of `partnerkpi.toml`, read again when the file has changed.
"""

# ruff: noqa: N802 - Excel's functions are written in capitals
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from partnerkpi.cells import CellError, number
from partnerkpi.config import DEFAULT_NAME, load
from partnerkpi.errors import ConfigError
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, Benchmark
from partnerkpi.kpi.checks import finite_number
from partnerkpi.kpi.health import health
from partnerkpi.udfs import log
from partnerkpi.udfs.arguments import figure_of, weights_of, word_of
from partnerkpi.udfs.function import excel_function

#: The figures that each KPI can have in a cell. The share of active advocates is a fraction there.
SCALES = {"nps": (-100.0, 100.0), "advocacy": (0.0, 1.0), "retention": (0.0, 100.0)}

Stamp = tuple[Path, int, int]

#: Benchmarks that were settled where the functions were carried to: no file is looked for there.
_settled: Mapping[str, Benchmark] | None = None


def rating(kpi: str, value: float | None) -> str | None:
    """Return the name of the band of a figure on the scale it has in a cell; None stays None.

    CellError #VALUE! for an unknown KPI, KpiValueError for a figure off its scale, ConfigError when `partnerkpi.toml`
    cannot be used. rating("advocacy", 0.75) is "strong".
    """
    if kpi not in SCALES:
        raise CellError("#VALUE!", f"kpi is {kpi!r}; allowed: {', '.join(SCALES)}")
    if value is None:
        return None
    return current_benchmarks()[kpi].rating(finite_number(value, kpi, *SCALES[kpi]))


def nps_rater() -> Callable[[float | None], str | None]:
    """Return what names the band of an NPS in a table; where `partnerkpi.toml` cannot be used it says #VALUE!.

    Then the figures beside it, which do not depend on that file, still stand.
    """
    try:
        return current_benchmarks()["nps"].rating
    except ConfigError:
        return lambda _: "#VALUE!"


def current_benchmarks() -> Mapping[str, Benchmark]:
    """Return the benchmarks on the scales of cells; ConfigError when `partnerkpi.toml` cannot be used."""
    if _settled is not None:
        return _settled
    found = _benchmarks(_stamp())
    if isinstance(found, ConfigError):
        raise found.with_traceback(None)  # the same one each time: its traceback would grow
    return found


def _stamp() -> Stamp | None:
    """Return which file counts and when it was changed: in the current folder, or else in the user's own folder."""
    for place in (Path.cwd, Path.home):
        try:
            path = place() / DEFAULT_NAME
            status = path.stat()
        except (OSError, RuntimeError):
            continue
        return path, status.st_mtime_ns, status.st_size
    return None


@lru_cache(maxsize=1)
def _benchmarks(stamp: Stamp | None) -> Mapping[str, Benchmark] | ConfigError:
    """Read the file, unless it is the one that was read last: a faulty one is complained of once, not in each cell."""
    if stamp is None:
        benchmarks: Mapping[str, Benchmark] = DEFAULT_BENCHMARKS
    else:
        try:
            benchmarks = load(stamp[0]).benchmarks
        except ConfigError as error:
            log.write(f"ratings are #VALUE!: {error}")
            return error
    return in_cells(benchmarks)


def settle(benchmarks: Mapping[str, Benchmark]) -> None:
    """Rate by these benchmarks from now on, and by no settings file: for add-ins that carry their benchmarks along."""
    global _settled
    _settled = in_cells(benchmarks)


def in_cells(benchmarks: Mapping[str, Benchmark]) -> Mapping[str, Benchmark]:
    """Return benchmarks on the scales of cells, where the share of active advocates is a fraction."""
    return {**benchmarks, "advocacy": _as_fractions(benchmarks["advocacy"])}


def _as_fractions(benchmark: Benchmark) -> Benchmark:
    """Return the benchmark for shares as fractions; 0.57 is compared with 57 / 100, since 100 * 0.57 falls below 57."""
    return Benchmark.from_thresholds(
        benchmark.kpi,
        {name: start / 100 for name, start in benchmark.thresholds.items()},
        worst=benchmark.bands[0].name,
        target=benchmark.target / 100,
        label=benchmark.label,
    )


REACHED = {
    "nps": "The NPS in points, -100 to 100. Blank or #N/A: no data.",
    "advocates": "The share of active advocates as a fraction, 0 to 1. Blank or #N/A: no data.",
    "influence": "The influence on retention in points, 0 to 100. Blank or #N/A: no data.",
    "weights": "Optional: three numbers, how much NPS, advocates and influence weigh; {0.4,0.3,0.3} if left out.",
}


@excel_function(**REACHED)
def PARTNER_ATTAINMENT(nps: object, advocates: object, influence: object, weights: object = None) -> object:
    """Return the share of targets reached, 0 to 100: each KPI as a share of its target, weighted; none without data."""
    active = figure_of(advocates)
    return health(
        figure_of(nps), None if active is None else 100 * active, figure_of(influence), weights=weights_of(weights)
    ).score


@excel_function(**REACHED)
def PARTNER_HEALTH(nps: object, advocates: object, influence: object, weights: object = None) -> object:
    """Return the share of targets reached, 0 to 100: the older name of PARTNER_ATTAINMENT, which says what it is."""
    return PARTNER_ATTAINMENT(nps, advocates, influence, weights)


@excel_function(
    kpi="Which KPI, in quotation marks: nps, advocacy or retention.",
    value="Its figure: NPS in points, active advocates as a fraction (0 to 1), influence on retention in points.",
)
def PARTNER_RATING(kpi: object, value: object) -> object:
    """Return the rating of a figure by the current benchmarks: exceptional, strong, watch or investigate."""
    name = word_of(kpi)
    if name is None:
        raise CellError("#VALUE!", "no KPI was named")
    return rating(name, number(value, None))
