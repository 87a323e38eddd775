"""The whole scorecard as one JSON object and back: what a workbook carries, so that anybody can work it out again.

Everything that a page is made of is in it, and nothing else: no mail server, no folder of somebody's machine, no
rows. The same scorecard always gives the same text, and the fingerprint is the SHA-256 of that text.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import math
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from partnerkpi.comments.review import CommentReview
from partnerkpi.errors import DataProblem
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS
from partnerkpi.kpi.conditional import Pairs
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.periods import fiscal, months_ahead
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import NOTHING, Counts, Segment, Source
from partnerkpi.scorecard.worth import of_rows
from partnerkpi.settings import Settings

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT = 1
_PAIRS = "__pairs__"
_PERIOD_KIND = "period_kind"  # recorded with the month in which the year begins
#: Sections of the settings that say nothing about what a workbook shows.
_LEFT_OUT = ("columns", "mail", "sign", "limits", "owners", "sources", "run", "quality", "plan")


def to_record(card: Scorecard) -> dict[str, Any]:
    """Return the scorecard as plain data: no NaN, no infinity, mappings with other keys than texts as pairs.

    Revenue is rows of partner, period, and what was paid at the start, more, less, and by those who left; kinds are
    rows of kind, period, activities, those that say a value, and their value; both where they are known. Counts are
    rows of partner, period (their places from 0; no partner is null) and seven numbers, all-zero rows left out; pairs
    rows of partner, earlier and later period, and three numbers. File names lose their folders, and groups too small
    to be shown are not in it.
    """
    card = dataclasses.replace(
        card,
        sources=tuple(_without_folders(one) for one in card.sources),
        segments={},
        segment_clusters={},
        segment_pairs={},
        shown_segments=card.visible_segments,
        comments=_without_small_groups(card),
        own_words={},
    )
    apart = {"counts", "pairs", "settings", "worth", _PERIOD_KIND}
    fields = {field.name for field in dataclasses.fields(card)} - apart
    if card.carried is None:
        fields -= {"carried", "not_made"}
    if not card.part.words:
        fields.remove("part")
    plain = {name: _plain(getattr(card, name)) for name in sorted(fields)}
    period = [str(card.period_kind), 13 - ahead if (ahead := months_ahead(card.period_kind)) else 1]
    return {
        "format": FORMAT,
        **plain,
        _PERIOD_KIND: period,
        "settings": _settings(card),
        "counts": _counts(card),
        "pairs": _pairs(card),
        **{name: rows for name, rows in card.worth.rows(*_places(card)).items() if rows},
    }


def from_record(record: Mapping[str, Any]) -> Scorecard:
    """Return the scorecard that a record holds; DataProblem where it is none or of another format."""
    from pydantic import ValidationError

    if record.get("format") != FORMAT:
        raise DataProblem(f"the record is of format {record.get('format')!r}, and this version reads {FORMAT}")
    try:
        card = Scorecard(**_fields(record))
        for known in (card.benchmarks, *card.tier_benchmarks.values()):
            if missing := DEFAULT_BENCHMARKS.keys() - known.keys():
                raise ValueError(f"no benchmark of {', '.join(sorted(missing))}")
        if card.current not in card.periods:
            raise ValueError(f"the current period {card.current!r} is none of its periods")
        pairs = _pairs_of_people_back(card, record.get("pairs", []))
        worth = of_rows(record, [partner.name for partner in card.partners], card.periods)
        return dataclasses.replace(card, counts=_counts_back(card, record["counts"]), pairs=pairs, worth=worth)
    except (ValidationError, KeyError, TypeError, ValueError, IndexError) as error:
        reason = " ".join(str(error).split())[:200]
        raise DataProblem(f"the record does not hold a scorecard: {reason}") from None


def canonical(record: Mapping[str, Any]) -> str:
    """Return the one text of a record: in the order of the scorecard, no blanks, ASCII only."""
    return json.dumps(record, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a record's text, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _without_small_groups(card: Scorecard) -> CommentReview | None:
    """Return the comments' counts without who mentions a theme where those are too few to show."""
    if card.comments is None:
        return None
    smallest = card.rules.comments.min_group
    tallies = card.comments.tallies
    cells = tuple(
        dataclasses.replace(
            cell, themes=tuple(one if one.responses >= smallest else _hidden(one) for one in cell.themes)
        )
        for cell in tallies.cells
    )
    return dataclasses.replace(card.comments, tallies=dataclasses.replace(tallies, cells=cells))


def _hidden(tally: ScoreTally) -> ScoreTally:
    """Return as many answers, of which nobody can tell what they were."""
    return ScoreTally(0, tally.responses, 0)


def _without_folders(source: Source) -> Source:
    return dataclasses.replace(source, files=source.names)


def _settings(card: Scorecard) -> dict[str, Any] | None:
    """Return the settings that shape a page, without the paths of files."""
    if card.settings is None:
        return None
    kept: dict[str, Any] = card.settings.model_dump(mode="json", exclude=set(_LEFT_OUT))
    kept["brand"]["logo"] = kept["options"]["partner_names"] = None
    return kept


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it; a field of a dataclass that has its default is left out."""
    if dataclasses.is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if field.default is dataclasses.MISSING or getattr(value, field.name) != field.default
        }
    if isinstance(value, Mapping):
        if all(isinstance(key, str) for key in value):
            return {key: _plain(one) for key, one in value.items()}
        return {_PAIRS: [[_plain(key), _plain(one)] for key, one in value.items()]}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _pairs_back(value: Any) -> Any:
    if isinstance(value, list):
        return [_pairs_back(one) for one in value]
    if not isinstance(value, dict):
        return value
    if list(value) == [_PAIRS]:
        return {tuple(key) if isinstance(key, list) else key: _pairs_back(one) for key, one in value[_PAIRS]}
    return {key: _pairs_back(one) for key, one in value.items()}


def _places(card: Scorecard) -> tuple[dict[str, int], dict[str, int]]:
    """Return the places of partners and of periods, from 0."""
    names = {partner.name: place for place, partner in enumerate(card.partners)}
    return names, {period: place for place, period in enumerate(card.periods)}


def _counts(card: Scorecard) -> list[list[int | None]]:
    names, periods = _places(card)
    rows = [
        [
            names[partner] if partner is not None else None,
            periods[period],
            *(one.scores.detractors, one.scores.passives, one.scores.promoters),
            *(one.invited, one.activities, one.customers, one.retained),
        ]
        for (partner, period), one in card.counts.items()
        if one != NOTHING and period in periods and (partner is None or partner in names)
    ]
    return sorted(rows, key=lambda row: (-1 if row[0] is None else row[0], row[1]))


def _pairs(card: Scorecard) -> list[list[int | None]]:
    names, periods = _places(card)
    rows = [
        [
            names[partner] if partner is not None else None,
            *(periods[before], periods[after], one.persons, one.sums, one.products),
        ]
        for (partner, before, after), one in card.pairs.items()
        if before in periods and after in periods and (partner is None or partner in names)
    ]
    return sorted(rows, key=lambda row: [-1 if one is None else one for one in row])


def _pairs_of_people_back(card: Scorecard, rows: list[list[Any]]) -> dict[tuple[str | None, str, str], Pairs]:
    return {
        (
            card.partners[place].name if place is not None else None,
            *(card.periods[before], card.periods[after]),
        ): Pairs(*sums)
        for place, before, after, *sums in rows
    }


def _counts_back(card: Scorecard, rows: list[list[Any]]) -> dict[tuple[str | None, str], Counts]:
    counts = {
        (partner, period): NOTHING
        for partner in (None, *(one.name for one in card.partners))
        for period in card.periods
    }
    for place, period, detractors, passives, promoters, *others in rows:
        name = card.partners[place].name if place is not None else None
        counts[name, card.periods[period]] = Counts(ScoreTally(detractors, passives, promoters), *others)
    return counts


def _fields(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a scorecard, each checked against its type."""
    kind, first = record[_PERIOD_KIND]
    return {_PERIOD_KIND: fiscal(kind, first), "counts": {}} | {
        name: checked.validate_python(_pairs_back(record[name])) for name, checked in _types().items() if name in record
    }


@cache
def _types() -> dict[str, TypeAdapter[Any]]:
    """Return what checks each field of a scorecard but those that a record writes in its own way."""
    from typing import get_type_hints

    from pydantic import TypeAdapter

    names = {"Settings": Settings, "CommentReview": CommentReview, "Segment": Segment}
    hints = get_type_hints(Scorecard, localns=names)
    return {name: TypeAdapter(hint) for name, hint in hints.items() if name not in (_PERIOD_KIND, "counts", "pairs")}
