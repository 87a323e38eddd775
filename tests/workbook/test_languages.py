"""The workbook in four languages: nothing is left in English, and every engine still agrees with every figure."""

from __future__ import annotations

import functools
import io
import re
import string
from dataclasses import replace
from pathlib import Path
from typing import Any

import books
import cards
import messages as read_code
import office
import openpyxl
import pytest
from cases import book, case, fingerprint, speaking
from command import run_here
from lxml import etree
from sampled import one_in, quick_where

from partnerkpi.language import language
from partnerkpi.mail.content import from_scorecard
from partnerkpi.mail.message import message_of
from partnerkpi.scorecard.called import STATUSES
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import for_review
from partnerkpi.settings import Options
from partnerkpi.verify import verify
from partnerkpi.workbook.build import build, write_workbook
from partnerkpi.workbook.model import names
from partnerkpi.workbook.model.book import WorkbookModel
from partnerkpi.workbook.model.phrases import period_name
from partnerkpi.workbook.model.translation import in_language, translate, translate_formula
from partnerkpi.workbook.notes import note_in_words

OTHERS = ("de", "fr", "es")
ENGLISH = sorted(read_code.messages())
#: Words that are the same in another language, names of things, or the data's own kinds: not left over.
SAME = re.compile(
    r"referral|NPS( −?\d+\.)?|SHA-256|Microsoft Excel|Tier|Region|Segment|Service|Marketing|Total|Index|Review|Partner|"
    r"‹ \w+|\w+ ›|NPS [−\d →]+|[↑↓+−]? ?<?\d+ pts|https?:.*|partnerkpi.*|[A-Za-z]+_[A-Za-z_]+|–|up|p"
)


def places(text: str) -> set[str]:
    """Return the places of a message that are filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("en", "Q3 2026 has begun (the data go to 1 Jul 2026): less than half of it has passed, so the page is about"),
        (
            "de",
            "Q3 2026 hat begonnen (Daten bis 1. Juli 2026): Weniger als die Hälfte ist vorbei, daher zeigt die Seite",
        ),
        ("fr", "la période T3 2026 a commencé (données jusqu’au 1er juil. 2026)"),
        ("es", "el periodo T3 2026 ha empezado (datos hasta el 1 jul 2026)"),
    ],
)
def test_notes_on_the_data_speak_the_language_of_the_workbook(code: str, shown: str) -> None:
    """A card has them in English; one that no message is known of stays as it is."""
    with in_language(code):
        said = note_in_words(
            "Q3 2026 has begun (the data go to 01 Jul 2026): less than half of it has passed, so the page is about "
            "Q2 2026; --to-date makes it about Q3 2026"
        )
        assert said.replace("\u00a0", " ").startswith(shown)
        assert note_in_words("1 tale of a file") == "1 tale of a file"


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_translated_once(code: str) -> None:
    """Each message that the code says is in the file, with the same places, and nothing else is."""
    assert sorted(language(code).translations) == ENGLISH
    wrong = {
        text: other for text, other in language(code).translations.items() if places(text) != places(other) or not other
    }
    assert wrong == {}


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_breaks_a_formula_or_a_list(code: str) -> None:
    """No straight quotes, which end a text in formats; no comma in a choice; short where Excel is strict."""
    translated = language(code).translations
    assert [other for other in translated.values() if '"' in other] == []
    with in_language(code):
        assert [status for status in STATUSES if "," in translate(status)] == []
        words = [translate(word) for word in ("up", "down", "cannot tell", "more than chance", "within chance")]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("code", one_in(3, OTHERS))
def test_tables_prompts_and_texts_keep_what_excel_demands(code: str) -> None:
    """Heads of a table differ from each other, prompts have at most 255 characters, their titles 32."""
    card = cards.demo_card()
    workbook = books.opened(build(speaking(for_review(card, card.partners[0].name), code)))
    demo = books.opened(build(speaking(card, code)))
    seen = 0
    for sheet in (*workbook.worksheets, *demo.worksheets):
        for table in sheet.tables.values():
            top = sheet[table.ref][0]
            heads = [str(cell.value).casefold() for cell in top]
            assert len(set(heads)) == len(heads), (sheet.title, heads)
            seen += 1
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.prompt or "") <= 255
            assert len(rule.error or "") <= 255
            assert len(rule.promptTitle or "") <= 32
            assert rule.type != "list" or len(rule.formula1) <= 255
    assert seen > 5


def texts(card: Scorecard) -> dict[tuple[str, str], str]:
    """Return every text of a workbook by its place: cells, prompts, number formats, and what charts say."""
    data = books.written(build(card))
    found: dict[tuple[str, str], str] = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                value: Any = cell.value
                if isinstance(value, str):
                    found[sheet.title, cell.coordinate] = value
                for number, words in enumerate(re.findall('"([^"]*[A-Za-z]{3}[^"]*)"', cell.number_format)):
                    found[sheet.title, f"{cell.coordinate} format {number}"] = words.strip()
        for number, rule in enumerate(sheet.data_validations.dataValidation):
            for part in ("prompt", "promptTitle", "error", "errorTitle"):
                found[sheet.title, f"rule {number} {part}"] = getattr(rule, part) or ""
    for name, part in books.parts(data).items():
        if name.startswith(("xl/charts/", "xl/drawings/drawing")):
            root = etree.fromstring(part)
            said = [one.text or "" for one in root.iter("{*}v", "{*}t")] + [
                str(one.get("descr")) for one in root.iter("{*}cNvPr") if one.get("descr")
            ]
            found |= {(name, str(number)): text for number, text in enumerate(said)}
    return found


@functools.cache
def texts_in_english(name: str) -> dict[tuple[str, str], str]:
    """Return every text of the workbook of a case, which all languages are compared with."""
    return texts(case(name))


def given_words(card: Scorecard) -> str:
    """Return everything that came with the data: it stays as it is."""
    partners = [text for one in card.partners for text in (one.name, one.tier, one.region, one.owner) if text]
    columns = [column for source in card.sources for pair in source.columns.items() for column in pair]
    segments = [str(card.segments), str(card.shown_segments)]
    answers = [one.respondent or "" for one in card.to_call]
    return " | ".join([card.title, *partners, *columns, *segments, *answers, *card.notes]).casefold()


@pytest.mark.parametrize(
    "name", one_in(4, ["demo", "segments", "nothing at all", "tiers with benchmarks of their own"])
)
@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_left_in_english(code: str, name: str) -> None:
    """A text that is the same in both languages came with the data, or is a name."""
    card = case(name)
    english, other = texts_in_english(name), texts(speaking(card, code))
    given = given_words(card)
    paragraphs = {names.COMMENTS, names.ABOUT}
    left = {
        place: text
        for place, text in english.items()
        if other.get(place) == text
        and re.search("[A-Za-z]{3}", text)
        and place[0] not in paragraphs
        and text.casefold() not in given
        and language(code).translations.get(text, "") != text
        and not SAME.fullmatch(text)
        and not re.fullmatch(r"(Q[1-4] |[A-Z][a-z]{2} )?\d{4}", text)
    }
    assert left == {}


#: What is calculated in each language, in one call of LibreOffice; and that of which alone the quick run asks.
CALCULATED = {
    "de": ("demo", "segments", "months", "hostile names"),
    "fr": ("demo", "one partner", "no answers before"),
    "es": ("demo", "single answer", "nothing at all"),
}
QUICK = ("de", "segments")


@pytest.mark.parametrize(
    ("code", "name"),
    quick_where(
        lambda code, name: (code, name) == QUICK,
        [(code, name) for code, several in CALCULATED.items() for name in several],
    ),
)
def test_engines_agree_in_every_language(code: str, name: str) -> None:
    """LibreOffice, IronCalc and Gnumeric agree with each stored value, the schemas hold, and verify finds nothing."""
    if (code, name) != QUICK:
        office.recalculate_together([book(one, other) for other, several in CALCULATED.items() for one in several])
    path = book(name, code)
    assert office.disagreements(path) == []
    assert office.open_xml_sdk(path) == []
    report = verify(path, fingerprint(name, code))
    assert report.findings == []
    assert report.recomputed == report.formulas > 200


#: How data without dates are spoken of behind "in" and "for", and how they are not.
UNDATED = {
    "en": ("over all time", "in all time"),
    "de": ("im gesamten Zeitraum", "in gesamter Zeitraum"),
    "fr": ("(toute la période)", "en toute la période"),
    "es": ("en todo el periodo", "all time"),
}


@pytest.mark.parametrize("code", UNDATED)
def test_data_without_dates_are_spoken_of_in_good_grammar(code: str) -> None:
    """No period stands behind "in" where the data have no dates, on the page, in formulas and in the mail."""
    card = cards.odd_cards()["all time"]
    model, mail = build(speaking(card, code)), message_of(from_scorecard(card), code, "book.xlsx")
    said = [str(value) for value in model.values().values()] + list(mail.sentences)
    right, wrong = UNDATED[code]
    assert sum(right in text for text in said) > 3
    assert [text for text in (*said, *formulas_of(model)) if wrong in text] == []
    assert mail.changed == []


def formulas_of(model: WorkbookModel) -> list[str]:
    """Return every formula of a workbook."""
    return [str(formula) for sheet in model.sheets.values() for _, (formula, _, _) in sheet.held() if formula]


@pytest.mark.thorough
def test_sentences_have_the_signs_of_their_language_in_every_country(tmp_path: Path) -> None:
    """Where the reader's program writes 40,8, an English sentence says 40.8, and a German one 40,8 everywhere.

    What is stored is what comes out, in a German program as in an English one: texts of formulas depend on no country.
    """
    odd = replace(
        cards.odd_cards()["other rules"],
        confidence=0.999,
        counts=cards.changed(
            cards.filled((*cards.NAMES, None)),
            lambda one: replace(one, invited=1718, customers=1400 * one.customers, retained=1300 * one.retained),
        ),
    )
    languages = ("en", "de", "fr", "es")
    paths = [tmp_path / f"{code}.xlsx" for code in languages]
    for code, path in zip(languages, paths, strict=True):
        write_workbook(speaking(odd, code), path)
    for path, calculated in zip(paths, office.recalculate_in("de-DE", paths), strict=True):
        stored, formulas = office.stored_values(path), office.formulas(path)
        texts = {place: stored[place] for place in formulas if isinstance(stored.get(place), str)}
        assert {place: text for place, text in texts.items() if calculated.get(place, "") != text} == {}
        decimal = [text for text in texts.values() if re.search(r"\d[.,]\d(?!\d)", text)]
        sign = r"\d\.\d(?!\d)" if path.stem == "en" else r"\d,\d(?!\d)"
        assert len(decimal) >= 3
        assert [text for text in decimal if not re.search(sign, text)] == []
    counted = {"en": "5,200 ", "de": "5.200 ", "fr": "5\u202f200 ", "es": "5200 "}
    for code, path in zip(languages, paths, strict=True):
        assert [text for text in office.stored_values(path).values() if isinstance(text, str) and counted[code] in text]


@pytest.mark.parametrize("code", one_in(3, OTHERS))
def test_another_period_can_be_chosen(code: str, tmp_path: Path) -> None:
    """The list of periods is in the language, and choosing from it gives what Python gives for that period."""
    card = speaking(cards.odd_cards()["months"], code)
    path, changed = tmp_path / "scorecard.xlsx", tmp_path / "changed.xlsx"
    write_workbook(card, path)
    workbook = openpyxl.load_workbook(path)
    before = replace(card, current=card.periods[-2])
    expected = build(before).values()
    sheet, ref = next(iter(workbook.defined_names[names.PERIOD].destinations))
    with in_language(code):
        workbook[sheet][ref.replace("$", "")] = period_name(before.current)
    workbook.save(changed)
    values = office.recalculate(changed)
    page = {place: value for place, value in expected.items() if place[0] == names.SCORECARD}
    assert len(page) > 50
    wrong = [place for place, value in page.items() if isinstance(value, str) and (values.get(place) or "") != value]
    assert wrong == []


@pytest.mark.parametrize("code", one_in(3, OTHERS))
def test_a_workbook_without_its_record_is_understood(code: str, tmp_path: Path) -> None:
    """Saved by another program, the record is gone; the language is read from the heads, the figures are recomputed."""
    report = verify(office.convert(book("usual", code), "xlsx", tmp_path))
    assert report.recomputed > 200
    assert [one for one in report.findings if one.kind == "figure"] == []


def test_the_language_is_that_of_the_configuration(tmp_path: Path) -> None:
    """[options] language = "de" makes a German workbook, which verify and mail understand."""
    config, target = tmp_path / "partnerkpi.toml", tmp_path / "karte.xlsx"
    config.write_text('[options]\nlanguage = "de"\n', encoding="utf-8")
    answers = tmp_path / "answers.csv"
    rows = [f"{partner},2026-0{month}-05,{score}" for partner in "AB" for month in (5, 8) for score in (10, 9, 9, 7, 3)]
    answers.write_text("partner,date,score\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert run_here("scorecard", answers, "-o", target, "--config", config, "--quiet").code == 0
    page = openpyxl.load_workbook(target, data_only=True)[names.SCORECARD]
    assert str(page["A3"].value).startswith("NPS ")
    assert " since " not in str(page["A3"].value)
    with in_language("de"):
        assert page["A7"].value == translate("Strategic Partner NPS")
    assert run_here("verify", target).code == 0
    draft = tmp_path / "karte.eml"
    result = run_here("mail", target, "--to", "ana@example.com", "--draft", draft, "--config", config)
    assert result.code == 0, result.err
    assert draft.exists()


def test_a_message_and_its_formula_are_one() -> None:
    """A place in a formula is a cell; quotes inside a text are doubled, and long texts are cut into pieces."""
    assert translate("of {count} ranked", count=12) == "of 12 ranked"
    assert translate_formula("of {count} ranked", count="A1") == '"of "&A1&" ranked"'
    assert translate_formula('a "quoted" word') == '"a ""quoted"" word"'
    pieces = translate_formula("x" * 600).split("&")
    assert [len(piece) for piece in pieces] == [252, 252, 102]
    assert Options().language == "en"
