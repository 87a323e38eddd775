"""What PostgreSQL and Spark say alike of what DuckDB says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from sqlglot import exp

from partnerkpi.tables.patterns import Uncertain

if TYPE_CHECKING:  # it stands before a generator of sqlglot, whose own class makes something of each that inherits it
    from sqlglot.generator import Generator
else:
    Generator = object

T = TypeVar("T")

#: The words for what is no number, in small letters, and how both write it.
WORDS = {"nan": "NaN", "inf": "Infinity", "infinity": "Infinity"}


class EitherWriter(Generator):
    """The methods that both writers share; each brings its own pattern and `_of_key`."""

    def operand(self, node: exp.Expr | None) -> str:
        """Return an expression as SQL that an operator may stand beside."""
        sql = self.sql(node)
        return f"({sql})" if isinstance(node, exp.Binary | exp.Unary | exp.Case | exp.Connector) else sql

    def _letter(self, node: exp.Bracket) -> str | None:
        """Return the letter of a text that `[2:2]` or `[-1]` asks for, else None: no list is asked for its last."""
        (place,) = node.expressions
        if isinstance(place, exp.Neg) and place.this.name == "2":  # sqlglot counts places from 0
            return f"RIGHT({self.sql(node.this)}, 1)"
        if not isinstance(place, exp.Slice):
            return None
        first, last = self.sql(place, "this"), self.sql(place, "expression")
        if first == last:
            return f"SUBSTRING({self.sql(node.this)}, {first}, 1)"
        raise Uncertain("a part of a text")

    def filter_sql(self, node: exp.Filter) -> str:
        if isinstance(node.this, exp.ArgMax | exp.ArgMin):
            return self._of_key(node.this, f" AND ({self.sql(node.expression.this)})")
        return super().filter_sql(node)

    def argmax_sql(self, node: exp.ArgMax) -> str:
        return self._of_key(node)

    def argmin_sql(self, node: exp.ArgMin) -> str:
        return self._of_key(node)

    def regexpfullmatch_sql(self, node: exp.RegexpFullMatch) -> str:
        whole = exp.Literal.string(f"^(?:{node.expression.name})$")
        return self.sql(exp.RegexpLike(this=node.this, expression=whole))

    def datefromparts_sql(self, node: exp.DateFromParts) -> str:
        return f"MAKE_DATE({', '.join(self.sql(node, unit) for unit in ('year', 'month', 'day'))})"

    def _of_key(self, node: exp.ArgMax | exp.ArgMin, condition: str = "") -> str:
        """Return the value that goes with the largest or smallest key."""
        raise NotImplementedError


def untabled(table: Mapping[type[exp.Expr], T], writer: type) -> dict[type[exp.Expr], T]:
    """Return what sqlglot looks up before it asks for a method, without what the writer has a method for."""
    own = {*vars(writer), *vars(EitherWriter)}
    return {kind: write for kind, write in table.items() if f"{kind.key}_sql" not in own}
