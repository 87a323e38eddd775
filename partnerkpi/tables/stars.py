"""`SELECT * EXCLUDE (...) REPLACE (...)` written out as a list of columns, for engines that have only `*`.

The names are those of the query's own sources: what it all is selected from lists its columns one by one.
"""

from __future__ import annotations

from sqlglot import exp

from partnerkpi.tables.patterns import Uncertain


def write_out(select: exp.Select) -> None:
    """Replace each star with exceptions by the columns that it stands for."""
    columns: list[exp.Expr] = []
    for column in select.expressions:
        star = column.this if isinstance(column, exp.Column) else column
        if not isinstance(star, exp.Star) or not (_left_out(star) or _replaced(star)):
            columns.append(column)
            continue
        replaced = _replaced(star)
        table = column.table if isinstance(column, exp.Column) else None
        for name in _of_star(select, table):
            if name.name.casefold() not in _left_out(star):
                own = exp.Column(this=name.copy(), table=exp.to_identifier(table) if table else None)
                columns.append(replaced.get(name.name.casefold(), own))
    select.set("expressions", columns)


def _left_out(star: exp.Star) -> set[str]:
    return {name.name.casefold() for name in star.args.get("except_") or ()}


def _replaced(star: exp.Star) -> dict[str, exp.Expr]:
    return {one.alias.casefold(): one for one in star.args.get("replace") or ()}


def _names(query: exp.Expr) -> list[exp.Identifier]:
    """Return the names of the columns of a query."""
    if isinstance(query, exp.SetOperation):
        return _names(query.left)
    if isinstance(query, exp.Subquery):
        return _names(query.this)
    if not isinstance(query, exp.Select):
        raise Uncertain("the columns of something that is no SELECT")
    found: list[exp.Identifier] = []
    for column in query.expressions:
        star = column.this if isinstance(column, exp.Column) else column
        if isinstance(star, exp.Star):
            table = column.table if isinstance(column, exp.Column) else None
            found += [name for name in _of_star(query, table) if name.name.casefold() not in _left_out(star)]
        else:
            name = column.args.get("alias") if isinstance(column, exp.Alias) else column.this
            if not isinstance(name, exp.Identifier):
                raise Uncertain("a column without a name")
            found.append(name)
    return found


def _of_star(select: exp.Select, table: str | None) -> list[exp.Identifier]:
    """Return the columns of all sources of a SELECT, or of the one that is named."""
    start = select.args.get("from_")
    sources = [start.this] if start is not None else []
    sources += [join.this for join in select.args.get("joins") or ()]
    wanted = [source for source in sources if table is None or source.alias_or_name == table]
    return [name for source in wanted for name in _of_source(source)]


def _of_source(source: exp.Expr) -> list[exp.Identifier]:
    if isinstance(source, exp.Subquery):
        return _names(source.this)
    known = _named(source) if isinstance(source, exp.Table) else None
    if known is None:
        raise Uncertain(f"the columns of {source.alias_or_name or source.sql()}")
    return _names(known.this)


def name_apart(tree: exp.Expr) -> None:
    """Give each query that is named in a WITH a name of its own, since some engines put all into one WITH."""
    meant = [(table, known) for table in tree.find_all(exp.Table) if (known := _named(table)) is not None]
    names = {id(known): f"{known.alias}_{number}" for number, known in enumerate(tree.find_all(exp.CTE), 1)}
    for table, known in meant:
        table.set("alias", exp.TableAlias(this=exp.to_identifier(table.alias_or_name)))
        table.set("this", exp.to_identifier(names[id(known)]))
    for known in tree.find_all(exp.CTE):
        known.args["alias"].set("this", exp.to_identifier(names[id(known)]))


def _named(table: exp.Table) -> exp.CTE | None:
    """Return the query of a WITH that a table's name means: the innermost around it that is not itself around it."""
    around: set[int] = set()
    inside: exp.Expr = table
    while (parent := inside.parent) is not None:
        around.add(id(inside))
        for known in parent.ctes if isinstance(parent, exp.Query) else ():
            if known.alias == table.name and not table.db and id(known) not in around:
                return known
        inside = parent
    return None
