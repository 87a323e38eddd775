"""Messages, numbers, dates and periods in four languages."""

from __future__ import annotations

import datetime as dt
import re
import string
from typing import Any

import pytest

from partnerkpi.errors import UsageError
from partnerkpi.kpi.benchmark import RATING_ORDER
from partnerkpi.language import LANGUAGES, PLURALS, language
from partnerkpi.language.sentence import PeriodWords, Sentence
from partnerkpi.workbook.model.translation import in_language, translate_formula


def places(message: Any) -> set[str]:
    """Return the places of a message that are filled in; those of a plural are in both of its forms."""
    if isinstance(message, dict):
        one, other = (places(message[form]) for form in ("one", "other"))
        assert one | {"n"} == other | {"n"}
        return one | other
    if isinstance(message, list):
        return {str(len(message))}
    return {name for _, name, _, _ in string.Formatter().parse(str(message)) if name is not None}


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_every_language_says_everything(code: str) -> None:
    """Each language has every key of English, and in each message the same places and forms."""
    english, other = language("en").messages, language(code).messages
    assert sorted(other) == sorted(english)
    for key, message in english.items():
        assert type(other[key]) is type(message), key
        assert places(other[key]) == places(message), key
        if isinstance(message, dict):
            assert set(other[key]) == PLURALS
        elif isinstance(message, str) and not key.startswith("format."):
            assert other[key].strip() == other[key] != "", key


@pytest.mark.parametrize("code", ["de", "fr", "es"])
def test_translated(code: str) -> None:
    """Sentences differ from the English ones: nothing was left over."""
    english, other = language("en").messages, language(code).messages
    same = {key for key, value in english.items() if other[key] == value and re.search("[a-z]{3}", str(value))}
    assert {key for key in same if not key.startswith(("format.", "period.", "mail.subject"))} <= {
        "mail.what_changed.partner",
        "mail.says.was_activities",
        "mail.what_to_do.own",
    }


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_every_rating_has_a_word(code: str) -> None:
    """Each rating that a benchmark gives has a word in each language."""
    for rating in (*RATING_ORDER, "no data"):
        assert language(code)(f"rating.{rating.replace(' ', '_')}")


@pytest.mark.parametrize(
    ("code", "value", "decimals", "text"),
    [
        *(("en", 1718, 0, "1,718"), ("de", 1718, 0, "1.718"), ("fr", 1718, 0, "1\u202f718"), ("es", 1718, 0, "1718")),
        *(("es", 13612, 0, "13.612"), ("en", 999, 0, "999"), ("en", 1234567.5, 1, "1,234,567.5")),
        *(("de", 45.25, 1, "45,3"), ("en", -35.48, 0, "−35"), ("en", -0.4, 0, "0"), ("en", 2.5, 0, "3")),
        *(("en", -2.5, 0, "−3"), ("fr", 0.05, 1, "0,1"), ("en", 0, 0, "0"), ("en", 70 - 67.5, 0, "3")),
    ],
)
def test_numbers(code: str, value: float, decimals: int, text: str) -> None:
    """Numbers are written as in the language's country (CLDR); halves go away from zero, as in a cell."""
    assert language(code).number(value, decimals) == text


def test_signs() -> None:
    """A change has its sign where it is asked for; 0 has none."""
    assert [language().number(value, sign=True) for value in (11, -4, 0, -0.2)] == ["+11", "−4", "0", "0"]


@pytest.mark.parametrize(
    ("code", "text"), [("en", "30 Sep 2026"), ("de", "30. Sept. 2026"), ("fr", "30 sept. 2026"), ("es", "30 sept 2026")]
)
def test_dates(code: str, text: str) -> None:
    """A day has its month in the language's own short form (CLDR)."""
    assert language(code).date(dt.date(2026, 9, 30)) == text


@pytest.mark.parametrize(
    ("label", "text"),
    [
        *(("2026-Q3", "T3 2026"), ("2026-07", "juillet 2026"), ("2026", "2026"), ("all time", "toute la période")),
        *(("FY2027-Q1", "T1 exercice 2027"), ("FY2027", "exercice 2027"), ("2026-13", "2026-13"), ("Spring", "Spring")),
    ],
)
def test_periods(label: str, text: str) -> None:
    """A period is named as people say it; a label that is none stays as it is."""
    assert language("fr").period(label) == text


def test_plurals() -> None:
    """One answer is an answer; in French none is one as well."""
    assert [language("en").count("word.answers", n) for n in (0, 1, 2)] == [
        "0\u00a0answers",
        "1\u00a0answer",
        "2\u00a0answers",
    ]
    assert [language("fr").count("word.answers", n) for n in (0, 1, 2)] == [
        "0\u00a0réponse",
        "1\u00a0réponse",
        "2\u00a0réponses",
    ]


def test_braces_in_what_is_filled_in() -> None:
    """What is filled in is text: braces in a partner's name fill in nothing."""
    assert language()("mail.own_figures", partner="{0.__class__} {x}").count("{") == 2


def test_no_such_language() -> None:
    """An unknown language is named together with those that there are."""
    with pytest.raises(UsageError, match="'it': choose one of en, de, fr, es"):
        language("it")


@pytest.mark.parametrize(
    ("code", "label", "said"),
    [
        ("en", "2026-09", "No answers in September 2026."),
        ("de", "2026-09", "Keine Antworten im September 2026."),
        ("de", "2026", "Keine Antworten im Jahr 2026."),
        ("de", "2026-Q3", "Keine Antworten in Q3 2026."),
        ("de", "all time", "Keine Antworten im gesamten Zeitraum."),
        ("es", "2026-Q3", "No hay respuestas en el T3 2026."),
        ("es", "2026-W31", "No hay respuestas en la S31 2026."),
        ("es", "FY2027", "No hay respuestas en el ejercicio 2027."),
        ("es", "2026-09", "No hay respuestas en septiembre de 2026."),
    ],
)
def test_what_stands_before_a_period_fits_its_kind(code: str, label: str, said: str) -> None:
    """A month, a quarter or a year has the words before it that its language asks for, in Python and in a formula."""
    say = language(code)
    period = say.period(label)
    assert say.translate("No answers in {period}.", period=period) == said
    assert say.translated(Sentence("No answers in {period}.", period=PeriodWords(label))) == said
    with in_language(code, period=label):
        formula = translate_formula("No answers in {period}.", period="A1")
    assert formula.replace('"&A1&"', period).strip('"') == said


def test_french_has_its_articles_before_a_period() -> None:
    """The words after "depuis" and "qu’" fit a quarter, a fiscal year and a month."""
    say = language("fr")
    message = "{number} than in {before} ({then}): {certainty}"
    told = [
        say.translate(message, number="2", before=say.period(label), then="x", certainty="y")
        for label in ("2026-Q2", "FY2027", "2026-08")
    ]
    assert [one.partition(" (")[0] for one in told] == [
        "2 qu’au T2 2026",
        "2 qu’au cours de l’exercice 2027",
        "2 qu’en août 2026",
    ]
