"""Draw the pictures of docs/mail.md: the demo's message as a browser shows it, light and dark, wide and on a phone.

Needs chromium. Run it from anywhere: python docs/make_mail_pictures.py
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from make_pictures import DOCS, demo_card

from partnerkpi.config import Config
from partnerkpi.language import language
from partnerkpi.mail.compose import Renderer
from partnerkpi.mail.content import from_scorecard
from partnerkpi.mail.message import message_of, title_of

GALLERY = DOCS / "gallery"
WIDTHS = (600, 360)
#: What the reader's system prefers, as Chromium counts it.
MODES = {"light": "1", "dark": "0"}
LANGUAGES = {"": "en", "de-": "de"}

#: The message in a frame, since a window is never narrower than 500 pixels; its height becomes the title.
FRAME = """<!DOCTYPE html><html><head><title></title></head><body>
<iframe width="{width}" height="800" style="border:0"></iframe><script>
const frame = document.querySelector("iframe");
frame.onload = () => {{ document.title = frame.contentDocument.documentElement.scrollHeight; }};
frame.srcdoc = {html};
</script></body></html>"""


def main() -> None:
    """Write a picture for each language, width and mode into docs/gallery."""
    browser = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    if browser is None:
        sys.exit("chromium not found: install it")
    GALLERY.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = from_scorecard(demo_card(folder))
        for prefix, code in LANGUAGES.items():
            say = language(code)
            words = message_of(content, code, f"{title_of(content, say)} {say.period(content.period)}.xlsx")
            page = folder / f"{code}.html"
            page.write_text(Renderer(Config()).render(words, "Ana Ruiz").html, encoding="utf-8")
            for width in WIDTHS:
                for mode, number in MODES.items():
                    draw(browser, page, width, number, GALLERY / f"mail-{prefix}{width}-{mode}.png")


def draw(browser: str, page: Path, width: int, mode: str, picture: Path) -> None:
    """Draw the whole page at a width; its height is asked of the browser first."""
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    options.append(f"--blink-settings=preferredColorScheme={mode}")
    measured = page.with_name("measured.html")
    text = json.dumps(page.read_text(encoding="utf-8")).replace("</", "<\\/")
    measured.write_text(FRAME.format(width=width, html=text), encoding="utf-8")
    asked = [browser, *options, "--window-size=800,1000", "--dump-dom", measured.as_uri()]
    shown = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    height = re.search(r"<title>(\d+)</title>", shown)
    if height is None:
        sys.exit(f"{browser} did not tell the height of the page")
    size = f"--window-size={width},{height[1]}"
    subprocess.run([browser, *options, size, f"--screenshot={picture}", page.as_uri()], check=True, capture_output=True)
    print(picture)


if __name__ == "__main__":
    main()
