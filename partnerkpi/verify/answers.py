"""The sheet of responses against the tallies: the answers of each partner and period must add up to them."""

from __future__ import annotations

from collections import Counter

from partnerkpi.kpi.answers import HIGHEST_SCORE, LOWEST_SCORE, classify
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.verify.contents import Contents
from partnerkpi.verify.figures import as_shown
from partnerkpi.verify.finding import Report
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.translation import translate
from partnerkpi.workbook.model.values import clean_text
from partnerkpi.workbook.sheets.data import NO_PARTNER
from partnerkpi.workbook.sheets.responses import HEAD_ROW


def check_answers(card: Scorecard, contents: Contents, report: Report) -> None:
    """Add a finding for each partner and period whose answers are not those of the tallies."""
    sheet = contents.sheets.get(names.RESPONSES)
    if sheet is None:
        return
    counted: Counter[tuple[str, str, str]] = Counter()
    last = max((int(ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for ref in sheet.cells), default=0)
    for row in range(HEAD_ROW + 1, last + 1):
        partner, period, _, score = (
            as_shown(found.value) if (found := sheet.cells.get(f"{letter}{row}")) is not None else None
            for letter in "ABCD"
        )
        if not isinstance(score, float) or not LOWEST_SCORE <= score <= HIGHEST_SCORE:
            report.add("text", f"{sheet.title}!D{row}", "the score of an answer is a number from 0 to 10", score)
            continue
        counted[str(partner), str(period), classify(score)] += 1
    for (name, period), counts in card.counts.items():
        who, when = clean_text(name) if name is not None else translate(NO_PARTNER), period_name(period)
        scores = counts.scores
        for band, should in (
            ("detractor", scores.detractors),
            ("passive", scores.passives),
            ("promoter", scores.promoters),
        ):
            says = counted.pop((who, when, band), 0)
            if says != should:
                report.add("tally", sheet.title, f"{band}s of {who} in {when}, counted from the answers", says, should)
    for (who, when, _), number in counted.items():
        report.add("tally", sheet.title, f"{number} answers of {who} in {when}, who has none in the tallies")
