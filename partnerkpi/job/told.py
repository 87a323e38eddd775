"""What differs between two scorecards, in words: sections of a few columns, for the terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.job.differences import Differences, Late, Made
from partnerkpi.job.moves import Move
from partnerkpi.language.figures import DASH, NOT_SHOWN, SHOWN, number, shortest, whole
from partnerkpi.language.sentence import DayWords
from partnerkpi.periods import period_words
from partnerkpi.scorecard.to_date import compared_until

FIGURES = {
    "nps": "NPS",
    "active_share": "active advocates %",
    "activities": "activities",
    "retention_rate": "retention %",
    "influence_share": "influence %",
    "advocacy": "active advocates",
    "retention": "influence",
    "invited": "invited",
    "customers": "customers",
    "retained": "retained",
}
_ALL = "All"
#: Those that are counts; the others are points and per cent.
_COUNTS = ("invited", "activities", "customers", "retained")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of what is told: a title, a table of texts, and what is said below it."""

    title: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    below: tuple[str, ...] = ()


def headline(found: Differences) -> str:
    """Return which scorecards are compared: "Q2 2026 (to 30 Jun 2026) -> Q3 2026 (to 30 Sep 2026)"."""
    return f"{_of(found.old)} → {_of(found.new)}"


def _of(made: Made) -> str:
    day = made.card.as_of
    return period_words(made.card.current) + (f" (to {DayWords(day)})" if day is not None else "")


def sections(found: Differences) -> list[Section]:
    """Return what differs, what matters most first; one section that says so where nothing does."""
    told = [one for one in _sections(found) if one.rows or one.below]
    if found.nothing:
        told.insert(0, Section("Nothing differs", below=("Both scorecards have the same figures.",)))
    return told


def _sections(found: Differences) -> Iterator[Section]:
    if found.definitions:
        changes = tuple((one.what, _value(one.before), _value(one.now)) for one in found.definitions)
        note = ("Figures may differ for that alone.",)
        yield Section("Definitions and settings changed", ("What", "Before", "Now"), changes, note)
    yield _moves(found, _as_many_days(found))
    rows = tuple((one.partner or _ALL, FIGURES[one.what], _value(one.before), _value(one.now)) for one in found.ratings)
    yield Section("Ratings changed", ("Partner", "KPI", "Before", "Now"), rows)
    below = [f"New: {', '.join(found.came)}"] if found.came else []
    below += [f"Gone: {', '.join(found.gone)}"] if found.gone else []
    below += [
        f"{old} and {new} are nearly the same name: if it is one partner, say so in the file of [options] partner_names"
        for old, new in found.renamed
    ]
    if found.came and found.gone and not found.renamed:
        below.append("A partner that only has a new name is one: say so in the file of [options] partner_names.")
    yield Section("Partners", below=tuple(below))
    facts = tuple(
        (one.partner or _ALL, one.what.replace("_", " "), _value(one.before), _value(one.now)) for one in found.facts
    )
    yield Section("The list of partners changed", ("Partner", "What", "Before", "Now"), facts)
    late = tuple(
        (period_words(one.period), one.partner or _ALL, FIGURES[one.figure], *_both(one),
         _answers(one))
        for one in found.late
    )  # fmt: skip
    yield Section("Earlier periods changed: late", ("Period", "Partner", "Figure", "Before", "Now", "Answers"), late)
    yield Section("Notes", below=found.notes)


def _as_many_days(found: Differences) -> str | None:
    """Say until when the earlier period's activities count where it is compared with one that is not over."""
    old, new = found.old.card, found.new.card
    until = compared_until(new, new.current) if old.current == new.previous_of(new.current) else None
    if until is None:
        return None
    before, now = period_words(old.current), period_words(new.current)
    return f"{now} is not over: activities of {before} are those until {DayWords(until)}, as many days."


def _moves(found: Differences, as_many_days: str | None) -> Section:
    """Return the figures of all together, and those of partners that moved by more than chance."""
    shown = [one for one in found.moves if one.partner is None or one.shown]
    rows = tuple(
        (
            *(one.partner or _ALL, FIGURES[one.figure], *_both(one)),
            *(number(one.change, 1, sign=True) if one.change is not None else DASH, _sure(one)),
        )
        for one in shown
    )
    left = [one for one in found.moves if one not in shown and one.change]
    below = [as_many_days] if as_many_days is not None else []
    if any(one.tested == "answers" for one in found.moves):
        below.append("Both are of one period: the answers that came in since were tested against those before.")
    if left:
        tested = sum(bool(one.tested) for one in left)
        how = "within chance" if tested == len(left) else "not tested"
        if 0 < tested < len(left):
            how = f"{whole(tested)} within chance, the others not tested"
        more = "1 more figure of a partner" if len(left) == 1 else f"{whole(len(left))} more figures of partners"
        below.append(f"{more} moved: {how}.")
    return Section("Figures", ("Partner", "Figure", "Before", "Now", "Change", "Certainty"), rows, tuple(below))


def _sure(one: Move) -> str:
    if not one.change:
        return "the same" if one.change == 0 else ""
    if not one.tested:
        return "not tested"
    return SHOWN if one.shown else NOT_SHOWN


def _answers(one: Late) -> str:
    return f"{whole(one.answers[0])} → {whole(one.answers[1])}" if one.answers is not None else ""


def _both(one: Move | Late) -> tuple[str, str]:
    return _number(one.figure, one.before), _number(one.figure, one.now)


def _number(figure: str, value: float | None) -> str:
    """Return a count as it is, and any other figure with one decimal, as those beside it."""
    if value is None:
        return DASH
    if figure in _COUNTS:
        return whole(value)
    text = number(value, 1)
    return text if "." in text else f"{text}.0"


def _value(value: Any) -> str:
    """Return a setting, a rating or a fact as it is read."""
    if value is None or value == "":
        return DASH
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return shortest(float(value), 6)
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or DASH
    return str(value)


def brief(found: Differences) -> list[str]:
    """Return what differs in a few lines: the figures of all, and how much else there is."""
    lines = []
    if found.definitions:
        lines.append(f"settings: {', '.join(one.what for one in found.definitions[:4])}" + _more(found.definitions, 4))
    for one in found.moves:
        if one.partner is None:
            change = number(one.change, 1, sign=True) if one.change is not None else DASH
            lines.append(f"{FIGURES[one.figure]} {' → '.join(_both(one))} ({change}): {_sure(one)}")
    moved = [one for one in found.moves if one.partner is not None and one.shown]
    if moved:
        named = ", ".join(f"{one.partner} {FIGURES[one.figure]} {one.word}" for one in moved[:4])
        lines.append(f"more than chance: {named}{_more(moved, 4)}")
    if found.ratings:
        lines.append(f"ratings changed: {whole(len(found.ratings))}")
    if found.came or found.gone:
        lines.append(f"partners: {whole(len(found.came))} new, {whole(len(found.gone))} gone")
    if found.late:
        periods = dict.fromkeys(period_words(one.period) for one in found.late)
        lines.append(f"late data changed {', '.join(periods)}")
    return lines or ["nothing differs"]


def _more(several: Sequence[object], shown: int) -> str:
    return f" and {len(several) - shown} more" if len(several) > shown else ""


def markdown(title: str, told: Sequence[Section]) -> str:
    """Return the sections as Markdown."""
    lines = [f"# {_plain(title)}", ""]
    for one in told:
        lines += [f"## {one.title}", ""]
        if one.rows:
            lines += [_line(one.heads), _line(["---"] * len(one.heads)), *map(_line, one.rows), ""]
        for text in one.below:
            lines += [_plain(text), ""]
    return "\n".join(lines).rstrip()


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(_plain, cells)) + " |"


def _plain(text: str) -> str:
    """Return a text of the data in which nothing is Markdown."""
    flat = " ".join(text.split())
    for mark in "\\`*_[]<>|#":
        flat = flat.replace(mark, f"\\{mark}")
    return flat
