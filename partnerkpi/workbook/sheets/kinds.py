"""What the activities of each kind are worth, on Advocacy: in the chosen period and in all of them."""

from __future__ import annotations

from functools import partial

from partnerkpi.scorecard.worth import Kind
from partnerkpi.workbook.figures.worth import kinds_of
from partnerkpi.workbook.model.sheet import SheetModel
from partnerkpi.workbook.model.theme import COUNT, NOTE, SECTION
from partnerkpi.workbook.model.translation import current_language, message, translate, translate_count
from partnerkpi.workbook.model.values import Value, clean_text
from partnerkpi.workbook.sheets.listing import Entry, Field, Place, write_entry, write_heads
from partnerkpi.workbook.sheets.parts import SheetContext

_HEADS = {
    "activities": (message("Activities"), message("Activities,\nall periods")),
    "valued": (message("With a\nvalue"), message("With value,\nall periods")),
    "value": (message("Value"), message("Value,\nall periods")),
}


def write_kinds(context: SheetContext, sheet: SheetModel, top: int) -> int:
    """Write a row for each kind of activities that is worth something; return the row below."""
    kinds = kinds_of(context.card)
    if not kinds:
        return top
    model, card = context.model, context.card
    whole = {name: sum((card.worth.kinds.get((name, one), Kind()) for one in card.periods), Kind()) for name in kinds}
    number = current_language().number
    valued, worth = sum(one.valued for one in whole.values()), sum(one.value for one in whole.values())
    title = translate_count(
        valued,
        message("{n} activity of all periods says what it is worth: {value}"),
        message("{n} activities of all periods say what they are worth: {value} in all"),
        value=number(worth),
    )
    model.put(sheet, (top, 1), title, SECTION)
    fields = _fields(context)
    write_heads(model, sheet, top + 1, translate("Kind"), fields)
    row = top + 1
    for row, name in enumerate(kinds, top + 2):
        known = card.worth.kinds.get((name, card.current), Kind()), whole[name]
        write_entry(
            model, sheet, row, fields, Entry(clean_text(name) or translate("(not given)"), row - top - 1, known)
        )
    note = translate("The value is that of the file with the activities. Kinds without a value are not listed.")
    model.put(sheet, (row + 1, 1), note, NOTE)
    return row + 2


def _fields(context: SheetContext) -> list[Field[tuple[Kind, Kind]]]:
    def value(which: str, place: int, k: tuple[Kind, Kind]) -> Value:
        return float(getattr(k[place], which))

    def now(which: str, p: Place) -> str:
        return context.layout.chosen(f"kind_{p.number}_{which}")

    def ever(which: str, p: Place) -> str:
        return f"SUM({context.layout.figure(f'kind_{p.number}_{which}')})"

    return [
        Field(f"{which}_{place}", translate(heads[place]), partial(formula, which), partial(value, which, place), COUNT)
        for place, formula in enumerate((now, ever))
        for which, heads in _HEADS.items()
    ]
