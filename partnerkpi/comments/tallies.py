"""From answers with comments to counts: how many of whom speak of which theme. No comment leaves the engine.

Each text is folded once and compared with one pattern for each theme, however many wrote the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from partnerkpi.comments.by_words import looked_up
from partnerkpi.comments.folding import folded, pattern_of, theme_words
from partnerkpi.dataclass import dataclass
from partnerkpi.guide.themes import Theme
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.periods import Period, period_label
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.sql import PLACE, ROW, SOURCE, identifier, listed, literal
from partnerkpi.tables.values import as_text
from partnerkpi.tally.facts import MONTH, PASSIVE, PROMOTER, SCORE
from partnerkpi.vocabulary import NO_COMMENT, plain_name

Group = tuple[str | None, ...]

#: What somebody wrote, without what stands for an address in it: no part of one is a word that somebody chose.
_WRITTEN = (
    "CASE WHEN contains(written, '@') OR contains(written, '://') OR contains(written, 'www.') "
    "THEN regexp_replace(written, '\\S*(?:@|://|www\\.)\\S*', ' ', 'g') ELSE written END"
)

#: How many themes a number of 64 bits holds.
_BITS = 60

BANDS = ("detractor", "passive", "promoter")


@dataclass(frozen=True, slots=True)
class CommentCell:
    """The answers of one group in one period: all, with a comment, with a comment on no theme, and on each theme."""

    group: Group
    period: str | None
    answers: ScoreTally
    comments: ScoreTally
    no_theme: ScoreTally
    themes: tuple[ScoreTally, ...]


@dataclass(frozen=True, slots=True)
class CommentTallies:
    """Counts per group and period; `themes` names those of each cell, in order."""

    by: tuple[str, ...]
    period: Period
    themes: tuple[str, ...]
    cells: tuple[CommentCell, ...]

    def total(self, period: str | None = None, group: Group | None = None) -> CommentCell:
        """Return the counts of one period (None: all time) and one group (None: all) together."""
        cells = [
            cell
            for cell in self.cells
            if (period is None or cell.period == period) and (group is None or cell.group == group)
        ]
        return CommentCell(
            group or (),
            period,
            ScoreTally.pooled(cell.answers for cell in cells),
            ScoreTally.pooled(cell.comments for cell in cells),
            ScoreTally.pooled(cell.no_theme for cell in cells),
            tuple(ScoreTally.pooled(cell.themes[number] for cell in cells) for number in range(len(self.themes))),
        )

    @property
    def periods(self) -> tuple[str, ...]:
        """Return the periods in which somebody answered, in order."""
        return tuple(sorted({cell.period for cell in self.cells if cell.period is not None}))


@dataclass(frozen=True, slots=True)
class Comments:
    """Answers that count, made ready: one row each with band, value, comment, folded text and the themes as bits.

    `themes` names those that were looked for; `by`, `period` and `respondent` say which columns were kept. `written`
    are the rows before their comments were looked into.
    """

    rows: Rows
    written: Rows
    themes: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    by: tuple[str, ...] = ()
    period: Period = "all"
    respondent: str | None = None

    def stored(self, *, are_kept: bool = False) -> Comments:
        """Return the same, kept in files: what is asked several times is folded and compared once, equal texts once.

        `are_kept` says that the answers themselves are in a file already.
        """
        written = self.written if are_kept else self.written.kept()
        texts = _texts(written, self.words)
        kept = texts.kept()
        if kept == texts:  # an engine that keeps nothing
            return self
        return replace(self, rows=_with_texts(written, kept, self.masks), written=written)

    def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT from `__rows`."""
        return self.rows.fetch(sql)

    def every(self, step: int) -> Comments:
        """Return every so many-th answer by its row in the file: the same ones in each run."""
        if step < 2:
            return self
        if self.rows.backend.has_order:
            return replace(self, rows=self.rows.where(f"{ROW} % {int(step)} = 0"))
        # Where rows have no numbers, by the first 32 bits of a hash of what was written: the same ones in each engine.
        bound = literal(f"{(1 << 32) // int(step):08x}")
        return replace(self, rows=self.rows.where(f"substring(md5(comment), 1, 8) < {bound}"))

    @property
    def masks(self) -> list[str]:
        """Return the columns whose bits are the themes, in order."""
        return _masks(len(self.themes))

    def about(self, theme: int) -> str:
        """Return SQL that tells whether a row is about a theme, by its number."""
        return f"{self.masks[theme // _BITS]} & {1 << theme % _BITS} <> 0"

    def within(self, first_month: int, last_month: int) -> Comments:
        """Return the answers of some months, counted from year 0."""
        condition = f"{MONTH} BETWEEN {int(first_month)} AND {int(last_month)}"
        return replace(self, rows=self.rows.where(condition))


def read_comments(
    answers: Rows,
    themes: Sequence[Theme],
    *,
    comment: str,
    by: Sequence[str] = (),
    period: Period = "all",
    respondent: str | None = None,
) -> Comments:
    """Return answers with what their comments are about; nothing is computed until it is counted.

    `answers` are rows as `label` marks them with the same period; those with a reason not to count are left out. A
    comment that says nothing ("n/a", "none", "keine") is none. ConfigError for a theme without words.
    """
    words = theme_words(themes, answers.backend)
    kept = {f"__by_{number}": name for number, name in enumerate(by)}
    if respondent is not None:
        kept["__respondent"] = respondent
    own = [name for name in (SOURCE, ROW, PLACE, *([MONTH] if period != "all" else [])) if name in answers.columns]
    columns = ", ".join([*(f"{identifier(name)} AS {key}" for key, name in kept.items()), *own])
    used = "WHERE __reason IS NULL" if "__reason" in answers.columns else ""
    written = answers.select(f"""
        SELECT CASE WHEN {SCORE} < {PASSIVE} THEN 0 WHEN {SCORE} < {PROMOTER} THEN 1 ELSE 2 END AS band,
               CAST({SCORE} AS DOUBLE) AS value, CAST({identifier(comment)} AS VARCHAR) AS written
               {", " + columns if columns else ""}
        FROM __rows {used}
    """)
    found = tuple(theme.name for theme in themes)
    by_pattern = answers.backend.has_order
    rows = (
        _looked_into(written, words) if by_pattern else _with_texts(written, _texts(written, words), _masks(len(words)))
    )
    return Comments(rows, written, found, words, tuple(by), period, respondent)


def _texts(written: Rows, words: Sequence[Sequence[str]]) -> Rows:
    """Return each different text once, looked into: with patterns where these are fast, else word by word."""
    texts = written.select("SELECT DISTINCT written FROM __rows")
    if written.backend.has_order:
        return _looked_into(texts, words)
    return Rows(written.backend, looked_up(_made_ready(texts).sql, words, _masks(len(words)), _BITS))


def _with_texts(written: Rows, texts: Rows, masks: Sequence[str]) -> Rows:
    """Return answers with what was found in their texts."""
    own = ", ".join(f"answers.{name}" for name in written.columns if name != "written")
    found = ", ".join(f"coalesce(texts.{mask}, 0) AS {mask}" for mask in masks)
    return written.select(f"""
        SELECT {own}, texts.comment, texts.folded, {found}
        FROM __rows AS answers LEFT JOIN ({texts.sql}) AS texts ON answers.written = texts.written
    """)


def _looked_into(written: Rows, words: Sequence[Sequence[str]]) -> Rows:
    """Return rows with their comment, its folded text and its themes as bits."""
    patterns = [pattern_of(theme) for theme in words]
    masks = ", ".join(
        f"{_mask(patterns[number * _BITS : (number + 1) * _BITS])} AS {name}"
        for number, name in enumerate(_masks(len(patterns)))
    )
    return _made_ready(written).select(f"SELECT *, {masks} FROM __rows")


def _made_ready(written: Rows) -> Rows:
    """Return rows with their comment and its folded text; one that says nothing is none."""
    silent = listed({plain_name(text) for text in NO_COMMENT})
    return written.select(f"""
        SELECT * EXCLUDE (plain, quiet), CASE WHEN quiet THEN NULL ELSE written END AS comment,
               CASE WHEN quiet THEN NULL ELSE plain END AS folded
        FROM (
            SELECT *, written IS NULL OR trim(plain) = '' OR length(plain) < 25 AND trim(plain) IN {silent} AS quiet
            FROM (SELECT *, {folded(_WRITTEN)} AS plain FROM __rows)
        )
    """)


def tally_comments(comments: Comments) -> CommentTallies:
    """Count answers by group, period, band and theme; a comment on two themes counts for both.

    One promoter who writes "Great portal" gives one cell in which answers, comments and the theme with `portal` are
    (0, 0, 1).
    """
    keys = [f"__by_{number}" for number in range(len(comments.by))] + ([MONTH] if comments.period != "all" else [])
    # What a comment is about stands in few different numbers: they are counted first and taken apart afterwards.
    inner = ", ".join([*keys, "band", "commented", *comments.masks])
    on_none = " AND ".join(["commented", *(f"{mask} = 0" for mask in comments.masks)])
    conditions = ["true", "commented", on_none, *(comments.about(number) for number in range(len(comments.themes)))]
    sums = ", ".join(f"coalesce(sum(rows) FILTER ({condition}), 0)" for condition in conditions)
    sql = f"""
        SELECT {", ".join([*keys, "band"])}, {sums}
        FROM (
            SELECT {inner}, count(*) AS rows
            FROM (SELECT *, comment IS NOT NULL AS commented FROM __rows)
            GROUP BY {inner}
        )
        GROUP BY {", ".join([*keys, "band"])}
    """
    return _collect(comments.fetch(sql), comments.by, comments.period, comments.themes)


def _masks(themes: int) -> list[str]:
    return [f"mask_{first // _BITS}" for first in range(0, max(themes, 1), _BITS)]


def _mask(patterns: Sequence[str]) -> str:
    """Return SQL for the themes of a folded comment as the bits of a whole number."""
    bits = (
        f"CASE WHEN regexp_matches(folded, {literal(pattern)}) THEN {1 << number}::BIGINT ELSE 0 END"
        for number, pattern in enumerate(patterns)
    )
    return " + ".join(bits) or "0::BIGINT"


def _collect(
    rows: Sequence[tuple[Any, ...]], by: tuple[str, ...], period: Period, themes: tuple[str, ...]
) -> CommentTallies:
    """Add counts by month and band up to cells."""
    at_band = len(by) + (period != "all")
    counted: defaultdict[tuple[Group, str | None], list[list[int]]] = defaultdict(
        lambda: [[0, 0, 0] for _ in range(3 + len(themes))]
    )
    for row in rows:
        month = row[len(by)] if period != "all" else None
        label = None if month is None else period_label(int(month), period)
        group = tuple(as_text(value) for value in row[: len(by)])
        for bands, count in zip(counted[group, label], row[at_band + 1 :], strict=True):
            bands[int(row[at_band])] += int(count)
    cells = []
    for (group, label), counts in counted.items():
        answers, with_comment, no_theme, *on_themes = (ScoreTally(*bands) for bands in counts)
        cells.append(CommentCell(group, label, answers, with_comment, no_theme, tuple(on_themes)))
    ordered = sorted(cells, key=lambda cell: (tuple(value or "" for value in cell.group), cell.period or ""))
    return CommentTallies(by, period, themes, tuple(ordered))
