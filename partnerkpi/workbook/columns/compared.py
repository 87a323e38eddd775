"""The columns of the three comparisons of each partner's NPS: all of them, of all partners, are one family (Holm)."""

from __future__ import annotations

from collections.abc import Mapping

from partnerkpi.kpi.comparisons import COMPARISONS, Compared
from partnerkpi.language.figures import DASH
from partnerkpi.workbook.columns.base import Cells, PartnerColumn, PartnerColumns
from partnerkpi.workbook.figures.base import FINE
from partnerkpi.workbook.model.arithmetic import is_shown, when_number
from partnerkpi.workbook.model.layout import P_IN_A_YEAR, P_OF_CHANGE, P_OF_SEVERAL
from partnerkpi.workbook.model.phrases import shown
from partnerkpi.workbook.model.theme import COUNT
from partnerkpi.workbook.model.translation import message
from partnerkpi.workbook.model.values import Value

#: What the columns of each comparison are called: p, rank, step and where it failed.
TESTS: Mapping[Compared, tuple[str, str, str, str, str]] = {
    "previous": (
        *("p", P_OF_CHANGE, message("Rank of p, smallest first"), message("p times those still compared")),
        message("Rank, where not shown"),
    ),
    "year": (
        *("year_p", P_IN_A_YEAR, message("Rank of p in a year"), message("p in a year, times those still compared")),
        message("Rank in a year, where not shown"),
    ),
    "rolling": (
        *("rolled_p", P_OF_SEVERAL, message("Rank of p, several periods")),
        *(
            message("p of several periods, times those still compared"),
            message("Rank, several periods, where not shown"),
        ),
    ),
}


def among(r: Cells, what: str = "") -> str:
    """Return the cells of all partners' comparisons, which stand side by side: their p, ranks, steps or failures."""
    first, *_, last = (r.layout.partner_column(f"{names[0]}{what}") for names in TESTS.values())
    return f"{first.split(':')[0]}:{last.split(':')[1]}"


def test_columns() -> list[PartnerColumn]:
    """Return the tests of the three comparisons, and Holm's correction over all of them of all partners."""

    def p_value(against: Compared) -> PartnerColumn:
        key, head, *_ = TESTS[against]

        def value(k: PartnerColumns) -> Value:
            return shown(next((one.alone.p for one in k.line.comparisons if one.against == against), None))

        return PartnerColumn(key, head, 11, lambda r: when_number(r.tally(head), r.tally(head)), value, FINE)

    def rank(against: Compared) -> PartnerColumn:
        key, _, head, *_ = TESTS[against]
        return PartnerColumn(
            f"{key}_rank",
            head,
            11,
            lambda r: when_number(r(key), f"RANK({r(key)},{among(r)},1)"),
            lambda k: shown(k.tests[against].rank),
            COUNT,
        )

    def step(against: Compared) -> PartnerColumn:
        key, *_, head, _ = TESTS[against]
        return PartnerColumn(
            f"{key}_step",
            head,
            11,
            lambda r: when_number(r(key), f"MIN(1,(COUNT({among(r)})-{r(f'{key}_rank')}+1)*{r(key)})"),
            lambda k: shown(k.tests[against].step),
            FINE,
        )

    def failed(against: Compared) -> PartnerColumn:
        key, *_, head = TESTS[against]
        own = f"{key}_step", f"{key}_rank"
        return PartnerColumn(
            f"{key}_fail",
            head,
            11,
            lambda r: when_number(r(own[0]), f'IF({is_shown(r(own[0]))},"{DASH}",{r(own[1])})'),
            lambda k: shown(k.tests[against].failed),
            COUNT,
        )

    return [make(against) for make in (p_value, rank, step, failed) for against in COMPARISONS]
