"""What columns beside the answers say of them: that they are tests, deleted or not finished, or what they weigh.

They count all the same, each once, with a note. Only of those that nobody gave, which have one number all the same, it
is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from partnerkpi.errors import OpenQuestion
from partnerkpi.lazily import pattern
from partnerkpi.tables.sql import listed
from partnerkpi.tables.weights import is_weight
from partnerkpi.vocabulary import NO, YES, lines, plain_name

if TYPE_CHECKING:
    from partnerkpi.tables.columns import Columns
    from partnerkpi.tables.table import Table

_MARKS = pattern(
    r"(?:is )?(?:a )?(?:test|testing|test (?:response|data|answer|user|account)|preview|deleted|archived|spam|excluded?"
    r"|ignored?|invalid|void|geloscht|testdaten|supprime|eliminado|excluido)(?: flag)?"
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
        name = plain_name(one.name)
        if one.is_date and one.filled < one.rows and _DAY_OF_ANSWER.fullmatch(name):
            _ask_of_no_day(table, one.name, score)
        if one.name in taken or one.is_blank or one.is_date or one.nested:
            continue
        if _ANSWERED.fullmatch(name) and one.is_yes_no:
            words = sorted(text for text in one.distinct if text.casefold() in NO)
        elif _STATES_OF_ANSWERS.fullmatch(name) and one.is_category:
            words = sorted(text for text in one.distinct if text.casefold() in _NOT_ANSWERED)
        else:
            continue
        if not words or len(words) == len(one.distinct):
            continue
        said = f"{table.told_by(one.name)} IN {listed(words)}"
        ((rows, numbers, number),) = table.rows.fetch(
            f"SELECT count(*), count(DISTINCT {table.told_by(score)}), min({table.told_by(score)}) FROM __rows "
            f"WHERE {said} AND {table.told_by(score)} IS NOT NULL"
        )
        if rows >= _SOME and numbers == 1:
            shown = ", ".join(map(repr, words[:3]))
            without = " ".join(f'--where "{one.name}!={word}"' for word in words)
            raise OpenQuestion(
                f"{table.label}: {one.name!r} says {shown} of {rows:,} rows, and each of them has {number} in "
                f"{score!r}, as if nobody had answered: {without} leaves them out, --score {score!r} counts them all"
            )


def _ask_of_no_day(table: Table, day: str, score: str) -> None:
    """Raise OpenQuestion where rows without a day on which somebody answered have one number all the same."""
    number = table.told_by(score)
    ((rows, numbers, one),) = table.rows.fetch(
        f"SELECT count(*), count(DISTINCT {number}), min({number}) FROM __rows "
        f"WHERE {table.told_by(day)} IS NULL AND {number} IS NOT NULL"
    )
    if rows >= _SOME and numbers == 1:
        raise OpenQuestion(
            f"{table.label}: {rows:,} rows have nothing in {day!r}, and each of them has {one} in {score!r}, as if "
            f'nobody had answered: --where "{day}!=" leaves them out, --score {score!r} counts them all'
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
