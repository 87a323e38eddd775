"""`partnerkpi nps --themes`: what the comments are about, as further tables of the same command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from partnerkpi.cli.output import More, between, changed, interval_of, number, whole
from partnerkpi.cli.table import Column
from partnerkpi.comments.review import CommentReview, note, review_comments
from partnerkpi.comments.themes import as_rows
from partnerkpi.config import Config
from partnerkpi.language.figures import DASH
from partnerkpi.periods import period_words
from partnerkpi.results.nps import CountedAnswers
from partnerkpi.results.result import KpiResult, Question

#: A title, rows, and the columns to show of them.
Table = tuple[str, Sequence[Mapping[str, Any]], Sequence[Column]]


def with_themes(
    result: KpiResult, counted: CountedAnswers, question: Question, config: Config
) -> tuple[KpiResult, More]:
    """Return a result that says which column the comments are in, and what is printed of them."""
    review = review_comments(counted, question, config)
    columns = {**result.provenance["columns"], "comment": review.column}
    noted = replace(result, provenance={**result.provenance, "columns": columns}, notes=(*result.notes, *note(review)))
    csv = [{"group": {"theme": row.pop("theme")}, **row} for row in review.rows()]
    return noted, More(review.as_dict(), [_themes(review, question), _words(review)], csv)


def _themes(review: CommentReview, question: Question) -> Table:
    title = f"Themes, {period_words(review.quoted)}" if review.quoted is not None else "Themes"
    rows = [
        {"group": {"Theme": row["theme"]}, **row, "period": None}
        for row in as_rows(review.lines[review.quoted])
        if row["mentions"]
    ]
    if not rows:
        title += ": no comment is about any of them"
    with_change = review.quoted is not None and len(review.periods) > 1
    columns: list[Column] = [
        ("Mentions", lambda row: whole(row["mentions"])),
        ("% of comments", lambda row: number(row["share"], 1)),
        ("NPS", lambda row: number(row["nps"], sign=True)),
        (interval_of(question.confidence), lambda row: between(row["low"], row["high"], sign=True)),
        ("NPS points", lambda row: number(row["points"], 1, sign=True)),
    ]
    if with_change:
        columns.append(("Change", _change))
    columns.append(("Note", lambda row: ", ".join(row["flags"])))
    return title, rows, columns


def _change(row: Mapping[str, Any]) -> str:
    return DASH if row["change"] is None else changed(row["change"], row["change_word"], None)


def _words(review: CommentReview) -> Table:
    found = review.words
    rows = [
        {"group": {"Word": line.word}, "period": None, "side": side, "line": line}
        for side, lines in (("detractors", found.detractors), ("promoters", found.promoters))
        for line in lines
    ]
    title = "Words that set detractors apart"
    if not rows:
        title += f": none of {found.compared:,} words compared is shown to" if found.compared else ": too few comments"
    columns: list[Column] = [
        ("More among", lambda row: row["side"]),
        ("Detractors", lambda row: whole(row["line"].detractors)),
        ("Promoters", lambda row: whole(row["line"].promoters)),
        ("z", lambda row: number(row["line"].z, 1, sign=True)),
        ("Theme", lambda row: ", ".join(row["line"].themes)),
    ]
    return title, rows, columns
