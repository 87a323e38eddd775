"""Partner Advocacy in a cell."""

# ruff: noqa: N802 - Excel's functions are written in capitals

from __future__ import annotations

from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.udfs.arguments import count_or_names
from partnerkpi.udfs.function import excel_function

PARTNERS = "All partners: their number, or the partner list (each name counts once)."


@excel_function(
    activities="The activities: their number, or the partner of each activity, one cell for each.",
    partners=PARTNERS,
)
def PARTNER_ADVOCACY(activities: object, partners: object) -> object:
    """Return advocacy activities per partner, a mean that can exceed 1: references, case studies, referrals ...

    With a partner list, only the activities of partners on it count.
    """
    given, listed = count_or_names(activities), count_or_names(partners)
    if isinstance(given, list):
        if isinstance(listed, list):
            known = set(listed)
            given = [name for name in given if name in known]
        given = len(given) or None
    if isinstance(listed, list):
        listed = len(set(listed)) or None
    if given is None or listed is None:
        return None
    return AdvocacyTally(listed, 1 if given else 0, given).per_partner


@excel_function(
    partners=PARTNERS,
    active_partners="Partners with at least one activity: their number, or the partner of each activity.",
)
def PARTNER_ADVOCATES(partners: object, active_partners: object) -> object:
    """Return the share of partners with at least one advocacy activity, as a fraction (0.3 is 30 %).

    With a partner list, only partners on it count.
    """
    listed, active = count_or_names(partners), count_or_names(active_partners)
    if isinstance(active, list):
        given = set(active)
        active = len(given & set(listed) if isinstance(listed, list) else given) if given else None
    if isinstance(listed, list):
        listed = len(set(listed)) or None
    if active is None or listed is None:
        return None
    share = AdvocacyTally(listed, active, active).active_share
    return None if share is None else share / 100
