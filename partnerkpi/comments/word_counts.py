"""From answers with comments to words: in how many comments of detractors, passives and promoters each one stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from partnerkpi.comments.tallies import Comments
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.tables.sql import literal


@dataclass(frozen=True, slots=True)
class WordCounts:
    """In how many comments each word stands, and how many words were counted in all, each once a comment."""

    words: dict[str, ScoreTally]
    total: ScoreTally


def count_words(comments: Comments, *, leave_out: Iterable[str] = (), at_least: int = 1) -> WordCounts:
    """Count in how many comments each word stands, by who wrote it; words of fewer than `at_least` are not returned.

    Words are lower-case and without accents; one-letter words, numbers and the words to `leave_out` are not counted.
    "Slow, slow portal" of a detractor gives `slow` and `portal` (1, 0, 0) each, of a total of (2, 0, 0).
    """
    dropped = ", ".join(literal(word) for word in sorted({"", *leave_out}))
    counts = ", ".join(f"count_if(band = {band}) AS band_{band}" for band in range(3))
    totals = ", ".join(f"sum(band_{band}) OVER ()" for band in range(3))
    sql = f"""
        SELECT word, band_0, band_1, band_2, {totals}
        FROM (
            SELECT word, {counts}
            FROM (SELECT band, unnest(list_distinct(string_split(folded, ' '))) AS word FROM __rows)
            GROUP BY word
        )
        WHERE length(word) > 1 AND NOT regexp_matches(word, '^[0-9]') AND word NOT IN ({dropped})
        QUALIFY band_0 + band_1 + band_2 >= {int(at_least)}
        ORDER BY word
    """
    found = comments.fetch(sql)
    total = ScoreTally(*map(int, found[0][4:])) if found else ScoreTally()
    return WordCounts({row[0]: ScoreTally(*row[1:4]) for row in found}, total)
