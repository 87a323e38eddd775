"""Partner Advocacy in a cell."""

# ruff: noqa: N802 - Excel's functions are written in capitals

from __future__ import annotations

from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.udfs.arguments import NameList, two_counts
from partnerkpi.udfs.function import as_fraction, excel_function

PARTNERS = "All partners: how many, or the partner list (a name counts once)."


@excel_function(
    activities="The activities: how many, or the partner of each activity, one cell for each.",
    partners=PARTNERS,
)
def PARTNER_ADVOCACY(activities: object, partners: object) -> object:
    """Return the advocacy activities per partner, a mean that can exceed 1: references, case studies, referrals ...

    With a partner list, only activities of partners on it count.
    """
    given, listed = two_counts(activities, partners)
    if isinstance(given, NameList):
        known = listed.different if isinstance(listed, NameList) else given.different
        given = sum(name in known for name in given.names) or None
    if isinstance(listed, NameList):
        listed = len(listed.different)
    if given is None or listed is None:
        return None
    # how many partners gave them does not matter to the mean
    return AdvocacyTally(listed, min(given, 1), given).per_partner


@excel_function(
    partners=PARTNERS,
    active_partners="Partners with at least one activity: how many, or the partner of each activity.",
)
def PARTNER_ADVOCATES(partners: object, active_partners: object) -> object:
    """Return the share of partners with at least one advocacy activity, as a fraction (0.3 is 30 %).

    With a partner list, only partners on it count.
    """
    listed, active = two_counts(partners, active_partners)
    if isinstance(active, NameList):
        known = listed.different if isinstance(listed, NameList) else active.different
        active = len(active.different & known) or None
    if isinstance(listed, NameList):
        listed = len(listed.different)
    if active is None or listed is None:
        return None
    return as_fraction(AdvocacyTally(listed, active, active).active_share)
