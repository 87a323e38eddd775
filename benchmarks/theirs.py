"""What is in a workbook of ours, and XlsxWriter writing the same: cells, sizes, rules, lists, names and charts."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any, cast

from lxml import etree

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_X = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_COLUMN_PIXELS, _ROW_PIXELS = 87, 20

Look = tuple[tuple[str, object], ...]
Content = dict[str, Any]


def content_of(path: Path) -> Content:
    """Return everything of a workbook that XlsxWriter can write as well."""
    import openpyxl

    from benchmarks.workbook import _cells_of

    book = openpyxl.load_workbook(path)
    cells = {title: (widths, rows) for title, widths, rows in _cells_of(path)}
    charts = _charts_of(path)
    sheets = []
    for sheet in book.worksheets:
        widths, rows = cells[sheet.title]
        sheets.append(
            {
                "title": sheet.title,
                "widths": widths,
                "rows": rows,
                "heights": {row - 1: one.height for row, one in sheet.row_dimensions.items() if one.height},
                "merged": [one.coord for one in sheet.merged_cells.ranges],
                "rules": [
                    (str(where.sqref), *_rule(rule))
                    for where in cast(Any, sheet.conditional_formatting)
                    for rule in where.rules
                ],
                "checks": [(str(one.sqref), _check(one)) for one in sheet.data_validations.dataValidation],
                "tables": [
                    (one.ref, one.displayName, [column.name for column in one.tableColumns], one.autoFilter is not None)
                    for one in sheet.tables.values()
                ],
                "freeze": sheet.freeze_panes,
                "landscape": sheet.page_setup.orientation == "landscape",
                "foot": (sheet.oddFooter.left.text or "") if sheet.oddFooter is not None else "",
                "titles": sheet.print_title_rows,
                "charts": charts.get(sheet.title, []),
            }
        )
    names = {name: one.attr_text for name, one in book.defined_names.items()}
    return {"sheets": sheets, "names": names, "title": book.properties.title}


def _rule(rule: Any) -> tuple[str, Look]:
    """Return what a rule asks, and the look that it gives; a bar asks nothing and has ends."""
    if rule.type != "dataBar":
        return rule.formula[0], _rule_look(rule.dxf)
    low, high = rule.dataBar.cfvo
    ends = {"min_type": low.type, "min_value": low.val, "max_type": high.type, "max_value": high.val}
    bar = {"bar_color": f"#{rule.dataBar.color.rgb[2:]}", "bar_only": True, "bar_solid": True}
    return "a bar", tuple(({name: value for name, value in ends.items() if value is not None} | bar).items())


def _rule_look(style: Any) -> Look:
    look: dict[str, object] = {}
    if style.numFmt is not None:
        look["num_format"] = style.numFmt.formatCode
    if style.font is not None and style.font.color is not None:
        look["font_color"] = f"#{style.font.color.rgb[2:]}"
    if style.font is not None and style.font.b:
        look["bold"] = True
    if style.fill is not None and style.fill.bgColor is not None and style.fill.fill_type == "solid":
        look["bg_color"] = f"#{style.fill.bgColor.rgb[2:]}"
    return tuple(look.items())


def _check(one: Any) -> dict[str, Any]:
    about = {"input_title": one.promptTitle, "input_message": one.prompt}
    about |= {"error_title": one.errorTitle, "error_message": one.error}
    if one.type == "list":
        source = one.formula1
        values = source.strip('"').split(",") if source.startswith('"') else f"={source}"
        return {"validate": "list", "source": values, **about}
    if one.type is None:
        return {"validate": "any", **{part: text for part, text in about.items() if text is not None}}
    kind = {"whole": "integer"}.get(one.type, one.type)
    ends = {"minimum": _end(one.formula1), "maximum": _end(one.formula2)}
    return {"validate": kind, "criteria": "between", **ends, **about}


def _end(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return f"={text}"  # a cell


def _charts_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the charts of each sheet: where they lie, their kind, series and axes."""
    import openpyxl

    found: dict[str, list[dict[str, Any]]] = {}
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        titles = [sheet.title for sheet in openpyxl.load_workbook(path, read_only=True).worksheets]
        for number, title in enumerate(titles, 1):
            relations = f"xl/worksheets/_rels/sheet{number}.xml.rels"
            if relations not in names:
                continue
            drawing = re.search(r"drawings/(drawing\d+)\.xml", archive.read(relations).decode())
            if drawing is None:
                continue
            relations = f"xl/drawings/_rels/{drawing.group(1)}.xml.rels"
            of_id = {
                one.get("Id"): one.get("Target", "").rsplit("/", 1)[-1]
                for one in etree.fromstring(archive.read(relations))
            }
            root = etree.fromstring(archive.read(f"xl/drawings/{drawing.group(1)}.xml"))
            for anchor in root.iter(f"{_X}twoCellAnchor"):
                ends = [[int(one.text or 0) for one in anchor.iterfind(f"{_X}{end}/*")] for end in ("from", "to")]
                chart = next(anchor.iter(f"{_C}chart"))
                key = next(value for name, value in chart.attrib.items() if str(name).endswith("id"))
                words = next(anchor.iter(f"{_X}cNvPr")).get("descr", "")
                part = etree.fromstring(archive.read(f"xl/charts/{of_id[str(key)]}"))
                found.setdefault(title, []).append({"ends": ends, "words": words, **_chart(part)})
    return found


def _chart(root: Any) -> dict[str, Any]:
    plot = next(root.iter(f"{_C}plotArea"))
    line = plot.find(f"{_C}lineChart")
    drawn = line if line is not None else plot.find(f"{_C}barChart")
    kind = {"type": "line"} if line is not None else {"type": "column"}
    grouping = drawn.find(f"{_C}grouping").get("val")
    if line is None and drawn.find(f"{_C}barDir").get("val") == "bar":
        kind["type"] = "bar"
    if grouping == "percentStacked":
        kind["subtype"] = "percent_stacked"
    axis = plot.find(f"{_C}valAx")
    scale = {
        name: float(axis.find(f"{_C}scaling/{_C}{name}").get("val"))
        for name in ("min", "max")
        if axis.find(f"{_C}scaling/{_C}{name}") is not None
    }
    deleted = axis.find(f"{_C}delete")  # which may be left out
    hidden = deleted is not None and deleted.get("val") == "1"
    legend = root.find(f"{_C}chart/{_C}legend") is not None
    series = [_series(one, kind["type"]) for one in drawn.findall(f"{_C}ser")]
    return {"kind": kind, "scale": scale, "hidden": hidden, "legend": legend, "series": series}


def _series(one: Any, kind: str) -> dict[str, Any]:
    def colour(element: Any) -> str | None:
        found = element.find(f"{_A}solidFill/{_A}srgbClr") if element is not None else None
        return f"#{found.get('val')}" if found is not None else None

    made: dict[str, Any] = {
        "name": one.findtext(f"{_C}tx/{_C}v"),
        "categories": "=" + one.findtext(f"{_C}cat/*/{_C}f"),
        "values": "=" + one.findtext(f"{_C}val/*/{_C}f"),
    }
    shape = one.find(f"{_C}spPr")
    if kind == "line":
        edge = colour(shape.find(f"{_A}ln"))
        made["line"] = {"color": edge, "width": 2.25} if edge else {"none": True}
        symbol = one.find(f"{_C}marker/{_C}symbol").get("val")
        size, fill = one.find(f"{_C}marker/{_C}size"), colour(one.find(f"{_C}marker/{_C}spPr"))
        made["marker"] = {"type": symbol, "size": int(size.get("val")) if size is not None else 5}
        if fill and symbol != "none":
            made["marker"] |= {"fill": {"color": fill}, "border": {"none": True}}
    else:
        made["fill"] = {"color": colour(shape)}
    if one.find(f"{_C}dLbls") is not None:
        font = {"color": "#1B2A41", "size": 9, "name": "Calibri", "bold": True}
        made["data_labels"] = {"value": True, "font": font, "position": "center" if kind == "bar" else None}
        if made["data_labels"]["position"] is None:
            del made["data_labels"]["position"]
    bars = one.find(f"{_C}errBars")
    if bars is not None:
        made["y_error_bars"] = {
            "type": "custom",
            "end_style": 0,
            "plus_values": "=" + bars.findtext(f"{_C}plus/*/{_C}f"),
            "minus_values": "=" + bars.findtext(f"{_C}minus/*/{_C}f"),
            "line": {"color": "#C9D8E8", "width": 6},
        }
    return made


def write_theirs(content: Content, path: Path) -> None:
    """Write it all with XlsxWriter."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path)
    book.set_properties({"title": content["title"], "author": "partnerkpi"})
    formats: dict[Look, Any] = {}

    def style(look: Look) -> Any:
        found = formats.get(look)
        if found is None:
            found = formats[look] = book.add_format(dict(look))
        return found

    made = [(one, book.add_worksheet(one["title"])) for one in content["sheets"]]
    for one, sheet in made:
        for column, width in one["widths"].items():
            sheet.set_column(column, column, width)
        for row, height in one["heights"].items():
            sheet.set_row(row, height)
        for ref in one["merged"]:
            sheet.merge_range(ref, "")
        for ref, name, heads, buttons in one["tables"]:
            columns = [{"header": head} for head in heads]
            sheet.add_table(ref, {"name": name, "columns": columns, "autofilter": buttons, "style": None})
        for row, cells in one["rows"]:
            for column, kind, value, formula, look in cells:
                worn = style(look)
                if formula is not None:
                    sheet.write_formula(row, column, formula, worn, "" if value is None else value)
                elif kind == "s":
                    sheet.write_string(row, column, value, worn)
                elif kind == "n":
                    sheet.write_number(row, column, value, worn)
                else:
                    sheet.write_blank(row, column, None, worn)
        for ref, formula, look in one["rules"]:
            rule = {"type": "data_bar", **dict(look)}
            if formula != "a bar":
                rule = {"type": "formula", "criteria": f"={formula}", "format": style(look)}
            for part in ref.split():
                sheet.conditional_format(part, rule)
        for ref, check in one["checks"]:
            for part in ref.split():
                sheet.data_validation(part, dict(check))
        _page(sheet, one)
        for chart in one["charts"]:
            _draw(book, sheet, chart)
    for name, target in content["names"].items():
        book.define_name(name, f"={target}")
    book.close()


def _page(sheet: Any, one: dict[str, Any]) -> None:
    if one["freeze"]:
        sheet.freeze_panes(one["freeze"])
    (sheet.set_landscape if one["landscape"] else sheet.set_portrait)()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    sheet.center_horizontally()
    sheet.set_footer(f"&L&8&K5B6472{one['foot']}&R&8&K5B6472Page &P of &N")
    if one["titles"]:
        first, last = (int(row.strip("$")) - 1 for row in one["titles"].split(":"))
        sheet.repeat_rows(first, last)


def _draw(book: Any, sheet: Any, one: dict[str, Any]) -> None:
    chart = book.add_chart(dict(one["kind"]))
    for series in one["series"]:
        chart.add_series(dict(series))
    font = {"color": "#5B6472", "size": 9, "name": "Calibri"}
    chart.set_x_axis(
        {"num_font": font, "major_tick_mark": "none", "label_position": "low", "visible": not one["hidden"]}
    )
    chart.set_y_axis(
        {"num_font": font, "major_gridlines": {"visible": True, "line": {"color": "#D9DEE5"}}, "num_format": "0"}
        | {"visible": not one["hidden"], **one["scale"]}
    )
    chart.set_legend({"position": "top", "font": font} if one["legend"] else {"none": True})
    chart.show_blanks_as("span")
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_plotarea({"layout": {"x": 0.06, "y": 0.16, "width": 0.92, "height": 0.68}})
    (left, _, top, _), (right, _, bottom, _) = one["ends"]
    size = {"width": (right - left + 1) * _COLUMN_PIXELS, "height": (bottom - top) * _ROW_PIXELS}
    chart.set_size(size)
    sheet.insert_chart(top, left, chart, {"description": one["words"], "object_position": 1})


def same(ours: Content, theirs: Content) -> None:
    """Compare two workbooks in all that both can hold: AssertionError, naming the sheet."""
    for one, other in zip(ours["sheets"], theirs["sheets"], strict=True):
        title = one["title"]
        assert title == other["title"]
        assert _values(one) == _values(other), f"{title}: cells"
        for row in one["heights"].keys() | other["heights"].keys():  # XlsxWriter rounds them to whole pixels
            near = abs(one["heights"].get(row, 15) - other["heights"].get(row, 15)) < 0.5
            assert near, f"{title}: height of row {row + 1}"
        for part in ("freeze", "landscape", "foot", "titles"):
            assert one[part] == other[part], f"{title}: {part}"
        assert sorted(one["merged"]) == sorted(other["merged"]), f"{title}: merged cells"
        rules = [sorted(rule[:2] for rule in which["rules"]) for which in (one, other)]
        assert rules[0] == rules[1], f"{title}: colour rules"
        assert sorted(one["checks"], key=str) == sorted(other["checks"], key=str), f"{title}: what may be entered"
        assert one["tables"] == other["tables"], f"{title}: tables"
        drawn = [[_drawn(chart) for chart in which["charts"]] for which in (one, other)]
        assert drawn[0] == drawn[1], f"{title}: charts"
    names = [{key: text for key, text in which["names"].items() if key[0] != "_"} for which in (ours, theirs)]
    assert names[0] == names[1], "names"


def _values(sheet: Content) -> dict[tuple[int, int], tuple[object, ...]]:
    """Return places, kinds, values, formulas and number formats; blank cells below merged ones are read as none."""
    return {
        (row, cell[0]): (*cell[1:4], dict(cell[4])["num_format"])
        for row, cells in sheet["rows"]
        for cell in cells
        if cell[1] != "blank" or cell[3] is not None
    }


def _drawn(chart: dict[str, Any]) -> tuple[object, ...]:
    """Return what a chart draws."""
    series = [(one["values"].replace("'", ""), one["categories"].replace("'", "")) for one in chart["series"]]
    return chart["kind"], chart["words"], chart["legend"], series
