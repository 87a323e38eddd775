"""Actions: whom to call, why and by when: a row for each partner with its people beneath, a table to work in.

The partners to call first come first. What a partner is worth stands once, in its own row; a status is chosen for each
call from a list.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from openpyxl.styles import Alignment, Protection

from partnerkpi.dataclass import dataclass
from partnerkpi.language.figures import whole
from partnerkpi.scorecard.called import DONE, OPEN, Called
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.findings.actions import DETRACTOR, LOST_ADVOCATE, MOST_CALLS, Action, due_days
from partnerkpi.scorecard.findings.alerts import FALLEN
from partnerkpi.scorecard.findings.call_first import AtRisk
from partnerkpi.vocabulary import same_name
from partnerkpi.workbook.model.expression import Given, given, live, tell, when
from partnerkpi.workbook.model.formula import Live
from partnerkpi.workbook.model.layout import FIRST_ROW, HEAD_ROW
from partnerkpi.workbook.model.phrases import counted, period_name
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import (
    COUNT,
    HEAD,
    HEAD_NUMBER,
    INPUT,
    MUTED,
    NOTE,
    ROW,
    ROW_NUMBER,
    TILE,
    WHITE,
    colours,
)
from partnerkpi.workbook.model.translation import (
    current_language,
    message,
    translate,
    translate_count,
    translate_formula,
    translated,
)
from partnerkpi.workbook.page import lines_in_column, page_ends, set_page, widen_for_text
from partnerkpi.workbook.sheets.called import (
    CHOSEN,
    HEADS_TYPED,
    KINDS,
    NO_NAME,
    REMARK,
    STATUS,
    check_statuses,
    earlier_rows,
    write_called,
    write_typed,
)
from partnerkpi.workbook.sheets.listing import grey_where
from partnerkpi.workbook.sheets.parts import SheetContext, write_top

_HEADS = (
    *(message("Partner"), message("Who"), message("Due"), message("Owner"), message("Kind"), message("Why")),
    *(message("Value a year"), *HEADS_TYPED),
)
_WIDTHS = (28, 20, 12, 22, 15, 54, 14, 14, 13, 28)
_WIDEST = 30.0  # characters of a column that is widened for what stands in it
#: A name of a partner, and of a person, that is longer than its column.
_SHRUNK = tuple(Alignment(horizontal="left", vertical="top", indent=indent, shrink_to_fit=True) for indent in (1, 0))
_LAST = REMARK
_LAST_WORD = "F"  # of what is printed where nobody is listed


def write_actions(context: SheetContext, sheet: SheetModel) -> None:
    """Write the calls as a table, those to call first before all others; the card is that of the newest period."""
    shown = context.card.actions[:MOST_CALLS]
    rows = _rows(context.card, shown)
    period = period_name(context.card.current)
    widths = dict(zip("ABCDEFGHIJ", _WIDTHS, strict=True))
    carried = context.card.carried is not None
    if not rows:
        sentence = translate("Nobody needs a call for {period}.", period=period)
        if not context.card.has_answers:
            sentence = translate("No answers were given that could say who needs a call.")
        if context.card.calls:
            sentence = translate(
                "{number} detractors to call for {period}, but the answers name nobody.",
                period=period,
                number=context.card.calls,
            )
        write_top(context.model, sheet, translate("Actions"), sentence, widths)
        text = translate("Listed are detractors, promoters who are none any more, and partners whose advocacy stopped.")
        context.model.put(sheet, (HEAD_ROW, 1), text, NOTE)
        below = write_called(context.model, sheet, context.card, HEAD_ROW) if carried else HEAD_ROW
        set_page(sheet, context.card.title, [f"A1:{_LAST if carried else _LAST_WORD}{below}"])
        return
    last = HEAD_ROW + len(rows)
    calls = context.card.calls
    told: Live | str = told_calls(calls, len(shown), last, period, sum(one.status == OPEN for one in shown))
    if named_nobody := _name_nobody(context.card):
        told = translate_count(
            len(_parted(rows)[0]),
            "{n} partner to call for {period}.",
            "{n} partners to call for {period}.",
            period=period,
        )
    valued = any(one.value is not None for one in _parted(rows)[0])
    write_top(context.model, sheet, translate("Actions"), told, widths, _note(context.card, valued))
    for column, head in enumerate(_HEADS, 1):
        context.model.put(
            sheet,
            (HEAD_ROW, column),
            translate(head),
            HEAD_NUMBER if head == "Value a year" else HEAD.but(indent=int(head in HEADS_TYPED[:2])),
        )
    for column, texts in (
        (2, _longest(one.who for one in shown)),
        (5, map(translate, ("call first", *KINDS.values()))),
    ):
        for text in texts:
            widen_for_text(sheet, column, text, ROW, _WIDEST)
    for row, one in enumerate(rows, FIRST_ROW):
        if isinstance(one, Action):
            _call(context, sheet, row, one)
        else:
            _partner(context, sheet, row, one, INPUT if named_nobody else TILE)
    sheet.hidden |= dict.fromkeys(_unknown(rows), True)
    sheet.add_table("ActionList", f"A{HEAD_ROW}:{_LAST}{last}")
    check_statuses(sheet, f"{STATUS}{FIRST_ROW}:{STATUS}{last}")
    sheet.heights[HEAD_ROW] = 22
    sheet.freeze_panes = f"A{FIRST_ROW}"
    below = write_called(context.model, sheet, context.card, last) if carried else last
    set_page(sheet, context.card.title, [f"A1:{_LAST}{below}"])
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    partners = {row for row, one in enumerate(rows, FIRST_ROW) if not isinstance(one, Action)}
    sheet.row_breaks = page_ends(sheet, FIRST_ROW, below, context.card.rules.brand.paper, partners)
    _name_once(sheet, [row for row, one in enumerate(rows, FIRST_ROW) if isinstance(one, Action)])
    grey_where(sheet, f"A{FIRST_ROW}:{_LAST}{last}", f"$H{FIRST_ROW}={translate_formula(DONE)}")


def _longest(texts: Iterable[str | None]) -> list[str]:
    """Return some of the longest texts, one of which takes most room."""
    return sorted(filter(None, texts), key=len)[-10:]


def _name_nobody(card: Scorecard) -> bool:
    """Tell whether the answers that ask for calls say not whose they are: it is partners who are called."""
    ask = bool(card.more_to_call) or not card.actions  # else advocates alone are called, and each has its call
    return ask and all(one.kind == LOST_ADVOCATE for one in card.actions)


def _name_once(sheet: SheetModel, calls: Sequence[int]) -> None:
    """Show the name of a partner no more where it stands in the row above, and on the same page.

    It is in each row for whoever sorts and filters: a name whose row above was filtered away is shown.
    """
    tops = {row + 1 for row in sheet.row_breaks}
    hidden = [row for row in calls if row not in tops]
    if not hidden:
        return
    starts = [row for place, row in enumerate(hidden) if not place or hidden[place - 1] != row - 1]
    ends = [row for place, row in enumerate(hidden, 1) if place == len(hidden) or hidden[place] != row + 1]
    cells = " ".join(f"A{start}:A{end}" for start, end in zip(starts, ends, strict=True))
    first, above = f"$A{hidden[0]}", f"$A{hidden[0] - 1}"
    sheet.colour_where(cells, f"AND({first}={above},SUBTOTAL(103,{above})=1)", colours(WHITE))


@dataclass(frozen=True, slots=True)
class _Partner:
    """The row of a partner: how many people of it are to be called, and why it comes first, if it does."""

    name: str | None
    people: int
    due: dt.date | None
    owner: str | None
    value: float | None
    first: AtRisk | None
    called: Called | None = None


def _rows(card: Scorecard, shown: Sequence[Action]) -> list[_Partner | Action]:
    """Return a row for each partner with its calls beneath; whoever is called first stands there in any case.

    Where the answers name nobody, so does each partner of which some ask for a call, those worth most first.
    """
    by_partner: dict[str | None, list[Action]] = {one.partner: [] for one in card.call_first}
    for action in shown:
        by_partner.setdefault(action.partner, []).append(action)
    first = {one.partner: one for one in card.call_first}
    known = {one.name: one for one in card.partners}
    unlisted = Counter[str | None](one.partner for one in card.actions[len(shown) :] if one.kind != LOST_ADVOCATE)
    for (name, _), people in card.more_to_call.items():
        unlisted[name] += people
    soon = due_days(card)[DETRACTOR] if (named_nobody := _name_nobody(card)) else None
    if named_nobody:
        for name in card.more_by_partner:
            by_partner.setdefault(name, [])
    rows = list[_Partner | Action]()
    for name, calls in by_partner.items():
        partner = known.get(name or "")
        at_risk = first.get(name or "")
        days = [one.due for one in calls] + [at_risk.due if at_risk is not None else soon]  # the page says that day
        due = min((day for day in days if day is not None), default=None)
        owner = partner.owner if partner is not None else None
        value = partner.annual_value if partner is not None else None
        people = sum(one.kind != LOST_ADVOCATE for one in calls) + unlisted[name]
        noted = card.bound.partners.get(same_name(name))
        rows += [_Partner(name, people, due, owner, value, at_risk, noted), *calls]
    return rows


def is_listed(card: Scorecard) -> bool:
    """Tell whether the sheet has somebody to call, or what became of earlier calls."""
    return bool(_rows(card, card.actions[:MOST_CALLS])) or card.carried is not None


def last_row(card: Scorecard) -> int:
    """Return the last row of the table of a scorecard's calls."""
    return HEAD_ROW + len(_rows(card, card.actions[:MOST_CALLS]))


def open_rows(card: Scorecard) -> list[int]:
    """Return the rows in which a status may be chosen, and a day and words written beside it."""
    last = last_row(card)
    return [*range(FIRST_ROW, last + 1), *earlier_rows(card, last)]


def told_calls(calls: int, listed: int, last: int, period: str, still_open: int | None = None) -> Live:
    """Say how many calls there are, and how many of those listed have been made; it follows the statuses.

    `last` is the last row of the table. Every listed call is open unless it is told how many still are.
    """
    status = f"$H${FIRST_ROW}:$H${last}"
    one, other = message("{n} call to make for {period}"), message("{n} calls to make for {period}")
    made = translate_count(calls, one, other, period=period)
    left = given(f"COUNTIF({status},{translate_formula(OPEN)})", listed if still_open is None else still_open)
    if calls > listed:
        listed_here: Given = counted(listed)
        all_open = tell("{calls}; all {listed} listed here are open.", calls=made, listed=listed_here)
        words = tell(
            "{calls}; {open} of the {listed} listed here are open.",
            calls=made,
            open=counted(left),
            listed=listed_here,
        )
        return live(when(left.equals(listed), all_open, words))
    every: Given = (
        tell("{calls}, all still open.", calls=made) if calls > 1 else tell("{calls}, still open.", calls=made)
    )
    some = tell("{calls}, {open} still open.", calls=made, open=counted(left))
    return live(when(left.equals(listed), every, some))


def _unknown(rows: Sequence[_Partner | Action]) -> list[str]:
    """Return the columns of what is known of nobody: who answered, by when to call, whose the partner is, its value."""
    partners, calls = _parted(rows)
    known = {
        "B": any(one.people for one in partners) or any(one.who for one in calls),
        "C": any(one.due for one in partners) or any(one.due for one in calls),
        "D": any(one.owner for one in partners),
        "G": any(one.value is not None for one in partners),
    }
    return [letter for letter, there in known.items() if not there]


def _parted(rows: Sequence[_Partner | Action]) -> tuple[list[_Partner], list[Action]]:
    return [one for one in rows if isinstance(one, _Partner)], [one for one in rows if isinstance(one, Action)]


def _note(card: Scorecard, valued: bool) -> str:
    more = card.calls - MOST_CALLS
    order = (
        translate("Partners to call first come first, then those worth most. Choose a status; add a date and a note.")
        if valued
        else translate("Partners to call first come first. Choose a status; add a date and a note.")
    )
    if _name_nobody(card) and card.more_to_call:
        return order + " " + translate("The answers do not say who gave them.")
    if more <= 0:
        return order
    return order + " " + translate("{more} more are not listed here: partnerkpi actions prints them all.", more=more)


def _partner(context: SheetContext, sheet: SheetModel, row: int, one: _Partner, ground: str) -> None:
    """Write the row of a partner: what it is worth, and what is known of it as a whole; `ground` is to be filled in."""
    words = ROW.but(vertical="top", bold=True, fill=TILE)
    people = translate_count(one.people, "{n} person", "{n} people") if one.people else None
    first = one.first
    nps = " → ".join(whole(nps) for nps in first.course) if first is not None else ""
    alerts = first.alerts if first is not None else ()
    reasons = [translated(alert.sentence) for alert in alerts]
    if nps and any(alert.rule == FALLEN and alert.kpi == "nps" for alert in alerts[1:]):  # which says what it is now
        nps, reasons = "", reasons[1:]
    why = current_language()("format.next").join([f"NPS {nps}", *reasons[1:]] if nps and reasons else reasons)
    if not why and ground == INPUT and one.people:
        why = translate_count(one.people, "{n} detractor", "{n} detractors")
    kind = translate("call first") if first is not None else None
    name = one.name if one.name is not None else translate(NO_NAME)
    for column, value in enumerate((name, people, one.due, one.owner, kind, why or None), 1):
        look = words.but(wrap=True) if _HEADS[column - 1] in ("Partner", "Why") else words
        context.model.put_if_known(sheet, (row, column), value, look)
    money = ROW_NUMBER.but(number=COUNT, vertical="top", bold=True, fill=TILE)
    context.model.put_if_known(sheet, (row, 7), one.value, money)
    if one.called is not None:
        context.model.put(sheet, (row, 8), translate(one.called.status), CHOSEN)
    else:
        context.model.blank(sheet, (row, 8), CHOSEN if ground == INPUT else words)
    write_typed(context.model, sheet, row, one.called, ground)
    if (lines := max(lines_in_column(why, _WIDTHS[5] - 2), lines_in_column(name, _WIDTHS[0]))) > 1:
        sheet.heights[row] = 15.0 * lines


def _call(context: SheetContext, sheet: SheetModel, row: int, action: Action) -> None:
    """Write the row of a call beneath its partner, whose name it repeats for whoever filters."""
    words = ROW.but(vertical="top")
    name = action.partner if action.partner is not None else translate(NO_NAME)
    values = (name, action.who, action.due, None, translate(KINDS[action.kind]), translated(action.reason))
    for column, value in enumerate(values, 1):
        look = words.but(wrap=True) if _HEADS[column - 1] == "Why" else words
        look = look.but(colour=MUTED, indent=1) if column == 1 else look  # in one line: it belongs to no other row
        context.model.put_if_known(sheet, (row, column), value, look)
        if column < 3 and lines_in_column(str(value or ""), sheet.widths["AB"[column - 1]] - 2 * look.indent) > 1:
            sheet.restyle(row, column, alignment=_SHRUNK[column - 1])
    if (lines := lines_in_column(str(values[5]), _WIDTHS[5])) > 1:
        sheet.heights[row] = 15.0 * lines
    context.model.blank(sheet, (row, 7), words)
    context.model.put(sheet, (row, 8), translate(action.status), CHOSEN)
    sheet.restyle(row, 8, protection=Protection(locked=False))
    write_typed(context.model, sheet, row, action.called)
