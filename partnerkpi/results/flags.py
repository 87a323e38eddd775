"""What columns beside the answers say of them: that they are tests, deleted or not finished, or what they weigh.

They count all the same, each once, with a note. Only of those that nobody gave, which have one number all the same, it
is asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from partnerkpi.errors import OpenQuestion
from partnerkpi.lazily import pattern
from partnerkpi.tables.sql import listed
from partnerkpi.tables.weights import is_weight
from partnerkpi.vocabulary import NO, YES, lines, plain_name

if TYPE_CHECKING:
    from partnerkpi.tables.columns import Columns
    from partnerkpi.tables.profile import ColumnProfile
    from partnerkpi.tables.table import Table

_MARKS = pattern(
    r"(?:is )?(?:a )?(?:test|testing|test (?:response|data|answer|user|account)|preview|deleted|archived|spam|excluded?"
    r"|ignored?|invalid|void|geloscht|testdaten|supprime|eliminado|excluido)(?: flag)?"
)
#: The same with a day on which that was done.
_MARKED_ON = pattern(
    r"(?:date )?(?:deleted|archived|excluded|invalidated|voided|geloscht|archiviert|supprime|eliminado|excluido)"
    r"(?: (?:on|at|date|am|le|el|em))?"
)
_STATES = pattern(r"(?:response|survey|completion|answer|record|submission)? ?(?:status|state|type)")
_STATES_OF_ANSWERS = pattern(
    r"(?:response|survey|completion|answer|record|submission|invitation|invite|delivery|email|mail)? ?(?:status|state)"
)
_NO_ANSWERS = lines(
    "partial, partially complete, partially completed, incomplete, in progress, not finished, unfinished, disqualified",
    "screened out, test, preview, survey preview, spam, deleted, archived, void, unvollständig, abgebrochen, incomplet",
    "incompleta, incompleto",
)
#: Columns that say whether there is an answer, and what they say where there is none.
_ANSWERED = pattern(
    r"(?:has |is |was )?(?:answered|responded|replied|completed|submitted|beantwortet|geantwortet|repondu|respondido"
    r"|risposto)(?: flag| yes no)?|response received|antwort erhalten|antwort vorhanden|rucklauf"
)
_DAY_OF_ANSWER = pattern(
    r"(?:date )?(?:answered|responded|replied|completed|submitted|response|submission|beantwortet|repondu|respondido)"
    r"(?: (?:on|at|date|am|le|el|em))?"
)
_NOT_ANSWERED = _NO_ANSWERS | lines(
    "sent, delivered, opened, clicked, bounced, invited, reminded, queued, scheduled, not answered, not responded",
    "no response, no reply, not started, started, pending, unopened, not opened, unanswered, opted out, unsubscribed",
    "expired, email sent, gesendet, versendet, versandt, zugestellt, geöffnet, eingeladen, keine antwort, offen",
    "nicht beantwortet, envoyé, ouvert, sans réponse, enviado, abierto, aberto, sin respuesta, sem resposta, inviato",
    "non risposto, verzonden, geen antwoord",
)
#: So many of them are no accident.
_SOME = 3


def ask_of_rows_without_answers(table: Table, columns: Columns, score: str) -> None:
    """Raise OpenQuestion where a column says that some rows are no answers, and each of them has the same number.

    It is what an export writes for nobody: a 0 in it is no detractor.
    """
    if columns.choice("score").is_named:
        return
    taken = set(columns.taken().values())
    for one in table.profiles:
        value = table.told_by(one.name)
        if one.is_date and one.filled < one.rows and _DAY_OF_ANSWER.fullmatch(plain_name(one.name)):
            _ask(table, score, f"{value} IS NULL", f"have nothing in {one.name!r}", f'--where "{one.name}!="')
        elif one.name not in taken and (words := _words_in(one, _ANSWERED, NO, _STATES_OF_ANSWERS, _NOT_ANSWERED)):
            what = f"say {_shown(words)} in {one.name!r}"
            _ask(table, score, f"{value} IN {listed(words)}", what, _without(one, words))


def _ask(table: Table, score: str, condition: str, what: str, without: str) -> None:
    """Raise OpenQuestion where all rows of a condition, of which `what` is said, have one number."""
    number = table.told_by(score)
    ((rows, numbers, one),) = table.rows.fetch(
        f"SELECT count(*), count(DISTINCT {number}), min({number}) FROM __rows "
        f"WHERE {condition} AND {number} IS NOT NULL"
    )
    if rows >= _SOME and numbers == 1:
        raise OpenQuestion(
            f"{table.label}: {rows:,} rows {what}, and each of them has {one} in {score!r}, as if nobody had answered: "
            f"{without} leaves them out, --score {score!r} counts them all"
        )


def flagged(table: Table, columns: Columns) -> Iterator[str]:
    """Yield what to say of each column that calls some rows of answers tests, or no answers, or weighs them."""
    taken = set(columns.taken().values())
    for one in table.profiles:
        if one.name not in taken and is_weight(one):
            yield f"{one.name!r} is called a weight: each answer counts once all the same"
        if (
            one.name != columns.get("date")
            and one.is_date
            and one.filled < one.rows
            and _MARKED_ON.fullmatch(plain_name(one.name))
        ):
            stated = f"{one.name!r} has a day in some rows, which count as all others do"
            yield f'{stated}: --where "{one.name}=" leaves them out'
        if one.name in taken or one.role is not None:
            continue
        if words := _words_in(one, _MARKS, YES, _STATES, _NO_ANSWERS):
            yield note_on(one, words)


def note_on(column: ColumnProfile, words: Sequence[str]) -> str:
    """Return what to say of a column that says of some rows, in these words, that they should not count."""
    stated = f"{column.name!r} says {_shown(words)} of some rows, which count as all others do"
    return f"{stated}: {_without(column, words)} leaves them out"


def _words_in(
    column: ColumnProfile, marks: re.Pattern[str], yes: Collection[str], states: re.Pattern[str], known: Collection[str]
) -> list[str]:
    """Return which words of a column say something of its rows, if some do: of a mark, or of a state, by its name."""
    name = plain_name(column.name)
    if column.is_blank or column.is_date or column.nested:
        return []
    if marks.fullmatch(name) and column.is_yes_no:
        meant = yes
    elif states.fullmatch(name) and column.is_category:
        meant = known
    else:
        return []
    words = sorted(text for text in column.distinct if text.casefold() in meant)
    return words if len(words) < len(column.distinct) else []


def _shown(words: Sequence[str]) -> str:
    return ", ".join(map(repr, words[:3]))


def _without(column: ColumnProfile, words: Sequence[str]) -> str:
    return " ".join(f'--where "{column.name}!={word}"' for word in words)
