"""`partnerkpi.toml`: which column is which, the benchmarks, and how things are counted.

Everything has a default, so the file is optional. What it holds is checked when it is read: an unknown key or a value
that does not fit is an error that names the file, the key and the nearest known key, before anything is counted.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import ConfigError, KpiValueError
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS, Benchmark
from partnerkpi.kpi.health import DEFAULT_WEIGHTS

if TYPE_CHECKING:  # pydantic takes a tenth of a second: loaded only where it is needed
    from partnerkpi.settings import Settings, TierBenchmarks

#: The file that is read when no --config is given and it lies in the current folder.
DEFAULT_NAME = "partnerkpi.toml"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one run: columns by role, a benchmark for each KPI, weights of the composite, options."""

    path: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    benchmarks: Mapping[str, Benchmark] = field(default_factory=lambda: dict(DEFAULT_BENCHMARKS))
    weights: tuple[float, float, float] = DEFAULT_WEIGHTS
    period: str | None = None
    duplicates: str = "latest"
    wave: str = "quarter"
    confidence: float = 0.95
    min_responses: int = 5
    day_first: bool | None = None
    fiscal_year_start: int = 1
    tier_benchmarks: Mapping[str, Mapping[str, Benchmark]] = field(default_factory=dict)
    retained_words: Sequence[str] = ()
    lost_words: Sequence[str] = ()
    grace_days: int = 1
    given: Settings | None = field(default=None, repr=False, compare=False)

    @property
    def settings(self) -> Settings:
        """Return all sections of the file, with the defaults of what it leaves out."""
        if self.given is not None:
            return self.given
        from partnerkpi.settings import Settings

        return Settings()

    def override(self, **options: Any) -> Config:
        """Return the settings with the options of a command in the place of its own; None is an option not given."""
        given = {name: value for name, value in options.items() if value is not None}
        return replace(self, **{name: one.value if isinstance(one, Enum) else one for name, one in given.items()})

    def beside(self, name: str) -> Path:
        """Return the path of a file that the settings name: as seen from the settings file."""
        return (self.path.parent if self.path is not None else Path()) / name

    def tiers_of(self, kpi: str) -> dict[str, Benchmark]:
        """Return the benchmark of one KPI for each tier that has its own."""
        return {tier: own[kpi] for tier, own in self.tier_benchmarks.items()}


def load(path: Path | None = None) -> Config:
    """Return the settings from a file; without one those of `partnerkpi.toml` in this folder, or the defaults.

    ConfigError names the file, the key and what is allowed.
    """
    if path is None:
        path = Path(DEFAULT_NAME)
        if not path.is_file():
            return Config()
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            f"--config {path}: there is no such file; 'partnerkpi template .' writes one to fill in"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"--config {path} cannot be read: {error}") from None
    import tomllib

    try:
        given = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line (\d+), column (\d+)", str(error))
        place = f"line {where[1]}, column {where[2]}" if where is not None else "its end"
        raise ConfigError(
            f"{path} is not valid TOML at {place}: a key, an equals sign and a value, texts in quotation marks, once "
            'each, such as score = "Q5"'
        ) from None
    return _checked(path, given)


def _checked(path: Path, given: dict[str, Any]) -> Config:
    try:
        from pydantic import ValidationError
    except ImportError:  # the functions alone, in a browser, have it only where somebody asked for it
        raise ConfigError(f"{path} cannot be read without pydantic: install that, or take the file away") from None

    from partnerkpi.settings import Settings

    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        first, *others = error.errors()
        more = f" (and {len(others)} more to correct)" if others else ""
        raise ConfigError(f"{path}: {_explained(first)}{more}") from None
    benchmarks = _benchmarks(f"{path}: [benchmarks", DEFAULT_BENCHMARKS, settings.benchmarks)
    tiers = {
        tier: _benchmarks(f"{path}: [benchmarks.tiers.{tier}", benchmarks, own)
        for tier, own in settings.benchmarks.tiers.items()
    }
    weights = settings.health.weights
    options = settings.options
    return Config(
        path,
        settings.columns.given(),
        benchmarks,
        (weights.nps, weights.advocacy, weights.retention),
        options.period,
        options.duplicates,
        options.wave,
        options.confidence,
        options.min_responses,
        options.day_first,
        options.fiscal_year_start,
        tiers,
        tuple(settings.retention.retained_words),
        tuple(settings.retention.lost_words),
        settings.retention.grace_days,
        settings,
    )


def _benchmarks(place: str, defaults: Mapping[str, Benchmark], given: TierBenchmarks) -> dict[str, Benchmark]:
    """Return the benchmarks with what the file sets in the place of the defaults."""
    benchmarks = dict(defaults)
    for kpi, own in given.as_thresholds().items():
        default = defaults[kpi]
        own = dict(own)
        target = own.pop("target", default.target)
        try:
            benchmarks[kpi] = Benchmark.from_thresholds(
                kpi, {**default.thresholds, **own}, target=target, label=default.label, unit=default.unit
            )
        except KpiValueError as error:
            raise ConfigError(f"{place}.{kpi}] {error}; a better rating must begin at a higher number") from None
    return benchmarks


#: What a value must be, by the kind of error: the words, with what the error says of its limits.
_MUST = {
    "bool": "must be true or false, without quotation marks",
    "int": "must be a whole number",
    "float": "must be a number, without quotation marks",
    "finite_number": "must be a number that is not infinite",
    "string": "must be a text in quotation marks",
    "string_too_short": "must not be empty",
    "list": 'must be a list in brackets, such as ["a", "b"]',
    "mapping": "must be a section of its own, with keys and values",
    "dict": "must be a section of its own, with keys and values",
    "model": "must be a section of its own, with keys and values",
    "date": "must be a day, such as 2026-09-30",
    "greater_than_equal": "must be at least {ge:g}",
    "greater_than": "must be more than {gt:g}",
    "less_than_equal": "must be at most {le:g}",
    "less_than": "must be less than {lt:g}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
}


def _explained(error: Any) -> str:
    """Return what is wrong with a key as a sentence: the key, what stands there and what is allowed."""
    from partnerkpi.settings import known_keys

    place = [str(step) for step in error["loc"]]
    key = ".".join(place)
    kind = str(error["type"])
    if kind == "extra_forbidden":
        known = known_keys(place[:-1])
        near = difflib.get_close_matches(place[-1], known, 1, 0.7)
        hint = f"; did you mean {near[0]!r}?" if near else "."
        return f"unknown key {key!r}{hint} Known here: {', '.join(known)}"
    if kind == "missing":
        return f"{key} is missing: {'.'.join(place[:-1])} needs it"
    must = _MUST.get(kind) or _MUST.get(kind.rpartition("_")[0]) or _MUST.get(kind.partition("_")[0])
    if kind == "value_error" or must is None:
        message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input ")
        return f"{key} is {error['input']!r}, but it {message}"
    return f"{key} is {_as_toml(error['input'])}, but it {must.format(**error.get('ctx', {}))}"


def _as_toml(value: Any) -> str:
    """Return a value as the file has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, str | int | float) else "a list" if isinstance(value, list) else "a section"
