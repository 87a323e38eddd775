"""How numbers are written: told by the whole column, read alike by the engine and in Python, and said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampled import one_in

from partnerkpi.config import load
from partnerkpi.errors import DataProblem, OpenQuestion
from partnerkpi.results.kinds import sort_out
from partnerkpi.scorecard.build import build_scorecard
from partnerkpi.tables.engine import Engine
from partnerkpi.tables.guard import Limits
from partnerkpi.tables.numbers import NumberColumn, read_numbers
from partnerkpi.tables.numbertext import Mark, number_in, plain_number
from partnerkpi.tables.profile import profile
from partnerkpi.tables.table import Part, Table
from partnerkpi.tables.workspace import Workspace
from partnerkpi.vocabulary import BLANK, CURRENCIES, reads_as_number
from tests.support.command import run_here

NO_BREAK, THIN = "\u00a0", "\u202f"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(Limits(), lambda: tmp_path_factory.mktemp("spilled"))
    yield engine
    engine.close()


Read = tuple[NumberColumn, list[float | None]]
Column = Callable[..., Read]


@pytest.fixture(scope="module")
def column(engine: Engine) -> Column:
    """Return a function that reads cells as a column: how it is read, and what the engine makes of each cell."""

    def read(cells: Sequence[object], *, whole: bool = False, kind: str = "VARCHAR") -> Read:
        engine.connection.execute(f"CREATE OR REPLACE TABLE cells (number INTEGER, amount {kind})")
        engine.connection.executemany("INSERT INTO cells VALUES (?, ?)", list(enumerate(cells)))
        part = Part("cells", Path("cells"), "csv", ("amount",), 1, "SELECT amount FROM cells ORDER BY number")
        table = Table(engine, (part,), profile(["amount"], [kind], [(cell,) for cell in cells]))
        (found,) = read_numbers(table, ["amount"], whole=whole)
        rows = engine.connection.execute(f"SELECT {found.expression} FROM cells ORDER BY number").fetchall()
        return found, [value for (value,) in rows]

    return read


# ---- any number, in any style


def spelled(value: Decimal, style: tuple[Mark, str, str, str, str]) -> str:
    """Return a number as people write it: decimals behind a mark, thousands apart, a sign, a currency, per cent."""
    decimal, apart, sign, before, behind = style
    text = f"{abs(value):,}".replace(",", "\t").replace(".", decimal).replace("\t", apart)
    if value >= 0:
        return before + text + behind
    return {"(": f"({before}{text}{behind})", "end": f"{before}{text}{behind}-", "$-": f"{before}-{text}{behind}"}.get(
        sign, sign + before + text + behind
    )


styles = st.tuples(
    st.sampled_from([".", ","]),
    st.sampled_from(["", "'", "\u2019", " ", NO_BREAK, THIN, "other"]),
    st.sampled_from(["-", "\N{MINUS SIGN}", "(", "end", "$-"]),
    st.sampled_from(["", "$", "€ ", f"EUR{NO_BREAK}", "CHF ", "US$"]),
    st.sampled_from(["", " €", " USD", "%", f"{THIN}%", " kr", " zł"]),
).map(lambda style: (style[0], (",", ".")[style[0] == ","] if style[1] == "other" else style[1], *style[2:]))
amounts = st.tuples(st.integers(-(10**12), 10**12), st.integers(0, 4)).map(lambda one: Decimal(one[0]).scaleb(-one[1]))


@given(amounts, styles)
def test_any_number_in_any_style_comes_back(value: Decimal, style: tuple[Mark, str, str, str, str]) -> None:
    """Where the mark before the decimals is known, a number is read as it was written."""
    text = spelled(value, style)
    assert number_in(f" {text}{NO_BREAK}", style[0]) == pytest.approx(float(value), rel=1e-15)


@settings(max_examples=40)
@given(st.lists(amounts, min_size=1, max_size=8), styles)
def test_one_value_that_can_be_read_in_one_way_tells_for_all(
    column: Column, values: list[Decimal], style: tuple[Mark, str, str, str, str]
) -> None:
    """The engine and Python read a column alike, and as it was written, if any value of it shows the style."""
    told = Decimal("1234567.5")
    cells = [spelled(value, style) for value in [*values, told]]
    found, read = column(cells)
    assert read == pytest.approx([float(value) for value in [*values, told]], rel=1e-15)
    assert [found.value(cell) for cell in cells] == read


@settings(max_examples=25)
@given(st.lists(st.text(alphabet="0123456789.,'-+()%$€ eEkmT\u2212\u00a0", max_size=12), max_size=50))
def test_engine_and_python_read_any_text_alike(column: Column, texts: list[str]) -> None:
    """What is no number for the one is none for the other, whichever mark stands before the decimals."""
    found, read = column([*texts, "1.234.567,5"])
    assert [found.value(text) for text in texts] == read[:-1]


@given(st.text(max_size=30))
def test_what_is_read_reads_as_a_number(text: str) -> None:
    """A text that gives a number is one that people would take for a number; no text makes it fail."""
    if number_in(text) is not None and not any(sign.isalpha() for sign in text):
        assert reads_as_number(text)


@pytest.mark.parametrize("sign", sorted(CURRENCIES))
def test_every_currency_may_stand_before_and_behind(sign: str) -> None:
    """In capitals or not, with a blank or without."""
    assert number_in(f"{sign.upper()}1,200.50") == number_in(f"1,200.50 {sign}") == 1200.5


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "abc", "12 34", "1 2 3", "1,2,3", "1.2.3", "5 kr 6", "--5", "-5-", "(5", "5)", "$", "%", "5%%"),
        *("1,200.500,5", "12:30", "2026-09-30", "30.09.2026", "1/2", "nan", "inf", "1e999", "1_000", "0x1f", "Q1"),
    ],
)
def test_what_is_no_number(column: Column, text: str) -> None:
    """A number is not put together from parts of a text."""
    assert number_in(text) is None
    assert number_in(text, ",") is None
    assert column([text, "1,5", "x"])[1] == [None, 1.5, None]


# ---- the column decides


@pytest.mark.parametrize(
    ("cells", "numbers", "note"),
    [
        (["1100,50", "2000"], [1100.5, 2000], "a decimal comma, seen from '1100,50'"),
        (["1.200", "1.200,50"], [1200, 1200.5], "a decimal comma, seen from '1.200,50'"),
        (["1,200", "1,200.50"], [1200, 1200.5], "a decimal point, seen from '1,200.50'"),
        (["1.200", "1.200.000"], [1200, 1_200_000], "a decimal comma, seen from '1.200.000'"),
        (["1,200", "12,34,567"], [1200, 1_234_567], "a decimal point, seen from '12,34,567'"),
        (["1.200", "0,5"], [1200, 0.5], "a decimal comma, seen from '0,5'"),
        (["€ 2.000", "€ 1.950,00"], [2000, 1950], "a decimal comma, seen from '€ 1.950,00'"),
        (["(1,200)", "800.5"], [-1200, 800.5], "a decimal point, seen from '800.5'"),
        ([f"1{NO_BREAK}200,50", "3"], [1200.5, 3], f"a decimal comma, seen from {f'1{NO_BREAK}200,50'!r}"),
        (["1,5-", "2"], [-1.5, 2], "a decimal comma, seen from '1,5-'"),
        (["1'200", "3"], [1200, 3], 'without what stands beside them, as in "1\'200"'),
        (["12 %", "7 %"], [12, 7], "without what stands beside them, as in '12 %'"),
        (["\N{MINUS SIGN}3", "4"], [-3, 4], "without what stands beside them, as in '\N{MINUS SIGN}3'"),
    ],
)
def test_a_column_is_read_as_its_values_tell(column: Column, cells: list[str], numbers: list[float], note: str) -> None:
    """Also the values that could be read in two ways are read as the others show; what was decided is said."""
    found, read = column(cells)
    assert read == numbers == [found.value(cell) for cell in cells]
    assert found.notes == (f"'amount' is read as numbers {'' if note.startswith('without') else 'with '}{note}",)


@pytest.mark.parametrize(
    ("cells", "numbers", "note"),
    [
        (["$1.2M", "850k", "0"], [1_200_000, 850_000, 0], "'$1.2M' as 1,200,000, '850k' as 850,000"),
        (["3,4 Mio. €", "900 TEUR"], [3_400_000, 900_000], "'3,4 Mio. €' as 3,400,000, '900 TEUR' as 900,000"),
        (["T€ 1,5", "-2,5 Mrd."], [1500, -2_500_000_000], "'-2,5 Mrd.' as -2,500,000,000, 'T€ 1,5' as 1,500"),
        (["5 lakh", "Rs. 1.2 crore"], [500_000, 12_000_000], "'5 lakh' as 500,000, 'Rs. 1.2 crore' as 12,000,000"),
        (["120万円", "95千円"], [1_200_000, 95_000], "'120万円' as 1,200,000, '95千円' as 95,000"),
        (
            ["1.1k", "900", "1200"],
            [1100, 900, 1200],
            "'1.1k' as 1,100; '900', without such a word, is taken as it stands",
        ),
    ],
)
def test_words_for_thousands_and_millions(column: Column, cells: list[str], numbers: list[float], note: str) -> None:
    """An amount has the zeros that the word beside it says, and the note shows one of each word."""
    found, read = column(cells)
    assert read == numbers == [found.value(cell) for cell in cells]
    assert found.notes[-1] == f"'amount' is read with the zeros that its words say: {note}"


@pytest.mark.parametrize("text", ["5 t", "12k%", "1e3k", "k5", "5 kk", "3 mil", "k 5 k€"])
def test_what_is_no_large_number(column: Column, text: str) -> None:
    """A ton is no thousand, and `mil` is a thousand for some and a million for others."""
    assert number_in(text) is None
    assert column([text, "1,5", "x"])[1] == [None, 1.5, None]


def test_thousands_and_millions_of_two_conventions(column: Column) -> None:
    """M is a thousand for those who write MM for a million: both in one column are refused."""
    with pytest.raises(DataProblem, match="Write these amounts out"):
        column(["1.2MM", "900M"])


@pytest.mark.parametrize(
    "cells", [["5", "6.5", "7.125"], ["1200", "3", ""], ["-3", "+4", " 5 "], ["1e3", "2.5E-3"], ["0.125", "12.50"]]
)
def test_plain_numbers_need_no_word(column: Column, cells: list[str]) -> None:
    """Digits, a minus and a decimal point are read by the engine itself: nothing is said, nothing more is computed."""
    found, read = column(cells)
    assert read == [float(cell) if cell else None for cell in cells] == [found.value(cell) for cell in cells]
    assert found.notes == ()
    assert found.expression == 'TRY_CAST("amount" AS DOUBLE)'


@pytest.mark.parametrize("mark", sorted(BLANK))
def test_a_mark_for_nothing_is_no_number_and_no_style(column: Column, mark: str) -> None:
    """A plain column stays plain among its gaps, and NaN is not added up."""
    found, read = column(["1.5", mark.upper()])
    assert read == [1.5, None]
    assert found.notes == ()


def test_thousands_behind_commas_need_no_question(column: Column) -> None:
    """1,200 is taken for twelve hundred where nothing tells; the note names a value and both of its readings."""
    found, read = column(["1,200", "2,500"])
    assert read == [1200, 2500]
    assert found.notes == ("'amount': whether '1,200' is 1200 or 1.2 cannot be told from the column: read as 1200",)


@pytest.mark.parametrize(
    "cells",
    [
        *(["1.200", "2.500"], ["1.200", "40"], ["1100.5", "1100,5", "1,200"]),
        *(["1,200", "2500"], ["1,200", "1.300", "40"], ["$1,200", "$-2500"]),
    ],
)
def test_what_nothing_tells_is_a_question(column: Column, cells: list[str]) -> None:
    """It names the value, both of its readings and the option that says which."""
    with pytest.raises(OpenQuestion, match=r"--decimal comma .*--decimal point .*\[numbers\] decimal"):
        column(cells)


def test_a_comma_in_a_file_with_semicolons(tmp_path: Path) -> None:
    """Where columns are separated by semicolons commas stand before decimals: 1,200 is a question there alone."""
    rows = "customer;retained;revenue_start;revenue_end\na;yes;1,200;1,200\nb;no;800;0\n"
    tmp_path.joinpath("semicolons.csv").write_text(rows)
    quoted = rows.replace("1,200", '"1,200"').replace(";", ",")
    tmp_path.joinpath("commas.csv").write_text(quoted)
    asked = run_here("retention", tmp_path / "semicolons.csv")
    assert (asked.code, "--decimal comma (it is 1.2) or --decimal point (it is 1200)" in asked.err) == (2, True)
    point = run_here("retention", tmp_path / "semicolons.csv", "--decimal", "point", "--format", "json").json["rows"][0]
    assert point["net_revenue_retention"] == 60
    assert run_here("retention", tmp_path / "commas.csv", "--format", "json").json["rows"][0] == point
    comma = run_here("retention", tmp_path / "semicolons.csv", "--decimal", "comma", "--format", "json").json["rows"][0]
    assert comma["net_revenue_retention"] == pytest.approx(100 * 1.2 / 801.2)


@pytest.mark.parametrize(("said", "revenue"), [("comma", 116.0), ("point", 116.0)])
def test_the_option_and_the_settings_answer_it(tmp_path: Path, said: str, revenue: float) -> None:
    """`--decimal` and `[numbers] decimal` say it; another column that tells says it too, and `check` asks."""
    rows = "customer,period,retained,revenue_start,revenue_end\na,2026-Q3,yes,{},{}\nb,2026-Q3,yes,{},{}\n"
    source, config = tmp_path / "rev.csv", tmp_path / "partnerkpi.toml"
    source.write_text(rows.format("1.000", "1.160", "2.000", "2.320"))
    config.write_text("")
    asked = run_here("retention", source, "--config", config)
    assert asked.code == 2
    assert "--decimal comma (it is 1000)" in asked.err
    assert any(
        "--decimal" in one for one in run_here("check", source, "--format", "json").json["tables"][0]["questions"]
    )
    told = run_here("retention", source, "--decimal", said, "--format", "json", "--config", config)
    assert told.json["rows"][0]["net_revenue_retention"] == pytest.approx(revenue)
    config.write_text(f'[numbers]\ndecimal = "{said}"\n')
    assert run_here("retention", source, "--config", config).code == 0
    source.write_text(rows.format("1.000", '"1.100,50"', "2.000", '"2.000,00"'))
    beside = run_here("retention", source, "--format", "json")
    assert beside.json["rows"][0]["net_revenue_retention"] == pytest.approx(100 * 3100.5 / 3000)


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        (["1.200", "30"], [1200, 30]),
        (["1,200", "30"], [1200, 30]),
        (["1.000", "1.250"], [1000, 1250]),
        (["1,000", "2,000"], [1000, 2000]),
        (["30.000", "1.5"], [30, 1.5]),
    ],
)
def test_a_count_is_whole(column: Column, cells: list[str], counts: list[float]) -> None:
    """There are no 1.2 contacts, so 1.200 of them are twelve hundred."""
    found, read = column(cells, whole=True)
    assert read == counts == [found.value(cell) for cell in cells]


def test_several_currencies_are_told_with_how_often_each_stands(column: Column) -> None:
    """A sign and its code are one currency; amounts are not converted."""
    found, read = column(["$1,000.00", "1,100 USD", "€ 2,000", "1,950.00 €", "7 kr", "8"])
    assert read == [1000, 1100, 2000, 1950, 7, 8]
    assert found.notes[-1] == "'amount' is in several currencies: EUR (2), USD (2). The numbers are taken as they stand"


@pytest.mark.parametrize(
    ("kind", "cells", "numbers"),
    [
        ("DOUBLE", [1.5, float("nan"), None], [1.5, None, None]),
        ("INTEGER", [3, None], [3, None]),
        ("DECIMAL(9, 2)", [Decimal("1.20"), None], [1.2, None]),
        ("BOOLEAN", [True, False], [None, None]),
    ],
)
def test_typed_columns_are_what_they_are(column: Column, kind: str, cells: list[object], numbers: list[float]) -> None:
    """A number of the engine's needs no reading; NaN and TRUE are none."""
    found, read = column(cells, kind=kind)
    assert read == numbers == [found.value(cell) for cell in cells]
    assert found.notes == ()


def test_an_answer_is_read_by_itself() -> None:
    """On a scale there are no thousands: either mark stands before decimals, and 7,500 is seven and a half."""
    assert [plain_number(text) for text in ("7", "7,5", "7.5", ".5", "7,500", "+1e1")] == [7, 7.5, 7.5, 0.5, 7.5, 10]
    assert [plain_number(text) for text in ("1.200,5", "$7", "7 ", "", "-", "\u0667")] == [None] * 6


# ---- through the commands


STYLES: dict[str, Callable[[float], str]] = {
    "decimal comma": lambda value: f"{value:.2f}".replace(".", ","),
    "points between thousands": lambda value: f"{value:,.2f}".translate(str.maketrans(",.", ".,")),
    "dollars": lambda value: f"${value:,.2f}",
    "euros behind": lambda value: f"{value:,.2f} €".translate(str.maketrans(",.", f"{NO_BREAK},")),
    "apostrophes": lambda value: f"CHF {value:,.2f}".replace(",", "'"),
    "plain": lambda value: f"{value}",
}


@pytest.mark.parametrize("style", STYLES)
def test_revenue_retention_is_the_same_in_every_style(tmp_path: Path, style: str) -> None:
    """Starts of 1,000, 2,000.5, 1,500.25 and 800 of which 1,100.5, 1,950, 1,500.25 and nothing are left."""
    start, end = [1000.0, 2000.5, 1500.25, 800.0], [1100.5, 1950.0, 1500.25, 0.0]
    lines = [
        f'c{number},2026-Q3,{"yes" if after else "no"},"{STYLES[style](before)}","{STYLES[style](after)}"'
        for number, (before, after) in enumerate(zip(start, end, strict=True))
    ]
    path = tmp_path / "revenue.csv"
    path.write_text("\n".join(["customer,period,retained,revenue_start,revenue_end", *lines]), encoding="utf-8")
    done = run_here("retention", path, "--format", "json")
    whole = done.json["rows"][0]
    assert whole["net_revenue_retention"] == pytest.approx(100 * sum(end) / sum(start))
    assert whole["gross_revenue_retention"] == pytest.approx(100 * (1000 + 1950 + 1500.25) / sum(start))
    assert ("is read as numbers" in done.err) == (style != "plain")


@pytest.mark.parametrize("style", one_in(2, STYLES))
def test_annual_values_and_contacts_are_the_same_in_every_style(tmp_path: Path, style: str) -> None:
    """Three partners are worth 1,250,000.50, 2,500 and 1,234.56; 1,200, 30 and 40 of their people were invited."""
    values = {"Alder": (1_250_000.5, 1200), "Birk": (2500.0, 30), "Corvane": (1234.56, 40)}
    apart = {"plain": "", "dollars": ","}.get(style, ".")
    contacts = {name: f"{count:,}".replace(",", apart) for name, (_, count) in values.items()}
    partners = "".join(f'{name},"{STYLES[style](value)}","{contacts[name]}"\n' for name, (value, _) in values.items())
    answers = "".join(f"2026-08-0{day},{name},{name}{day},9\n" for name in values for day in range(1, 7))
    (tmp_path / "partners.csv").write_text(f"partner,annual_value,invited_contacts\n{partners}", encoding="utf-8")
    (tmp_path / "answers.csv").write_text(f"date,partner,respondent,score\n{answers}", encoding="utf-8")
    sources = (tmp_path / "answers.csv", tmp_path / "partners.csv")
    compared = run_here("compare", *sources, "--format", "json")
    assert {row["group"]["partner"]: row["annual_value"] for row in compared.json["rows"]} == {
        name: value for name, (value, _) in values.items()
    }
    assert ("'annual_value' is read as numbers" in compared.err) == (style != "plain")
    with Workspace() as workspace:
        card = build_scorecard(sort_out(workspace, [str(source) for source in sources], {}, {}), load(None))
    assert {name: card.counts[name, card.current].invited for name in values} == {
        name: count for name, (_, count) in values.items()
    }
