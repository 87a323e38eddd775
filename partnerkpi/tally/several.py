"""Persons who answered several times about one partner: only their answers are looked at one by one.

All other answers count as they stand, so they need no join with what is chosen: answers are counted as if each counted,
and those that another one of the person displaces are taken off. For engines whose rows have places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.tables.backend import Rows
from partnerkpi.tables.sql import identifier
from partnerkpi.tally.facts import COMPETES, COUNTS_AS, PERSON, STRETCH, WITH, Answers, band_as_score

#: A person at a partner, as a number of 128 bits made of both names: it takes less memory than names do.
_ONE = "__one"


@dataclass(frozen=True, slots=True)
class Several:
    """Of persons with several answers those of whom one in a wave displaces others, `each`, and the one `chosen`.

    Those who have one answer in a wave have their answers `alone`: they stand as they are, however many they are. All
    have the person, the period, the band, and the columns that they are counted by as g0, g1; `rows` are all answers
    with the latter.
    """

    rows: Rows
    each: Rows
    chosen: Rows
    alone: Rows
    groups: tuple[str, ...]

    @classmethod
    def of(cls, answers: Answers, by: Sequence[str]) -> Several:
        """Find them among some answers, which are counted by some columns.

        Those who answered in different waves, whose answers do not compete, are found as well: they are compared.
        """
        read = answers.read()
        number = f"hash({PERSON}, {WITH})"
        repeated = f"SELECT {number} FROM ({read.sql}) AS each_one WHERE {COMPETES} GROUP BY 1 HAVING count(*) > 1"
        groups = {f"g{place}": identifier(name) for place, name in enumerate(by)}
        named = [f"{column} AS {name}" for name, column in groups.items()]
        one = f"md5_number(concat(length({PERSON}), ' ', {PERSON}, {WITH})) AS {_ONE}"
        columns = [one, *dict.fromkeys([answers.within, STRETCH]), COUNTS_AS, f"{answers.key} AS __key", *named]
        # They are few, or as many as there are answers: held, and not in a file, which knows no number so wide.
        competing = f"{COMPETES} AND {number} IN ({repeated})"
        all_of_them = read.select(f"SELECT {', '.join(columns)} FROM __rows WHERE {competing}").held()
        keys = f"{_ONE}, {answers.within}"
        in_a_wave = f"hash({keys})"
        twice = all_of_them.select(f"SELECT {in_a_wave} AS number FROM __rows GROUP BY 1 HAVING count(*) > 1").held()
        each = all_of_them.where(f"{in_a_wave} IN ({twice.sql})").held()
        of_the_chosen = [column for column in (STRETCH, COUNTS_AS, *groups) if column != answers.within]
        shown = [keys, *(f"arg_{answers.most}_null({column}, __key) AS {column}" for column in of_the_chosen)]
        chosen = each.select(f"SELECT {', '.join(shown)} FROM __rows GROUP BY {keys}").held()
        rows = read.select(f"SELECT {', '.join([*named, STRETCH, COUNTS_AS])} FROM __rows")
        return cls(rows, each, chosen, all_of_them.where(f"{in_a_wave} NOT IN ({twice.sql})"), tuple(groups))

    def counted(self) -> list[tuple[Any, ...]]:
        """Return what `Answers.counted` returns: all answers of each group, less those that another one displaces."""
        keys = ", ".join([*self.groups, STRETCH, COUNTS_AS])
        counted = [
            f"SELECT {keys}, {number} AS n, {lost} AS lost FROM ({rows.sql}) AS some_rows GROUP BY {keys}"
            for rows, number, lost in (
                (self.rows, "count(*)", "0"),
                (self.each, "-count(*)", "count(*)"),
                (self.chosen, "count(*)", "-count(*)"),
            )
        ]
        return Rows(self.rows.backend, " UNION ALL ".join(counted)).fetch(
            f"SELECT {keys}, sum(n), sum(lost), sum(n) FROM __rows GROUP BY {keys}"
        )

    def of_persons(self, columns: Mapping[str, str]) -> Rows:
        """Return the answers that count: person (at a partner), stretch, score and columns, whose SQL is of g0, g1."""
        others = "".join(f", {sql} AS {name}" for name, sql in columns.items())
        shown = ", ".join([_ONE, STRETCH, COUNTS_AS, *self.groups])
        counting = f"SELECT {shown} FROM ({self.alone.sql}) AS alone UNION ALL SELECT {shown} FROM ({self.chosen.sql})"
        return Rows(self.rows.backend, f"{counting} AS chosen").select(
            f"SELECT {_ONE} AS person, {STRETCH} AS stretch, {band_as_score()} AS score{others} FROM __rows"
        )
