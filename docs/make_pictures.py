"""Draw the picture of README: the first page of the demo's scorecard, as LibreOffice prints it.

Needs soffice and pdftoppm. Run it from anywhere: python docs/make_pictures.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from partnerkpi.config import Config
from partnerkpi.demo import write_demo_data
from partnerkpi.scorecard.build import build_scorecard
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.kinds import sort_out
from partnerkpi.tables.read import Workspace
from partnerkpi.workbook.build import write_workbook

DOCS = Path(__file__).resolve().parent
WIDTH = 1400  # pixels: sharp on a high-resolution screen at the width of a README


def main() -> None:
    """Write docs/scorecard.png."""
    missing = [tool for tool in ("soffice", "pdftoppm") if shutil.which(tool) is None]
    if missing:
        sys.exit(f"{' and '.join(missing)} not found: install LibreOffice and poppler-utils")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workbook = folder / "scorecard.xlsx"
        write_workbook(demo_card(folder), workbook)
        draw_first_page(workbook, DOCS / "scorecard.png")
    print(DOCS / "scorecard.png")


def demo_card(folder: Path) -> Scorecard:
    """Return the scorecard of the demo's data, which is the same on every machine."""
    files = write_demo_data(folder)
    with Workspace() as workspace:
        sources = [str(path) for path in (files.responses, files.activities, files.customers, files.partners)]
        return build_scorecard(sort_out(workspace, sources, {}, {}), Config())


def draw_first_page(workbook: Path, picture: Path) -> None:
    """Print the workbook with a fresh LibreOffice profile, and draw the first page."""
    folder = workbook.parent
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    office = ["soffice", profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*office, str(workbook)], check=True, capture_output=True)
    size = ["-scale-to-x", str(WIDTH), "-scale-to-y", "-1"]
    target = str(picture.with_suffix(""))  # pdftoppm adds the ending itself
    pages = ["-f", "1", "-l", "1", "-singlefile"]
    subprocess.run(["pdftoppm", "-png", *size, *pages, str(workbook.with_suffix(".pdf")), target], check=True)


if __name__ == "__main__":
    main()
