"""What the self-test asks and what must come out: the worked figures of the definitions, typed in, not computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from partnerkpi.excel.calls import Call, Given, array, call
from partnerkpi.excel.samples import AFTER, BEFORE, BLANK, BROKEN, DATES, HELPED, MIXED, PARTNERS, SCORES, STAYED, TYPED
from partnerkpi.kpi.scores import PASSIVE_FROM, PROMOTER_FROM
from partnerkpi.workbook.model.values import Value


@dataclass(frozen=True)
class Case:
    """One line of the self-test; `plain` is a formula of Excel's own that must give the same."""

    rule: str
    call: Call
    expected: Value
    plain: str = ""

    @property
    def is_error(self) -> bool:
        """Tell whether an Excel error is what must come out."""
        return isinstance(self.expected, str) and self.expected.startswith("#")


def _nps(name: str) -> str:
    return f"100*({_promoters(name)}-{_detractors(name)})/COUNT({name})"


def _promoters(name: str) -> str:
    return f'COUNTIF({name},">={PROMOTER_FROM:g}")'


def _detractors(name: str) -> str:
    return f'COUNTIF({name},"<{PASSIVE_FROM:g}")'


def cases() -> Sequence[Case]:
    """Return the cases in the order of the sheet."""
    return (*_scores(), *_tables(), *_partners(), *_errors())


def _scores() -> Sequence[Case]:
    scores, before, after = SCORES.argument, BEFORE.argument, AFTER.argument
    census = call("PARTNER_NPS_LOW", scores, 0.95, 10)
    ends = call("PARTNER_NPS_HIGH", scores, 0.95, 10)
    return (
        Case(
            "6 promoters, 3 passives, 1 detractor of 10", call("PARTNER_NPS", scores), 50, f"={_nps('Sample_scores')}"
        ),
        Case("A row of numbers", call("PARTNER_NPS", array([9, 10, 7, 3])), 25),
        Case("A block of numbers", call("PARTNER_NPS", array([9, 10], [7, 3])), 25),
        Case("A single number", call("PARTNER_NPS", 9), 100),
        Case("Blanks, words and TRUE are no answers", call("PARTNER_NPS", MIXED.argument), 100 / 3),
        Case("A 0 is a detractor", call("PARTNER_NPS", array([0], [10])), 0),
        Case("8.9 is passive, 6.9 a detractor", call("PARTNER_NPS", array([8.9], [6.9], [9])), 0),
        Case("The first of two samples", call("PARTNER_NPS", before), -20, f"={_nps('Sample_before')}"),
        Case("The second of two samples", call("PARTNER_NPS", after), 65, f"={_nps('Sample_after')}"),
        Case("Lower end of the 95 % interval", call("PARTNER_NPS_LOW", scores), -0.2033, f"={_bound('-')}"),
        Case("Upper end of the 95 % interval", call("PARTNER_NPS_HIGH", scores), 77.1264, f"={_bound('+')}"),
        Case(
            "Half the width of the interval",
            call("PARTNER_NPS_MARGIN", scores),
            38.66485,
            f"=({_bound('+')}-{_bound('-')})/2",
        ),
        Case("All 10 of 10 answered: no doubt is left (low)", census, 50),
        Case("All 10 of 10 answered: no doubt is left (high)", ends, 50),
        Case("9 and 10 are promoters", call("PARTNER_NPS_GROUP", 9), "Promoter"),
        Case("7 and 8 are passives", call("PARTNER_NPS_GROUP", 8), "Passive"),
        Case("0 to 6 are detractors", call("PARTNER_NPS_GROUP", 0), "Detractor"),
    )


def _bound(sign: str) -> str:
    """Return an end of the interval of the sample in plain formulas: adjusted Wald, Rocks 2016."""
    n = "(COUNT(Sample_scores)+3)"
    up, down = (f"({count('Sample_scores')}+0.75)" for count in (_promoters, _detractors))
    point = f"(({up}-{down})/{n})"
    return f"100*({point}{sign}NORMSINV(0.975)*SQRT((({up}+{down})/{n}-{point}*{point})/{n}))"


def _tables() -> Sequence[Case]:
    scores = SCORES.argument
    summary = call("PARTNER_NPS_SUMMARY", scores)
    by = call("PARTNER_NPS_BY", PARTNERS.argument, scores)
    few = call("PARTNER_NPS_BY", PARTNERS.argument, scores, 6)
    trend = call("PARTNER_NPS_TREND", DATES.argument, scores, "quarter")
    change = call("PARTNER_NPS_CHANGE", BEFORE.argument, AFTER.argument)
    return (
        Case("Summary: the answers", summary.item(1, 2), 10, "=COUNT(Sample_scores)"),
        Case("Summary: the promoters", summary.item(2, 2), 6, f"={_promoters('Sample_scores')}"),
        Case(
            "Summary: the share of detractors",
            summary.item(4, 3),
            0.1,
            f"={_detractors('Sample_scores')}/COUNT(Sample_scores)",
        ),
        Case("Summary: the NPS", summary.item(5, 2), 50, f"={_nps('Sample_scores')}"),
        Case("By partner: the best is on top", by.item(1, 1), "Acme"),
        Case("By partner: the NPS of the second", by.item(2, 3), 0),
        Case("By partner: a row each", by.count(), 2),
        Case("By partner: 5 answers where 6 are wanted", few.item(1, 7), "few responses"),
        Case("Trend: the first quarter", trend.item(1, 1), "2026-Q2"),
        Case("Trend: the NPS of the second quarter", trend.item(2, 3), 0),
        Case("Trend: one year", call("PARTNER_NPS_TREND", DATES.argument, scores, "year").count(), 1),
        Case("Change: the difference", change.item(1, 1), 85, f"={_nps('Sample_after')}-({_nps('Sample_before')})"),
        Case("Change: its p-value", change.item(1, 2), 0.00029),
        Case("Change: the word", change.item(1, 3), "up"),
    )


def _partners() -> Sequence[Case]:
    stayed, helped = STAYED.argument, HELPED.argument
    kept = 'COUNTIFS(Sample_stayed,TRUE,Sample_with,"Acme")+COUNTIFS(Sample_stayed,TRUE,Sample_with,"Borealis")'
    return (
        Case("30 answers to 120 invitations", call("PARTNER_RESPONSE_RATE", 30, 120), 0.25),
        Case("45 activities, 40 partners", call("PARTNER_ADVOCACY", 45, 40), 1.125),
        Case("12 of 40 partners are active", call("PARTNER_ADVOCATES", 40, 12), 0.3),
        Case("200 customers, 210 at the end, 40 of them new", call("PARTNER_RETENTION", 200, 210, 40), 0.85),
        Case("8 of 10 stayed", call("PARTNER_RETENTION_RATE", stayed), 0.8, "=COUNTIF(Sample_stayed,TRUE)/10"),
        Case(
            "4 of the 8 that stayed have a partner",
            call("PARTNER_RETENTION_INFLUENCE", stayed, helped),
            50,
            f"=100*({kept})/COUNTIF(Sample_stayed,TRUE)",
        ),
        Case("The same from two rates: 36 % of 80 %", call("PARTNER_RETENTION_INFLUENCE", 0.36, 0.8), 45),
        Case("90 % with a partner, 80 % overall", call("PARTNER_RETENTION_INDEX", 0.9, 0.8), 112.5),
        Case("All 4 with a partner stayed, 4 of 6 without", call("PARTNER_RETENTION_LIFT", stayed, helped), 33.3333),
        Case("Health of NPS 45, 60 %, 70", call("PARTNER_HEALTH", 45, 0.6, 70), 88),
        Case("Health without the second KPI", call("PARTNER_HEALTH", 62, Given("NA()", _NOT_AVAILABLE), 55), 88.5714),
    )


_NOT_AVAILABLE = -2146826246  # how COM hands #N/A over


def _errors() -> Sequence[Case]:
    return (
        Case("No answers are no data, not 0", call("PARTNER_NPS", BLANK.argument), "#N/A"),
        Case("One answer has no interval", call("PARTNER_NPS_MARGIN", 9), "#N/A"),
        Case("No customers at the start", call("PARTNER_RETENTION", 0, 0, 0), "#N/A"),
        Case("11 is no answer on 0 to 10", call("PARTNER_NPS", array([9], [11])), "#NUM!"),
        Case("A confidence of 2", call("PARTNER_NPS_MARGIN", SCORES.argument, 2), "#NUM!"),
        Case("Fewer people than answers", call("PARTNER_NPS_LOW", SCORES.argument, 0.95, 5), "#NUM!"),
        Case("Numbers stored as text", call("PARTNER_NPS", TYPED.argument), "#VALUE!"),
        Case("Ranges of unequal length", call("PARTNER_NPS_BY", PARTNERS.argument, MIXED.argument), "#VALUE!"),
        Case(
            "A period that does not exist",
            call("PARTNER_NPS_TREND", DATES.argument, SCORES.argument, "week"),
            "#VALUE!",
        ),
        Case("A KPI that does not exist", call("PARTNER_RATING", "loyalty", 50), "#VALUE!"),
        Case("An error in the range is passed on", call("PARTNER_NPS", BROKEN.argument), "#DIV/0!"),
    )
