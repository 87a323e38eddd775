"""How Spark says what DuckDB says: what sqlglot does not know, or takes for the same where it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlglot import exp
from sqlglot.generators.spark import SparkGenerator

from partnerkpi.tables.dialect_both import WORDS, EitherWriter, untabled
from partnerkpi.tables.patterns import (
    AROUND,
    INSTANT,
    INSTANT_FIELDS,
    NUMBER,
    SEPARATORS,
    Uncertain,
    accented,
    for_java,
    stamp,
)

_BOUNDS = {"SMALLINT", "INT", "BIGINT"}


class SparkWriter(EitherWriter, SparkGenerator):
    """Writes a tree of DuckDB's SQL for Spark 4."""

    def quoted(self, text: str) -> str:
        """Return a text as SQL; a backslash is doubled, since Spark takes it for the beginning of an escape."""
        return self.sql(exp.Literal.string(text))

    def text(self, node: exp.Expr) -> str:
        """Return an expression as a text, whatever its type."""
        return f"CAST({self.sql(node)} AS STRING)"

    def pattern(self, node: exp.Expr | None) -> str:
        """Return a pattern as SQL."""
        if not isinstance(node, exp.Literal):
            raise Uncertain("a pattern that is not written out")
        return self.quoted(for_java(node.name))

    def cte_sql(self, node: exp.CTE) -> str:
        node.set("materialized", None)  # Spark decides by itself
        return super().cte_sql(node)

    def trunc_sql(self, node: exp.Trunc) -> str:
        value = self.operand(node.this)
        return f"IF(ABS({value}) = DOUBLE('Infinity'), {value}, {value} - {value} % 1)"

    def lower_sql(self, node: exp.Lower) -> str:
        text = self.sql(node, "this")
        # Java would make two letters of İ and look at what stands behind a Σ.
        small = f"LOWER(TRANSLATE({text}, 'Σİ', 'σi'))"
        if not isinstance(node.this, exp.Column):
            return small
        # That makes an object of each letter, and texts with letters of one byte alone have neither of both.
        return f"IF(OCTET_LENGTH({text}) = LENGTH({text}), LOWER({text}), {small})"

    def trim_sql(self, node: exp.Trim) -> str:
        where = str(node.args.get("position") or "BOTH").upper()
        letters = self.sql(node, "expression") or self.quoted(SEPARATORS)
        return f"TRIM({where} {letters} FROM {self.sql(node, 'this')})"

    def regexplike_sql(self, node: exp.RegexpLike) -> str:
        return f"({self.operand(node.this)} RLIKE {self.pattern(node.expression)})"

    def regexpreplace_sql(self, node: exp.RegexpReplace) -> str:
        shape = node.expression.name
        if not node.args.get("modifiers") and not (shape.startswith("^") or shape.endswith("$")):
            raise Uncertain("the first place of a pattern")
        new = node.args["replacement"].name.replace("$", "\\$")
        for number in range(10):
            new = new.replace(f"\\{number}", f"${number}")
        return f"REGEXP_REPLACE({self.sql(node, 'this')}, {self.pattern(node.expression)}, {self.quoted(new)})"

    def regexpextract_sql(self, node: exp.RegexpExtract) -> str:
        group = node.args["group"].name if node.args.get("group") else "0"
        return f"REGEXP_EXTRACT({self.sql(node, 'this')}, {self.pattern(node.expression)}, {group})"

    def bracket_sql(self, node: exp.Bracket) -> str:
        if (letter := self._letter(node)) is not None:
            return letter
        (place,) = node.expressions
        if isinstance(node.this, exp.Transform):
            return self._with_fields(node.this)
        if isinstance(node.this, exp.Max | exp.Min) and isinstance(node.this.this, exp.Tuple):
            name = "MAX" if isinstance(node.this, exp.Max) else "MIN"
            values = ", ".join(map(self.sql, node.this.this.expressions))
            return f"{name}(STRUCT({values})).col{int(place.name) + 1}"
        if isinstance(place, exp.Literal):  # sqlglot counts places from 0
            return f"GET({self.sql(node.this)}, {place.name})"
        return f"GET({self.sql(node.this)}, CAST({self.sql(place)} AS INT) - 1)"

    def _with_fields(self, node: exp.Transform) -> str:
        """Return the result that uses the groups of a pattern, or a value, under a name."""
        (made,) = node.this.expressions
        (name,) = node.expression.expressions
        value = self.sql(made)
        if isinstance(made, exp.RegexpExtract):
            text, shape = self.sql(made, "this"), self.pattern(made.expression)
            fields = ", ".join(
                f"{self.quoted(field.name)}, REGEXP_EXTRACT({text}, {shape}, {number})"
                for number, field in enumerate(made.args["group"].expressions, 1)
            )
            value = f"NAMED_STRUCT({fields})"
        return f"GET(TRANSFORM(ARRAY({value}), {name} -> {self.sql(node.expression.this)}), 0)"

    def _of_key(self, node: exp.ArgMax | exp.ArgMin, condition: str = "") -> str:
        key, value = node.expression, self.sql(node, "this")
        by = self.sql(key)
        if isinstance(key, exp.Tuple | exp.Anonymous):
            by = f"STRUCT({', '.join(map(self.sql, key.expressions))})"
        known = f"FILTER (WHERE {value} IS NOT NULL{condition})"
        count = node.args.get("count")
        if count is None:
            return f"{'MAX_BY' if isinstance(node, exp.ArgMax) else 'MIN_BY'}({value}, {by}) {known}"
        if isinstance(node, exp.ArgMax):
            raise Uncertain("several of the largest")
        every = f"COLLECT_LIST(NAMED_STRUCT('k', {by}, 'v', {value})) {known}"
        return f"TRANSFORM(SLICE(ARRAY_SORT({every}), 1, {self.sql(count)}), x -> x.v)"

    def arrayconcat_sql(self, node: exp.ArrayConcat) -> str:
        return f"CONCAT({', '.join(self.sql(one) for one in (node.this, *node.expressions))})"

    def arrayoverlaps_sql(self, node: exp.ArrayOverlaps) -> str:
        return f"ARRAYS_OVERLAP({self.sql(node, 'this')}, {self.sql(node, 'expression')})"

    def arraydistinct_sql(self, node: exp.ArrayDistinct) -> str:
        return f"ARRAY_DISTINCT({self.sql(node, 'this')})"

    def grouping_sql(self, node: exp.Grouping) -> str:
        bits = enumerate(reversed(node.expressions))
        return f"({' + '.join(f'CAST(GROUPING({self.sql(one)}) AS BIGINT) * {1 << bit}' for bit, one in bits)})"

    def generateseries_sql(self, node: exp.GenerateSeries) -> str:
        first, last = (f"CAST({self.sql(node, end)} AS DATE)" for end in ("start", "end"))
        return f"SEQUENCE({first}, {last}, {self.sql(node, 'step')})"

    def todays_sql(self, node: exp.ToDays) -> str:
        return f"MAKE_DT_INTERVAL({self.sql(node, 'this')})"

    def unixtotime_sql(self, node: exp.UnixToTime) -> str:
        if str(node.args.get("scale")) != "3":
            raise Uncertain("an instant as a number")
        seconds = f"CAST({self.sql(node, 'this')} AS DECIMAL(18, 0)) / 1000"
        return f"(TIMESTAMP_NTZ '1970-01-01' + MAKE_DT_INTERVAL(0, 0, 0, {seconds}))"

    def week_sql(self, node: exp.Week) -> str:
        return f"WEEKOFYEAR({self.sql(node, 'this')})"

    def cast_sql(self, node: exp.Cast, safe_prefix: str | None = None) -> str:
        if node.to.this == exp.DataType.Type.INT128:
            return f"CAST({self.sql(node, 'this')} AS DECIMAL(38, 0))"
        return super().cast_sql(node, safe_prefix)

    def trycast_sql(self, node: exp.TryCast) -> str:
        kind = node.to.this.name
        text = self.text(node.this)
        if kind == "DOUBLE":
            return self._number(text)
        if kind in _BOUNDS:
            number = f"ROUND(TRY_CAST(REPLACE({text}, '_', '') AS DECIMAL(38, 10)))"
            return f"CASE WHEN {text} RLIKE {self._shape(NUMBER)} THEN TRY_CAST({number} AS {self.sql(node, 'to')}) END"
        if kind.startswith("TIMESTAMP") and kind != "TIMESTAMPTZ":
            return self._instant(text, INSTANT, INSTANT_FIELDS)
        raise Uncertain(f"a text as {kind.lower()}")

    def _shape(self, pattern: str) -> str:
        return self.quoted(pattern.replace("$", r"\z"))

    def _number(self, text: str) -> str:
        """Return the number of a text; Spark alone would take `9f` and `9d` for one, as Java does."""
        words = " ".join(
            f"WHEN '{sign}{word}' THEN DOUBLE('{sign.replace('+', '') if value != 'NaN' else ''}{value}')"
            for word, value in WORDS.items()
            for sign in ("", "+", "-")
        )
        spelled = f"CASE LOWER(TRIM(BOTH {self.quoted(AROUND)} FROM {text})) {words} END"
        number = f"TRY_CAST(REPLACE({text}, '_', '') AS DOUBLE)"
        return f"CASE WHEN {text} RLIKE {self._shape(NUMBER)} THEN {number} ELSE {spelled} END"

    def _instant(self, text: str, shape: str, fields: Sequence[str], *, with_offset: bool = False) -> str:
        """Return the timestamp of a text, NULL where it is none; with its offset taken off, which makes it UTC."""
        # One text is made of the groups and read as a whole: each group by itself would repeat the text for each.
        group = {name: f"${number}" for number, name in enumerate(fields, 1)}
        shape = shape.replace("([0-9]{4})", "((?!0000)[0-9]{4})")
        again = f"\\{fields.index('s1') + 1}" if "s1" in group else ""
        shape = self._shape(shape[::-1].replace("([-/])"[::-1], f"({again})"[::-1], 1)[::-1])
        hour = "0" if "half" in group else group["h"]
        made = f"{group['y']}-{group['mo']}-{group['d']} {hour}:{group['mi']}:{group.get('s', '')}{group.get('f', '')}"
        written = f"TRIM(TRAILING '.: ' FROM REGEXP_REPLACE({text}, {shape}, '{made}'))"
        moment = f"TRY_CAST({written} AS TIMESTAMP_NTZ)"
        if "half" in group:
            twelfth = f"CAST(REGEXP_REPLACE({text}, {shape}, '{group['h']}') AS INT) % 12"
            afternoon = f"IF(LOWER(REGEXP_REPLACE({text}, {shape}, '{group['half']}')) = 'pm', 12, 0)"
            moment = f"{moment} + MAKE_DT_INTERVAL(0, {twelfth} + {afternoon})"
        if with_offset:
            hours, minutes = (
                f"COALESCE(TRY_CAST(REGEXP_REPLACE({text}, {shape}, '{group['sign']}{group[name]}') AS INT), 0)"
                for name in ("oh", "om")
            )
            moment = f"{moment} - MAKE_DT_INTERVAL(0, {hours}, {minutes})"
        return f"CASE WHEN {text} RLIKE {shape} THEN {moment} END"

    def anonymous_sql(self, node: exp.Anonymous) -> str:
        return _CALLS[node.name.lower()](self, node.expressions)

    def _strip_accents(self, node: exp.Expr) -> str:
        letters, bare, marks = map(self.quoted, (*accented(), r"\p{M}"))
        return f"REGEXP_REPLACE(TRANSLATE({self.sql(node)}, {letters}, {bare}), {marks}, '')"

    def _microseconds(self, moment: str) -> str:
        # TIMESTAMPDIFF would count an hour of spring less, in the zone of the session. Seconds have decimals: what is
        # added up with them would be an exact number of more digits than Spark counts fast.
        days = f"CAST(DATEDIFF(CAST({moment} AS DATE), DATE '1970-01-01') AS BIGINT)"
        minutes = f"({days} * 1440 + HOUR({moment}) * 60 + MINUTE({moment}))"
        return f"({minutes} * 60000000 + CAST(EXTRACT(SECOND FROM {moment}) * 1000000 AS BIGINT))"

    def isnan_sql(self, node: exp.IsNan) -> str:
        return f"(CAST({self.sql(node, 'this')} AS DOUBLE) = DOUBLE('NaN'))"  # of nothing, Spark's own says no

    def _timezone(self, zone: exp.Expr, instant: exp.Expr) -> str:
        if isinstance(instant, exp.TryCast) and instant.to.this == exp.DataType.Type.TIMESTAMPTZ:
            return self._instant(self.text(instant.this), INSTANT, INSTANT_FIELDS, with_offset=True)
        if zone.name != "UTC":
            raise Uncertain("another zone than UTC")
        # Through the wall clock of the session an hour of autumn would be two.
        micros = f"UNIX_MICROS({self.sql(instant)})"
        return f"TIMESTAMPADD(MICROSECOND, {micros}, TIMESTAMP_NTZ '1970-01-01')"


_CALLS: dict[str, Callable[[SparkWriter, list[Any]], str]] = {
    "strip_accents": lambda to, a: to._strip_accents(a[0]),
    "timezone": lambda to, a: to._timezone(*a),
    "isfinite": lambda to, a: f"(ABS({to.sql(a[0])}) < DOUBLE('Infinity'))",
    "list_position": lambda to, a: f"NULLIF(ARRAY_POSITION({to.sql(a[0])}, {to.sql(a[1])}), 0)",
    "bit_count": lambda to, a: f"BIT_COUNT({to.sql(a[0])})",
    "row": lambda to, a: f"STRUCT({', '.join(map(to.sql, a))})",
    "hash": lambda to, a: f"XXHASH64({', '.join(map(to.sql, a))})",
    "try_strptime": lambda to, a: to._instant(to.sql(a[0]), *stamp(a[1].name)),
    "epoch_us": lambda to, a: to._microseconds(to.sql(a[0])),
    "to_json": lambda to, a: f"TO_JSON({to.sql(a[0])})",
    "to_seconds": lambda to, a: f"MAKE_DT_INTERVAL(0, 0, 0, CAST({to.sql(a[0])} AS DECIMAL(18, 6)))",
    "to_minutes": lambda to, a: f"MAKE_DT_INTERVAL(0, 0, {to.sql(a[0])})",
}


SparkWriter.TRANSFORMS = untabled(SparkGenerator.TRANSFORMS, SparkWriter)
