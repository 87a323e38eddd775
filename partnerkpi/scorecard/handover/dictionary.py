"""The tables that are handed over, as data: each column with its type, its unit and what it means, once.

What is written and what the dictionary says of it both follow from here, so no file has a column without a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from partnerkpi.dataclass import dataclass

Kind = Literal["text", "number", "integer", "date", "boolean"]

#: What a row is about, so that nobody adds a total to its parts.
WHOLE, PERIOD, PARTNER, BOTH = "whole", "period", "partner", "partner and period"
LEVEL_MEANING = (
    f"what the row is about: {WHOLE} (everybody, all time), {PERIOD} (everybody, one period), {PARTNER} (one partner, "
    f"all time), {BOTH}; use one level at a time, and never add rows of several"
)


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name, the type of its values, their unit ("" for none), and what it means."""

    name: str
    kind: Kind
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Layout:
    """One table: its name, what a row is, its columns, those that tell one row from another, and links to others."""

    name: str
    row: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    links: Mapping[str, str]  # column -> table whose column of the same name it repeats

    @property
    def columns(self) -> list[str]:
        """Return the names of the columns."""
        return [one.name for one in self.fields]


def _text(name: str, meaning: str) -> Field:
    return Field(name, "text", "", meaning)


def _count(name: str, unit: str, meaning: str) -> Field:
    return Field(name, "integer", unit, meaning)


_LEVEL = _text("level", LEVEL_MEANING)
_ONE_LEVEL = _text("level", f"always {BOTH}, or {PARTNER} where nothing is dated: no row holds another, sums are safe")
_PARTNER = _text("partner", "the partner, as in the table partners; empty for answers or customers of none")
_PERIOD = _text("period", "the period, as in the table periods; empty for what has no date")
_LINKED = {"partner": "partners", "period": "periods"}

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "partners",
        "one partner",
        (
            _text("partner", "its name: as the list of partners spells it, else as the data do"),
            Field("listed", "boolean", "", "whether it stands on the list of partners"),
            _text("tier", "its level, from the list"),
            _text("region", "its region, from the list"),
            _text("owner", "who looks after it, from the list or the settings"),
            Field("annual_value", "number", "currency of the list", "its yearly revenue, from the list"),
            Field("target", "number", "NPS points", "the NPS that it is to reach, from the list or the settings"),
            Field("target_date", "date", "", "by when it is to reach it"),
            _text("target_status", "reached, missed, on track, within reach, not on track or cannot tell"),
        ),
        ("partner",),
        {},
    ),
    Layout(
        "periods",
        "one week, month, quarter or year",
        (
            _text("period", "its label, such as 2026-Q3; labels sort as time goes"),
            _text("name", "the same as people say it, such as Q3 2026"),
            _text("kind", "week, month, quarter or year"),
            Field("first_day", "date", "", "its first day"),
            Field("last_day", "date", "", "its last day"),
            Field("is_current", "boolean", "", "whether the scorecard is about it: the newest that is half over"),
            Field("is_to_date", "boolean", "", "whether it is not over: what adds up in it is not all there yet"),
            _text("previous_period", "the period before; empty for the first"),
            _text("year_before", "the same period a year before; empty where the data do not reach back so far"),
        ),
        ("period",),
        {},
    ),
    Layout(
        "figures",
        "one figure of everybody or of one partner, of all time or of one period",
        (
            _LEVEL,
            _text("partner", "the partner; empty for everybody (levels whole and period), and for answers of none"),
            _text("period", "the period; empty for all time"),
            _text("kpi", "nps, advocacy or retention"),
            _text("figure", "which figure: the key that the command of the KPI has in its JSON"),
            _text("unit", "points, per cent, percentage points, index, or a number per partner"),
            Field("value", "number", "as the column unit says", "the figure, unrounded; empty for no data, never 0"),
            Field("low", "number", "as the column unit says", "lower end of its interval, of these partners"),
            Field("high", "number", "as the column unit says", "upper end of its interval, of these partners"),
            Field(
                "clustered_low",
                "number",
                "as the column unit says",
                "lower end of the interval if these partners stand for others; of an NPS alone",
            ),
            Field(
                "clustered_high",
                "number",
                "as the column unit says",
                "upper end of the interval if these partners stand for others; of an NPS alone",
            ),
            _count("count", "answers, people, partners or customers", "how many it is of: n of the figure"),
            _text("rating", "its rating by the benchmark; empty for a figure that is not rated"),
            Field("target", "number", "as the column unit says", "the target of the benchmark it is rated by"),
            _text("flags", "what to beware of: no data, few responses, to date; parted by semicolons"),
        ),
        ("level", "partner", "period", "kpi", "figure"),
        _LINKED,
    ),
    Layout(
        "answers",
        "the answers about one partner in one period, counted",
        (
            _ONE_LEVEL,
            _PARTNER,
            _PERIOD,
            _count("responses", "answers", "answers that count; NPS = 100 x (promoters - detractors) / responses"),
            _count("promoters", "answers", "answers of 9 and 10"),
            _count("passives", "answers", "answers of 7 and 8"),
            _count("detractors", "answers", "answers from 0 to 6"),
            _count("invited", "people", "people invited in the period; empty where that is not known"),
        ),
        ("partner", "period"),
        _LINKED,
    ),
    Layout(
        "activities",
        "what one partner did of one kind in one period, counted",
        (
            _ONE_LEVEL,
            _text("partner", "the partner, as in the table partners"),
            _PERIOD,
            _text("type", "what was done; empty where the activities have no column that says it"),
            _count("activities", "activities", "how many there were; a partner without any has no row"),
        ),
        ("partner", "period", "type"),
        _LINKED,
    ),
    Layout(
        "customers",
        "the customers of one partner at the start of one period, counted",
        (
            _ONE_LEVEL,
            _text("partner", "the partner they came through; empty for direct customers, and where none is named"),
            _PERIOD,
            _count("customers", "customers", "customers at the start of the period, or whose contract was due in it"),
            _count("retained", "customers", "those of them that stayed"),
            _count("lost", "customers", "those of them that left"),
        ),
        ("partner", "period"),
        _LINKED,
    ),
    Layout(
        "actions",
        "one call to make after the current period",
        (
            _text("partner", "the partner, as in the table partners"),
            _text("period", "the current period"),
            Field("due", "date", "", "by when to call"),
            _text(
                "who", "the respondent, as the survey names them: personal data; empty where it is about the partner"
            ),
            _text("owner", "who is to call"),
            _text("kind", "detractor, lost promoter or lost advocate"),
            _text("reason", "why, in words"),
            Field("score", "number", "0 to 10", "the answer; empty for a lost advocate"),
            Field("value_at_stake", "number", "currency of the list", "the partner's yearly revenue: no column to sum"),
            _text("status", "open, for the team to change"),
        ),
        (),
        _LINKED,
    ),
)

#: The dictionary itself, which names its own columns too.
DICTIONARY = Layout(
    "dictionary",
    "one column of a table",
    (
        _text("table", "the table that has the column"),
        _text("column", "its name"),
        _text("type", "text, number, integer, date or boolean"),
        _text("unit", "the unit of its values"),
        _text("meaning", "what it means"),
    ),
    ("table", "column"),
    {},
)
