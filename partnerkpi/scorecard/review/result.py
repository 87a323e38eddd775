"""An answer as rows of plain data, with where its figures came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from partnerkpi.dataclass import dataclass
from partnerkpi.results.kinds import KINDS
from partnerkpi.results.views import Views
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.parts import Source
from partnerkpi.scorecard.plain import provenance_of


@dataclass(frozen=True, slots=True)
class Review(Views):
    """The rows of one analysis, what holds for all of them, and what a reader should be told.

    `facts` are the figures that no single row carries, such as the method; each row has a `group` ({} is all together)
    and a `period`. `questions` stayed open of tables that were not counted.
    """

    analysis: str
    rows: tuple[Mapping[str, Any], ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the review in a line: `<alerts, 12 rows>`."""
        return f"<{self.analysis}, {len(self.rows):,} {'row' if len(self.rows) == 1 else 'rows'}>"

    def as_dict(self) -> dict[str, Any]:
        """Return the review as the object that `--format json` prints."""
        return {
            "analysis": self.analysis,
            **self.facts,
            "rows": [dict(row) for row in self.rows],
            "provenance": [provenance_of(source) for source in self.sources],
            "questions": list(self.questions),
            "notes": list(self.notes),
        }


def notes_about(card: Scorecard, *kinds: str) -> list[str]:
    """Return the scorecard's notes, without those on the want of tables that this analysis does not use."""
    others = tuple(f"no {kind} were given" for kind in KINDS if kind not in kinds)
    return [note for note in card.notes if not note.startswith(others)]
