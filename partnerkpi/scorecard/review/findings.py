"""What there is to say of a prospective partner's declared NPS: one finding a question, with the guide's own words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from partnerkpi.guide import guide
from partnerkpi.kpi.declared import Declared
from partnerkpi.kpi.scores import response_rate
from partnerkpi.language.figures import decimal, number, shortest
from partnerkpi.scorecard.review.prospect_file import DeclaredNps, References

Verdict = Literal["ok", "caution", "red flag", "not known"]

#: Where the guide speaks of it: the KPI, the attribute, and how the line begins.
Place = tuple[str, str, str]

STEERED: Place = ("nps", "risk_warnings", "Look for steered samples")
PUBLISHED: Place = ("nps", "risk_warnings", "Published NPS figures")
BANDS: Place = ("nps", "definition", "Promoters score 9 to 10")
FORMULA: Place = ("nps", "standard_formula", "NPS = 100 ×")
FEW: Place = ("nps", "risk_warnings", "With five answers")
SHOWN: Place = ("nps", "risk_warnings", "'Above 50' and")
QUARTERLY: Place = ("nps", "definition", "Target 50, reviewed quarterly")
INVITED: Place = ("nps", "measurement_approach", "Invite at least three contacts")
PAID: Place = ("advocacy", "risk_warnings", "A testimonial given for points")
FINISHED: Place = ("advocacy", "measurement_approach", "Count finished acts")
LEFT: Place = ("advocacy", "risk_warnings", "A case study about a customer who has since left")


@dataclass(frozen=True, slots=True)
class Finding:
    """One question that was asked of the declared figures, and its answer. `compares` is whether it bears on that."""

    check: str
    verdict: Verdict
    text: str
    place: Place
    compares: bool = True

    @property
    def attribute(self) -> str:
        """Return where the guide speaks of it: `Strategic Partner NPS, Risk warnings`."""
        found = guide(self.place[0])
        title = next(one.title for one in found.attributes if one.key == self.place[1])
        return f"{found.title}, {title}"

    @property
    def quote(self) -> str:
        """Return the guide's line."""
        attribute = next(one for one in guide(self.place[0]).attributes if one.key == self.place[1])
        return next(line for line in attribute.lines if line.startswith(self.place[2]))


def of_declared(
    nps: DeclaredNps, known: Declared | None, day: dt.date, min_responses: int, response_floor: float
) -> Iterator[Finding]:
    """Yield what there is to say of a declared NPS; all of it bears on whether it is comparable with ours."""
    yield _answers(nps, min_responses)
    if known is not None:
        yield _counts(nps, known)
    yield _scale(nps)
    yield _bands(nps)
    yield _age(nps, day)
    yield _asked(nps)
    yield _selection(nps)
    yield _response(nps, response_floor)
    yield _incentive(nps)


def _answers(nps: DeclaredNps, minimum: int) -> Finding:
    total = nps.total
    if total is None:
        return Finding("answers", "red flag", "no number of answers: the figure cannot be judged at all", FEW)
    if total < minimum:
        return Finding("answers", "red flag", f"{_answers_in_words(total)}, fewer than {minimum}: hardly a figure", FEW)
    return Finding("answers", "ok", _answers_in_words(total), FEW)


def _answers_in_words(count: int) -> str:
    return "1 answer" if count == 1 else f"{count:,} answers"


def _counts(nps: DeclaredNps, known: Declared) -> Finding:
    if known.possible:
        return Finding("whole counts", "ok", f"{nps.figure} can come from {_answers_in_words(known.answers)}", FORMULA)
    nearest = " and ".join(number(value, nps.decimals + 1) for value in known.nearest)
    return Finding(
        "whole counts",
        "red flag",
        f"{nps.figure} cannot come from {_answers_in_words(known.answers)}: the nearest are {nearest}",
        FORMULA,
    )


def _scale(nps: DeclaredNps) -> Finding:
    if nps.scale is None:
        return Finding("scale", "not known", "the scale of the question is not known", BANDS)
    if "".join(nps.scale.split()).replace("–", "-") != "0-10":
        return Finding("scale", "red flag", f"asked on a scale of {nps.scale}, not 0-10: not an NPS", BANDS)
    return Finding("scale", "ok", "0-10", BANDS)


def _bands(nps: DeclaredNps) -> Finding:
    promoters, passives = nps.promoters_from, nps.passives_from
    if promoters is None or passives is None:
        return Finding("bands", "not known", "from which score a promoter and a passive count is not known", BANDS)
    if promoters != 9 or passives != 7:
        text = f"promoters from {promoters} and passives from {passives}, not from 9 and 7"
        return Finding("bands", "red flag", text, BANDS)
    return Finding("bands", "ok", "promoters from 9, passives from 7", BANDS)


def _age(nps: DeclaredNps, day: dt.date) -> Finding:
    if nps.date is None:
        return Finding("date", "not known", "when the survey was made is not known", QUARTERLY)
    if nps.date > day:
        return Finding("date", "red flag", f"the survey's last day, {nps.date}, lies after {day}", QUARTERLY)
    months = (day.year - nps.date.year) * 12 + day.month - nps.date.month - (day.day < nps.date.day)
    old = months > 12 or (months == 12 and day.day > nps.date.day)
    if old:
        return Finding("date", "red flag", f"{nps.date}: more than 12 months old ({months} months)", QUARTERLY)
    return Finding("date", "ok", f"{nps.date}, {months} months old", QUARTERLY)


def _asked(nps: DeclaredNps) -> Finding:
    if nps.asked is None:
        return Finding("who was asked", "not known", "who was asked is not known", PUBLISHED)
    if nps.asked in ("employees", "others"):
        return Finding(
            "who was asked", "red flag", f"{nps.asked} were asked, neither customers nor partners", PUBLISHED
        )
    return Finding("who was asked", "ok", nps.asked, PUBLISHED)


def _selection(nps: DeclaredNps) -> Finding:
    if nps.selection is None:
        return Finding("selection", "not known", "how the people asked were selected is not known", STEERED)
    if nps.selection in ("chosen", "self-selected"):
        text = "they were chosen by the partner" if nps.selection == "chosen" else "they selected themselves"
        return Finding("selection", "red flag", text, STEERED)
    return Finding("selection", "ok", nps.selection, STEERED)


def _response(nps: DeclaredNps, floor: float) -> Finding:
    rate = response_rate(nps.total, nps.invited) if nps.total is not None and nps.invited is not None else None
    if rate is None:
        return Finding("response rate", "not known", "how many were invited or answered is not known", INVITED, False)
    if rate < floor:
        return Finding("response rate", "caution", f"{decimal(rate)} %, below {shortest(floor)} %", INVITED, False)
    return Finding("response rate", "ok", f"{decimal(rate)} %", INVITED, False)


def _incentive(nps: DeclaredNps) -> Finding:
    if nps.incentive is None:
        return Finding("incentive", "not known", "whether anything was given for an answer is not known", PAID)
    if nps.incentive:
        return Finding("incentive", "red flag", "something was given or promised for an answer", PAID)
    return Finding("incentive", "ok", "none", PAID)


def of_references(references: References) -> Iterator[Finding]:
    """Yield what there is to say of the references: none of it bears on the NPS."""
    asked, given, checked = references.asked, references.given, references.checked
    text = f"{given} given of {asked} asked for"
    verdict: Verdict = "ok" if given >= asked else "caution" if given else "red flag"
    yield Finding("references given", verdict, text, FINISHED, False)
    if given:
        text = f"{checked} checked of {given} given"
        verdict = "ok" if checked >= given else "caution" if checked else "red flag"
        yield Finding("references checked", verdict, text, LEFT, False)
