"""Draw the demo's workbook as a web page shows it that reads such files: FortuneSheet, wide and on a phone.

FortuneSheet draws neither charts nor rules of colour. Needs chromium and npm, which brings the page's own programs. Run
it from anywhere: python docs/make_web_pictures.py
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from make_pictures import DOCS, GALLERY, demo_card

from partnerkpi.workbook.build import write_workbook

PACKAGES = ("@fortune-sheet/react@1.0.4", "luckyexcel@1.0.1", "react@18", "react-dom@18")
#: Loaded without a module, FortuneSheet is called "react" in the page.
SCRIPTS = (
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
    "@fortune-sheet/react/dist/index.umd.js",
    "luckyexcel/dist/luckyexcel.umd.js",
)
STYLE = "@fortune-sheet/react/dist/index.umd.css"
SIZES = ((1366, 768), (390, 844))
#: How long the page may take, in milliseconds of its own time.
PATIENCE = 20_000

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><link rel="stylesheet" href="{style}">
<style>html, body {{ margin: 0 }} [class*="cell-selected"] {{ display: none }}
#sheet {{ width: {width}px; height: {height}px }}</style></head>
<body><div id="sheet"></div>{scripts}<script>
const bytes = Uint8Array.from(atob("{file}"), (one) => one.charCodeAt(0));
LuckyExcel.transformExcelToLucky(new File([bytes], "scorecard.xlsx"), (found) => {{
  const sheets = found.sheets.map((one) => {{
    const cells = new Map(one.celldata.map((cell) => [cell.r + "_" + cell.c, cell]));
    for (const area of Object.values(one.config.merge || {{}})) {{
      for (let r = area.r; r < area.r + area.rs; r++) for (let c = area.c; c < area.c + area.cs; c++) {{
        const cell = cells.get(r + "_" + c) || {{ r, c, v: {{}} }};
        if (!cells.has(r + "_" + c)) {{ one.celldata.push(cell); }}
        cell.v = {{ ...cell.v, mc: r === area.r && c === area.c ? area : {{ r: area.r, c: area.c }} }};
      }}
    }}
    return {{ ...one, id: one.index, status: one.order === "0" ? 1 : 0, luckysheet_select_save: [] }};
  }});
  const options = {{ data: sheets, showToolbar: false, showFormulaBar: false, allowEdit: false }};
  ReactDOM.createRoot(document.getElementById("sheet")).render(
    React.createElement(react.Workbook, options));
}});
</script></body></html>"""


def main() -> None:
    """Write a picture for each width into docs/gallery."""
    browser = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    npm = shutil.which("npm")
    if browser is None or npm is None:
        sys.exit("chromium and npm are needed: install them")
    GALLERY.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", name, *PACKAGES],
            check=True,
            capture_output=True,
        )
        book = folder / "scorecard.xlsx"
        write_workbook(demo_card(folder), book)
        for width, height in SIZES:
            draw(browser, folder, book, (width, height), GALLERY / f"web-{width}.png")


def draw(browser: str, folder: Path, book: Path, size: tuple[int, int], picture: Path) -> None:
    """Draw the first screen at a size."""
    modules = folder / "node_modules"
    page = folder / f"{size[0]}.html"
    page.write_text(
        PAGE.format(
            style=(modules / STYLE).as_uri(),
            scripts="".join(f'<script src="{(modules / one).as_uri()}"></script>' for one in SCRIPTS),
            file=base64.b64encode(book.read_bytes()).decode(),
            width=size[0],
            height=size[1],
        ),
        encoding="utf-8",
    )
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files"]
    options += [f"--window-size={size[0]},{size[1]}", f"--virtual-time-budget={PATIENCE}", f"--screenshot={picture}"]
    subprocess.run([browser, *options, page.as_uri()], check=True, capture_output=True)
    print(picture.relative_to(DOCS))


if __name__ == "__main__":
    main()
