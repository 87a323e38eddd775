"""What columns beside the answers say of them: that they are tests, deleted or not finished, or what they weigh.

They count all the same, each once, with a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from partnerkpi.lazily import pattern
from partnerkpi.tables.weights import is_weight
from partnerkpi.vocabulary import YES, lines, plain_name

if TYPE_CHECKING:
    from partnerkpi.tables.columns import Columns
    from partnerkpi.tables.table import Table

_MARKS = pattern(
    r"(?:is )?(?:a )?(?:test|testing|test (?:response|data|answer|user|account)|preview|deleted|archived|spam|excluded?"
    r"|ignored?|invalid|void|geloscht|testdaten|supprime|eliminado|excluido)(?: flag)?"
)
_STATES = pattern(r"(?:response|survey|completion|answer|record|submission)? ?(?:status|state|type)")
_NO_ANSWERS = lines(
    "partial, partially complete, partially completed, incomplete, in progress, not finished, unfinished, disqualified",
    "screened out, test, preview, survey preview, spam, deleted, archived, void, unvollständig, abgebrochen, incomplet",
    "incompleta, incompleto",
)


def flagged(table: Table, columns: Columns) -> Iterator[str]:
    """Yield what to say of each column that calls some rows of answers tests, or no answers, or weighs them."""
    taken = set(columns.taken().values())
    for one in table.profiles:
        if one.name not in taken and is_weight(one):
            yield f"{one.name!r} is called a weight: each answer counts once all the same"
        name = plain_name(one.name)
        if one.name in taken or one.is_blank or one.role is not None:
            continue
        if _MARKS.fullmatch(name) and one.is_yes_no:
            words = sorted(text for text in one.distinct if text.casefold() in YES)
        elif _STATES.fullmatch(name) and one.is_category:
            words = sorted(text for text in one.distinct if text.casefold() in _NO_ANSWERS)
        else:
            continue
        if words and len(words) < len(one.distinct):
            shown = ", ".join(map(repr, words[:3]))
            without = " ".join(f'--where "{one.name}!={word}"' for word in words)
            yield f"{one.name!r} says {shown} of some rows, which count as all others do: {without} leaves them out"
