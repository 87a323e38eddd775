"""Themes found word by word: for engines in which a pattern takes long, each word is looked up once in a list.

Each different text is taken apart, and each different word of all of them compared with the themes' words. A phrase is
looked for with its pattern, but only in the texts that hold its longest word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from partnerkpi.comments.folding import pattern_of
from partnerkpi.tables.sql import literal

#: How a word is compared: as a whole, by its beginning, by its end.
_WHOLE, _START, _END = "=", "^", "$"

#: Key of a word in the list -> the bits of the themes that it shows, and of those for which it must be looked closer.
_List = dict[str, tuple[int, int]]


def looked_up(texts: str, themes: Sequence[Sequence[str]], masks: Sequence[str], bits: int) -> str:
    """Return SQL for texts with the themes of each as the bits of whole numbers, so many in each of `masks`.

    `texts` is SQL for different texts with a column `folded`, null for one that says nothing; `themes` has the folded
    words of each theme: ` the portal is slow ` holds `portal`, `port*`, `*tal` and `portal is*`.
    """
    parts = [_part(themes[number * bits : (number + 1) * bits]) for number in range(len(masks))]
    keys = sorted({key for known, _ in parts for key in known})
    shown = [f"{what}_{number}" for number in range(len(masks)) for what in ("shown", "perhaps")]
    rows = ", ".join(
        f"({literal(key)}, {', '.join(f'{bit}::BIGINT' for known, _ in parts for bit in known.get(key, (0, 0)))})"
        for key in keys
    )
    nothing = f"SELECT '' AS key, {', '.join(f'0::BIGINT AS {name}' for name in shown)}"
    listed = f"SELECT * FROM (VALUES {rows}) AS pieces(key, {', '.join(shown)})" if rows else nothing
    every = ", ".join(f"bit_or({name}) AS {name}" for name in shown)
    found = ", ".join(f"{_of_part(number, phrases)} AS {mask}" for number, (mask, (_, phrases)) in enumerate(
        zip(masks, parts, strict=True)))  # fmt: skip
    return f"""
        WITH texts AS MATERIALIZED ({texts}),
        of_texts AS MATERIALIZED (
            SELECT DISTINCT folded, word
            FROM (SELECT folded, unnest(string_split(folded, ' ')) AS word FROM texts WHERE folded IS NOT NULL)
            WHERE word <> ''
        ),
        words AS MATERIALIZED (SELECT DISTINCT word FROM of_texts),
        known AS (
            SELECT word, {every}
            FROM ({_keys_of_words(keys)}) AS keyed INNER JOIN ({listed}) AS listed ON keyed.key = listed.key
            GROUP BY word
        ),
        about AS (
            SELECT folded AS folded_text, {every}
            FROM (SELECT of_texts.folded, known.* FROM of_texts INNER JOIN known ON of_texts.word = known.word)
            GROUP BY folded
        )
        SELECT texts.*, {found} FROM texts LEFT JOIN about ON texts.folded = about.folded_text"""


def _keys_of_words(keys: Sequence[str]) -> str:
    """Return SQL for the keys under which a word may stand in the list."""
    selects = [f"SELECT word, {literal(_WHOLE)} || word AS key FROM words"]
    for place, part in ((_START, "left"), (_END, "right")):
        sizes = sorted({len(key) - 1 for key in keys if key[0] == place})
        if sizes:
            values = ", ".join(f"({size})" for size in sizes)
            selects.append(
                f"SELECT word, {literal(place)} || {part}(word, size) AS key "
                f"FROM words CROSS JOIN (VALUES {values}) AS sizes(size) WHERE length(word) >= size"
            )
    return " UNION ALL ".join(selects)


def _part(themes: Sequence[Sequence[str]]) -> tuple[_List, dict[int, tuple[str, bool]]]:
    """Return the list of words of some themes, and by bit the pattern of what must be looked closer.

    With a pattern stands whether it must be looked for in every text.
    """
    shown: defaultdict[str, int] = defaultdict(int)
    perhaps: defaultdict[str, int] = defaultdict(int)
    closer = {}
    for number, theme in enumerate(themes):
        bit = 1 << number
        phrases = []
        everywhere = False
        for spelled in theme:
            keys = [key for word in spelled.split(" ") if (key := _key(word)) is not None]
            if " " not in spelled and keys and _is_simple(spelled):
                shown[keys[0]] |= bit
                continue
            phrases.append(spelled)
            everywhere = everywhere or not keys
            if keys:
                perhaps[max(keys, key=len)] |= bit
        if phrases:
            closer[bit] = (pattern_of(phrases), everywhere)
    return {key: (shown[key], perhaps[key]) for key in [*shown, *perhaps]}, closer


def _key(word: str) -> str | None:
    """Return under which key every word that a theme's word means is found, None where there is none."""
    whole, star, _ = word.partition("*")
    if not star:
        return _WHOLE + word
    end = word.rpartition("*")[2]
    if whole or end:
        return _START + whole if len(whole) >= len(end) else _END + end
    return None


def _is_simple(word: str) -> bool:
    """Tell whether the key of a word finds no other words: it has no star but one at an end."""
    return "*" not in word.strip("*") and not (word.startswith("*") and word.endswith("*"))


def _of_part(number: int, closer: dict[int, tuple[str, bool]]) -> str:
    """Return SQL for one number of bits: of the words, and of phrases where the words leave it open."""
    shown, perhaps = f"coalesce(shown_{number}, 0)", f"coalesce(perhaps_{number}, 0)"
    more = []
    for bit, (pattern, everywhere) in closer.items():
        asks = f"{shown} & {bit} = 0" + ("" if everywhere else f" AND {perhaps} & {bit} <> 0")
        more.append(
            f"CASE WHEN {asks} THEN CASE WHEN regexp_matches(folded, {literal(pattern)}) "
            f"THEN {bit}::BIGINT ELSE 0 END ELSE 0 END"
        )
    return " + ".join([shown, *more])
