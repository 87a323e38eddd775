"""docs/excel.md says what is so: its steps, its numbers and its commands are those of the program and the workbook."""

from __future__ import annotations

import re
from pathlib import Path

from partnerkpi.excel.self_test import FIRST_ROW, cases
from partnerkpi.excel.set_up import STEPS, TROUBLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "excel.md"
TEXT = PAGE.read_text(encoding="utf-8")


def section(heading: str) -> str:
    """Return the text below a heading."""
    (marks,) = re.findall(rf"^(#+) {re.escape(heading)}$", TEXT, re.MULTILINE)
    below = TEXT.split(f"\n{marks} {heading}\n")[1]
    return re.split(rf"^#{{2,{len(marks)}}} ", below, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of a table's rows, without its heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" |")] for line in lines[2:]]


def test_the_page_begins_with_what_to_take() -> None:
    """The first table says for each place what to take, in how many steps, and what does not work there."""
    head = TEXT.split("\n## ")[0]
    assert "| you have | take | steps | what does not work there |" in head
    for place in rows(head):
        assert all(place)
        for link in re.findall(r"\]\(#([\w-]+)\)", place[1]):
            heading = next(one for one in re.findall(r"^## (.+)$", TEXT, re.MULTILINE) if anchor(one) == link)
            steps = rows(section(heading))
            numbered = [step for step in steps if step[0].isdigit()]
            assert len(numbered) == int(place[2]) <= 5, heading
            assert all(what and see for _, what, see in numbered), heading


def anchor(heading: str) -> str:
    """Return the name by which a heading is linked, as Markdown's readers make it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_five_steps_with_what_to_see() -> None:
    """There are five steps, as on the sheet Set-up, and each says what one should see."""
    steps = rows(section("Five steps"))
    assert len(steps) == len(STEPS) == 5
    assert all(what and see for _, what, see in steps)


def test_numbers_of_the_self_test() -> None:
    """The number of lines and the lines that show errors are those of the workbook."""
    lines = cases()
    errors = [number for number, case in enumerate(lines, 1) if case.is_error]
    assert f"says `{len(lines)}` and `of {len(lines)} pass.`" in section("Five steps")
    checklist = section("Checked, and not yet checked")
    assert f"lines {errors[0]} to {errors[-1]} show real errors" in checklist
    (cell,) = re.findall(r"=ISNA\(E(\d+)\)", checklist)
    assert lines[int(cell) - FIRST_ROW].expected == "#N/A"


def test_troubles_of_the_workbook_are_explained() -> None:
    """What the sheet Set-up knows about, the page explains as well."""
    text = section("When the cells show something else")
    for shown, _, _ in TROUBLES:
        assert shown.split(",")[0].split(" in ")[0] in text or shown.startswith("Figures"), shown


def test_checklist_has_places_for_results() -> None:
    """Each line of each list says when it is right and leaves room for what was seen; nothing is filled in."""
    lists = re.split(r"(?m)^### ", section("Checked, and not yet checked"))[1:]
    assert len(lists) >= 4
    for one in lists:
        checks = rows(one.split("\nRecorded by")[0])
        assert 3 <= len(checks) <= 20
        assert [cells[0] for cells in checks] == [str(number) for number in range(1, len(checks) + 1)]
        assert all(len(cells) == 4 and cells[2] and not cells[3] for cells in checks)
    assert "Recorded by: ____" in TEXT
