"""One live example of each function, for the sheet Functions."""

from __future__ import annotations

from collections.abc import Mapping

from partnerkpi.excel.calls import Call, array, call
from partnerkpi.excel.samples import AFTER, BEFORE, DATES, HELPED, PARTNERS, SCORES, STAYED


def examples() -> Mapping[str, Call]:
    """Return an example of each function by its name, over the samples of the sheet Self-test."""
    scores, stayed, helped = SCORES.argument, STAYED.argument, HELPED.argument
    made = (
        call("PARTNER_NPS", scores),
        call("PARTNER_NPS_MARGIN", scores, 0.9),
        call("PARTNER_NPS_LOW", scores),
        call("PARTNER_NPS_HIGH", scores, 0.95, 40),
        call("PARTNER_NPS_SUMMARY", scores),
        call("PARTNER_NPS_BY", PARTNERS.argument, scores),
        call("PARTNER_NPS_TREND", DATES.argument, scores, "quarter"),
        call("PARTNER_NPS_CHANGE", BEFORE.argument, AFTER.argument),
        call("PARTNER_NPS_GROUP", array([9], [7], [3])),
        call("PARTNER_RESPONSE_RATE", 30, 120),
        call("PARTNER_ADVOCACY", 45, 40),
        call("PARTNER_ADVOCATES", 40, 12),
        call("PARTNER_RETENTION", 200, 210, 40),
        call("PARTNER_RETENTION_RATE", stayed),
        call("PARTNER_RETENTION_INFLUENCE", stayed, helped),
        call("PARTNER_RETENTION_INDEX", 0.9, 0.8),
        call("PARTNER_RETENTION_LIFT", stayed, helped),
        call("PARTNER_HEALTH", 45, 0.6, 70, array([0.4, 0.3, 0.3])),
        call("PARTNER_RATING", "nps", 46),
    )
    return {one.formula[1:].partition("(")[0]: one for one in made}
