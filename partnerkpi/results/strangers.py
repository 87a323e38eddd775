"""Activities of partners who do not stand on the list of partners: of others, or of the same under another spelling."""

from __future__ import annotations

from collections.abc import Collection

from partnerkpi.errors import DataProblem, OpenQuestion
from partnerkpi.tables.names import key_of
from partnerkpi.tables.table import Table
from partnerkpi.tally.activities import NO_PARTNER, UNKNOWN_PARTNER, Activities

#: So many activities, and one in so many, of partners who are on the list but for an id or a legal form: it is asked.
_SOME, _ONE_IN = 3, 4


def ask_of_strangers(table: Table, counted: Activities, label: str, names: Collection[str]) -> None:
    """Raise DataProblem where no partner that is named stands on the list of a label, with these names.

    OpenQuestion where many activities are of partners that the list has without an id or with another legal form.
    """
    if not counted.unknown:
        return
    aside = counted.ledger.set_aside
    nobody = aside.get(UNKNOWN_PARTNER, 0) + aside.get(NO_PARTNER, 0)
    keys = {key_of(name): name for name in sorted(names)}
    alike = {name: keys[key] for name in sorted(counted.unknown) if (key := key_of(name)) in keys}
    merge = (
        f"'partnerkpi check {table.label} {label} --names names.csv' proposes what to merge, and [options] "
        'partner_names = "names.csv" in partnerkpi.toml merges it'
    )
    if not counted.counts and nobody == counted.ledger.rows_read:
        first = ", ".join(map(repr, sorted(counted.unknown)[:2]))
        listed = ", ".join(map(repr, sorted(names)[:2]))
        how = f"Where they are the same but for an id or a legal form, {merge}" if alike else ""
        raise DataProblem(
            f"no partner of {table.label} ({first} ...) stands in {label} ({listed} ...): the two name their partners "
            f"differently. {how or 'Name the columns that match with --partner COLUMN'}"
        )
    activities = sum(counted.unknown[name] for name in alike)
    if activities >= _SOME and activities * _ONE_IN > counted.ledger.rows_read:
        written, name = next(iter(alike.items()))
        raise OpenQuestion(
            f"{table.label}: {activities:,} activities are of partners who seem to stand in {label} under other names, "
            f"such as {written!r} ({name!r}), and would not count: {merge}. If they are others, put them on the list"
        )
