"""What differs between two scorecards: figures, partners, ratings, definitions, and what came in late.

Both are worked out again from the records that their workbooks carry, so nothing is read from cells that somebody may
have changed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from partnerkpi.config import Config
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem, UsageError
from partnerkpi.job.moves import Move, moves_of
from partnerkpi.periods import period_words
from partnerkpi.results.views import Views
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Partner
from partnerkpi.scorecard.record import from_record
from partnerkpi.tables.names import propose, read_names
from partnerkpi.verify.contents import read_contents
from partnerkpi.vocabulary import same_name
from partnerkpi.workbook.writer.custom_part import find_part

#: Of a partner's entry in the list, what may differ.
_FACTS = ("listed", "tier", "region", "owner", "annual_value", "target", "target_date")
#: What was counted of a partner beside its answers.
_COUNTED = ("invited", "activities", "customers", "retained")


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook's scorecard as it was made, the fingerprint by which it is known, and its file."""

    path: Path
    card: Scorecard
    fingerprint: str

    def as_dict(self) -> dict[str, Any]:
        """Return what tells it from others."""
        card = self.card
        return {
            "file": self.path.name,
            "fingerprint": self.fingerprint,
            "version": card.version or None,
            "period": card.current,
            "as_of": card.as_of.isoformat() if card.as_of is not None else None,
        }


@dataclass(frozen=True, slots=True)
class Late:
    """A figure of an earlier period that is another one by now; `answers` are those of both scorecards."""

    period: str
    partner: str | None
    figure: str
    before: float | None
    now: float | None
    answers: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """Something that was said otherwise before: of a partner, or of all (None)."""

    partner: str | None
    what: str
    before: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Differences(Views):
    """All that differs from one scorecard to the next. `renamed` are pairs of names that are nearly the same."""

    old: Made
    new: Made
    moves: tuple[Move, ...] = ()
    late: tuple[Late, ...] = ()
    came: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    ratings: tuple[Other, ...] = ()
    definitions: tuple[Other, ...] = ()
    facts: tuple[Other, ...] = ()
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return it in a line: `<diff 2026-Q2 to 2026-Q3, 28 rows>`."""
        return f"<diff {self.old.card.current} to {self.new.card.current}, {len(self.moves):,} rows>"

    @property
    def rows(self) -> tuple[Mapping[str, Any], ...]:  # type: ignore[override]
        """Return the figures of both, a row each: of all together, then of the partners."""
        period = self.new.card.current
        return tuple(
            {"group": {"partner": one.partner} if one.partner is not None else {}, "period": period} | _flat(one)
            for one in self.moves
        )

    @property
    def nothing(self) -> bool:
        """Tell whether both are the same."""
        moved = any(one.change for one in self.moves)
        return not (moved or self.late or self.came or self.gone or self.ratings or self.definitions or self.facts)

    def as_dict(self) -> dict[str, Any]:
        """Return it as the object that `--format json` prints."""
        return {
            "analysis": "diff",
            "old": self.old.as_dict(),
            "new": self.new.as_dict(),
            "moves": [_flat(one) for one in self.moves],
            "late": [_flat(one) for one in self.late],
            "partners_new": list(self.came),
            "partners_gone": list(self.gone),
            "perhaps_renamed": [list(pair) for pair in self.renamed],
            "ratings": [_flat(one) for one in self.ratings],
            "definitions": [_flat(one) for one in self.definitions],
            "partner_list": [_flat(one) for one in self.facts],
            "notes": list(self.notes),
        }


def names_of(config: Config) -> dict[str, str]:
    """Return which spellings the file of the settings says are one partner; none without such a file."""
    named = config.settings.options.partner_names
    return dict(read_names(config.beside(named))) if named is not None else {}


def _flat(one: Move | Late | Other) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in one.__slots__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def read_made(path: Path) -> Made:
    """Return the scorecard that a workbook carries; DataProblem for one without a record or a partner's own."""
    found = find_part(read_contents(path).parts)
    if found is None:
        raise DataProblem(
            f"{path} carries no record: another program saved it and dropped that, or partnerkpi did not make it; "
            "name the workbook as partnerkpi wrote it ('partnerkpi diff' without files compares the last two runs)"
        )
    try:
        record = json.loads(found.record)
    except ValueError:
        raise DataProblem(f"{path}: its record cannot be read; 'partnerkpi verify {path}' says more") from None
    card = from_record(record)
    if card.is_pack:
        raise DataProblem(f"{path} is the workbook of one partner: name those of all partners")
    return Made(path, card.newest, found.actual)


def differences(old: Made, new: Made, partner_names: Mapping[str, str] | None = None) -> Differences:
    """Return what differs from the old scorecard to the new one; `partner_names` says which spellings are one partner.

    UsageError where the old one is of a later period than the new one.
    """
    first, last = old.card, new.card
    definitions = tuple(_definitions(first, last))
    before, now = (_by_meaning(one, partner_names or {}) for one in (first, last))
    came = tuple(name for key, several in now.items() if key not in before for name in several)
    gone = tuple(name for key, several in before.items() if key not in now for name in several)
    alike = [key for key in now if key in before]
    single = [key for key in alike if len(before[key]) == len(now[key]) == 1]
    same = {**dict.fromkeys(one.name for one in last.partners), **{now[key][0]: before[key][0] for key in single}}
    notes = [
        f"{' and '.join(before[key])} before and {' and '.join(now[key])} now are one partner: not compared"
        for key in alike
        if key not in single
    ]
    found = Differences(
        *(old, new),
        came=came,
        gone=gone,
        renamed=tuple(_renamed(gone, came)),
        definitions=definitions,
        facts=tuple(_facts(first, last, same)),
        notes=tuple(notes),
    )
    if first.period_kind != last.period_kind:
        note = f"counted by {first.period_kind} before and by {last.period_kind} now: figures are not compared"
        return replace(found, notes=(*notes, note))
    if first.part != last.part:
        parts = ["; ".join(one.part.words) or "all data" for one in (first, last)]
        return replace(found, notes=(*notes, f"of {parts[0]} before and of {parts[1]} now: figures are not compared"))
    if first.current not in last.periods and first.current > last.current:
        raise UsageError(
            f"{old.path} is of {period_words(first.current)}, later than {new.path} of "
            f"{period_words(last.current)}: exchange them"
        )
    if first.current in last.periods and last.periods.index(first.current) > last.periods.index(last.current):
        raise UsageError(f"{old.path} is of a later period than {new.path}: exchange them")
    if left := [period for period in first.periods if period not in last.periods and period < last.periods[0]]:
        notes.append(f"no longer in the data, and not compared: {', '.join(map(period_words, left))}")
    return replace(
        found,
        moves=tuple(moves_of(first, last, same)),
        late=tuple(_late(first, last, same)),
        ratings=tuple(_ratings(first, last, same)),
        notes=tuple(notes),
    )


def _by_meaning(card: Scorecard, partner_names: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the partners of a scorecard by what their names mean: several where it has not put them together."""
    meant = {same_name(written): name for written, name in partner_names.items()}
    found: dict[str, list[str]] = {}
    for partner in card.partners:
        found.setdefault(same_name(meant.get(same_name(partner.name), partner.name)), []).append(partner.name)
    return found


def _renamed(gone: Sequence[str], came: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of a name that is gone and one that is new which are nearly the same."""
    if not gone or not came:
        return
    left = set(gone)
    for one in propose(dict.fromkeys((*came, *gone), 1)):
        pair = (one.written, one.partner) if one.written in left else (one.partner, one.written)
        if pair[0] in left and pair[1] in came:
            yield pair


def _definitions(first: Scorecard, last: Scorecard) -> Iterator[Other]:
    """Yield what is defined or set otherwise: benchmarks, options, settings, columns, version."""
    old, new = _settings_of(first), _settings_of(last)
    for what in [*dict.fromkeys((*old, *new))]:
        if old.get(what) != new.get(what):
            yield Other(None, what, old.get(what), new.get(what))


def _settings_of(card: Scorecard) -> dict[str, Any]:
    stated: dict[str, Any] = {"version of partnerkpi": card.version, "period": str(card.period_kind)}
    stated |= {"part of the data": "; ".join(card.part.words)} if card.part.words else {}
    for kpi, one in card.benchmarks.items():
        stated |= {f"benchmarks.{kpi}.target": one.target}
        stated |= {f"benchmarks.{kpi}.{band}": start for band, start in one.thresholds.items()}
    for tier, own in card.tier_benchmarks.items():
        for kpi, one in own.items():
            stated |= {f"benchmarks.tiers.{tier}.{kpi}.target": one.target}
            stated |= {f"benchmarks.tiers.{tier}.{kpi}.{band}": start for band, start in one.thresholds.items()}
    stated |= {f"health.weights.{kpi}": weight for kpi, weight in zip(card.benchmarks, card.weights, strict=False)}
    stated |= {"options.confidence": card.confidence, "options.min_responses": card.min_responses}
    stated |= {f"options.{name}": value for name, value in card.options.items() if name != "period"}
    rules = card.rules.model_dump(mode="json", exclude={"benchmarks", "health", "columns", "mail", "sign", "limits"})
    for section in ("brand", "owners", "sources", "run", "quality"):
        rules.pop(section, None)
    for name, value in _leaves(rules):
        stated.setdefault(name, value)
    for source in card.sources:
        stated |= {f"column of the {role}, {source.kind}": name for role, name in source.columns.items()}
    return stated


def _leaves(tree: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{place}{name}.")
        else:
            yield f"{place}{name}", value


def _facts(first: Scorecard, last: Scorecard, same: Mapping[str, str | None]) -> Iterator[Other]:
    """Yield what the list of partners says otherwise of a partner that is in both."""
    old: dict[str, Partner] = {one.name: one for one in first.partners}
    for partner in last.partners:
        before = old.get(same[partner.name] or "")
        for fact in _FACTS if before is not None else ():
            was, now = _plain(getattr(before, fact)), _plain(getattr(partner, fact))
            if was != now:
                yield Other(partner.name, fact, was, now)
        if before is not None and before.name != partner.name:
            yield Other(partner.name, "spelling", before.name, partner.name)


def _plain(fact: Any) -> Any:
    return fact.isoformat() if isinstance(fact, dt.date) else fact


def _ratings(first: Scorecard, last: Scorecard, same: Mapping[str, str | None]) -> Iterator[Other]:
    old, new = first.view(first.current), last.view(last.current)
    lines = [(None, old.total, new.total)]
    others = [(name, old.partners[was], new.partners[name]) for name, was in same.items() if was is not None]
    for name, before, now in (*lines, *others):
        for what in ("nps_rating", "advocacy_rating", "retention_rating"):
            if getattr(before, what) != getattr(now, what):
                yield Other(name, what.removesuffix("_rating"), getattr(before, what), getattr(now, what))


def _late(first: Scorecard, last: Scorecard, same: Mapping[str, str | None]) -> Iterator[Late]:
    """Yield figures of periods before the newest that both have and that differ: all together first, then partners."""
    for period in last.periods:
        if period not in first.periods or period == last.current:
            continue
        old, new = first.total_scores(period), last.total_scores(period)
        if old != new:
            yield Late(period, None, "nps", old.nps, new.nps, (old.responses, new.responses))
        for name in last.names():
            was = same.get(name) if name is not None else None
            if name is not None and was is None:
                continue
            before, now = first.count(was, period), last.count(name, period)
            if name is not None and before.scores != now.scores:
                answers = before.scores.responses, now.scores.responses
                yield Late(period, name, "nps", before.scores.nps, now.scores.nps, answers)
            for what in _COUNTED:
                one, other = getattr(before, what), getattr(now, what)
                if one != other:
                    yield Late(period, name, what, one, other)
