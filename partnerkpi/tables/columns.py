"""Which column is which: an option wins, then `partnerkpi.toml`, then the column's own name and values.

Recognition never guesses between equals. Names are matched in tiers, the surest first; a tier that fits one column
decides, a tier that fits several leaves the question open, and whoever needs the column puts it to the user.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import OpenQuestion, UsageError
from partnerkpi.lazily import pattern
from partnerkpi.tables.called import called
from partnerkpi.tables.counts import ACROSS, NONE, CountsColumns, find_counts
from partnerkpi.tables.profile import ColumnProfile
from partnerkpi.tables.roles import POSSIBLE, ROLES, asks_for
from partnerkpi.vocabulary import plain_name

#: What a survey tool says of columns that describe the respondent, and of columns that name the band of a score.
DIMENSION, BAND = "dimension", "band"

#: Why a column was taken: somebody said so, or its name and values did.
NAMED, CONFIGURED, RECOGNISED = "as you named it", "from partnerkpi.toml", "recognised"

#: The option that names a role's column on the command line, for messages.
OPTIONS = {role: f"--{role.replace('_', '-')}" for role in ROLES}

#: The roles whose options every command has that counts them.
_EVERYWHERE = ("score", "partner", "date")

#: How to do without a column, for messages.
_WITHOUT = {"date": ", or count everything together with --period all"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What came out for a role: a column and why, or the equals between which nobody but the user may choose.

    `absent` is the column that the settings name for the role, where the table has none of that name.
    """

    role: str
    column: str | None
    why: str
    equals: tuple[str, ...] = ()
    absent: str | None = None

    @property
    def is_named(self) -> bool:
        """Tell whether the user named the column, in an option or in the settings."""
        return self.why in (NAMED, CONFIGURED)


class Columns:
    """The columns of one table by the role they play."""

    def __init__(
        self,
        profiles: Sequence[ColumnProfile],
        label: str,
        options: Mapping[str, str | None] | None = None,
        configured: Mapping[str, str] | None = None,
        *,
        alone: bool = False,
    ) -> None:
        """Take the columns of a table; `alone`: no other table is there to have the columns that the settings name."""
        self.profiles = tuple(profiles)
        self.label = label
        self._options = {role: name for role, name in (options or {}).items() if name is not None}
        self._configured = dict(configured or {})
        self._alone = alone
        self._choices: dict[str, Choice] = {}
        self._counts: tuple[CountsColumns | None] | None = None

    def of_rows(self, profiles: Sequence[ColumnProfile]) -> Columns:
        """Return the columns as some of the rows show them; what the user says of them stays."""
        if tuple(profiles) == self.profiles:
            return self
        return Columns(profiles, self.label, self._options, self._configured, alone=self._alone)

    def choice(self, role: str) -> Choice:
        """Return what came out for a role, without asking anybody."""
        chosen = self._chosen(role)
        if (
            role == "score"
            and chosen.column is not None
            and (counts := self.counts) is not None
            and counts.score is None
        ):
            return Choice(role, None, "numbers of answers")
        return chosen

    def _chosen(self, role: str) -> Choice:
        if role not in self._choices:
            self._choices[role] = self._choose(role)
        return self._choices[role]

    def get(self, role: str) -> str | None:
        """Return the column of a role, None if there is none or several fit equally well.

        OpenQuestion where the settings name one that no table has.
        """
        choice = self.choice(role)
        if (absent := self._absent(choice)) is not None:
            raise absent
        return choice.column

    def take(self, role: str, column: str, why: str) -> None:
        """Take a column for a role that names and values alone do not give it."""
        self._choices[role] = Choice(role, column, why)

    def has(self, role: str) -> bool:
        """Tell whether there is a column for a role, or several."""
        choice = self.choice(role)
        return choice.column is not None or bool(choice.equals) or (role == "score" and self.counts is not None)

    @property
    def counts(self) -> CountsColumns | None:
        """Return the columns of numbers of answers where the table holds those, None where it holds answers."""
        if self._counts is None:
            frequency, score = self._chosen("frequency"), self._chosen("score").column
            of_persons = any(self._chosen(role).column is not None for role in ("respondent", "comment"))
            named = frequency.column if frequency.why in (NAMED, CONFIGURED) else None
            known = score is None or named is not None or self._is_by_name(score)
            found = find_counts(
                self.profiles,
                self.profile(score) if score is not None else None,
                frequency.column if known else None,
                wanted=frequency.why if frequency.why in (ACROSS, NONE) else named,
                several=frequency.equals,
                of_persons=of_persons,
            )
            self._counts = (found,)
        return self._counts[0]

    def question(self, role: str) -> OpenQuestion | None:
        """Return what only the user can say of a role's column, None where nothing is open; `known` raises it."""
        choice = self.choice(role)
        if role == "score" and len(choice.equals) > 2 and all(len(self.profile(n).distinct) < 2 for n in choice.equals):
            return OpenQuestion(
                f"{self.label}: {len(choice.equals)} columns, {choice.equals[0]!r} to {choice.equals[-1]!r}, hold one "
                "possible answer each: put the answers into one column, one a row"
            )
        if choice.equals and not (role == "score" and self.counts is not None):
            return OpenQuestion(
                f"{self.label}: {self._several(role, choice.equals)}. Choose one with {OPTIONS[role]} COLUMN"
            )
        return self._absent(choice)

    def known(self, role: str) -> str | None:
        """Return the column of a role, None if there is none; OpenQuestion if several fit equally well."""
        if (question := self.question(role)) is not None:
            raise question
        return self.get(role)

    def required(self, role: str) -> str:
        """Return the column of a role; OpenQuestion that lists the columns if there is none."""
        column = self.known(role)
        if role == "comment" and self.counts is not None:
            raise UsageError(f"{self.label} holds numbers of answers, and no comments: {self.counts.in_words}")
        if column is None and role in POSSIBLE:
            raise OpenQuestion(self._not_shown(role))
        if column is None:
            raise OpenQuestion(
                f"{self.label} has no column that is recognised as the {_words(role)}. Its columns: "
                f"{self.listed()}. Name one with {OPTIONS[role]} COLUMN{_WITHOUT.get(role, '')}"
            )
        return column

    def _absent(self, choice: Choice) -> OpenQuestion | None:
        """Return what to say of a column that the settings name and no table has."""
        if choice.absent is None or not self._alone:
            return None
        near = difflib.get_close_matches(choice.absent, [column.name for column in self.profiles], 1, 0.6)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        option = (
            f"name the one of this table with {OPTIONS[choice.role]} COLUMN, or " if choice.role in _EVERYWHERE else ""
        )
        return OpenQuestion(
            f"{self.label} has no column {choice.absent!r}, which partnerkpi.toml names for the {_words(choice.role)}."
            f"{hint} Its columns: {self.listed()}: {option}correct [columns]"
        )

    def _several(self, role: str, equals: Sequence[str]) -> str:
        """Return what to say of columns that fit equally well."""
        names = {self.profile(name).title or name for name in equals}
        listed = ", ".join(repr(name) for name in equals)
        if len(names) == 1 and len(equals) > 1:
            return f"{len(equals)} columns are named {names.pop()!r} (here {listed})"
        return f"{len(equals)} columns could be the {_words(role)}: {listed}"

    def _not_shown(self, role: str) -> str:
        """Return what to say where no column is shown to be the answers: what else those that could be are."""
        option = OPTIONS[role]
        lacking = f"{self.label} has no column that asks for a recommendation by its name"
        others = [(one, what) for one in self.profiles if (what := asks_for(one)) is not None and one.is_mostly_numbers]
        if others:
            column, what = others[0]
            return (
                f"{lacking}: {column.name!r} asks for {what}{_held(column)}. That is no NPS, unless "
                f"{option} {quoted(column.name)} says that it was asked; {option} COLUMN names another"
            )
        fitting = list(map(repr, self._may_be(role)))
        if fitting:
            held = "holds" if len(fitting) == 1 else "hold"
            also = f"{', '.join(fitting[:8])} {held} numbers from 0 to 10, as much else does"
            return f"{lacking}. {also}: name the column with the answers, if there is one, with {option} COLUMN"
        return (
            f"{lacking}. Its columns: {self.listed()}. Name the one with the answers from 0 to 10 with {option} COLUMN"
        )

    def fitting(self, role: str) -> list[ColumnProfile]:
        """Return the columns whose names and values are those of a role, however sure."""
        return called(self.profiles).of_any(ROLES[role])

    @property
    def asks_otherwise(self) -> bool:
        """Tell whether a column of numbers asks for something else than a recommendation, such as satisfaction."""
        return any(one.is_score and asks_for(one) is not None for one in self.profiles)

    def may_be(self, role: str) -> bool:
        """Tell whether the values of some column fit a role of which its name says nothing."""
        return bool(self._may_be(role))

    def _may_be(self, role: str) -> list[str]:
        return [one.name for one in called(self.profiles).fitting(POSSIBLE[role]) if one.role in (None, role)]

    def listed(self) -> str:
        """Return the names of the columns, for a message; many are cut short."""
        names = [repr(column.name if len(column.name) <= 60 else column.name[:57] + "...") for column in self.profiles]
        return ", ".join(names[:25]) + (f" and {len(names) - 25} more" if len(names) > 25 else "")

    def find(self, name: str, option: str) -> str:
        """Return the column that a user named; UsageError with the nearest name if there is none."""
        exact = [column.name for column in self.profiles if column.name == name]
        exact = exact or [column.name for column in self.profiles if column.title == name]
        loose = exact or [c.name for c in self.profiles if c.name.casefold() == name.strip().casefold()]
        loose = loose or [c.name for c in self.profiles if plain_name(c.name) == plain_name(name)]
        if len(loose) == 1:
            return loose[0]
        names = [column.name for column in self.profiles]
        near = difflib.get_close_matches(name, names, 1, 0.6)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"{option}: {self.label} has no column {name!r}.{hint} Its columns: {self.listed()}")

    def by(self, name: str) -> str:
        """Return the column of a group: a column's own name, else a role such as `partner`."""
        if any(column.name == name for column in self.profiles) or name not in ROLES:
            return self.find(name, "--by")
        return self.known(name) or self.find(name, "--by")

    def profile(self, column: str) -> ColumnProfile:
        """Return what is known of a column's values."""
        return next(known for known in self.profiles if known.name == column)

    def runner_up(self, role: str) -> str | None:
        """Return the column that would be taken for a role if the one that is were not there, None if none fits."""
        first = self.choice(role).column
        for tier in ROLES[role] if first is not None else ():
            for column in called(self.profiles).fitting(tier):
                if column.name != first and column.role in (None, role, DIMENSION):
                    return column.name
        return None

    def taken(self) -> dict[str, str]:
        """Return the columns that were recognised so far, by role."""
        return {role: choice.column for role, choice in self._choices.items() if choice.column is not None}

    def _is_by_name(self, score: str) -> bool:
        """Tell whether a column was taken as the score for its name, and not for its numbers alone."""
        choice = self._chosen("score")
        profile = self.profile(score)
        return choice.why != RECOGNISED or any(tier.fits(profile) for tier in ROLES["score"])

    def _choose(self, role: str) -> Choice:
        word = self._options.get(role) or self._configured.get(role) or ""
        if is_word(role, word) and all(one.name != word for one in self.profiles):
            return Choice(role, None, word)
        if role in self._options:
            named = self.find(self._options[role], OPTIONS[role])
            return Choice(role, self._countable(named, OPTIONS[role]), NAMED)
        absent = None
        if role in self._configured:
            # One configuration serves several tables: a name that only another one has is no error where it is there.
            found = [
                column.name for column in self.profiles if column.name.casefold() == self._configured[role].casefold()
            ]
            if found:
                return Choice(role, self._countable(found[0], "partnerkpi.toml"), CONFIGURED)
            absent = self._configured[role]
        return replace(self._recognised(role), absent=absent)

    def _recognised(self, role: str) -> Choice:
        """Return what names and values say of a role."""
        told = [c.name for c in self.profiles if c.role == role and not c.is_blank]
        if len(told) == 1:
            return Choice(role, told[0], "as the survey tool names it")
        if role == "comment" and (following := self._comment_after_the_score()) is not None:
            return Choice(role, following, "follows the score")
        claimed = {name.casefold() for other, name in (self._configured | self._options).items() if other != role}
        for tier in ROLES[role]:
            fitting = [
                c.name
                for c in called(self.profiles).fitting(tier)
                if c.name.casefold() not in claimed and c.role in (None, role, DIMENSION)
            ]
            if role == "score" and len(fitting) > 1:
                of_others = {f"{mark} {plain_name(name)}" for name in fitting for mark in _OF_A_QUIZ}
                fitting = [name for name in fitting if plain_name(name) not in of_others]
            if role == "score" and len(fitting) == 1 and not self._is_question_with_answers(fitting[0]):
                continue
            if len(fitting) == 1:
                return Choice(role, fitting[0], RECOGNISED)
            if fitting:
                return Choice(role, None, "several fit equally well", tuple(fitting))
        return Choice(role, None, "none fits")

    def _is_question_with_answers(self, name: str) -> bool:
        """Tell a question such as Q1 from a code, or the first of four quarters; any other name is taken as it is."""
        if _QUESTION.fullmatch(name) is None:
            return True
        others = (one for one in self.profiles if one.name != name and _CODE.match(plain_name(one.name)))
        return self.profile(name).is_score and not any(one.is_mostly_numbers for one in others)

    def _countable(self, name: str, where: str) -> str:
        """Return the name of a column; UsageError where its values hold other values, such as lists."""
        if kind := self.profile(name).nested:
            raise UsageError(
                f"{where}: column {name!r} of {self.label} is of type {kind}, which cannot be counted: give what it "
                "holds a column, or rows, of their own"
            )
        return name

    def _comment_after_the_score(self) -> str | None:
        """Return the column of free text right behind the score, if it asks why: surveys ask for the reason next.

        Between the two may stand the name of the score's band.
        """
        score = self._chosen("score").column
        if score is None:
            return None
        names = [column.name for column in self.profiles]
        for column in self.profiles[names.index(score) + 1 :]:
            if column.is_band or column.role == BAND:
                continue
            sure = any(tier.fits(column) for tier in ROLES["comment"][:-1])  # the last goes by the text alone
            return column.name if column.is_free_text and (sure or column.is_question) else None
        return None

    def dimensions(self) -> list[str]:
        """Return the columns by which answers could be grouped: what a survey tool embeds, and short lists of texts."""
        taken = set(self.taken().values())
        return [
            column.name
            for column in self.profiles
            if column.name not in taken
            and not column.is_blank
            and (column.role == DIMENSION or (column.role is None and column.is_category))
        ]


def is_word(role: str, name: str) -> bool:
    """Tell whether an option says something in the place of a column's name."""
    return (role == "frequency" and name in (ACROSS, NONE)) or (role in ("joined_date", "left_date") and name == NONE)


#: What Microsoft Forms writes beside each question: its points in a quiz, and what was said of the answer.
_OF_A_QUIZ = ("points", "feedback", "punkte", "puntos", "pontos", "punti", "commentaires", "comentarios")
#: The code of a question, or of a part of one: Q02[SQ001].
_CODE = pattern(r"q ?\d{1,3}(?:\b|_)")
_QUESTION = pattern(r"q ?\d{1,3}[a-z]?", re.IGNORECASE)


def _held(column: ColumnProfile) -> str:
    """Return the bounds of a column's numbers in brackets, and what is rare among them."""
    if column.low is None or column.high is None:
        return ""
    rare = [f"{value:g}" for value, count in column.tallied if count * 20 <= column.numbers]
    common = [value for value, count in column.tallied if count * 20 > column.numbers]
    if not rare or not common or len(rare) > 3:
        return f" (from {column.low:g} to {column.high:g})"
    usual = sum(count for _, count in column.tallied if count * 20 > column.numbers)
    return (
        f" ({usual:,} of {column.numbers:,} answers run from {min(common):g} to {max(common):g}; the others are "
        f"{' and '.join(rare)})"
    )


def quoted(name: str) -> str:
    """Return a name as it is typed in a shell."""
    return name if re.fullmatch(r"[\w.-]+", name) else f"'{name}'"


def _words(role: str) -> str:
    return {"customer": "customer (or contract)"}.get(role, role.replace("_", " "))
