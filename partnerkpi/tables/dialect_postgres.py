"""How PostgreSQL says what DuckDB says: what sqlglot does not know, or takes for the same where it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlglot import exp
from sqlglot.generators.postgres import PostgresGenerator

from partnerkpi.tables.dialect_both import WORDS, EitherWriter, untabled
from partnerkpi.tables.patterns import (
    INSTANT,
    INSTANT_FIELDS,
    NUMBER,
    SEPARATORS,
    Uncertain,
    for_postgres,
    marked,
    stamp,
)
from partnerkpi.tables.sql import literal

#: Knows the letters of all scripts, whatever the database is set to; texts go on to be compared by code points.
_UNICODE, _PLAIN = ' COLLATE "und-x-icu"', ' COLLATE "C"'

_BOUNDS = {"SMALLINT": 2**15, "INT": 2**31, "BIGINT": 2**63}
#: An instant as most are written, which is one for certain: PostgreSQL reads it by itself in a tenth of the time.
_CERTAIN = (
    "^[1-9][0-9]{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    "(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?Z?)?$"
)
#: A longer piece of SQL is not written once more for that.
_SHORT = 1_500
#: As many signs as are looked up in a list faster than by both of their ends.
_FEW_LETTERS = 30
#: The largest number of 64 bits, the smallest that is not 0.
_MOST, _LEAST = "1.7976931348623158e308", "2.4703282292062328e-324"


class PostgresWriter(EitherWriter, PostgresGenerator):
    """Writes a tree of DuckDB's SQL for PostgreSQL 15."""

    def text(self, node: exp.Expr) -> str:
        """Return an expression as a text, whatever its type."""
        return f"CAST({self.sql(node)} AS TEXT)"

    def pattern(self, node: exp.Expr | None) -> str:
        """Return a pattern as SQL."""
        if not isinstance(node, exp.Literal):
            raise Uncertain("a pattern that is not written out")
        return literal(for_postgres(node.name))

    def year_sql(self, node: exp.Year) -> str:
        return self._part("YEAR", node)

    def month_sql(self, node: exp.Month) -> str:
        return self._part("MONTH", node)

    def day_sql(self, node: exp.Day) -> str:
        return self._part("DAY", node)

    def week_sql(self, node: exp.Week) -> str:
        return self._part("WEEK", node)

    def _part(self, unit: str, node: exp.Expr) -> str:
        return f"CAST(DATE_PART('{unit}', {self.sql(node, 'this')}) AS INT)"  # EXTRACT would count with exact numbers

    def intdiv_sql(self, node: exp.IntDiv) -> str:
        if isinstance(node.this, exp.Cast) and node.this.to.this.name in _BOUNDS and node.expression.is_int:
            return f"({self.sql(node, 'this')} / {self.sql(node, 'expression')})"  # whole numbers give a whole number
        return f"CAST(TRUNC(CAST({self.sql(node, 'this')} AS NUMERIC) / {self.operand(node.expression)}) AS BIGINT)"

    def countif_sql(self, node: exp.CountIf) -> str:
        return f"COUNT(*) FILTER (WHERE {self.sql(node, 'this')})"

    def isnan_sql(self, node: exp.IsNan) -> str:
        return f"(CAST({self.sql(node, 'this')} AS DOUBLE PRECISION) = 'NaN')"

    def lower_sql(self, node: exp.Lower) -> str:
        text = self.sql(node, "this")
        # ICU would make two letters of İ and look at what stands behind a Σ.
        small = f"(LOWER(TRANSLATE({text}, 'Σİ', 'σi'){_UNICODE}){_PLAIN})"
        if not isinstance(node.this, exp.Column):
            return small
        # It also takes five times as long, and most texts have letters of one byte alone.
        return f"CASE WHEN OCTET_LENGTH({text}) = LENGTH({text}) THEN LOWER({text}{_PLAIN}) ELSE {small} END"

    def trim_sql(self, node: exp.Trim) -> str:
        where = {"LEADING": "LTRIM", "TRAILING": "RTRIM"}.get(str(node.args.get("position") or "").upper(), "BTRIM")
        letters = self.sql(node, "expression") or literal(SEPARATORS)
        return f"{where}({self.sql(node, 'this')}, {letters})"

    def contains_sql(self, node: exp.Contains) -> str:
        return f"(STRPOS({self.sql(node, 'this')}, {self.sql(node, 'expression')}) > 0)"

    def regexplike_sql(self, node: exp.RegexpLike) -> str:
        return f"({self._matched(node)} ~ {self.pattern(node.expression)})"

    def _matched(self, node: exp.Expr) -> str:
        """Return the text that a pattern is matched with; where letters of all scripts matter it is said so."""
        shape = self.pattern(node.expression)
        return f"{self.operand(node.this)}{_UNICODE if '[:' in shape or shape.startswith(chr(39) + '(?i)') else ''}"

    def regexpreplace_sql(self, node: exp.RegexpReplace) -> str:
        flags = f", {self.sql(node, 'modifiers')}" if node.args.get("modifiers") else ""
        shape, new = self.pattern(node.expression), self.sql(node, "replacement")
        return f"(REGEXP_REPLACE({self._matched(node)}, {shape}, {new}{flags}){_PLAIN})"

    def regexpextract_sql(self, node: exp.RegexpExtract) -> str:
        group = int(node.args["group"].name) if node.args.get("group") else 0
        shape = self.pattern(node.expression) if group else f"'({self.pattern(node.expression)[1:-1]})'"
        text = self.sql(node, "this")
        found = f"COALESCE((REGEXP_MATCH({self._matched(node)}, {shape}))[{group or 1}], ''){_PLAIN}"
        return f"CASE WHEN {text} IS NOT NULL THEN {found} END"

    def between_sql(self, node: exp.Between) -> str:
        low, high = node.args["low"], node.args["high"]
        letters = range(ord(low.name), ord(high.name) + 1) if len(low.name) == len(high.name) == 1 else ()
        if not isinstance(node.this, exp.Bracket) or not 0 < len(letters) <= _FEW_LETTERS:
            return super().between_sql(node)
        # What lies between is computed for each of both ends; in a list it is looked up once.
        return f"{self.sql(node, 'this')} IN ({', '.join(literal(chr(letter)) for letter in letters)})"

    def bracket_sql(self, node: exp.Bracket) -> str:
        if (letter := self._letter(node)) is not None:
            return letter
        (place,) = node.expressions
        if isinstance(node.this, exp.Transform):
            return self._with_fields(node.this)
        if isinstance(node.this, exp.Max | exp.Min) and isinstance(node.this.this, exp.Tuple):
            return self._of_extreme(node.this, place)
        if isinstance(place, exp.Literal):  # sqlglot counts places from 0
            return f"({self.sql(node.this)})[{int(place.name) + 1}]"
        return f"({self.sql(node.this)})[{self.sql(place)}]"

    def _with_fields(self, node: exp.Transform) -> str:
        """Return a query for the result that uses the groups of a pattern, or a value, under a name."""
        (made,) = node.this.expressions
        (name,) = node.expression.expressions
        result = self.sql(node.expression.this)
        if isinstance(made, exp.RegexpExtract):
            fields = ", ".join(
                f"COALESCE(m[{number}], ''){_PLAIN} AS {self.sql(exp.to_identifier(field.name, quoted=True))}"
                for number, field in enumerate(made.args["group"].expressions, 1)
            )
            source = f"REGEXP_MATCH({self._matched(made)}, {self.pattern(made.expression)}) AS m"
            return f"(SELECT {result} FROM (SELECT {fields} FROM {source}) AS {name})"
        return f"(SELECT {result} FROM (SELECT {self.sql(made)} AS {name}) AS __v)"

    def _of_extreme(self, node: exp.Max | exp.Min, place: exp.Expr) -> str:
        """Return the value at a place of the largest of some rows of values."""
        values = node.this.expressions
        down = " DESC" if isinstance(node, exp.Max) else ""
        order = ", ".join(f"{self.sql(value)}{down} NULLS LAST" for value in values)
        return f"(ARRAY_AGG({self.sql(values[int(place.name)])} ORDER BY {order}))[1]"

    def _of_key(self, node: exp.ArgMax | exp.ArgMin, condition: str = "") -> str:
        down = " DESC" if isinstance(node, exp.ArgMax) else ""
        key, value = node.expression, self.sql(node, "this")
        several = isinstance(key, exp.Tuple | exp.Anonymous)
        order = ", ".join(f"{self.sql(one)}{down} NULLS LAST" for one in (key.expressions if several else [key]))
        known = f"{value} IS NOT NULL" + ("" if several else f" AND {self.sql(key)} IS NOT NULL") + condition
        count = node.args.get("count")
        place = f"1:{self.sql(count)}" if count is not None else "1"
        return f"(ARRAY_AGG({value} ORDER BY {order}) FILTER (WHERE {known}))[{place}]"

    def arrayconcat_sql(self, node: exp.ArrayConcat) -> str:
        return f"({' || '.join(self.sql(one) for one in (node.this, *node.expressions))})"

    def arrayoverlaps_sql(self, node: exp.ArrayOverlaps) -> str:
        return f"({self.sql(node, 'this')} && {self.sql(node, 'expression')})"

    def explode_sql(self, node: exp.Explode) -> str:
        if isinstance(node.this, exp.GenerateSeries):
            return self.sql(node.this)
        return f"UNNEST({self.sql(node, 'this')})"

    def arraydistinct_sql(self, node: exp.ArrayDistinct) -> str:
        return f"ARRAY(SELECT DISTINCT u FROM UNNEST({self.sql(node, 'this')}) AS u WHERE u IS NOT NULL)"

    def split_sql(self, node: exp.Split) -> str:
        return f"STRING_TO_ARRAY({self.sql(node, 'this')}, {self.sql(node, 'expression')})"

    def todays_sql(self, node: exp.ToDays) -> str:
        return f"({self.operand(node.this)} * INTERVAL '1 day')"

    def unixtotime_sql(self, node: exp.UnixToTime) -> str:
        if str(node.args.get("scale")) != "3":
            raise Uncertain("an instant as a number")
        return f"(TIMESTAMP '1970-01-01' + {self.operand(node.this)} * INTERVAL '1 millisecond')"

    def cast_sql(self, node: exp.Cast, safe_prefix: str | None = None) -> str:
        if isinstance(node.this, exp.Condition) and node.this.is_type("boolean") and node.to.this.name == "BIGINT":
            return f"CAST(CAST({self.sql(node, 'this')} AS INT) AS BIGINT)"
        if node.to.this == exp.DataType.Type.TINYINT:
            return f"CAST({self.sql(node, 'this')} AS SMALLINT)"
        if node.to.this == exp.DataType.Type.INT128:
            return f"CAST({self.sql(node, 'this')} AS NUMERIC(38, 0))"
        return super().cast_sql(node, safe_prefix)

    def trycast_sql(self, node: exp.TryCast) -> str:
        kind = node.to.this.name
        if kind == "DOUBLE":
            return self._number(self.text(node.this))
        if kind in _BOUNDS:
            text = self.text(node.this)
            number = f"ROUND(CAST(REPLACE({text}, '_', '') AS NUMERIC))"
            within = f"{number} BETWEEN {-_BOUNDS[kind]} AND {_BOUNDS[kind] - 1}"
            value = f"CASE WHEN {within} THEN CAST({number} AS {self.sql(node, 'to')}) END"
            return f"CASE WHEN {text} ~ {literal(NUMBER)} THEN {value} END"
        if kind.startswith("TIMESTAMP") and kind != "TIMESTAMPTZ":
            return self._iso_instant(node.this)
        raise Uncertain(f"a text as {kind.lower()}")

    def _iso_instant(self, node: exp.Expr, *, with_offset: bool = False) -> str:
        """Return the timestamp of a text as ISO 8601 has it; see `_instant`."""
        text = self.text(node)
        found = self._instant(text, INSTANT, INSTANT_FIELDS, with_offset=with_offset)
        if len(text) > _SHORT:
            return found
        return f"CASE WHEN {text} ~ {literal(_CERTAIN)} THEN CAST({text} AS TIMESTAMP) ELSE {found} END"

    def _number(self, text: str) -> str:
        """Return the number of a text; PostgreSQL has no TRY_CAST, and refuses what is too large or too small."""
        number = f"CAST(REPLACE({text}, '_', '') AS NUMERIC)"
        value = (
            f"CASE WHEN ABS({number}) < {_LEAST} THEN 0 WHEN {number} > {_MOST} THEN 'Infinity' "
            f"WHEN {number} < -{_MOST} THEN '-Infinity' ELSE CAST(REPLACE({text}, '_', '') AS DOUBLE PRECISION) END"
        )
        # Nearly all are short, and no short one is too large.
        short = f"{text} ~ '^[-+0-9.]{{1,19}}$'"
        plain = f"CASE WHEN {short} THEN CAST({text} AS DOUBLE PRECISION) ELSE {value} END"
        words = " ".join(
            f"WHEN {literal(sign + word)} THEN {literal(sign.replace('+', '') + value if value != 'NaN' else value)}"
            for word, value in WORDS.items()
            for sign in ("", "+", "-")
        )
        spelled = f"CAST(CASE LOWER(BTRIM({text}, E' \\t\\n\\x0b\\f\\r')) {words} END AS DOUBLE PRECISION)"
        return f"CASE WHEN {text} ~ {literal(NUMBER)} THEN {plain} ELSE {spelled} END"

    def _instant(self, text: str, shape: str, fields: Sequence[str], *, with_offset: bool = False) -> str:
        """Return the timestamp of a text, NULL where it is none; with its offset taken off, which makes it UTC."""
        groups = ", ".join(f"m[{number}] AS {name}" for number, name in enumerate(fields, 1))
        number = {n: f"COALESCE(CAST(p.{n} AS INT), 0)" if n in fields else "0" for n in ("h", "mi", "s", "oh", "om")}
        y, mo, d = (f"CAST(p.{name} AS INT)" for name in ("y", "mo", "d"))
        h, mi, s = (number[name] for name in ("h", "mi", "s"))
        if "half" in fields:
            h = f"({h} % 12 + CASE LOWER(p.half) WHEN 'pm' THEN 12 ELSE 0 END)"
        last = f"EXTRACT(DAY FROM MAKE_DATE({y}, {mo}, 1) + INTERVAL '1 month' - INTERVAL '1 day')"
        sharp = " AND RTRIM(COALESCE(p.f, ''), '0') IN ('', '.')" if "f" in fields else ""
        clock = f"(({h} < 24 AND {mi} < 60 AND {s} < 60) OR ({h} = 24 AND {mi} = 0 AND {s} = 0{sharp}))"
        seconds = f"{s} + CAST('0' || COALESCE(p.f, '') AS NUMERIC)" if "f" in fields else s
        moment = f"MAKE_TIMESTAMP({y}, {mo}, {d}, {h}, {mi}, CAST({seconds} AS DOUBLE PRECISION))"
        if with_offset:
            ahead = f"({number['oh']} * 60 + {number['om']}) * CASE p.sign WHEN '-' THEN -1 ELSE 1 END"
            moment = f"{moment} - {ahead} * INTERVAL '1 minute'"
        known = f"{y} > 0 AND {mo} BETWEEN 1 AND 12" + (" AND p.s1 = p.s2" if "s1" in fields else "")
        day = f"CASE WHEN {d} BETWEEN 1 AND {last} AND {clock} THEN {moment} END"
        return (
            f"(SELECT CASE WHEN {known} THEN {day} END "
            f"FROM (SELECT {groups} FROM REGEXP_MATCH({text}, {literal(shape)}) AS m) AS p)"
        )

    def anonymous_sql(self, node: exp.Anonymous) -> str:
        return _CALLS[node.name.lower()](self, node.expressions)

    def _strip_accents(self, node: exp.Expr) -> str:
        # Texts without any accent are most, and those of which every letter is one byte have none.
        of = node.this if isinstance(node, exp.Lower) else node
        own, text = self.sql(of), self.sql(node)
        marks = literal(f"[{marked('Mn', 'Mc', 'Me')}]")
        bare = f"NORMALIZE(REGEXP_REPLACE(NORMALIZE({text}, NFD), {marks}, '', 'g'), NFC){_PLAIN}"
        plain = f"LOWER({own}{_PLAIN})" if isinstance(node, exp.Lower) else own
        return f"CASE WHEN OCTET_LENGTH({own}) = LENGTH({own}) THEN {plain} ELSE {bare} END"

    def _microseconds(self, moment: str) -> str:
        # Seconds as a float are right to half a microsecond in these years, and fast. An infinite moment has no number.
        near = f"{moment} BETWEEN '1940-01-01' AND '2030-01-01'"
        return (
            f"CASE WHEN {near} THEN CAST(DATE_PART('EPOCH', {moment}) * 1000000 AS BIGINT) "
            f"WHEN ISFINITE({moment}) THEN CAST(EXTRACT(EPOCH FROM {moment}) * 1000000 AS BIGINT) END"
        )

    def _timezone(self, zone: exp.Expr, instant: exp.Expr) -> str:
        if isinstance(instant, exp.TryCast) and instant.to.this == exp.DataType.Type.TIMESTAMPTZ:
            return self._iso_instant(instant.this, with_offset=True)
        return f"({self.operand(instant)} AT TIME ZONE {self.sql(zone)})"


def _interval(unit: str) -> Callable[[PostgresWriter, list[Any]], str]:
    return lambda to, a: f"({to.operand(a[0])} * INTERVAL '1 {unit}')"


_NO_NUMBERS = "'NaN', 'Infinity', '-Infinity'"
_CALLS: dict[str, Callable[[PostgresWriter, list[Any]], str]] = {
    "strip_accents": lambda to, a: to._strip_accents(a[0]),
    "timezone": lambda to, a: to._timezone(*a),
    "isfinite": lambda to, a: f"(CAST({to.sql(a[0])} AS DOUBLE PRECISION) NOT IN ({_NO_NUMBERS}))",
    "list_position": lambda to, a: f"ARRAY_POSITION({to.sql(a[0])}, {to.sql(a[1])})",
    "bit_count": lambda to, a: f"BIT_COUNT(CAST({to.sql(a[0])} AS BIT(64)))",
    "row": lambda to, a: f"ROW({', '.join(map(to.sql, a))})",
    "hash": lambda to, a: f"HASH_RECORD_EXTENDED(ROW({', '.join(map(to.sql, a))}), 0)",
    "try_strptime": lambda to, a: to._instant(to.sql(a[0]), *stamp(a[1].name)),
    "epoch_us": lambda to, a: to._microseconds(to.sql(a[0])),
    "to_seconds": _interval("second"),
    "to_minutes": _interval("minute"),
}


PostgresWriter.TRANSFORMS = untabled(PostgresGenerator.TRANSFORMS, PostgresWriter)
