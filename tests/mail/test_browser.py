"""The message in a browser that draws it: nothing sticks out on a phone, and dark mode is dark."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cards import card, filled, odd_cards
from office import need

from partnerkpi.config import Config
from partnerkpi.language import LANGUAGES
from partnerkpi.mail.compose import Renderer
from partnerkpi.mail.content import PageContent, from_scorecard
from partnerkpi.mail.message import message_of
from partnerkpi.scorecard.packs import for_partner

BROWSER = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)


@pytest.fixture(autouse=True)
def _browser() -> None:
    if BROWSER is None:
        need("chromium")


#: A page with the message in a frame, since a window is never narrower than 500 pixels. It writes into its title what a
#: reader would see: how wide the message is, and its colours.
FRAME = """<!DOCTYPE html><html><head><title></title></head><body><iframe width="{width}" height="900"></iframe><script>
const frame = document.querySelector("iframe");
frame.onload = () => {{
  const page = frame.contentDocument, card = frame.contentWindow.getComputedStyle(page.querySelector(".card"));
  document.title = [page.documentElement.scrollWidth, card.backgroundColor, card.color].join("|");
}};
frame.srcdoc = {html};
</script></body></html>"""


def shown(page: PageContent, code: str, width: int, folder: Path, *, dark: bool = False) -> list[str]:
    """Return the width of the page, the colour of its ground and of its text."""
    assert BROWSER is not None
    html = Renderer(Config()).render(message_of(page, code, "Partner scorecard Q3 2026.xlsx"), "Ana").html
    file = folder / "mail.html"
    text = json.dumps(html).replace("</", "<\\/")
    file.write_text(FRAME.format(width=width, html=text), encoding="utf-8")
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    options += [f"--blink-settings=preferredColorScheme={0 if dark else 1}", "--window-size=800,1000"]
    done = subprocess.run(
        [BROWSER, *options, "--dump-dom", file.as_uri()], capture_output=True, text=True, check=True, timeout=120
    )
    found = re.search(r"<title>(.*?)</title>", done.stdout)
    assert found is not None
    return found[1].split("|")


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_nothing_sticks_out_on_a_phone(code: str, tmp_path: Path) -> None:
    """On a page 360 pixels wide nothing is wider, in any language."""
    assert int(shown(from_scorecard(odd_cards()["usual"]), code, 360, tmp_path)[0]) <= 360


def test_long_names_are_folded(tmp_path: Path) -> None:
    """A name of 300 letters without a space makes no page wider."""
    long = card(filled(("x" * 300, "Acme", None)))
    for page in (from_scorecard(long), from_scorecard(for_partner(long, "x" * 300))):
        assert int(shown(page, "en", 360, tmp_path)[0]) <= 360


def test_dark_mode(tmp_path: Path) -> None:
    """Where the reader's system is dark the message is, and light where it is light."""
    page = from_scorecard(odd_cards()["usual"])
    assert shown(page, "en", 600, tmp_path)[1:] == ["rgb(255, 255, 255)", "rgb(27, 42, 65)"]
    assert shown(page, "en", 600, tmp_path, dark=True)[1:] == ["rgb(27, 37, 53)", "rgb(238, 241, 246)"]
