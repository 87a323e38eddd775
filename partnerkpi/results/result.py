"""One KPI as rows of plain data: the whole first, then its periods, then each group with its periods.

What the command line prints as a table, JSON or CSV is exactly this. A group is rated by the benchmark of its tier
where it has its own, else by everybody's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any, TypeVar

from partnerkpi.config import Config
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import UsageError
from partnerkpi.kpi.benchmark import Benchmark, of_tier
from partnerkpi.kpi.comparisons import Compared
from partnerkpi.kpi.intervals import Interval
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.periods import AGAINST, EVERY_DAY, PERIODS, Against, Days, Period, fiscal
from partnerkpi.results.views import Views, figure
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.customer_words import Words
from partnerkpi.tables.part import Origin
from partnerkpi.tables.quality import Ledger
from partnerkpi.tables.sql import identifier
from partnerkpi.tables.table import Table
from partnerkpi.tables.values import as_text

FEW_RESPONSES = "few responses"
NO_DATA = "no data"

#: The figure of each KPI that names it, and of how many what it is.
_MAIN = {
    "nps": ("nps", "responses"),
    "advocacy": ("active_share", "partners"),
    "retention": ("retention_rate", "customers"),
}

T = TypeVar("T", bound=str)

Group = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a table: groups (as the user names them), periods, and how certain the interval should be."""

    by: tuple[str, ...] = ()
    period: Period = "all"
    confidence: float = 0.95
    min_responses: int = 5
    duplicates: str = "latest"
    wave: Period = "quarter"
    population: int | None = None
    day_first: bool | None = None
    compare: Compared | None = None
    rolling: int | None = None
    window: Days = EVERY_DAY
    words: Words = field(default_factory=Words)
    grace_days: int = 1
    year_begins: int = 1  # the month in which the financial year begins
    until_named: bool = True  # the last day of the window is one that the user named
    words_are_options: bool = False  # of the command that asks; otherwise settings alone answer

    @classmethod
    def of(
        cls,
        config: Config,
        *,
        by: Sequence[str] = (),
        period: str | None = None,
        compare: str | None = None,
        rolling: int | None = None,
        population: int | None = None,
        window: Days = EVERY_DAY,
        comparisons: Sequence[Compared] = AGAINST,
    ) -> Question:
        """Make the question that the settings and a command ask; `window` has the first and last day that count.

        `comparisons` are those that may be asked for; of several periods together as many are pooled as `rolling` says.
        Without a period everything counts together; what needs periods takes those of the settings, or quarters.
        UsageError for a word that is none of those that are allowed.
        """
        if period is None:
            usual = config.period if config.period not in (None, "all") else "quarter"
            period = "all" if compare is None and rolling is None else usual
        return cls(
            by=tuple(dict.fromkeys(by)),
            period=fiscal(_one_of(PERIODS, "period", period), config.fiscal_year_start),
            confidence=config.confidence,
            min_responses=config.min_responses,
            duplicates=_one_of(("latest", "first", "all"), "duplicates", config.duplicates),
            wave=_wave(config.wave, config.fiscal_year_start),
            population=population,
            day_first=config.day_first,
            compare=_one_of(comparisons, "compare", compare) if compare is not None else None,
            rolling=rolling if rolling is not None or compare != "rolling" else config.settings.options.rolling,
            window=window,
            words=Words.of(config.retained_words, config.lost_words),
            grace_days=config.grace_days,
            year_begins=config.fiscal_year_start,
        )

    def __post_init__(self) -> None:
        for name in ("rolling", "confidence", "min_responses", "population", "grace_days"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, (int, float)):  # as a program may give it
                raise UsageError(f"--{name.removesuffix('_days').replace('_', '-')} takes a number, not {value!r}")
        if self.compare is not None and self.period == "all":
            raise UsageError("--compare needs periods to compare: add --period quarter, month, week or year")
        if self.rolling is not None and self.period == "all":
            raise UsageError("--rolling needs periods to pool: add --period quarter, month, week or year")
        if self.rolling is not None and self.rolling < 1:
            raise UsageError(f"--rolling {self.rolling} is below 1: give the number of periods to pool")
        if not 0 < self.confidence < 1:
            raise UsageError(f"--confidence {self.confidence:g} is not between 0 and 1: write 0.95 for 95 %")
        if self.min_responses < 1:
            raise UsageError(f"--min-responses {self.min_responses} is below 1")
        if self.population is not None and self.population < 1:
            raise UsageError(
                f"--population {self.population} is below 1: give the number of people who could have answered"
            )

    @property
    def against(self) -> Against | None:
        """Return which single period each period is compared with, if one is."""
        return self.compare if self.compare != "rolling" else None


def _wave(name: str, first: int) -> Period:
    """Return the period in which one answer of a person counts; `first` is the month in which the year begins."""
    return fiscal(_one_of(PERIODS, "wave", "all" if name == "none" else name), first)


def _one_of(allowed: Sequence[T], name: str, word: str) -> T:
    """Return a word that is allowed; UsageError for another one."""
    for one in allowed:
        if one == word:
            return one
    raise UsageError(f"{name} {word!r} is not one of {', '.join(allowed)}")


@dataclass(frozen=True, slots=True)
class SetAside:
    """A table with its rows that were not used."""

    table: Table
    rows: Rows | None

    @classmethod
    def of(cls, table: Table, labelled: Rows) -> SetAside:
        """Return the rows of a table that carry a reason why they do not count."""
        return cls(table, labelled.where("__reason IS NOT NULL"))


@dataclass(frozen=True, slots=True)
class KpiResult(Views):
    """The rows of one KPI, where they came from, and what a reader should be told about them."""

    kpi: str
    rows: tuple[Mapping[str, Any], ...]
    provenance: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        """Return the result in a line: `<nps 25.0 of 4 responses, 1 row>`."""
        main, of = _MAIN[self.kpi]
        value = self.whole.get(main)
        shown = figure(main, value) if value is not None else NO_DATA
        rows = f"{len(self.rows):,} {'row' if len(self.rows) == 1 else 'rows'}"
        return f"<{self.kpi} {shown} of {self.whole[of]:,} {of}, {rows}>"

    @property
    def whole(self) -> Mapping[str, Any]:
        """Return the row over everything."""
        return self.rows[0]

    def as_dict(self) -> dict[str, Any]:
        """Return the result as the object that `--format json` prints."""
        return {"kpi": self.kpi, "rows": [dict(row) for row in self.rows], "provenance": dict(self.provenance)}


def provenance(tables: Sequence[Table], columns: Mapping[str, str], ledger: Ledger, **more: Any) -> dict[str, Any]:
    """Return where figures came from: sources, the column of each role, and what became of the rows."""
    parts = [part for table in tables for part in table.parts]
    origins = origins_of(part.origin for part in parts if part.origin is not None)
    asked = list(dict.fromkeys(words for table in tables for words in table.asked))
    return {
        "sources": [part.label for part in parts],
        **origins,
        **({"where": asked} if asked else {}),
        "columns": dict(columns),
        "rows_read": ledger.rows_read,
        "rows_used": ledger.rows_used,
        "set_aside": dict(ledger.set_aside),
        "questions": [question for table in tables for question in table.questions],
        "quality": [],
        **more,
    }


def origins_of(origins: Iterable[Origin]) -> dict[str, Any]:
    """Return what is told of sources that are no files, under one key; nothing where all of them are files."""
    told = [
        {
            "name": origin.name,
            "engine": origin.engine,
            "rows": origin.rows,
            "columns": origin.columns,
            "query_sha256": origin.query,
        }
        for origin in origins
    ]
    return {"origins": told} if told else {}


def in_order(
    by: Sequence[str],
    groups: Iterable[Group],
    periods: Sequence[str],
    row: Callable[[Group | None, str | None], Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Yield the rows in order; `row` computes one for a group (None: the whole) and a period (None: all time)."""
    for group in (None, *(sorted(set(groups), key=_sort_key) if by else ())):
        named = {} if group is None else dict(zip(by, group, strict=True))
        for period in (None, *periods):
            yield {"level": level_of(named, period), "group": named, "period": period, **row(group, period)}


def level_of(group: Mapping[str, Any], period: str | None) -> str:
    """Return what a row is about, so that nobody adds a total to its parts: rows of one level may be added up."""
    return ("group and period" if group else "period") if period is not None else ("group" if group else "whole")


def _sort_key(group: Group) -> tuple[Any, ...]:
    """Sort names without case, numbers by size, blanks last."""
    return tuple(
        (2, 0.0, "") if value is None else (0, float(value), value) if value.isdecimal() else (1, 0.0, value.casefold())
        for value in group
    )


def answers(tally: ScoreTally) -> dict[str, Any]:
    """Return the answers of a row under the keys that every row has."""
    keys = ("responses", "promoters", "passives", "detractors", "nps")
    return {key: getattr(tally, key) for key in keys}


def bounds(interval: Interval | None, of: str = "") -> dict[str, float | None]:
    """Return the bounds of a row under the keys that every row has; `of` is what they begin with."""
    low, high = (interval.low, interval.high) if interval is not None else (None, None)
    return {f"{of}low": low, f"{of}high": high}


@dataclass(frozen=True, slots=True)
class TieredBenchmark:
    """The benchmark of one KPI: everybody's, and those of the tiers that have their own."""

    everybodys: Benchmark
    tiers: Mapping[str, Benchmark] = field(default_factory=dict)

    @classmethod
    def of(cls, config: Config, kpi: str) -> TieredBenchmark:
        """Return the benchmark of one KPI as the settings have it."""
        return cls(config.benchmarks[kpi], config.tiers_of(kpi))

    def by_group(
        self,
        by: Sequence[str],
        tier: str | None,
        partner: str | None,
        tiers_of_partners: Callable[[], Mapping[str, str]],
    ) -> Callable[[Group | None], Benchmark]:
        """Return how to find the benchmark of a group, whose values are those of the columns `by`; None is the whole.

        A group of the column `tier` is rated as its tier is, one of the column `partner` as that partner's tier. Any
        other mixes tiers, as the whole does: everybody's. `tiers_of_partners` is asked only where it is needed.
        """
        place: int | None = None
        known: Mapping[str, str] | None = None
        if self.tiers and tier is not None and tier in by:
            place = by.index(tier)
        elif self.tiers and tier is not None and partner is not None and partner in by:
            place, known = by.index(partner), tiers_of_partners()

        def benchmark_of(group: Group | None) -> Benchmark:
            value = group[place] if group is not None and place is not None else None
            return of_tier(value if known is None else known.get(value or ""), self.tiers, self.everybodys)

        return benchmark_of

    def by_group_of(self, table: Table, columns: Columns, by: Sequence[str]) -> Callable[[Group | None], Benchmark]:
        """Return how to find the benchmark of a group where the table that is counted says who is of which tier."""
        tier = columns.get("tier") if self.tiers else None
        partner = columns.get("partner") if self.tiers else None
        return self.by_group(by, tier, partner, lambda: _tiers_in(table, partner, tier))


def _tiers_in(table: Table, partner: str | None, tier: str | None) -> dict[str, str]:
    """Return the tier of each partner of a table; not of one whose rows name several."""
    if partner is None or tier is None:
        return {}
    pairs = f"SELECT DISTINCT {identifier(partner)}, {identifier(tier)} FROM __rows"
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, value in table.rows.fetch(pairs):
        if (who := as_text(name)) is not None and (level := as_text(value)) is not None:
            found[who].add(level)
    return {who: levels.pop() for who, levels in found.items() if len(levels) == 1}
