"""What other sheets group the partners by: facts of the list as numbers, so that no name becomes a criterion."""

from __future__ import annotations

from collections.abc import Callable

from partnerkpi.workbook.columns.base import PartnerColumn, PartnerColumns
from partnerkpi.workbook.model.theme import COUNT, GENERAL
from partnerkpi.workbook.model.translation import message


def group_columns() -> list[PartnerColumn]:
    """Return the columns in their order: none of them is a formula, so each row keeps its own when it is sorted."""

    def fact(
        key: str, head: str, value: Callable[[PartnerColumns], float | None], number: str = GENERAL
    ) -> PartnerColumn:
        return PartnerColumn(key, head, 11, None, value, number)

    return [
        fact("on_list", message("On list"), lambda k: int(k.partner.listed)),
        fact("tier_number", message("Tier number"), lambda k: k.tier),
        fact("region_number", message("Region number"), lambda k: k.region),
        fact("annual_value", message("Annual value"), lambda k: k.partner.annual_value, COUNT),
    ]
