"""Every sentence that people are told of some thirty scorecards, as one text: `python tests/support/sentences.py de`.

It is there to be read from top to bottom as its reader would: the terminal, the mails in their text form, the page and
the other sheets, the pack of a partner and its review. `--only NAME` prints one card. What is in each workbook word for
word stands once, where it is first said.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import cards
import openpyxl

from partnerkpi.config import Config
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.mail.compose import Renderer
from partnerkpi.mail.content import from_scorecard
from partnerkpi.mail.message import message_of
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import for_partner, for_review
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.scorecard.words import headline
from partnerkpi.settings import Settings
from partnerkpi.workbook.build import build
from partnerkpi.workbook.model import names
from partnerkpi.workbook.writer.writer import Writer

_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = 4  # words; a shorter text of a sheet is a head or a name


def told_cards() -> dict[str, Scorecard]:
    """Return the cards by what is odd about them: those of the tests, and some as programmes have them."""
    found = {"demo": cards.demo_card(), **cards.odd_cards()}
    quarters = cards.QUARTERS_OF_TWO_YEARS
    falling = {
        (name, label): Counts(ScoreTally(2 + 5 * n + place, 20, 44 - 4 * n), 90, 0 if n > 5 else 2, 20, 19 - n)
        for place, name in enumerate(("Acme", "Bolt", "Café"))
        for n, label in enumerate(quarters)
    }
    many = {
        key: replace(
            one,
            scores=ScoreTally(400 * one.scores.detractors, 400 * one.scores.passives, 400 * one.scores.promoters),
            invited=9000,
            customers=1000 * one.customers,
            retained=1000 * one.retained,
            activities=1200 * one.activities,
        )
        for key, one in cards.filled((*cards.NAMES, None)).items()
    }
    rich = tuple(
        Partner(name, True, "Gold", "EMEA", "Ann Lee", value)
        for name, value in (("Acme", 1_250_000.0), ("Bolt", 800_000.0), ("Café", 45_000.0))
    )
    found["falling, with values"] = cards.card(falling, periods=quarters, partners=rich)
    found["thousands"] = cards.card(many)
    tie = Counts(ScoreTally(3, 4, 8), 15, 1, 4, 3)
    found["ties"] = cards.card({(name, label): tie for name in ("Acme", "Bolt") for label in cards.QUARTERS})
    found["answers alone"] = cards.card(
        cards.changed(cards.filled(cards.NAMES), lambda one: Counts(one.scores)),
        has_activities=False,
        has_customers=False,
        customers_have_partners=False,
        has_partner_list=False,
    )
    return found


def sentences(card: Scorecard, code: str) -> Iterator[tuple[str, str]]:
    """Yield where something is said, and what, in the order in which a reader comes upon it."""
    settings = card.settings or Settings()
    options = settings.options.model_copy(update={"language": code})
    card = replace(card, settings=settings.model_copy(update={"options": options}))
    for line in headline(card):
        yield "terminal", line
    page = from_scorecard(card)
    message = message_of(page, code, "Scorecard.xlsx")
    yield "mail", f"SUBJECT {message.subject}"
    for line in Renderer(Config()).render(message, "Ana Ruiz").text.splitlines():
        yield "mail", line
    yield from _of_workbook("", card)
    if card.partners:
        largest = max(card.partners, key=lambda one: _answers(card, one.name))
        yield from _of_workbook("pack: ", for_partner(card, largest.name))
        own = from_scorecard(for_partner(card, largest.name))
        text = Renderer(Config()).render(message_of(own, code, "Pack.xlsx"), None).text
        for line in text.splitlines():
            yield "mail to the partner", line
        yield from _of_workbook("review: ", for_review(card, largest.name))


def _answers(card: Scorecard, partner: str) -> int:
    return sum(card.count(partner, period).scores.responses for period in card.periods)


def _of_workbook(kind: str, card: Scorecard) -> Iterator[tuple[str, str]]:
    data = Writer(several=False).write(build(card))
    for sheet in openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets:
        for row in sheet.iter_rows():
            said = [_shown(cell) for cell in row if cell.value is not None]
            if kind == "review: " and sheet.title not in (names.SCORECARD, names.REVIEW):
                continue
            if sheet.title == names.SCORECARD or (kind and len(said) < 9):
                yield f"{kind}{sheet.title}", " | ".join(said)
                continue
            for text in said:
                if len(_WORD.findall(text)) >= _SENTENCE:
                    yield f"{kind}{sheet.title}", text


def _shown(cell: object) -> str:
    value, look = cell.value, cell.number_format  # type: ignore[attr-defined]
    if isinstance(value, float):
        digits = len(look.split(";")[0].partition(".")[2].rstrip('" %_)')) if look != "General" else 9
        return f"{value:.{min(digits, 9)}f}"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}"
    return " ".join(str(value).split())


def main() -> None:
    """Print the sentences in a language."""
    asked = argparse.ArgumentParser()
    asked.add_argument("language", nargs="?", default="en")
    asked.add_argument("--only", action="append")
    given = asked.parse_args()
    known: set[tuple[str, str]] = set()
    for name, card in told_cards().items():
        if given.only and name not in given.only:
            continue
        print(f"\n\n##### {name}")
        before = ""
        for where, text in sentences(card, given.language):
            if not text.strip() or (where, text) in known:
                continue
            known.add((where, text))
            if where != before:
                print(f"\n== {where}")
            before = where
            print(text)


if __name__ == "__main__":
    main()
