"""What is wrong with a workbook, place by place."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import Any

from partnerkpi.dataclass import dataclass

#: What a finding is about, in the order in which findings are told.
KINDS = ("structure", "signature", "provenance", "tally", "benchmark", "formula", "figure", "text", "chart", "layout")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: where, what stands there, what should, and what that means."""

    kind: str
    place: str
    what: str
    says: Any = None
    should_say: Any = None

    @property
    def line(self) -> str:
        """Return the finding as a line for reading."""
        if self.says is None and self.should_say is None:
            return f"{self.place}: {self.what}"
        return f"{self.place} says {shown(self.says)}, should say {shown(self.should_say)}: {self.what}"


@dataclass
class Report:
    """What was looked at and what was found; `fingerprint` and `version` are None where the file does not say.

    `changed` is what a person changed who may, `not_judged` what nothing can be said about. `signature` has
    the key, `signed_at` and `who`, each None where that is not known; None for a workbook that nobody signed.
    """

    file: str
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    not_judged: list[str] = field(default_factory=list)
    fingerprint: str | None = None
    version: str | None = None
    signature: dict[str, str | None] | None = None
    formulas: int = 0
    recomputed: int = 0

    def __repr__(self) -> str:
        """Return the report in a line: `<scorecard.xlsx: sound, 4,422 figures recomputed>`."""
        verdict = "sound" if self.sound else f"{len(self.findings):,} findings"
        return f"<{self.file}: {verdict}, {self.recomputed:,} figures recomputed>"

    @property
    def sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.findings

    @property
    def in_order(self) -> list[Finding]:
        """Return the findings by kind; those of a kind in the order in which they were found."""
        return sorted(self.findings, key=lambda one: KINDS.index(one.kind))

    def add(self, kind: str, place: str, what: str, says: Any = None, should_say: Any = None) -> None:
        """Add a finding."""
        self.findings.append(Finding(kind, place, what, says, should_say))

    def as_dict(self) -> dict[str, Any]:
        """Return the report as the object that `--format json` prints."""
        return {
            "file": self.file,
            "sound": self.sound,
            "fingerprint": self.fingerprint,
            "made_with": self.version,
            "signature": self.signature,
            "formulas": self.formulas,
            "recomputed": self.recomputed,
            "findings": [asdict(one) for one in self.in_order],
            "changed": list(self.changed),
            "not_judged": list(self.not_judged),
            "notes": list(self.notes),
        }


def shown(value: Any) -> str:
    """Return a value of a cell for reading: text in quotation marks and cut, nothing as "nothing"."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        flat = " ".join(value.split())
        return f'"{flat if len(flat) <= 60 else flat[:59] + "…"}"'
    return f"{value:.10g}"
