"""Persons who have a row for each of some questions, where no column is called as one that names them.

Of several answers of a person the latest counts, so that of such rows one would be taken by chance.
"""

from __future__ import annotations

from partnerkpi.errors import OpenQuestion
from partnerkpi.lazily import pattern
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.sql import identifier
from partnerkpi.tables.table import Table
from partnerkpi.vocabulary import plain_name

#: So many rows are looked at, so many different values may tell the rows of a person apart.
_LOOKED_AT, _MOST = 20_000, 20
#: So many persons show it at least, and so large a share of them have the same values in their rows.
_PERSONS, _SHARE = 3, 0.6
_NO_QUESTION = ("respondent", "partner", "date", "comment", "score")


def refuse_rows_of_persons(table: Table, columns: Columns) -> None:
    """Raise OpenQuestion where most persons have several rows of one day, the same values of a column in each."""
    person, partner, date = (columns.choice(role).column for role in ("respondent", "partner", "date"))
    if person is None or columns.counts is not None:
        return
    taken = {columns.choice(role).column for role in _NO_QUESTION}
    candidates = [one for one in columns.profiles if one.name not in taken and _may_name_questions(one)]
    if not candidates:
        return
    who = ", ".join(table.told_by(name) for name in dict.fromkeys((person, partner, date)) if name is not None)
    some = f"(SELECT * FROM __rows WHERE {table.told_by(person)} IS NOT NULL LIMIT {_LOOKED_AT}) AS looked"
    ((persons, several),) = table.rows.fetch(
        f"SELECT count(*), count(*) FILTER (WHERE n > 1) FROM (SELECT count(*) AS n FROM {some} GROUP BY {who}) AS each"
    )
    if several < _PERSONS or several < _SHARE * persons:
        return
    for column in candidates:
        value = table.told_by(column.name)
        alike = table.rows.fetch(
            f"""SELECT count(*) AS persons, number, low, high FROM
                (SELECT count(*) AS n, count(DISTINCT {value}) AS number, min({value}) AS low, max({value}) AS high
                 FROM {some} GROUP BY {who}) AS each
                WHERE n > 1 AND n = number GROUP BY number, low, high ORDER BY persons DESC LIMIT 1"""
        )
        if alike and alike[0][0] >= _SHARE * several:
            shown = ", ".join(map(repr, sorted(text[:60] for text in column.distinct)[:4]))
            raise OpenQuestion(
                f"{table.label}: {several:,} of {persons:,} persons have several rows of one day, one for each "
                f"{column.name!r} ({shown}): say which of them counts with --question TEXT, or count all with "
                "--duplicates all"
            )


def _may_name_questions(column: ColumnProfile) -> bool:
    few = 1 < len(column.distinct) <= _MOST and not (column.is_blank or column.is_date or column.nested)
    return few and not column.is_yes_no and not column.is_band


#: Above so many rows persons are first counted by parts of them, so many, which takes a tenth of the time.
_MANY_ROWS, _PARTS = 200_000, 1 << 16
#: One person with so many answers, so many times as many as anybody else has, may stand for those who are not named.
_MANY, _TIMES = 10, 5


def ask_of_one_person(
    table: Table, columns: Columns, respondent: str | None, partner: str | None, *, repeated: int, rows: int
) -> None:
    """Raise OpenQuestion where most answers that another one displaces are of one person: Visitor, info@example.com.

    `repeated` is how many of the `rows` do not count since another one of their person does. Of very many rows only
    those of the part of the persons that holds the most are looked at: who has so many is there.
    """
    if respondent is None or columns.choice("respondent").is_named or repeated < _MANY - 1:
        return
    among, others = "true", 0
    if rows > _MANY_ROWS and table.backend.has_hash:
        part, one = f"hash({identifier(respondent)}) % {_PARTS}", identifier(respondent)
        counts = f"SELECT {part}, count(*) FROM __rows WHERE {one} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
        number, most = next(iter(table.rows.fetch(counts)), (0, 0))
        if most * 5 < repeated * 4:
            return
        among, others = f"{part} = {number}", 1  # who is of the other parts answered once at least
    found = table.persons_of(respondent, partner, among).fetch(
        "SELECT person, count(*) FROM __rows WHERE person IS NOT NULL GROUP BY person ORDER BY 2 DESC, 1 LIMIT 2"
    )
    if len(found) + others < 2:
        return
    (who, answers), (_, next_most) = (*found, (None, others))[:2]
    if answers >= _MANY and answers >= _TIMES * next_most and answers * 5 >= repeated * 4:
        raise OpenQuestion(
            f"{table.label}: {answers:,} answers are of one {respondent!r}, {str(who)!r}, and of one person's answers "
            f"only some count: if it stands for several, --duplicates all counts every answer; if it is one person, "
            f"--respondent {respondent!r} says so"
        )


#: What a column is called that may name persons, without saying that they are those who answered.
_PERSON = pattern(
    r"\b(?:users?|uids?|pers|persons?|people|members?|panell?ists?|employees?|subscribers?|visitors?|students?|login"
    r"|user ?names?|nutzer|benutzer|personen?|mitarbeiter|mitglied|utilisateurs?|personne|usuarios?|persona|utenti?"
    r"|gebruikers?|persoon|pessoa|uzytkownik|osoba)\b|ユーザー|会員|会员|用户|사용자|회원"
)
_OF_OURS = pattern(
    r"\b(?:owner|manager|rep|agent|csm|created|updated|modified|assigned|count|number of|types?|segments?|groups?"
    r"|roles?|since|status|tier|level|region|country|date|seats|licen[cs]es?|active|reason|comment)\b"
)
_MOST_NAMES = 3  # columns that may name persons, of which more would say the same


def unnamed_persons(table: Table, columns: Columns, score: str | None, partner: str | None) -> list[str]:
    """Return what to say of columns that may name persons, where some of them answered several times: all count."""
    if columns.choice("respondent").column is not None or score is None:
        return []
    taken = {columns.choice(role).column for role in _NO_QUESTION}
    notes = []
    for one in [one for one in columns.profiles if one.name not in taken and _may_name_persons(one)][:_MOST_NAMES]:
        who = f"lower({table.told_by(one.name)})" + (f", {table.told_by(partner)}" if partner is not None else "")
        ((persons, answers),) = table.rows.fetch(
            f"SELECT count(*), sum(n) FROM (SELECT count(*) AS n FROM __rows WHERE {table.told_by(one.name)} IS NOT "
            f"NULL AND {table.told_by(score)} IS NOT NULL GROUP BY {who} HAVING count(*) > 1) AS several"
        )
        if persons:
            notes.append(
                f"{one.name!r} may name persons, {persons:,} of whom answered several times "
                f"({int(answers) - persons:,} more answers): all count. --respondent {one.name!r} takes one of each"
            )
    return notes


def _may_name_persons(column: ColumnProfile) -> bool:
    name = plain_name(column.name)
    if not _PERSON.search(name) or _OF_OURS.search(name) or column.is_blank or column.nested:
        return False
    several = len(column.distinct) >= min(200, column.filled) / 10
    return several and not (column.is_date or column.is_yes_no or column.is_prose or column.is_band)
