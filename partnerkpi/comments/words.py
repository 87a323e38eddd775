"""Words that set detractors apart from promoters, beyond the lists that anybody thought of.

First it is counted in how many comments of detractors, passives and promoters each word stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from partnerkpi.comments.folding import pattern_of, plain_forms
from partnerkpi.comments.names import WORD, Names
from partnerkpi.comments.redaction import redact
from partnerkpi.comments.tallies import Comments
from partnerkpi.dataclass import dataclass
from partnerkpi.guide.themes import name_words
from partnerkpi.kpi.intervals import holm, is_shown
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.kpi.words import PRIOR_WORDS, log_odds
from partnerkpi.tables.sql import PLACE, literal

#: Comments that are looked at to see whether a word is a name there.
_SAMPLED = 400


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
    totals = ", ".join(f"sum(band_{band}) AS total_{band}" for band in range(3))
    # Added up beside the words, and not in a window over them all, which a cluster would put into one task.
    sql = f"""
        SELECT word, band_0, band_1, band_2, total_0, total_1, total_2
        FROM (
            WITH counted AS (
                SELECT word, {counts}
                FROM (SELECT band, unnest(list_distinct(string_split(folded, ' '))) AS word FROM __rows)
                WHERE length(word) > 1 AND NOT regexp_matches(word, '^[0-9]') AND word NOT IN ({dropped})
                GROUP BY word
            )
            SELECT * FROM counted CROSS JOIN (SELECT {totals} FROM counted)
        )
        WHERE band_0 + band_1 + band_2 >= {int(at_least)}
        ORDER BY word
    """
    found = comments.fetch(sql)
    total = ScoreTally(*map(int, found[0][4:])) if found else ScoreTally()
    return WordCounts({row[0]: ScoreTally(*row[1:4]) for row in found}, total)


@dataclass(frozen=True, slots=True)
class WordLine:
    """A word and in how many comments of whom it stands; detractors use it more where z is above 0."""

    word: str
    detractors: int
    promoters: int
    z: float
    p: float
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordsApart:
    """Words of detractors and of promoters, the surest first, and how many words were compared."""

    detractors: tuple[WordLine, ...]
    promoters: tuple[WordLine, ...]
    compared: int


def words_apart(
    counts: WordCounts,
    comments: Comments,
    names_within: Callable[[Sequence[str]], Names],
    *,
    top: int = 10,
    confidence: float = 0.95,
) -> WordsApart:
    """Return the words that are shown to be used more by detractors, or by promoters: up to `top` each.

    Log-odds ratio with an informative Dirichlet prior, which is the word's share in all comments, passives' included; p
    with Holm's correction over all words compared. Words that are a name in the table or in most comments stay out.
    """
    totals = counts.total
    if not counts.words or not totals.detractors or not totals.promoters:
        return WordsApart((), (), len(counts.words))
    lines = []
    for word, scores in counts.words.items():
        prior = PRIOR_WORDS * scores.responses / totals.responses
        if 0 < prior < PRIOR_WORDS:
            odds = log_odds(scores.detractors, totals.detractors, scores.promoters, totals.promoters, prior)
            lines.append((word, scores, odds))
    shown = [
        WordLine(word, scores.detractors, scores.promoters, odds.z, p, _themes(word, comments))
        for (word, scores, odds), p in zip(lines, holm([odds.p for _, _, odds in lines]), strict=True)
        if p is not None and is_shown(p, confidence)
    ]
    shown.sort(key=lambda line: (-abs(line.z), line.word))
    sides = [[line for line in shown if (line.z > 0) is more][: 3 * top] for more in (True, False)]
    named = _names_among([line.word for side in sides for line in side], comments, names_within)
    kept = [tuple(line for line in side if line.word not in named)[:top] for side in sides]
    return WordsApart(kept[0], kept[1], len(lines))


def _themes(word: str, comments: Comments) -> tuple[str, ...]:
    """Return the themes whose list has the word itself."""
    return tuple(
        name
        for name, words in zip(comments.themes, comments.words, strict=True)
        if re.search(pattern_of(words), f" {word} ")
    )


def _names_among(words: Sequence[str], comments: Comments, names_within: Callable[[Sequence[str]], Names]) -> set[str]:
    """Return the words that are a name: in the table, by themselves, or in most comments that hold them."""
    if not words:
        return set()
    pattern = f" (?:{'|'.join(re.escape(word) for word in words)}) "
    order = f"ORDER BY {PLACE}, comment" if PLACE in comments.rows.columns else "ORDER BY comment"
    sql = f"SELECT comment FROM __rows WHERE regexp_matches(folded, {literal(pattern)}) {order} LIMIT {_SAMPLED}"
    texts = [row[0] for row in comments.fetch(sql)]
    names = names_within(words)
    wanted = set(words)
    seen, left = dict.fromkeys(words, 0), dict.fromkeys(words, 0)
    for text in texts:
        for counter, version in ((seen, text), (left, redact(text, names))):
            for word in wanted & {form for found in WORD.findall(version) for form in plain_forms(found)}:
                counter[word] += 1
    return {
        word
        for word in words
        if word in name_words("first")
        or word in names.parts
        or word in names.whole
        or (seen[word] and 2 * left[word] < seen[word])
    }


def as_dict(words: WordsApart) -> dict[str, Any]:
    """Return the words under flat keys, numbers unrounded."""
    return {
        "compared": words.compared,
        **{
            side: [{**asdict(line), "themes": list(line.themes)} for line in lines]
            for side, lines in (("detractors", words.detractors), ("promoters", words.promoters))
        },
    }
