"""Draw the picture of README and the gallery: pages of the demo's scorecard and of a partner's pack, as printed.

Needs soffice, pdftoppm and pdftotext. Run it from anywhere: python docs/make_pictures.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from partnerkpi.config import Config
from partnerkpi.demo import write_demo_data
from partnerkpi.results.kinds import sort_out
from partnerkpi.scorecard.build import build_scorecard
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import for_partner, for_review
from partnerkpi.tables.workspace import Workspace
from partnerkpi.workbook.build import write_workbook

DOCS = Path(__file__).resolve().parent
GALLERY = DOCS / "gallery"
WIDTH = 1400  # pixels: sharp on a high-resolution screen at the width of a README
GALLERY_WIDTH = 1000
#: The sheets in the gallery, by the heading of their first page, and the partner whose pack is shown.
SHEETS = ("NPS", "Advocacy", "Retention", "Trend", "Comments", "Actions", "Benchmarks")
PARTNER = "Kestrelane Consulting"


def main() -> None:
    """Write docs/scorecard.png and the pages in docs/gallery."""
    tools = ("soffice", "pdftoppm", "pdftotext")
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        sys.exit(f"{' and '.join(missing)} not found: install LibreOffice and poppler-utils")
    GALLERY.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        card = demo_card(folder)
        printed = print_workbook(card, folder / "scorecard.xlsx")
        draw(printed, 1, DOCS / "scorecard.png", WIDTH)
        headings = first_lines(printed)
        for sheet in SHEETS:
            draw(printed, headings.index(sheet) + 1, GALLERY / f"scorecard-{sheet.lower()}.png", GALLERY_WIDTH)
        draw_cases(folder)
        review = print_workbook(for_review(card, PARTNER), folder / "review.xlsx")
        for page, what in ((1, "scorecard"), (2, "review")):
            draw(review, page, GALLERY / f"pack-{what}.png", GALLERY_WIDTH)
        draw_pack(card, folder)


def draw_cases(folder: Path) -> None:
    """Draw the first page as it is made of less: answers alone, activities, customers, and one period."""
    files = write_demo_data(folder)
    cases = {
        "answers": ([files.responses], Config()),
        "activities": ([files.activities, files.partners], Config()),
        "customers": ([files.customers], Config()),
        "one-period": ([files.responses, files.partners], Config(period="all")),
    }
    for name, (sources, config) in cases.items():
        with Workspace() as workspace:
            card = build_scorecard(sort_out(workspace, [str(path) for path in sources], {}, {}), config)
        printed = print_workbook(card, folder / f"{name}.xlsx")
        draw(printed, 1, GALLERY / f"page-{name}.png", GALLERY_WIDTH)


def draw_pack(card: Scorecard, folder: Path) -> None:
    """Draw what a partner receives."""
    pack = print_workbook(for_partner(card, PARTNER), folder / "pack.xlsx")
    for page, what in enumerate(("together", "plan", "others", "counts"), 1):
        draw(pack, page, GALLERY / f"pack-{what}.png", GALLERY_WIDTH)


def demo_card(folder: Path) -> Scorecard:
    """Return the scorecard of the demo's data, which is the same on every machine."""
    files = write_demo_data(folder)
    with Workspace() as workspace:
        sources = [str(path) for path in (files.responses, files.activities, files.customers, files.partners)]
        return build_scorecard(sort_out(workspace, sources, {}, {}), Config())


def print_workbook(card: Scorecard, path: Path) -> Path:
    """Write a workbook and print it with a fresh LibreOffice profile; return the printed file."""
    write_workbook(card, path)
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    office = ["soffice", profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(path.parent)]
    subprocess.run([*office, str(path)], check=True, capture_output=True)
    return path.with_suffix(".pdf")


def first_lines(printed: Path) -> list[str]:
    """Return how each page begins: with the heading of a sheet, at whose right end a link may stand."""
    text = subprocess.run(
        ["pdftotext", "-layout", str(printed), "-"], check=True, capture_output=True, text=True
    ).stdout
    lines = [page.strip().splitlines()[0] if page.strip() else "" for page in text.split("\f")]
    return [line.split("‹")[0].strip() for line in lines]


def draw(printed: Path, page: int, picture: Path, width: int) -> None:
    """Draw one page."""
    size = ["-scale-to-x", str(width), "-scale-to-y", "-1", "-f", str(page), "-l", str(page), "-singlefile"]
    target = str(picture.with_suffix(""))  # pdftoppm adds the ending itself
    subprocess.run(["pdftoppm", "-png", *size, str(printed), target], check=True)
    print(picture.relative_to(DOCS))


if __name__ == "__main__":
    main()
