"""Whose row it is: one partner, whether a table knows it by its id or its name, and however that is spelled.

Where tables share an id they are joined by it, and the name that goes with the id is what is shown. Otherwise names
match as `vocabulary.same_name` compares them, and are shown as the list of partners has them, else as most rows do.
The engines tell the distinct spellings with their counts; what they mean is decided here, once for all tables, and the
engines get back a small table of those that are shown in another way. What stands for no partner becomes blank.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace

from partnerkpi.dataclass import dataclass
from partnerkpi.lazily import pattern
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.names import Merged, counted_once, id_keys, one_line_of_proposals
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.renaming import renamed_by
from partnerkpi.tables.table import Table
from partnerkpi.vocabulary import BLANK, DIRECT, SEVERAL, UNKNOWN, plain_name, same_name

#: What the columns of a list of partners may be called beside their usual names: it is known to list partners.
_ID_OF_LIST = pattern(r"^(?:id|code|key|account id|accountid|company id|crm id|uuid|guid)$")
_NAME_OF_LIST = pattern(
    r"^(?:name|name 1|account name|company|company name|organi[sz]ation|display name|full name|firma|firmenname|nom"
    r"|raison sociale|nombre|razon social|nome|ragione sociale|naam|bedrijfsnaam|nazwa)$"
)
_ID = pattern(
    r"(?:^|\b|(?<=partner))(?:ids?|no|nr|number|nummer|code|key|ref|reference|uuid|guid|sfid)$"
    r"|^(?:id|code|codice|numer) (?:du |del |do )?(?:partenaire|socio|parceiro|partnera?)$|^partner c$"
)
#: What a list says of each partner, by role.
_CALLED = pattern("partner|partenaire|reseller|parceir|socio", re.IGNORECASE)
_OF_A_LIST = ("tier", "owner", "invited_contacts", "annual_value", "joined_date", "region")
#: So many examples are told in a note.
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Opened:
    """A table of a run with its columns; of a list of partners it is known that it lists partners."""

    table: Table
    columns: Columns
    is_list: bool = False


@dataclass
class _Spellings:
    """A table in the making: the column that is the partner, those of its id and its name, and what they say."""

    known: Opened
    partner: str
    id: str | None
    name: str | None
    pairs: list[tuple[str | None, str | None, int]] = field(default_factory=list)
    by_id: bool = False

    def texts(self, column: str | None) -> Counter[str]:
        """Return how many rows have each text of one of the two columns."""
        found: Counter[str] = Counter()
        if column is not None:
            for who, name, rows in self.pairs:
                text = who if column == self.id else name
                if text is not None:
                    found[text] += rows
        return found


def is_no_partner(text: str) -> bool:
    """Tell whether a text stands for no partner, or for none that is known: `#N/A`, (blank), kein Partner."""
    return text.casefold() in _MARKS or same_name(text) in _MARKS


_MARKS = BLANK | DIRECT | UNKNOWN


def told_apart(tables: Sequence[Opened], merged: Mapping[str, str] | None = None) -> tuple[list[Table], list[str]]:
    """Return some tables in which each partner has one name, the same in all of them, and notes of what was decided.

    `merged` says which spellings a person has found to be another partner's. Tables without partners stay as they are.
    """
    found = [_spellings(known) for known in tables]
    some = [one for one in found if one is not None]
    names = _Names(some, merged or {})
    notes = [*names.notes]
    result = []
    for known, one in zip(tables, found, strict=True):
        if one is None:
            result.append(known.table)
            continue
        table, own = _renamed(one, names)
        result.append(table)
        notes += own
    if (line := one_line_of_proposals(names.shown, names.listed)) is not None:
        notes.append(line)
    return result, notes


def lists_partners(columns: Columns, others: Iterable[Columns], called: str) -> bool:
    """Tell whether a table without a column of partners lists them under `id` and `name`.

    Another table must know partners by half of its values at least, and the table must be `called` a list of partners
    or say what such a list says: numbers from 1 on number anything.
    """
    own = [
        c for c in columns.profiles if any(shape.match(plain_name(c.name)) for shape in (_ID_OF_LIST, _NAME_OF_LIST))
    ]
    if columns.has("partner") or len(own) < 2:
        return False
    if not any(map(columns.has, _OF_A_LIST)) and not _CALLED.search(called):
        return False
    known = [_values(column) for other in others for column in other.fitting("partner")]
    return any(2 * len(values & _values(c)) >= len(values) > 0 for values in known for c in own)


def _values(column: ColumnProfile) -> set[str]:
    return {same_name(text) for text in column.distinct if not is_no_partner(text)}


def names_a_list(columns: Columns) -> bool:
    """Tell whether a table has a column that would name the partners, if it is a list of them."""
    return any(_NAME_OF_LIST.match(plain_name(column.name)) for column in columns.profiles)


def name_the_list(columns: Columns) -> None:
    """Take the column `name`, else `id`, for the partner of a list of partners that has no other column for it."""
    if columns.has("partner"):
        return
    for shape in (_NAME_OF_LIST, _ID_OF_LIST):
        fitting = [column.name for column in columns.profiles if shape.match(plain_name(column.name))]
        if len(fitting) == 1:
            columns.take("partner", fitting[0], "of a list of partners")
            return


def _spellings(known: Opened) -> _Spellings | None:
    """Return what the columns of a table say of whose row it is, None where it has none for that."""
    table, columns = known.table, known.columns
    partner = columns.get("partner")
    if partner is None:
        return None
    fitting = [column for column in columns.fitting("partner") if column.name != partner]
    ids = [c.name for c in fitting if _ID.search(plain_name(c.name))]
    others = [c.name for c in fitting if c.name not in ids]
    if known.is_list:
        loose = [c for c in columns.profiles if c.name != partner and not c.is_blank]
        ids = ids or [c.name for c in loose if _ID_OF_LIST.match(plain_name(c.name))]
        others = others or [c.name for c in loose if _NAME_OF_LIST.match(plain_name(c.name))]
    if _is_id(partner, known):
        one = _Spellings(known, partner, partner, others[0] if len(others) == 1 else None)
    else:
        one = _Spellings(known, partner, ids[0] if len(ids) == 1 else None, partner)
    order = "min(__place)" if known.is_list and table.backend.has_order else ""
    rows = table.numbered if order else table.rows
    counted = rows.fetch(counted_once(table, one.id, one.name, also=order))
    counted.sort(key=lambda row: (row[3] if order else 0, -row[2], row[0] or "", row[1] or ""))
    one.pairs = [(row[0], row[1], int(row[2])) for row in counted]
    return one


def _is_id(column: str, known: Opened) -> bool:
    plain = plain_name(column)
    return _ID.search(plain) is not None or (known.is_list and _ID_OF_LIST.match(plain) is not None)


class _Names:
    """The name of each partner of a run by what tables say: by an id that they share, or by a spelling of the name."""

    def __init__(self, tables: Sequence[_Spellings], merged: Mapping[str, str]) -> None:
        self._same_id, of_ids = id_keys(one.texts(one.id or one.partner) for one in tables)
        self.notes = [of_ids] if of_ids is not None else []
        self._canonical = Merged(merged).canonical
        self._lists = [one for one in tables if one.known.is_list]
        self._by_id: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        self.shown: Counter[str] = Counter()
        self.listed: set[str] = set()
        self._spell(tables)
        self._join(tables)
        self._count(tables)

    def of(self, who: str | None, name: str | None, *, by_id: bool) -> str | None:
        """Return the partner that a row names, by the id where the tables share it."""
        if by_id and who is not None and (found := self._by_id.get(self._same_id(who))) is not None:
            return found
        text = name if name is not None else who
        return self.of_text(text) if text is not None else None

    def of_id(self, text: str) -> str | None:
        """Return the partner of an id, None if no table says whose it is."""
        return self._by_id.get(self._same_id(text))

    def of_text(self, text: str) -> str | None:
        """Return the partner of a name, None for what stands for no partner."""
        canonical = self._canonical(text)
        if is_no_partner(canonical):
            return None
        return self._by_name.get(same_name(canonical), canonical)

    def _spell(self, tables: Sequence[_Spellings]) -> None:
        """Find how each name is spelled: as the list has it, else as most rows do."""
        spelled: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for one in tables:
            for text, rows in one.texts(one.name or one.id).items():
                canonical = self._canonical(text)
                if not is_no_partner(canonical):
                    spelled[same_name(canonical)][canonical] += rows
        for key, several in spelled.items():
            self._by_name[key] = max(
                several, key=lambda text: (several[text], not text.isupper() and not text.islower(), _tidy(text), text)
            )
        for one in self._lists:
            seen: set[str] = set()
            for text in one.texts(one.name or one.id):  # the first of the list's own spellings
                canonical = self._canonical(text)
                if (key := same_name(canonical)) not in seen and not is_no_partner(canonical):
                    seen.add(key)
                    self._by_name[key] = canonical

    def _join(self, tables: Sequence[_Spellings]) -> None:
        """Find the tables that share an id, and the name that goes with each."""
        lists = [one for one in self._lists if one.id]
        known = lists or [one for one in tables if one.id and one.name]
        for one in known:  # somebody named the column of ids, beside one of names
            one.by_id = one.id == one.partner and one.name is not None and not one.known.is_list
        for one in tables:
            if one not in lists:
                others = {self._same_id(who): who for other in known if other is not one for who in _ids_of(other)}
                one.by_id = self._shares(one, others) or one.by_id
        if not any(one.by_id for one in tables):
            return
        for one in lists:
            one.by_id = True
        ids = {self._same_id(who): who for one in tables if one.by_id for who in _ids_of(one)}
        for some in (lists, tables):  # what a list says is asked first
            names: defaultdict[str, Counter[str]] = defaultdict(Counter)
            for one in some:
                for who, name, rows in one.pairs if one.by_id and one.name else ():
                    if who is None or name is None or is_no_partner(who) or self._same_id(who) in self._by_id:
                        continue
                    if (shown := self.of_text(name)) is not None:
                        names[self._same_id(who)][shown] += rows
            self._by_id |= {key: max(several, key=lambda n: (several[n], n)) for key, several in names.items()}
        self._tell_namesakes(tables, ids)
        if lists:
            for one in lists:
                self._by_id |= {
                    self._same_id(who): who for who in _ids_of(one) if self._same_id(who) not in self._by_id
                }
        joined = [one for one in tables if one.by_id]
        if len(joined) > 1:
            sides = ", ".join(f"{one.id!r} of {one.known.table.label}" for one in joined)
            self.notes.append(f"partners are joined by their id: {sides}")

    def _shares(self, one: _Spellings, ids: Mapping[str, str]) -> bool:
        """Tell whether a column of a table holds the ids that another one has names for, rather than names."""
        column = one.id or one.partner
        own = {self._same_id(text) for text in one.texts(column) if not is_no_partner(text)}
        hits = len(own & ids.keys())
        named = len(own & self._listed_names())
        if column == one.id:
            return hits > 0 and hits >= named and not self._contradicted(one)
        if 2 * hits >= len(own) > 0 and hits > named:
            one.id, one.name = one.partner, None
            one.pairs = [(name, None, rows) for _, name, rows in one.pairs]
            return True
        return False

    def _contradicted(self, one: _Spellings) -> bool:
        """Tell whether most names beside ids are those of other ids on the list: numbers of something else."""
        whose = {
            self._same_id(who): same_name(name) for each in self._lists for who, name, _ in each.pairs if who and name
        }
        listed = self._listed_names()
        agree = differ = 0
        for who, name, rows in one.pairs:
            if who is not None and name is not None and self._same_id(who) in whose and same_name(name) in listed:
                same = whose[self._same_id(who)] == same_name(name)
                agree, differ = agree + rows * same, differ + rows * (not same)
        return differ > agree

    def _listed_names(self) -> set[str]:
        return {same_name(name) for one in self._lists if one.name for name in one.texts(one.name)}

    def _tell_namesakes(self, tables: Sequence[_Spellings], ids: Mapping[str, str]) -> None:
        """Give partners of one name that have several ids their id behind it, unless a table knows names alone."""
        shared: defaultdict[str, list[str]] = defaultdict(list)
        for key, name in self._by_id.items():
            shared[name].append(key)
        alone = {same_name(text) for one in tables if not one.by_id for text in one.texts(one.name)}
        for name, keys in shared.items():
            if len(keys) < 2:
                continue
            several = " and ".join(repr(ids[key]) for key in keys[:_SHOWN])
            if same_name(name) in alone:
                self.notes.append(
                    f"{name!r} has the ids {several}, and not every table has ids: counted as one partner"
                )
                continue
            self.notes.append(f"{name!r} has the ids {several}: counted as {len(keys)} partners")
            for key in keys:
                self._by_id[key] = f"{name} ({ids[key]})"

    def _count(self, tables: Sequence[_Spellings]) -> None:
        for one in tables:
            for who, name, rows in one.pairs:
                shown = self.of(who, name, by_id=one.by_id)
                if shown is not None:
                    self.shown[shown] += rows
                    if one.known.is_list:
                        self.listed.add(shown)


def _ids_of(one: _Spellings) -> list[str]:
    return [who for who in one.texts(one.id) if not is_no_partner(who)]


def _tidy(text: str) -> bool:
    """Tell whether a name has no blanks but single ones inside, and letters as they are usually written."""
    return same_name(text) == text.casefold()


def _renamed(one: _Spellings, names: _Names) -> tuple[Table, list[str]]:
    """Return a table in which the column of the partner shows its name, and notes of what that changed."""
    table, notes = one.known.table, _told(one, names)
    of_rows = (
        (who if one.partner == one.id else name, names.of(who, name, by_id=one.by_id)) for who, name, _ in one.pairs
    )
    if all(text == shown for text, shown in of_rows):
        return table, notes
    columns = [column for column in (one.id, one.name) if column is not None]
    told = [table.told_by(column) for column in columns]
    steps: list[tuple[str, Mapping[str, str | None]]] = []
    if one.by_id and one.id is not None:
        ids = {text: names.of_id(text) for text in one.texts(one.id)}
        steps.append((told[0], {t: s for t, s in ids.items() if s is not None and (one.id != one.partner or s != t)}))
    before = ""
    for column, text_of in zip(reversed(columns), reversed(told), strict=True):  # the id counts where there is no name
        texts = [t for t in one.texts(column) if not (one.by_id and column == one.id and names.of_id(t) is not None)]
        changed = {text: shown for text in texts if (shown := names.of_text(text)) != text}
        steps.append((f"CASE WHEN {before} IS NULL THEN {text_of} END" if before else text_of, changed))
        before = f"({text_of})"
    renaming = renamed_by(table.backend, one.partner, steps, f"coalesce({', '.join(reversed(told))})")
    profiles = tuple(replace(p, kind="VARCHAR") if p.name == one.partner else p for p in table.profiles)
    return replace(table, profiles=profiles, renaming=renaming), notes


def _told(one: _Spellings, names: _Names) -> list[str]:
    """Return what to say of a table's spellings and of its marks for no partner."""
    spelled, merged = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    marks, vague = Counter[str](), Counter[str]()
    for who, name, rows in one.pairs:
        if one.by_id and who is not None and names.of_id(who) is not None:
            continue
        text = name if name is not None else who
        if text is None:
            continue
        shown = names.of_text(text)
        if shown is None:
            marks[text] += rows
        elif same_name(shown) in SEVERAL:
            vague[text] += rows
        elif shown != text:
            (spelled if same_name(shown) == same_name(text) else merged)[text, shown] += rows
    label, notes = one.known.table.label, []
    if merged:
        total, column = merged.total(), one.partner
        notes.append(
            f"{label}: {total:,} rows: {len(merged):,} other spellings in {column!r} count as your file of names says"
            if len(merged) > 1
            else f"{label}: {total:,} rows: 1 other spelling in {column!r} counts as your file of names says"
            if total > 1
            else f"{label}: 1 row: 1 other spelling in {column!r} counts as your file of names says"
        )
    if spelled:
        shown_as = ", ".join(f"{text!r} as {shown!r}" for text, shown in list(spelled)[:_SHOWN])
        more = f" and {len(spelled) - _SHOWN:,} more" if len(spelled) > _SHOWN else ""
        notes.append(
            f"{label}: {spelled.total():,} rows count under another spelling of the partner: {shown_as}{more}"
            if spelled.total() > 1
            else f"{label}: 1 row counts under another spelling of the partner: {shown_as}{more}"
        )
    direct = {text: rows for text, rows in marks.items() if text.casefold() in DIRECT | {"none"}}
    unknown = {text: rows for text, rows in marks.items() if text not in direct}
    if direct:
        notes.append(f"{label}: read as no partner: {_counted(direct)}")
    if unknown:
        notes.append(f"{label}: read as a partner that is not known: {_counted(unknown)}")
    if vague:
        notes.append(f"{label}: counted as a partner of that name: {_counted(vague)}; write direct where it is none")
    return notes


def _counted(words: Mapping[str, int]) -> str:
    listed = sorted(words.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{word!r} ({rows:,})" for word, rows in listed[:8]) + (" ..." if len(listed) > 8 else "")
