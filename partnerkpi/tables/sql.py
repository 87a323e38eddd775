"""SQL for what is the user's: names and texts that it takes for nothing else, and the rows of files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from partnerkpi.tables.nobody import NOBODY
from partnerkpi.vocabulary import ID_WITH_CASE, SPACES

#: The columns in which a table tells which file a row is from, its number as a spreadsheet would number it, and its
#: place among all rows of all files, which is no other's.
SOURCE, ROW, PLACE = "__source", "__row", "__place"

#: What a query is called whose columns are computed once for each row; see `once`.
ONCE = "__once"

#: The types of numbers that a DOUBLE holds the size of.
NUMBERS = {f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")}
NUMBERS |= {"INTEGER", "UINTEGER", "FLOAT", "DOUBLE"}
_WITHOUT_BLANKS = NUMBERS | {"BOOLEAN", "DATE"}

#: A longer line of a copy, in bytes, is a quotation mark that is never closed and swallows the rows below it. Of a file
#: that is read in place less is allowed, since the engine holds several lines of that length: others are copied.
_LONGEST_LINE, _LONGEST_IN_PLACE = 32 << 20, 1 << 20


def identifier(name: str) -> str:
    """Return a column's or table's name as SQL: `a"b` gives `"a""b"`."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL: `it's` gives `'it''s'`."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Return texts as SQL's list, always in the same order: `["b", "a"]` gives `('a', 'b')`."""
    return "(" + ", ".join(map(literal, sorted(texts))) + ")"


def once(query: str) -> str:
    """Return a query as one to select from, whose columns are computed once for each row, however often they are named.

    PostgreSQL would write each out wherever it is named; the others compute them where they stand.
    """
    return f"({query}) AS {ONCE}"


def trimmed(name: str) -> str:
    """Return SQL for a text without outer blanks of any kind: tabs, line ends and no-break spaces go as spaces do.

    `name` is that of a column or the like, since it is written several times.
    """
    # Trimming a set of characters is slow (and SQL's own trim knows the space alone), but nearly every text begins and
    # ends with something to see.
    clean = f"{name} >= '!' AND {name} <= '~' AND {name}[-1] BETWEEN '!' AND '~'"
    return f"CASE WHEN {clean} THEN {name} ELSE trim({name}, {literal(SPACES)}) END"


def told_by(name: str, kind: str) -> str:
    """Return SQL for what tells one value of a column from another: its text without outer blanks, null where blank.

    It is what `values.as_text` gives, so that names match whatever the types of their columns are: 1.0 is partner 1.
    """
    text = text_form(name, kind)
    if is_never_blank(kind):
        return text
    return f"nullif({trimmed(text if kind == 'VARCHAR' else f'({text})')}, '')"


def is_never_blank(kind: str) -> bool:
    """Tell whether no value of a type is written with blanks around it, nor as nothing at all."""
    return kind in _WITHOUT_BLANKS or kind.startswith(("DECIMAL", "TIMESTAMP"))


def key_by(name: str, kind: str) -> str:
    """Return SQL for a value whose equals are those that `told_by` tells alike, and that need not be a text."""
    is_itself = is_never_blank(kind) and kind not in ("FLOAT", "DOUBLE")  # of which NaN is none
    return identifier(name) if is_itself else told_by(name, kind)


def person_of(text: str, kind: str) -> str:
    """Return SQL for what tells one person from another: without case, null for nobody known.

    `text` names a column of what `told_by` gives for one of this type.
    """
    if kind != "VARCHAR":
        return text
    # Most persons are numbers or addresses, and nobody is called by either: for them the list need not be gone through.
    known = f"contains({text}, '@') OR {text}[-1] BETWEEN '0' AND '9'"
    with_case = f"length({text}) = 15 AND regexp_matches({text}, '^{ID_WITH_CASE}$')"
    somebody = f"{known} OR lower({text}) NOT IN {listed(NOBODY)}"
    return f"CASE WHEN {with_case} THEN {text} WHEN {somebody} THEN lower({text}) END"


def is_blank(name: str) -> str:
    """Return SQL that tells whether a text column holds nothing to see."""
    column = identifier(name)
    return f"({column} IS NULL OR (NOT {column}[1:1] BETWEEN '!' AND '~' AND trim({column}, {literal(SPACES)}) = ''))"


def fields(text: str, shape: str, names: Iterable[str]) -> str:
    """Return SQL for what the groups of a pattern hold in a text, by name; all are empty where it does not match."""
    return f"regexp_extract({text}, {literal(shape)}, [{', '.join(map(literal, names))}])"


def with_fields(parts: str, result: str) -> str:
    """Return SQL for a result that uses the fields of a text, as `__p`: no column begins with two underscores."""
    return f"list_transform([{parts}], lambda __p: {result})[1]"


def text_form(name: str, kind: str) -> str:
    """Return SQL for a typed column as the text that `values.as_text` gives: 7.0 is 7, midnight is its date.

    `kind` is the engine's type. So the same data matches itself, whether it came typed or as text.
    """
    column = identifier(name)
    if kind in ("FLOAT", "DOUBLE"):
        whole = f"{column} = trunc({column}) AND abs({column}) < 1e15"
        return (
            f"CASE WHEN isnan({column}) THEN NULL WHEN {whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) "
            f"ELSE CAST({column} AS VARCHAR) END"
        )
    if kind.startswith("DECIMAL"):
        whole = f"CAST(CAST({column} AS HUGEINT) AS VARCHAR)"
        return f"CASE WHEN {column} = trunc({column}) THEN {whole} ELSE rtrim(CAST({column} AS VARCHAR), '0') END"
    if kind == "BOOLEAN":
        return f"CASE WHEN {column} THEN 'TRUE' WHEN NOT {column} THEN 'FALSE' END"
    if kind.startswith("TIMESTAMP"):
        plain = f"timezone('UTC', {column})" if "ZONE" in kind else column
        return f"regexp_replace(CAST({plain} AS VARCHAR), ' 00:00:00$', '')"
    return column if kind == "VARCHAR" else f"CAST({column} AS VARCHAR)"


def read_in_place(path: Path, names: Sequence[str], separator: str, skip: int) -> str:
    """Return SQL for the rows of a plain file, below `skip` lines."""
    return _read_csv(
        path, dict.fromkeys(names, "VARCHAR"), f"delim = {literal(separator)}, skip = {skip}", _LONGEST_IN_PLACE
    )


def read_copy(copy: Path, names: Sequence[str]) -> str:
    """Return SQL for the rows of a copy, which begins each of them with its number."""
    return _read_csv(
        copy, {ROW: "BIGINT", **dict.fromkeys(names, "VARCHAR")}, "delim = ',', new_line = '\\n'", _LONGEST_LINE
    )


def _read_csv(path: Path, columns: Mapping[str, str], options: str, longest: int) -> str:
    listed = ", ".join(f"{literal(name)}: '{kind}'" for name, kind in columns.items())
    return (
        f"SELECT * FROM read_csv({literal(shielded(path))}, auto_detect = false, header = false, quote = '\"', "
        f"escape = '\"', max_line_size = {longest}, {options}, columns = {{{listed}}})"
    )


def shielded(path: Path) -> str:
    """Return a file's name so that the engine takes it for no pattern: `q[1].csv` gives `q[[]1].csv`."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def parquet_sql(path: Path, columns: str = "*") -> str:
    """Return SQL that reads a Parquet file, and no other file, whatever characters its name holds."""
    return f"SELECT {columns} FROM read_parquet({literal(shielded(path))}, hive_partitioning = false)"


def plain_columns(sql: str, columns: Sequence[tuple[str, str]]) -> str:
    """Return SQL in which columns of types that counting does not know are texts."""
    texts = {identifier(name): plain(name, kind) for name, kind in columns}
    changed = [f"{text} AS {column}" for column, text in texts.items() if text != column]
    return f"SELECT * REPLACE ({', '.join(changed)}) FROM ({sql})" if changed else sql


def plain(name: str, kind: str) -> str:
    """Return SQL for a column of an engine's type, as a text where counting does not know that type."""
    column = identifier(name)
    if is_nested(kind) or kind.startswith("ENUM(") or kind == '"NULL"':
        return f"CAST({column} AS VARCHAR)"
    if kind.startswith("TIMESTAMP") and "_" in kind:  # in other units than those of everybody
        return f"CAST({column} AS {'TIMESTAMP WITH TIME ZONE' if 'TZ' in kind else 'TIMESTAMP'})"
    return column


def is_nested(kind: str) -> bool:
    """Tell whether values of an engine's type hold other values: lists, structures, maps. They name groups at most."""
    return kind.endswith("]") or kind.startswith(("STRUCT(", "MAP(", "UNION(")) or kind in ("VARIANT", "JSON")


def nested_columns(columns: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the type of each column whose values hold other values."""
    return {name: kind for name, kind in columns if is_nested(kind)}


#: Microseconds of the days from 1 January of year 1, a Monday, to 1970, and of a week.
_TO_1970, _WEEK = 719_162 * 86_400_000_000, 7 * 86_400_000_000


def period_number(day: str, period: str) -> str:
    """Return SQL for what `periods.number_of` gives of a day or time: the week where it is the period, or the month."""
    if period == "week":
        return f"(epoch_us(CAST({day} AS TIMESTAMP)) + {_TO_1970}) // {_WEEK}"
    return f"year({day}) * 12 + month({day}) - 1"
