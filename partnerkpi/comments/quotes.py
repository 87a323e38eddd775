"""A few of the respondents' own sentences for each theme, without names, addresses, partners or days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from partnerkpi.comments.names import WORD, Names
from partnerkpi.comments.people import PLACEHOLDER
from partnerkpi.comments.redaction import redact
from partnerkpi.comments.suspicion import may_name_somebody
from partnerkpi.comments.tallies import BANDS, Comments
from partnerkpi.dataclass import dataclass
from partnerkpi.tables.backend import Rows

#: How long a quote is: shorter ones say little, longer ones are not read. From `_FULL` on it says enough.
_SHORTEST, _FULL, _LONGEST = 15, 40, 280

#: Detractors first, then promoters, then passives: one of each before a second of any.
_TURNS = (0, 2, 1)


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, redacted, and whether a promoter, a passive or a detractor did."""

    text: str
    band: str


def pick_quotes(
    comments: Comments,
    names_within: Callable[[Sequence[str]], Names],
    *,
    themes: Sequence[str] | None = None,
    quotes: int = 3,
    min_group: int = 5,
) -> dict[str, tuple[Quote, ...]]:
    """Return up to so many quotes for each theme that at least `min_group` different respondents mention.

    Answers of unknown respondents count one each. Most telling first: 40 to 280 characters, about the fewest other
    themes, of the most extreme score; equals by their text. Bands take turns, and no quote stands twice.
    `themes` is the order in which they choose. `names_within` gives the known names that stand in some texts.
    """
    if quotes == 0 or not comments.themes:
        return {}
    candidates = _candidates(comments, quotes * 4 + 4)
    enough = _respondents(comments)
    names = names_within([text for bands in candidates for band in bands for text in band])
    used: set[tuple[str, ...]] = set()
    picked: dict[str, tuple[Quote, ...]] = {}
    for theme in themes if themes is not None else comments.themes:
        number = comments.themes.index(theme)
        if enough[number] >= max(min_group, 1):
            picked[theme] = tuple(_telling(candidates[number], names, quotes, used))
    return {theme: found for theme, found in picked.items() if found}


def own_words(
    rows: Rows, names_within: Callable[[Sequence[str]], Names], *, quotes: int, min_group: int
) -> dict[str, tuple[str, ...]]:
    """Return up to so many comments of each partner's people for the partner itself, by partner.

    `rows` have partner, comment and person, of one period. Where fewer than `min_group` people of a partner wrote
    something none is taken, and none that may name somebody. The most telling length first, then always alike.
    """
    written = rows.select(
        "SELECT partner, person, trim(comment) AS comment FROM __rows WHERE partner IS NOT NULL AND comment IS NOT NULL"
    )
    enough = f"""
        SELECT partner FROM __rows GROUP BY partner
        HAVING count(DISTINCT person) + count_if(person IS NULL) >= {int(max(min_group, 1))}
    """
    shown = {row[0] for row in written.fetch(enough)}
    best = f"""
        SELECT partner, comment
        FROM (
            SELECT partner, comment, row_number() OVER (
                PARTITION BY partner ORDER BY length(comment) < {_FULL}, md5(comment), comment) AS rank
            FROM __rows
            WHERE length(comment) BETWEEN {_SHORTEST} AND {_LONGEST}
        )
        WHERE rank <= {int(quotes) * 4 + 4} ORDER BY partner, rank
    """
    found: dict[str, list[str]] = {}
    for partner, text in written.fetch(best) if shown else ():
        if partner in shown:
            found.setdefault(str(partner), []).append(" ".join(text.split()))
    names = names_within([text for texts in found.values() for text in texts])
    quoted = {}
    for partner, texts in found.items():
        kept = [text for text in dict.fromkeys(texts) if not may_name_somebody(text, names)][:quotes]
        if kept:
            quoted[partner] = tuple(kept)
    return quoted


def _candidates(comments: Comments, most: int) -> list[list[list[str]]]:
    """Return for each theme and band the comments that could be quoted, the most telling first."""
    others = " + ".join(f"bit_count({mask})" for mask in comments.masks)
    key = f"row(short, {others}, -extremity, comment)"  # by its text where nothing else tells: not all rows have places
    picks = ", ".join(
        f"arg_min(comment, {key}, {int(most)}) FILTER ({comments.about(number)} AND band = {band})"
        for number in range(len(comments.themes))
        for band in range(len(BANDS))
    )
    # What is best of a theme is among the best of those on just the same themes: few rows are compared for each theme.
    sql = f"""
        SELECT {picks}
        FROM (
            SELECT *, row_number() OVER (
                PARTITION BY band, {", ".join(comments.masks)} ORDER BY short, -extremity, comment) AS rank
            FROM (
                SELECT *, CASE WHEN value < 7.5 THEN (7.5 - value) / 7.5 ELSE (value - 7.5) / 2.5 END AS extremity,
                       length(comment) < {_FULL} AS short
                FROM __rows
                WHERE length(comment) BETWEEN {_SHORTEST} AND {_LONGEST}
            )
        )
        WHERE rank <= {int(most)}
    """
    row = comments.fetch(sql)[0]
    width = len(BANDS)
    return [[list(found or ()) for found in row[at : at + width]] for at in range(0, len(row), width)]


def _respondents(comments: Comments) -> list[int]:
    """Return how many different respondents mention each theme."""
    about = ", ".join(f"count_if({comments.about(number)})" for number in range(len(comments.themes)))
    if comments.respondent is None:
        return [int(count) for count in comments.fetch(f"SELECT {about} FROM __rows")[0]]
    who = "trim(CAST(__respondent AS VARCHAR))"
    masks = ", ".join(f"bit_or({mask}) AS {mask}" for mask in comments.masks)
    known = f"SELECT {masks} FROM __rows WHERE coalesce({who}, '') <> '' GROUP BY lower({who})"
    unknown = f"SELECT {', '.join(comments.masks)} FROM __rows WHERE coalesce({who}, '') = ''"
    sql = f"SELECT {about} FROM ({known} UNION ALL {unknown})"
    return [int(count or 0) for count in comments.fetch(sql)[0]]


def _telling(bands: Sequence[Sequence[str]], names: Names, quotes: int, used: set[tuple[str, ...]]) -> list[Quote]:
    taken: list[Quote] = []
    for turn in zip_longest(*(_readable(bands[band], names, used) for band in _TURNS)):
        for band, text in zip(_TURNS, turn, strict=True):
            words = tuple(WORD.findall((text or "").casefold()))
            if text is not None and len(taken) < quotes and words not in used:
                used.add(words)
                taken.append(Quote(text, BANDS[band]))
    return taken


def _readable(texts: Sequence[str], names: Names, used: set[tuple[str, ...]]) -> list[str]:
    """Return the texts that can be quoted: redacted, on one line, with enough left to read, and new."""
    found = []
    for text in texts:
        clean = " ".join(redact(text, names).split())
        left = PLACEHOLDER.sub("", clean)
        if len(left) >= max(_SHORTEST, len(clean) / 2) and tuple(WORD.findall(clean.casefold())) not in used:
            found.append(clean)
    return list(dict.fromkeys(found))
