"""The names that a table holds of people and partners, made ready to be found in what people wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field

from partnerkpi.comments.folding import folded, is_ordinary, plain_forms
from partnerkpi.dataclass import dataclass
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.sql import identifier, listed

#: A word of any script: letters and digits with the marks upon them.
WORD = re.compile(r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_\u0300-\u036f]*)*")

#: A name is looked for in this many of its words; what stands in a column of names and is longer is no name.
_LONGEST = 8

_WRITTEN = "replace(replace(replace(replace(lower(name), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss')"


@dataclass(frozen=True, slots=True)
class Names:
    """Known names: whole ones as the plain forms of their words, by the first; and parts that name somebody alone."""

    whole: dict[str, tuple[tuple[frozenset[str], ...], ...]] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()

    def is_part(self, forms: frozenset[str]) -> bool:
        """Tell whether a word is part of a known name, or the genitive of one."""
        return any(
            form in self.parts or (len(form) > 4 and form[-1] == "s" and form[:-1] in self.parts) for form in forms
        )


def known_names(texts: Iterable[str | None]) -> Names:
    """Return names as they stand in a table: people, partners, e-mail addresses. Ordinary words are no names.

    "Maria López" is found whole in any spelling of case and accents, and "Maria" alone as a part.
    """
    whole: dict[str, dict[tuple[frozenset[str], ...], None]] = {}
    parts: set[str] = set()
    for text in texts:
        words = WORD.findall(text or "")[:_LONGEST]
        forms = tuple(plain_forms(word) for word in words)
        if not forms or all(is_ordinary(form) for word in forms for form in word):
            continue
        joined = [plain_forms(piece) for piece in (text or "").split()][:_LONGEST]  # O'Brien is also written OBrien
        for spelled in {forms, tuple(joined)}:
            for first in spelled[0]:
                whole.setdefault(first, {})[spelled] = None
        parts |= {form for word in (*forms, *joined) for form in word if _names_somebody(form)}
    longest_first = {
        first: tuple(sorted(found, key=lambda w: (-len(w), sorted(map(sorted, w))))) for first, found in whole.items()
    }
    return Names(longest_first, frozenset(parts))


def _names_somebody(form: str) -> bool:
    return len(form) > 1 and not form.isdigit() and not is_ordinary(form)


def names_within(rows: Rows, columns: Iterable[str], texts: Iterable[str], more: Iterable[str] = ()) -> Names:
    """Return those known names of some columns of which a word stands in the texts, and `more` that are known anyway.

    The columns are searched where they lie: a million respondents are not loaded to look for the few in ten quotes.
    """
    words = sorted(
        {form for text in texts for word in WORD.findall(text) for form in plain_forms(word) if not is_ordinary(form)}
    )
    found: list[str] = list(more)
    for name in dict.fromkeys(columns):
        if not words:
            break
        distinct = f"SELECT DISTINCT CAST({identifier(name)} AS VARCHAR) AS name FROM __rows"
        spelled = f"list_concat(string_split({folded('name')}, ' '), string_split({folded(_WRITTEN)}, ' '))"
        joined = "[regexp_replace(strip_accents(lower(name)), '[^\\pL\\pN]', '', 'g')]"
        plain = f"list_concat(string_split({folded('name')}, ' '), [regexp_replace(lower(name), '[^a-z0-9]', '', 'g')])"
        # Most names are plain letters: to fold a million of them twice takes seconds. Those of figures alone are none.
        forms = f"CASE WHEN regexp_full_match(name, '[ -~]*') THEN {plain} ELSE list_concat({spelled}, {joined}) END"
        # Each word is looked up among those wanted; a list compared with a list would take its length for each name.
        sql = f"""
            SELECT DISTINCT name
            FROM (
                SELECT name, unnest({forms}) AS word FROM ({distinct}) AS names WHERE regexp_matches(name, '\\pL\\pL')
            ) AS words
            WHERE word IN {listed(words)} ORDER BY name
        """
        found += [row[0] for row in rows.fetch(sql)]
    return known_names(found)
