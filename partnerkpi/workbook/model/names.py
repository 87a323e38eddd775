"""What cells are called: the sheets, and the defined names that formulas and colours refer to.

A colour rule of a main part must not refer to another sheet, and a formula reads better with `NPS_target` than with an
address, so everything that a reader may change has a name.
"""

from __future__ import annotations

from functools import lru_cache

from openpyxl.utils.cell import absolute_coordinate

from partnerkpi.workbook.model.book import WorkbookModel

PEERS, REVIEW, RESPONSES = "Peers", "Review", "Responses"
SCORECARD, PARTNERS, BENCHMARKS, DATA, ABOUT = "Scorecard", "Partners", "Benchmarks", "Data", "About"
NPS, ADVOCACY, RETENTION, TREND = "NPS", "Advocacy", "Retention", "Trend"
COMMENTS, ACTIONS, GUIDE = "Comments", "Actions", "Guide"

PERIOD = "Period"  # the cell in which a reader chooses one
PERIODS = "Periods"  # the list to choose from, oldest first
PERIOD_NUMBER = "PeriodNumber"  # its place in the list, from 1
#: The chosen period's label, in a formula. With one index over one row Gnumeric would count rows, not columns.
CHOSEN_PERIOD = f"INDEX({PERIODS},1,{PERIOD_NUMBER})"
CONFIDENCE = "Confidence"
Z_VALUE = "Z_value"
MIN_ANSWERS = "Min_answers"
RATING_LABELS = "Rating_labels"  # the ratings that all KPIs share, worst first
HAS_ANSWERS, HAS_ACTIVITIES, HAS_CUSTOMERS = "Has_answers", "Has_activities", "Has_customers"
HAS_PARTNER_LIST, HAS_CUSTOMER_PARTNERS = "Has_partner_list", "Has_customer_partners"
ANSWERS_ONCE = "Answers_once"
#: What was chosen and what was given, in the order of its rows on Data; below it stands PULL.
GIVEN = (
    *(PERIOD_NUMBER, HAS_ANSWERS, HAS_ACTIVITIES, HAS_PARTNER_LIST, HAS_CUSTOMERS),
    *(HAS_CUSTOMER_PARTNERS, ANSWERS_ONCE),
)
#: What all partners have in common when they are pulled towards their mean, in the order of its rows on Data.
PULL = ("Pull_answer", "Pull_weight", "Pull_first_mean", "Pull_spread", "Pull_squares", "Pull_between", "Pull_mean")
PULL_ANSWER, _, PULL_FIRST_MEAN, _, _, PULL_BETWEEN, PULL_MEAN = PULL
SENTENCES_HOLD = "Said_holds"  # whether the sentences on the Scorecard are about what it shows
ROWS_READ, ROWS_SET_ASIDE = "Rows_read", "Rows_set_aside"

#: What the names of each KPI begin with: NPS_target, Advocacy_strong, Influence_weight ...
KPI_NAMES = {"nps": "NPS", "advocacy": "Advocacy", "retention": "Influence"}


def of_kpi(kpi: str, what: str) -> str:
    """Return the name of one of a KPI's settings: `of_kpi("nps", "target")` is NPS_target."""
    return f"{KPI_NAMES[kpi]}_{what}"


def thresholds(kpi: str) -> str:
    """Return the name of the column of a KPI's thresholds, lowest first."""
    return of_kpi(kpi, "thresholds")


def labels(kpi: str) -> str:
    """Return the name of the column of a KPI's ratings, beside its thresholds."""
    return of_kpi(kpi, "labels")


def of_tiers(kpi: str, band: str) -> str:
    """Return the name of the column of a KPI's thresholds by tier: `of_tiers("nps", "watch")` is NPS_tier_watch."""
    return f"{KPI_NAMES[kpi]}_tier_{band}"


def define(model: WorkbookModel, name: str, sheet: str, ref: str) -> None:
    """Give a cell or a range of a sheet a name for the whole workbook."""
    model.define(name, f"{sheet}!{_absolute(ref)}")


_absolute = lru_cache(maxsize=1024)(absolute_coordinate)
