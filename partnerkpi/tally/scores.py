"""From answers to counts: (groups, period) -> detractors, passives, promoters, and what was set aside.

Counts are enough: every figure of the score KPI follows from three of them, and counts add up. So the engine that
holds the answers reduces them to this small table, and the arithmetic after it is exact and the same everywhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import field, replace

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import UsageError
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.periods import UNITS, Period, months_ahead, period_label
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.dates import read_dates
from partnerkpi.tables.frames import Sources, sources_of
from partnerkpi.tables.read import read_table
from partnerkpi.tables.values import as_text
from partnerkpi.tables.workspace import Workspace
from partnerkpi.tally.facts import REASON_OF, REASONS, REPEATED, Answers, Duplicates
from partnerkpi.tally.several import Several

Group = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """The counts of one group in one period, and of how many rows they are."""

    group: Group
    period: str | None
    tally: ScoreTally
    rows: int


@dataclass(frozen=True, slots=True)
class Tallies:
    """Counts per group and period, with every row of the source accounted for.

    `period` is None where no period was asked for and for answers without a date. `rows_read` equals the rows of
    all cells plus the sum of `set_aside`.
    """

    by: tuple[str, ...]
    period: Period
    cells: tuple[Cell, ...]
    rows_read: int
    set_aside: dict[str, int] = field(default_factory=dict)
    undated: int = 0

    @property
    def rows_used(self) -> int:
        """Return the number of rows that count."""
        return sum(cell.rows for cell in self.cells)

    def by_first(self, columns: int) -> Tallies:
        """Return the same counts by the first of their columns alone."""
        counts: defaultdict[tuple[Group, str | None], tuple[ScoreTally, int]]
        counts = defaultdict(lambda: (ScoreTally(), 0))
        for cell in self.cells:
            tally, rows = counts[cell.group[:columns], cell.period]
            counts[cell.group[:columns], cell.period] = tally + cell.tally, rows + cell.rows
        cells = tuple(Cell(group, period, *one) for (group, period), one in counts.items())
        return replace(self, by=self.by[:columns], cells=cells)

    @property
    def responses(self) -> int:
        """Return the number of answers that count."""
        return sum(cell.tally.responses for cell in self.cells)


def tally(answers: Answers, by: Sequence[str] = (), persons: Rows | Several | None = None) -> Tallies:
    """Count answers by the values of some columns and by period.

    `persons` as in `Answers.counted`, or those who answered several times, of answers by these columns.

    Three answers 9, 7 and 3 give one cell with one promoter, one passive and one detractor.
    """
    cells: defaultdict[tuple[Group, str | None], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    aside: Counter[str] = Counter()
    found = persons.counted() if isinstance(persons, Several) else answers.counted(by, persons)
    for *raw, stretch, counts_as, rows, repeated, responses in found:
        counts = cells[tuple(map(as_text, raw)), label_of(stretch, answers.period)]  # also of a group without answers
        aside[REPEATED] += int(repeated)
        if counts_as in REASON_OF:
            aside[REASON_OF[counts_as]] += int(rows)
        else:
            counts[counts_as] += int(responses)
            counts[-1] += int(rows)
    ordered = sorted(cells.items(), key=lambda item: (tuple(value or "" for value in item[0][0]), item[0][1] or ""))
    in_order = tuple(Cell(group, label, ScoreTally(*bands), rows) for (group, label), (*bands, rows) in ordered)
    undated = sum(cell.tally.responses for cell in in_order if cell.period is None) if answers.period != "all" else 0
    used = sum(cell.rows for cell in in_order)
    reasons = {reason: aside[reason] for reason in REASONS if aside[reason]}
    return Tallies(tuple(by), answers.period, in_order, used + aside.total(), reasons, undated)


def label_of(stretch: int | None, period: Period) -> str | None:
    """Return the name of a period that an engine counts as a number: of months from year 0 divided by those of one."""
    if stretch is None or period == "all":
        return None
    return period_label(stretch * UNITS[period] - months_ahead(period), period)


def tally_scores(
    frame: Sources,
    *,
    score: str,
    by: Sequence[str] = (),
    partner: str | None = None,
    date: str | None = None,
    period: Period = "all",
    respondent: str | None = None,
    duplicates: Duplicates = "latest",
    wave: Period = "quarter",
) -> Tallies:
    """Count the answers of a frame by group and period.

    `frame` is a frame, a relation or records as `partnerkpi.nps` takes them, or a path; `score` may hold numbers or
    text; `date` a date or date-time (instants with a zone are counted in UTC). With `respondent`, only the latest (or
    first) answer of each partner, respondent and wave counts, of two at one time the lower in the frame; answers
    without a respondent always count. Three answers 9, 7 and 3 give one cell with one promoter, one passive and one
    detractor.
    """
    with Workspace() as workspace:
        workspace.engine.give_room()
        table = read_table(workspace, sources_of(frame))
        given = {"score": score, "partner": partner, "date": date, "respondent": respondent}
        columns = Columns(table.profiles, table.label, given)
        found = {role: columns.required(role) for role, name in given.items() if name is not None}
        day = None
        if (when := found.pop("date", None)) is not None:
            kind = table.kind_of(when).kind
            if kind != "DATE" and not kind.startswith("TIMESTAMP"):
                raise UsageError(f"column {when!r} holds no dates: name the column that does with --date COLUMN")
            day = read_dates(table, when).expression
        answers = Answers.of(table, **found, day=day, period=period, duplicates=duplicates, wave=wave)
        return tally(answers, [columns.find(name, "--by") for name in by])
