"""The same partner spelled differently: proposed as one, and merged only as a file says that somebody has looked at.

Two names are proposed as one if they are the same without case, accents, punctuation and legal forms (Acme Inc., ACME),
or if they are nearly that. The file has two columns, the spelling and the name that it stands for; rows of it may be
changed and deleted.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from partnerkpi.csvtext import NAMES_HEADER, ShieldedWriter, unshielded
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import ConfigError
from partnerkpi.files import replacing
from partnerkpi.language.figures import whole
from partnerkpi.tables.sql import identifier, told_by
from partnerkpi.tables.values import as_text
from partnerkpi.vocabulary import same_name

if TYPE_CHECKING:
    from partnerkpi.tables.table import Table

#: Legal forms, as the last words of a name.
_LEGAL = frozenset(
    """
    inc incorporated corp corporation co company llc llp lp ltd limited plc pty pte gmbh ag kg kgaa ohg ug se mbh eg ev
    sa sarl sas sasu eurl spa srl snc sl slu bv nv vof cv as asa ab oy oyj aps is kk pvt private sro doo zrt kft ooo zao
    pjsc jsc sp zoo lda ltda eireli me cia holding holdings group gruppe groupe international intl
    """.split()  # noqa: SIM905 - a list of words is read and extended more easily
)
#: An id beside a name: in brackets or behind a sign, with a digit in it.
_ID = r"[a-z]{0,6}[-_ .#]?[0-9][0-9a-z_-]*"
_WITH_ID = re.compile(rf"\s*[(\[]#?{_ID}[)\]]\s*$|\s+[-–|/:]\s+#?{_ID}$|^#?{_ID}\s+[-–|/:]\s+|^[(\[]{_ID}[)\]]\s*")
#: From this likeness on, two names that differ by more than case and legal form are proposed as one.
_LIKE = 92
#: Comparing every name with every other takes long for more of them; then only equal keys are proposed.
_MOST_NAMES = 5_000
#: So many are compared by a command that was asked for something else.
_FEW_NAMES = 500


@dataclass(frozen=True, slots=True)
class Proposal:
    """A spelling, the name that it is proposed to stand for, the rows that have it, and how sure that is."""

    written: str
    partner: str
    rows: int
    sure: str


def key_of(name: str) -> str:
    """Return what is left of a name without case, accents, punctuation and legal forms: `ACME, Inc.` gives `acme`.

    So it does of a name with an id: `Acme (P-100)`, `P-100 - Acme`.
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    bare = _WITH_ID.sub("", re.sub(r"\bz ?o\. ?o\.", "zoo", bare)) or bare
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=\b\w)\.(?=\w\b)", "", bare).replace("&", " and "))
    kept = list(words)
    while len(kept) > 1 and (kept[-1] in _LEGAL or kept[-1] == "and"):
        kept.pop()
    if len(kept) > 1 and kept[0] == "the":
        kept = kept[1:]
    return " ".join(kept)


class Merged:
    """Which spellings a person has found to be another partner's, however they are written."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = {**{same_name(one): name for one, name in names.items()}, **names}

    def canonical(self, text: str) -> str:
        """Return the name that a spelling was merged into, else the spelling."""
        return self._names.get(text) or self._names.get(same_name(text)) or text


def count_names(table: Table, column: str) -> dict[str, int]:
    """Return each spelling in a column with the number of its rows."""
    counted: defaultdict[str, int] = defaultdict(int)
    # Asked as `identity` asks for names without ids: an engine that sees one state of the rows answers once.
    for _, value, rows in table.rows.fetch(counted_once(table, None, column)):
        if (name := as_text(value)) is not None:
            counted[name] += int(rows)
    return dict(counted)


def counted_once(table: Table, *columns: str | None, also: str = "") -> str:
    """Return SQL for what tells the values of some columns of `__rows`, null for one that is None, and their rows.

    Each spelling is trimmed once, however many rows have it. `also` is SQL for an aggregate: the least is told.
    """
    taken = {f"c{number}": column for number, column in enumerate(columns) if column is not None}
    names = {name: identifier(column) for name, column in taken.items()}
    each = ", ".join(f"{column} AS {name}" for name, column in names.items())
    kinds = {name: table.kind_of(column).kind for name, column in taken.items()}
    told = [
        told_by(f"c{number}", kinds[f"c{number}"]) if column is not None else "CAST(NULL AS VARCHAR)"
        for number, column in enumerate(columns)
    ]
    keys = ", ".join(str(place) for place in range(1, len(columns) + 1))
    inner = ", ".join(str(place) for place in range(1, len(taken) + 1))
    return (
        f"SELECT {', '.join(told)}, sum(n) {', min(least)' if also else ''} FROM "
        f"(SELECT {each}, count(*) AS n{f', {also} AS least' if also else ''} FROM __rows GROUP BY {inner}) AS spelled "
        f"GROUP BY {keys}"
    )


def propose(names: Mapping[str, int], *, nearly: bool = True) -> list[Proposal]:
    """Return the spellings that seem to be the same partner as another one, with the most frequent spelling of each.

    Nothing is merged by this; `nearly` looks for slips of the pen too.
    {"Acme Inc.": 5, "ACME, Inc": 2, "Bolt": 1} gives one proposal: ACME, Inc is Acme Inc.
    """
    by_key: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        by_key[key_of(name)].append(name)
    keys = sorted(by_key, key=lambda key: (-sum(names[name] for name in by_key[key]), key))
    chief: dict[str, tuple[str, str]] = {key: (key, "same but for case and legal form") for key in keys}
    if nearly and len(keys) <= _MOST_NAMES:
        chief |= _alike(keys)
    groups: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for key in keys:
        groups[chief[key][0]] += [(name, chief[key][1]) for name in by_key[key]]
    found = []
    for members in groups.values():
        best = max((name for name, _ in members), key=lambda name: (names[name], not name.isupper(), name))
        found += [Proposal(name, best, names[name], sure) for name, sure in members if name != best]
    return sorted(found, key=lambda one: (one.partner.casefold(), one.written.casefold()))


def one_line_of_proposals(names: Mapping[str, int], listed: Collection[str] = ()) -> str | None:
    """Return a line that names those that seem to be the same partner, None where there are none.

    Two names that both stand on a list of partners are two partners. Of many names only the surer kind is looked for.
    """
    found = [
        one
        for one in propose(names, nearly=len(names) <= _FEW_NAMES)
        if not (one.written in listed and one.partner in listed)
    ]
    if not found:
        return None
    shown = ", ".join(f"{one.written!r} ({one.rows:,}) may be {one.partner!r}" for one in found[:3])
    more = f" and {len(found) - 3:,} more" if len(found) > 3 else ""
    return f"{shown}{more}: they are counted apart; 'partnerkpi check --names names.csv FILE' proposes what to merge"


def _alike(keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return for each key that is nearly the same as a more frequent one that one, and how alike they are."""
    from rapidfuzz import fuzz, process

    found: dict[str, tuple[str, str]] = {}
    for number, key in enumerate(keys):
        if len(key) < 5:  # of short names, one letter is a large part
            continue
        earlier = [other for other in keys[:number] if other not in found and len(other) > 4]
        nearest = process.extractOne(key, earlier, scorer=fuzz.ratio, score_cutoff=_LIKE)
        # Names that differ by a number (Partner 1, Partner 2) are different names.
        if nearest is not None and re.findall("[0-9]+", nearest[0]) == re.findall("[0-9]+", key):
            found[key] = (nearest[0], f"{whole(nearest[1])}% alike")
    return found


def write_proposals(target: Path, proposals: Sequence[Proposal]) -> None:
    """Write the file that says which spellings are one partner, for somebody to look at."""
    with (
        replacing(target, option="--names") as temporary,
        temporary.open("w", encoding="utf-8-sig", newline="") as out,
    ):
        writer = ShieldedWriter(out)
        writer.row(NAMES_HEADER)
        writer.rows([one.written, one.partner, one.rows, one.sure] for one in proposals)


def read_names(path: Path) -> dict[str, str]:
    """Return which name each spelling stands for, as the file says; ConfigError if it is none of that kind."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            sample = stream.readline()
            stream.seek(0)
            separator = ";" if sample.count(";") > sample.count(",") else ","
            header, *rows = csv.reader(stream, delimiter=separator)
    except FileNotFoundError:
        raise ConfigError(
            f"options.partner_names: there is no file {path}; 'partnerkpi check --names {path.name} FILE' proposes one"
        ) from None
    except (OSError, UnicodeDecodeError, ValueError, csv.Error) as error:
        raise ConfigError(f"options.partner_names: {path} cannot be read as CSV ({error})") from None
    if [name.strip().casefold() for name in header[:2]] != list(NAMES_HEADER[:2]):
        raise ConfigError(f"options.partner_names: the first row of {path} must be: {', '.join(NAMES_HEADER[:2])}")
    names: dict[str, str] = {}
    for number, row in enumerate(rows, 2):
        written, partner = map(unshielded, _two(row))
        if not written:
            continue
        if not partner:
            raise ConfigError(f"options.partner_names: row {number} of {path} has no partner for {written!r}")
        if names.get(written, partner) != partner:
            raise ConfigError(
                f"options.partner_names: {path} says that {written!r} is {names[written]!r} and {partner!r}: keep one"
            )
        names[written] = partner
    alike: dict[str, str] = {}
    for written, partner in names.items():  # partners are compared without case: so must these be
        other = alike.setdefault(same_name(written), written)
        if same_name(names[other]) != same_name(partner):
            raise ConfigError(
                f"options.partner_names: {path} says that {other!r} is {names[other]!r} and {written!r} is "
                f"{partner!r}: case, blanks and composed letters do not tell partners apart, so keep one"
            )
    return names


def _two(row: Sequence[str]) -> tuple[str, str]:
    cells = [*(cell.strip() for cell in row[:2]), "", ""]
    return cells[0], cells[1]


def same_id(text: str) -> str:
    """Return what the spellings of one id share: 12.0, as programs write whole numbers beside blanks, is 12."""
    same = same_name(text)
    whole, _, rest = same.partition(".")
    return whole if whole.isdecimal() and rest and not rest.strip("0") else same


def id_keys(columns: Iterable[Iterable[str]]) -> tuple[Callable[[str], str], str | None]:
    """Return what tells ids apart, and what to say of it: 0012 is 12 where no column of ids has both.

    Spreadsheets take the zeros away that stand in front of a number, and other programs leave them there.
    """
    spelled: dict[str, str] = {}
    differ: tuple[str, str] | None = None
    for column in columns:
        own: dict[str, str] = {}
        for same in map(same_id, column):
            key = _without_zeros(same)
            if own.setdefault(key, same) != same:
                return same_id, None
            if (other := spelled.setdefault(key, same)) != same:
                differ = differ or (same, other)
    if differ is None:
        return same_id, None
    reason = f"ids that differ by zeros in front are one: {differ[0]!r} and {differ[1]!r}"
    return lambda text: _without_zeros(same_id(text)), reason


def _without_zeros(key: str) -> str:
    return key.lstrip("0") or "0" if key.isdecimal() else key
