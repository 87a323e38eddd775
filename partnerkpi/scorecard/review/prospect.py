"""Due diligence of a prospective partner: what it declares, what its customers say, what its references are worth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from partnerkpi.config import Config
from partnerkpi.dataclass import dataclass
from partnerkpi.errors import DataProblem
from partnerkpi.guide import guide
from partnerkpi.kpi.benchmark import Benchmark
from partnerkpi.kpi.declared import Declared, declared
from partnerkpi.kpi.intervals import Interval, is_shown, wilson
from partnerkpi.kpi.scores import PASSIVE_FROM, PROMOTER_FROM, ScoreTally, benchmark_test, response_rate
from partnerkpi.language.figures import between, decimal, number, shortest
from partnerkpi.results.kinds import RESPONSES
from partnerkpi.results.result import KpiResult, bounds
from partnerkpi.scorecard.parts import Source
from partnerkpi.scorecard.review.prospect_file import DeclaredNps, Prospect, References
from partnerkpi.scorecard.review.result import Review

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


OTHER_VIEW = (
    "a prospect's NPS is its customers' view of it, ours is our partners' view of us: "
    "our target is a yardstick here, not a rank"
)


def prospect(known: Prospect, config: Config, day: dt.date | None, survey: KpiResult | None = None) -> Review:
    """Return the card of a prospective partner: a row for each finding, and the figures they are about.

    `day` is the day from which ages count, None where it is not known; `survey` the NPS of a survey of its customers,
    computed by us. `comparable` is "yes", "no" or "cannot tell". NPS in points, references in per cent.
    """
    findings: list[Finding] = []
    figures: dict[str, Any] = {"declared": None, "survey": None, "references": None}
    benchmark = config.benchmarks["nps"]
    notes: list[str] = []
    comparable: str | None = None
    if known.nps is not None:
        figures["declared"], found = _declared(known.nps, config, day)
        comparable = _comparable(found)
        findings += found
        notes.append(OTHER_VIEW)
    if survey is not None:
        figures["survey"], found = _survey(survey, benchmark, config, known.nps)
        findings += found
    if known.references is not None:
        figures["references"] = _references(known.references, config.confidence)
        findings += of_references(known.references)
    if not findings:
        raise DataProblem(
            f"nothing is known of {known.partner} but the name: give [nps], [references] or a survey of its customers"
        )
    reasons = [one.text for one in findings if one.compares and one.verdict == "red flag"]
    facts = {
        "partner": known.partner,
        "as_of": day.isoformat() if day is not None else None,
        "comparable": comparable,
        "reasons": reasons,
        **figures,
    }
    sources = [_source(survey)] if survey is not None else []
    return Review(
        "prospect",
        tuple(_row(one) for one in findings),
        facts,
        tuple(sources),
        (*(survey.notes if survey else ()), *notes),
    )


def _comparable(findings: Sequence[Finding]) -> str:
    verdicts = {one.verdict for one in findings if one.compares}
    return "no" if "red flag" in verdicts else "cannot tell" if "not known" in verdicts else "yes"


def _declared(nps: DeclaredNps, config: Config, day: dt.date | None) -> tuple[dict[str, Any], list[Finding]]:
    """Return the declared figure with its interval and test, and what is to be said of it."""
    benchmark, confidence = config.benchmarks["nps"], config.confidence
    tally = _tally(nps)
    seen = (
        declared(float(nps.figure), nps.total, decimals=nps.decimals, confidence=confidence)
        if nps.total is not None
        else None
    )
    narrowest, widest = _intervals(seen, tally, confidence)
    enough = nps.total is not None and nps.total >= config.min_responses
    above, below = _p_values(seen, tally, benchmark.target) if enough else ((), ())
    findings = list(of_declared(nps, seen, day, config.min_responses, config.settings.alerts.response_rate_floor or 0))
    if tally is not None and tally.nps is not None and not _rounds_to(tally.nps, nps):
        findings.append(
            Finding(
                "counts",
                "red flag",
                f"its own counts give {number(tally.nps, nps.decimals + 1)}, not {nps.figure}",
                PUBLISHED,
            )
        )
    if widest is not None:
        findings.append(_against_target(benchmark.target, above, below, confidence, "declared"))
    return {
        "nps": float(nps.figure),
        "answers": nps.total,
        "possible": seen.possible if seen is not None else None,
        **bounds(narrowest, "narrowest_"),
        **bounds(widest, "widest_"),
        "rating": benchmark.rating(float(nps.figure)) if enough else None,
        "target": benchmark.target,
        "above_target_p": max(above) if above else None,
    }, findings


def _tally(nps: DeclaredNps) -> ScoreTally | None:
    if nps.promoters is None or nps.passives is None or nps.detractors is None:
        return None
    return ScoreTally(nps.detractors, nps.passives, nps.promoters)


def _rounds_to(exact: float, nps: DeclaredNps) -> bool:
    """Tell whether a figure is the declared one as it was rounded; at a half either way is right."""
    return abs(exact - float(nps.figure)) <= 0.5 * 10.0**-nps.decimals + 1e-9


def _intervals(
    seen: Declared | None, tally: ScoreTally | None, confidence: float
) -> tuple[Interval | None, Interval | None]:
    if tally is not None:
        exact = tally.interval(confidence)
        return exact, exact
    return (seen.narrowest, seen.widest) if seen is not None else (None, None)


def _p_values(
    seen: Declared | None, tally: ScoreTally | None, target: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the p-values of "above the target" and "below the target": one, or at best and at worst."""
    if tally is not None:
        above, below = benchmark_test(tally, target), benchmark_test(tally, target, "below")
        return tuple(p for p in (above,) if p is not None), tuple(p for p in (below,) if p is not None)
    if seen is None:
        return (), ()
    return seen.p_above(target) or (), seen.p_below(target) or ()


def _against_target(
    target: float, above: Sequence[float], below: Sequence[float], confidence: float, what: str
) -> Finding:
    """Say whether a figure is shown to be above or below our target; at worst, where the counts are not known.

    Without p-values, as from too few answers, it cannot be told.
    """
    p = "p" if len(set(above)) == 1 else "at worst p"
    verdict: Verdict = "caution"
    if above and is_shown(max(above), confidence):
        verdict, text = "ok", f"shown to be above our target of {shortest(target)}, {p} = {max(above):.2g}"
    elif below and is_shown(max(below), confidence):
        text = f"shown to be below our target of {shortest(target)}, {p} = {max(below):.2g}"
    else:
        text = f"cannot tell whether it is above or below our target of {shortest(target)}"
    return Finding(f"{what} and target", verdict, text, SHOWN, compares=False)


def _survey(
    survey: KpiResult, benchmark: Benchmark, config: Config, nps: DeclaredNps | None
) -> tuple[dict[str, Any], list[Finding]]:
    """Return the NPS of the survey of its customers, and whether the declared figure fits it."""
    whole = survey.whole
    tally = ScoreTally(whole["detractors"], whole["passives"], whole["promoters"])
    enough = not tally.few_responses(config.min_responses)
    p_above, p_below = _p_values(None, tally if enough else None, benchmark.target)
    findings = [_against_target(benchmark.target, p_above, p_below, config.confidence, "survey")]
    if nps is not None and whole["low"] is not None:
        inside = whole["low"] <= nps.figure <= whole["high"]
        where = f"the survey's interval, {between(whole['low'], whole['high'])}"
        text = f"the declared {nps.figure} lies {'within' if inside else 'outside'} {where}"
        findings.append(Finding("declared and survey", "ok" if inside else "red flag", text, PUBLISHED, compares=False))
    keys = ("nps", "low", "high", "responses", "promoters", "passives", "detractors", "rating")
    return {
        **{key: whole[key] for key in keys},
        "target": benchmark.target,
        "above_target_p": max(p_above, default=None),
    }, findings


def _references(references: References, confidence: float) -> dict[str, Any]:
    interval = wilson(min(references.given, references.asked), references.asked, confidence)
    return {
        "asked": references.asked,
        "given": references.given,
        "checked": references.checked,
        "given_share": 100 * min(references.given, references.asked) / references.asked,
        **bounds(interval),
    }


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "group": {},
        "period": None,
        "check": finding.check,
        "verdict": finding.verdict,
        "finding": finding.text,
        "attribute": finding.attribute,
        "guide": finding.quote,
    }


def _source(survey: KpiResult) -> Source:
    given = survey.provenance
    return Source(
        RESPONSES,
        tuple(given["sources"]),
        given["columns"],
        given["rows_read"],
        given["rows_used"],
        given["set_aside"],
    )


def of_declared(
    nps: DeclaredNps, known: Declared | None, day: dt.date | None, min_responses: int, response_floor: float
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
    if promoters != PROMOTER_FROM or passives != PASSIVE_FROM:
        ours = f"not from {PROMOTER_FROM:g} and {PASSIVE_FROM:g}"
        return Finding("bands", "red flag", f"promoters from {promoters} and passives from {passives}, {ours}", BANDS)
    return Finding("bands", "ok", f"promoters from {PROMOTER_FROM:g}, passives from {PASSIVE_FROM:g}", BANDS)


def _age(nps: DeclaredNps, day: dt.date | None) -> Finding:
    if nps.date is None:
        return Finding("date", "not known", "when the survey was made is not known", QUARTERLY)
    if day is None:
        how = "say from which day its age counts with --as-of DATE"
        return Finding("date", "not known", f"how old a survey of {nps.date} is cannot be told: {how}", QUARTERLY)
    if nps.date > day:
        return Finding("date", "red flag", f"the survey's last day, {nps.date}, lies after {day}", QUARTERLY)
    months = (day.year - nps.date.year) * 12 + day.month - nps.date.month - (day.day < nps.date.day)
    if (day.year - 1, day.month, day.day) > (nps.date.year, nps.date.month, nps.date.day):
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
