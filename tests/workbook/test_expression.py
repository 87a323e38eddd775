"""A sentence is written once: its formula, as another program calculates it, gives the text that is its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import office
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerkpi.workbook.model.expression import (
    Expression,
    Given,
    and_,
    applied,
    count,
    expression,
    how_many,
    in_brackets,
    joined,
    live,
    or_,
    size,
    tell,
    total,
    when,
    when_number,
)
from partnerkpi.workbook.model.expression import given as cell
from partnerkpi.workbook.model.formula import Live, check_formula
from partnerkpi.workbook.model.phrases import (
    PERCENT,
    between,
    certainty,
    counted,
    decimal,
    direction,
    interval_at,
    is_shown,
    moved,
    nearest,
    risk,
    shortest,
    whole,
    with_unit,
)
from partnerkpi.workbook.model.translation import in_language

A, B, TEXT = cell("A1", 7), cell("B1", 2.5), cell("C1", "up")
#: A number of things as a text of the language, whose thousands are parted by a letter of the format.
COUNTED = r'IF(A1<1000,TEXT(A1,"0"),IF(A1<1000000,TEXT(A1,"0\,000"),TEXT(A1,"0\,000\,000")))'


def both(part: Given) -> tuple[str, Any]:
    """Return formula and value."""
    return part.formula(None), part.value(None)


@pytest.mark.parametrize(
    ("part", "formula", "value"),
    [
        (expression('say "so"'), '"say ""so"""', 'say "so"'),
        (expression(3), "3", 3),
        (expression(Live("=SUM(A1:A2)", 4)), "SUM(A1:A2)", 4),
        (A > 5, "A1>5", True),
        (A < B, "A1<B1", False),
        (A >= 7, "A1>=7", True),
        (TEXT.equals("down"), 'C1="down"', False),
        (A.differs(7), "A1<>7", False),
        (A - B, "A1-B1", 4.5),
        (100 * A / B, "100*A1/B1", 280),
        (total(A, B, 1), "A1+B1+1", 10.5),
        (how_many(A, TEXT, B), "COUNT(A1,C1,B1)", 2),
        (size(B - A), "ABS(B1-A1)", 4.5),
        (when(A > 5, "much", TEXT), 'IF(A1>5,"much",C1)', "much"),
        (when(A < 5, "little"), 'IF(A1<5,"little","")', ""),
        (when_number(TEXT, A, "–"), 'IF(ISNUMBER(C1),A1,"–")', "–"),
        (and_(A > 1, B > 3), "AND(A1>1,B1>3)", False),
        (or_(A > 1, B > 3), "OR(A1>1,B1>3)", True),
        (joined(TEXT, " of ", TEXT), 'C1&" of "&C1', "up of up"),
        (tell("{reached} of the {number}", reached="7", number=TEXT), '"7"&" of the "&C1', "7 of the up"),
        (
            count(A, "{n} partner", "{n} partners"),
            f'IF(A1=1,TEXT(A1,"0")&" partner",{COUNTED}&" partners")',
            "7 partners",
        ),
        (whole(B), r'TEXT(ROUND(ROUND(B1,9),0),"0;\−0")', "3"),
        (decimal(B), r'TEXT(10*ROUND(ROUND(B1,9),1),"0\.0;\−0\.0")', "2.5"),
        (100 - B, "100-B1", 97.5),
        (applied("MAX({},{})".format, max, A, B), "MAX(A1,B1)", 7),
    ],
)
def test_each_part_has_a_formula_and_the_value_that_it_gives(part: Given, formula: str, value: object) -> None:
    """What is a cell stays a cell in the formula, and is its value in the value."""
    assert both(part) == (formula, value)


@pytest.mark.parametrize(
    ("part", "formula", "value"),
    [
        (100 * (A - B), "100*(A1-B1)", 450),
        (A - (B - 1), "A1-(B1-1)", 5.5),
        (A - B - 1, "A1-B1-1", 3.5),
        ((A - B) / 2, "(A1-B1)/2", 2.25),
        (A / (2 * B), "A1/(2*B1)", 1.4),
        (2 * total(A, B), "2*(A1+B1)", 19),
        (total(A, 2 * B), "A1+2*B1", 12),
        ((A > B).equals(A > 3), "A1>B1=(A1>3)", True),
        (TEXT.equals(joined("u", "p")), 'C1="u"&"p"', True),
        (in_brackets(A - B), "(A1-B1)", 4.5),
    ],
)
def test_an_operand_that_binds_less_tightly_stands_in_brackets(part: Given, formula: str, value: object) -> None:
    """No more brackets than needed, for the formula of a cell has a longest length."""
    assert both(part) == (formula, value)


@pytest.mark.parametrize(
    ("value", "as_whole", "as_decimal"),
    [
        (46.36, "46", "46.4"),
        (2.5, "3", "2.5"),
        (-2.5, "−3", "−2.5"),
        (70 - 67.49999999999999, "3", "2.5"),
        (-0.04, "0", "0.0"),
        (100, "100", "100.0"),
        (-100.0, "−100", "−100.0"),
    ],
)
def test_figures_in_words_are_rounded_as_spreadsheets_do(value: float, as_whole: str, as_decimal: str) -> None:
    """Halves go away from zero, nothing is minus zero, and the minus sign is a proper one."""
    assert (live(whole(cell("A1", value))).value, live(decimal(cell("A1", value))).value) == (as_whole, as_decimal)


def test_changes_in_words_say_what_is_certain() -> None:
    """A change that is shown is never called unchanged."""

    def change(value: object, word: str) -> tuple[Given, Given]:
        return cell("A1", value), cell("B1", word)

    assert live(moved(*change(11.2, "up"), "Q2 2026")).value == "up 11 on Q2 2026: more than chance"
    assert live(moved(*change(-4.0, "cannot tell"), "Q2 2026")).value == "down 4 on Q2 2026: within chance"
    assert live(moved(*change("–", "–"), "Q2 2026")).value == "nothing to compare it with"
    assert live(direction(*change(0.3, "up"))).value == "up less than 1"
    assert live(direction(*change(0.3, "cannot tell"))).value == "unchanged"
    assert live(between(cell("A1", 40.79), cell("B1", 51.55), PERCENT)).value == "41 to 52 %"
    assert live(interval_at(cell("Confidence", 0.999))).value == "99.9 % interval"
    assert live(risk(cell("Confidence", 0.999))).value == "0.1"


def test_cells_and_values_are_those_of_where_it_stands() -> None:
    """One expression stands in many rows: each has its own cells, and its own values."""
    answers = Expression[int, Mapping[str, int]](lambda row: f"B{row}", lambda known: known["answers"])
    note = when(answers < 5, tell("few answers"))
    assert (note.formula(6), note.formula(7)) == ('IF(B6<5,"few answers","")', 'IF(B7<5,"few answers","")')
    assert (note.value({"answers": 3}), note.value({"answers": 5})) == ("few answers", "")


def test_a_branch_that_is_not_taken_is_not_worked_out() -> None:
    """A dash cannot be rounded: behind the question whether there is a number nobody tries."""
    assert live(when_number(cell("A1", "–"), whole(cell("A1", "–")), "nothing")).value == "nothing"
    assert live(tell("No answers in {period}", period="Q3", never=whole(cell("A1", "–")))).value == "No answers in Q3"
    with pytest.raises(ValueError, match="could not convert"):
        live(whole(cell("A1", "–")))


def test_a_place_without_anything_to_fill_it_fails_at_once() -> None:
    """Not when a workbook with this sentence is built, and not only in the language that asks for it."""
    with pytest.raises(ValueError, match=r"Nothing is given for number, reached in '\{reached\} of the \{number\}'"):
        tell("{reached} of the {number}")
    with pytest.raises(ValueError, match="Nothing is given for period"):
        count(A, "{n} call to make for {period}", "{n} calls to make for {period}")


def test_a_number_is_put_into_a_sentence_as_text() -> None:
    """Joined as it is, a German Excel would write it with a comma into an English sentence: that fails at once."""
    with pytest.raises(TypeError, match=r"2\.5 is no text"):
        live(joined("NPS ", B))
    with pytest.raises(TypeError, match="7 is no text"):
        live(tell("NPS {nps}.", nps=A))


def test_a_sentence_is_in_the_language_of_when_it_is_asked_for() -> None:
    """It is made once, and told in German and in French; none is one in French."""
    partners = count(cell("A1", 0), "{n} partner", "{n} partners")
    with in_language("de"):
        german = COUNTED.replace(r"\,", r"\.")
        assert both(partners) == (f'IF(A1=1,TEXT(A1,"0")&" Partner",{german}&" Partnern")', "0 Partnern")
    with in_language("fr"):
        french = COUNTED.replace(r"\,", "\\\N{NARROW NO-BREAK SPACE}")
        assert both(partners) == (
            f'IF(A1<2,TEXT(A1,"0")&"\N{NO-BREAK SPACE}partenaire",{french}&"\N{NO-BREAK SPACE}partenaires")',
            "0\N{NO-BREAK SPACE}partenaire",
        )


def test_what_a_cell_holds_is_checked() -> None:
    """A live formula begins with an equals sign and calls nothing that some program does not know."""
    assert live(joined(TEXT, " %")) == Live('=C1&" %"', "up %")
    with pytest.raises(ValueError, match="RIGHT is not among the functions"):
        live(applied("RIGHT({})".format, lambda text: text[-1], TEXT))


# --- any expression, calculated elsewhere ----------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.integers(-120, 120), st.integers(-800, 800).map(lambda n: n / 8), st.sampled_from([70 - 67.49999999999999, 0.04])
)
WORDS = st.sampled_from(["up", "down", "cannot tell", "–", "Q2 2026"])


class Cells:
    """The cells that an expression is made of: each value stands in one of them."""

    def __init__(self) -> None:
        self.values: list[float | str] = []

    def hold(self, value: float | str) -> Given:
        """Return a new cell with a value."""
        self.values.append(value)
        return cell(f"$A${len(self.values)}", value)


@st.composite
def figures(draw: st.DrawFn, cells: Cells, depth: int) -> Given:
    """Draw a figure: a cell, or what is calculated of some."""
    if depth == 0 or draw(st.booleans()):
        return cells.hold(draw(NUMBERS))
    one, other = draw(figures(cells, depth - 1)), draw(figures(cells, depth - 1))
    made = (
        one - other,
        draw(st.integers(2, 9)) * one,
        one / draw(st.integers(2, 9)),
        total(one, other),
        size(one),
        nearest(one, draw(st.integers(0, 1))),
        how_many(one, other),
        when(draw(questions(cells, depth - 1)), one, other),
    )
    return draw(st.sampled_from(made))


@st.composite
def questions(draw: st.DrawFn, cells: Cells, depth: int) -> Given:
    """Draw a question: how figures compare, or what a word is."""
    one, other = draw(figures(cells, depth)), draw(figures(cells, depth))
    word = cells.hold(draw(WORDS))
    if depth:
        first, second = draw(questions(cells, depth - 1)), draw(questions(cells, depth - 1))
        together = draw(st.sampled_from([and_(first, second), or_(first, second)]))
    else:
        together = is_shown(word)
    compared = (nearest(one) > nearest(other), nearest(one) < nearest(other), nearest(one) >= nearest(other))
    told = (nearest(one).equals(nearest(other)), word.equals(draw(WORDS)), word.differs(tell("up")))
    return draw(st.sampled_from((*compared, *told, together)))


@st.composite
def sentences(draw: st.DrawFn, cells: Cells, depth: int) -> Given:
    """Draw a text: a figure in words, a message, one of two."""
    if depth == 0:
        return draw(st.sampled_from((cells.hold(draw(WORDS)), whole(cells.hold(draw(NUMBERS))), expression("; "))))
    figure, other, word = draw(figures(cells, depth - 1)), draw(figures(cells, depth - 1)), cells.hold(draw(WORDS))
    text, more = draw(sentences(cells, depth - 1)), draw(sentences(cells, depth - 1))
    known = cells.hold(draw(st.one_of(NUMBERS, st.just("–"))))
    number = cells.hold(draw(st.one_of(st.integers(0, 3), st.integers(0, 3_000_000))))
    made = (
        joined(text, " ", more),
        with_unit(whole(figure), PERCENT),
        decimal(figure),
        shortest(figure),
        counted(number),
        between(figure, other),
        direction(figure, word),
        moved(known, word, text),
        certainty(word),
        tell("{change} on {before}: {certainty}", change=text, before=more, certainty=word),
        count(number, "{n} of {customers} was retained", "{n} of {customers} were retained", customers=text),
        when(draw(questions(cells, depth - 1)), text, more),
        when_number(known, joined(whole(known), text), more),
    )
    return draw(st.sampled_from(made))


@given(st.data(), st.sampled_from(["en", "de", "fr", "es"]))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_expression_is_what_another_program_calculates(data: st.DataObject, language: str) -> None:
    """Figures, questions and texts of every kind: IronCalc gives the value that the expression says it has."""
    office.need_package("ironcalc")
    import ironcalc

    cells = Cells()
    kind = data.draw(st.sampled_from([figures, questions, sentences]))
    drawn = data.draw(kind(cells, 2))
    with in_language(language):
        formula, value = both(drawn)
    check_formula(f"={formula}")
    model = ironcalc.create("book", "en", "UTC")
    for row, held in enumerate(cells.values, 1):
        model.set_user_input(0, row, 1, repr(held) if isinstance(held, (int, float)) else f"'{held}")
    model.set_user_input(0, 1, 2, f"={formula}")
    model.evaluate()
    found = model.get_cell_value(0, 1, 2)
    if isinstance(value, float) and not isinstance(found, str):
        assert found == pytest.approx(value, abs=1e-9)
    else:
        assert found == value
