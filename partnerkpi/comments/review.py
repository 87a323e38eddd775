"""What respondents wrote, reviewed: themes, the words that set detractors apart, and quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from functools import cached_property, partial
from typing import Any

from partnerkpi.comments import words as apart
from partnerkpi.comments.names import names_within
from partnerkpi.comments.quotes import Quote, pick_quotes
from partnerkpi.comments.tallies import Comments, CommentTallies, read_comments, tally_comments
from partnerkpi.comments.themes import ThemeLine, as_rows, theme_lines
from partnerkpi.comments.words import WordsApart, count_words, words_apart
from partnerkpi.config import Config
from partnerkpi.dataclass import dataclass
from partnerkpi.guide.themes import Theme, all_themes, stop_words
from partnerkpi.periods import UNITS, first_month, gapless
from partnerkpi.results.nps import CountedAnswers
from partnerkpi.results.result import Question
from partnerkpi.tables.backend import Rows
from partnerkpi.vocabulary import plain_name

#: Columns that name somebody: what stands in them is looked for in quotes.
_NAMING = re.compile(
    r"\b(?:\w*name|nom|prenom|nombre|apellidos?|user|login|contacts?|e ?mail|mail|respondent|answered by"
    r"|customer|client|cliente|kunde|owner|manager"
    r"|partner|partenaire|socio|reseller|agency|account|company|firma|employee|author)\b"
)

#: Words are counted in every second, third ... answer where more than this many have a comment: it takes long, and what
#: sets people apart in so many comments is seen in a part of them.
_ENOUGH_COMMENTS = 200_000

#: A word of fewer comments than this proves nothing, whatever may be shown.
_FEWEST = 5


@dataclass(frozen=True)
class CommentReview:
    """What respondents wrote: counts, words, and quotes of one period; a line for each theme follows from the counts.

    `quoted` is the period that the quotes are from: the latest, or all time (None). Themes with fewer mentions than
    `min_group` are counted and not split.
    """

    column: str
    tallies: CommentTallies
    periods: tuple[str, ...]
    words: WordsApart
    quoted: str | None = None
    quotes: dict[str, tuple[Quote, ...]] = field(default_factory=dict)
    min_group: int = 5
    confidence: float = 0.95

    @cached_property
    def lines(self) -> dict[str | None, tuple[ThemeLine, ...]]:
        """Return the themes of all time (None) and of each period, what hurts most first."""
        earlier = [(None, None), *zip((None, *self.periods), self.periods, strict=False)]
        return {
            period: theme_lines(
                self.tallies,
                period=period,
                previous=before,
                min_group=self.min_group,
                confidence=self.confidence,
            )
            for before, period in earlier
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the review as plain data: themes (each with its quotes), comments and words."""
        return {"themes": list(self._theme_rows()), "comments": self.counts(), "words": apart.as_dict(self.words)}

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each theme and period, all time first: the themes without their quotes."""
        return [row for lines in self.lines.values() for row in as_rows(lines)]

    def counts(self) -> list[dict[str, Any]]:
        """Return for all time and each period the answers, those with a comment, and those on no theme."""
        cells = [self.tallies.total(period) for period in self.lines]
        return [
            {
                "period": cell.period,
                "answers": cell.answers.responses,
                "comments": cell.comments.responses,
                "no_theme": cell.no_theme.responses,
            }
            for cell in cells
        ]

    def _theme_rows(self) -> Iterable[dict[str, Any]]:
        for row in self.rows():
            quotes = self.quotes.get(row["theme"], ()) if row["period"] == self.quoted else ()
            yield {**row, "quotes": [{"text": quote.text, "band": quote.band} for quote in quotes]}


def configured_themes(config: Config) -> tuple[Theme, ...]:
    """Return the themes of the settings: the defaults unless they are switched off, and the user's own."""
    return all_themes(config.settings.themes, defaults=config.settings.comments.default_themes)


def review_comments(
    counted: CountedAnswers,
    question: Question,
    config: Config,
    *,
    names: Iterable[str] = (),
    top: int = 10,
    used: Rows | None = None,
) -> CommentReview:
    """Review the comments of answers that were counted with the same question.

    UsageError where no column is recognised as the comment, or several are; ConfigError for a theme without words.
    `names` are people's and partners' that stand in other tables: they are taken out of quotes too. `top` bounds the
    words of either side. `used` are the rows of `UsedAnswers`, where the answers were asked for more. The comments are
    read once and kept, folded, in a temporary file: none is loaded but quotes.
    """
    column = counted.columns.required("comment")
    shown = config.settings.comments
    respondent = counted.columns.get("respondent")
    found = read_comments(
        counted.labelled if used is None else used,
        configured_themes(config),
        comment=column if used is None else "comment",
        period=question.period,
        respondent=respondent if used is None or respondent is None else "respondent",
    )
    owners = config.settings.owners
    known = [*names, *owners, *owners.values()]
    naming = naming_columns(counted, column)
    comments = found.stored(are_kept=used is not None)
    tallies = tally_comments(comments)
    periods = tuple(gapless(tallies.periods, question.period))
    within = partial(names_within, counted.table.rows, naming, more=known)
    at_least = max(shown.min_group, _FEWEST)
    written = tallies.total().comments.responses
    sample = comments.every(-(-written // _ENOUGH_COMMENTS))
    counts = count_words(sample, leave_out=stop_words(), at_least=at_least)
    words = words_apart(counts, sample, within, top=top, confidence=question.confidence)
    latest = periods[-1] if periods else None
    review = CommentReview(
        column, tallies, periods, words, latest, min_group=shown.min_group, confidence=question.confidence
    )
    quotes = pick_quotes(
        _of(comments, latest),
        within,
        themes=[line.theme for line in review.lines[latest]],
        quotes=shown.quotes,
        min_group=shown.min_group,
    )
    return replace(review, quotes=quotes)


def naming_columns(counted: CountedAnswers, comment: str) -> list[str]:
    """Return the columns that name people or partners: those of such roles, and those that are called so."""
    choices = [counted.columns.choice(role) for role in ("respondent", "partner", "owner", "customer")]
    taken = [name for choice in choices for name in (choice.column, *choice.equals) if name is not None]
    called = [
        column.name
        for column in counted.columns.profiles
        if _NAMING.search(plain_name(column.name))
        and not (column.is_yes_no or column.is_date or column.is_mostly_numbers)
    ]
    return [name for name in dict.fromkeys([*taken, *called]) if name not in (comment, counted.score)]


def _of(comments: Comments, period: str | None) -> Comments:
    if period is None:
        return comments
    first = first_month(period, comments.period)
    return comments.within(first, first + UNITS[comments.period] - 1)


def note(review: CommentReview) -> Sequence[str]:
    """Return what a reader should know: how many wrote something, and how much of it the themes cover."""
    whole = review.tallies.total()
    comments, answers = whole.comments.responses, whole.answers.responses
    lines = [
        f"{comments:,} of {answers:,} answers have a comment; {whole.no_theme.responses:,} of them are on no theme"
    ]
    hidden = [line.theme for line in review.lines[review.quoted] if line.flags]
    if hidden:
        lines.append(f"too few mentions to show more than their number: {', '.join(sorted(hidden))}")
    return lines
