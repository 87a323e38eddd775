"""Words that set detractors apart from promoters, beyond the lists that anybody thought of."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from partnerkpi.comments.names import WORD, Names
from partnerkpi.comments.ordinary import plain_forms
from partnerkpi.comments.redaction import redact
from partnerkpi.comments.tallies import Comments
from partnerkpi.comments.word_counts import WordCounts
from partnerkpi.guide.themes import name_words
from partnerkpi.kpi.intervals import holm
from partnerkpi.kpi.words import PRIOR_WORDS, log_odds
from partnerkpi.tables.sql import literal

#: Comments that are looked at to see whether a word is a name there.
_SAMPLED = 400


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
        if p is not None and p < 1 - confidence
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
        for name, pattern in zip(comments.themes, comments.patterns, strict=True)
        if re.search(pattern, f" {word} ")
    )


def _names_among(words: Sequence[str], comments: Comments, names_within: Callable[[Sequence[str]], Names]) -> set[str]:
    """Return the words that are a name: in the table, by themselves, or in most comments that hold them."""
    if not words:
        return set()
    pattern = f" (?:{'|'.join(re.escape(word) for word in words)}) "
    sql = f"SELECT comment FROM __rows WHERE regexp_matches(folded, {literal(pattern)}) LIMIT {_SAMPLED}"
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
            side: [
                {
                    "word": line.word,
                    "detractors": line.detractors,
                    "promoters": line.promoters,
                    "z": line.z,
                    "p": line.p,
                    "themes": list(line.themes),
                }
                for line in lines
            ]
            for side, lines in (("detractors", words.detractors), ("promoters", words.promoters))
        },
    }
