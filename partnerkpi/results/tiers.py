"""Which benchmark rates a group: that of its tier where it has its own, else everybody's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from partnerkpi.config import Config
from partnerkpi.kpi.benchmark import Benchmark, of_tier
from partnerkpi.results.result import Group
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.sql import identifier
from partnerkpi.tables.table import Table
from partnerkpi.tables.values import as_text


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
    pairs = f"SELECT DISTINCT {identifier(partner)}, {identifier(tier)} FROM ({table.relation().sql_query()})"
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, value in table.connection.sql(pairs).fetchall():
        if (who := as_text(name)) is not None and (level := as_text(value)) is not None:
            found[who].add(level)
    return {who: levels.pop() for who, levels in found.items() if len(levels) == 1}
