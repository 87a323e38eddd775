"""What a message says and how it looks: the figures of the page, in four languages, for every mail program."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import cases
import pytest
from cards import card, demo_card, filled, odd_cards
from sampled import one_in

from partnerkpi.config import Config, load
from partnerkpi.errors import ConfigError, DataProblem
from partnerkpi.kpi.scores import ScoreTally
from partnerkpi.language import LANGUAGES, language
from partnerkpi.mail.compose import Rendered, Renderer
from partnerkpi.mail.content import PageContent, from_scorecard
from partnerkpi.mail.message import Message, message_of
from partnerkpi.mail.workbook import read_book
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import for_partner
from partnerkpi.scorecard.parts import Counts, Partner
from partnerkpi.workbook.build import write_workbook


def known_card() -> Scorecard:
    """Return a scorecard whose figures were worked out by hand, or stand in the definitions.

    Answers 10, 15, 25 -> 5, 15, 30 (detractors, passives, promoters): NPS 30 -> 50, p .18518, so nobody can tell. Of 40
    partners 28 are active; 72 of 160 retained customers are partners'.
    """
    names = [f"Partner {number:02d}" for number in range(40)]
    counts = {(name, "2026-Q3"): Counts(activities=1 if number < 28 else 0) for number, name in enumerate(names)}
    counts[names[0], "2026-Q2"] = Counts(ScoreTally(10, 15, 25))
    counts[names[0], "2026-Q3"] = Counts(ScoreTally(5, 15, 30), 200, 3, 80, 72)
    counts[None, "2026-Q3"] = Counts(customers=120, retained=88)
    return card(counts, periods=("2026-Q2", "2026-Q3"), partners=tuple(Partner(name) for name in names))


def rendered(page: PageContent, code: str = "en", name: str | None = None) -> Rendered:
    return Renderer(Config()).render(message_of(page, code, "Partner scorecard Q3 2026.xlsx"), name)


def said(page: PageContent, code: str = "en") -> Message:
    return message_of(page, code, "book.xlsx")


def test_a_sentence_for_each_kpi() -> None:
    """The sentences give the NPS, and each other KPI that moved by more than chance; the table has the rest."""
    message = said(from_scorecard(known_card()))
    plain = [sentence.replace("\u00a0", " ") for sentence in message.sentences]
    assert plain == [
        "The Strategic Partner NPS in Q3 2026 is 50 (32 to 64) from 50 answers, rated ● Strong; "
        "up 20 on Q2 2026: too few answers to tell.",
        "28 of 40 partners are active advocates, 70 %, rated ▲ Watch; "
        "28 more than in Q2 2026 (0 of 40): more than chance.",
    ]
    assert message.subject == "Partner scorecard, Q3 2026: NPS 50, Strong; up 20 on Q2 2026: too few answers to tell"


def test_what_is_missing_is_not_told() -> None:
    """An executive reads nothing of a KPI without data: neither a sentence, nor a row, nor how to supply it."""
    without = odd_cards()["no customers"]
    for code in LANGUAGES:
        message = said(from_scorecard(without), code)
        assert len(message.sentences) == 1
        assert len(message.rows) == 3
        assert not [text for text in message.to_do if "customer" in text.lower()]


def test_the_subject_has_the_finding() -> None:
    """What the NPS does, and how many partners turned against us with what they are worth a year."""
    message = said(from_scorecard(demo_card()))
    assert message.subject == (
        "Partner scorecard, Q3 2026: NPS 46 and rising; 3 partners worth 3.8 million a year turned against us"
    )
    assert message.sentences[0].startswith("Our partners recommend us more than before: the NPS is 43 over 4 quarters")
    assert message.changed == []  # the first sentence says it
    first = "Call Kestrelane Consulting: NPS 41 → −23, 2.0 million a year, Callum Reyes-Whitlock by 30 Sep."
    assert message.to_do[0] == first
    called = [one.partner for one in demo_card().call_first]
    assert [text.partition(":")[0] for text in message.to_do[:3]] == [f"Call {name}" for name in called[:3]]
    assert len(" ".join([*message.sentences, *message.to_do]).split()) < 120


def test_what_to_do_and_what_changed() -> None:
    """Whom the page calls first is called first; 75 % of 40 partners are 30, 2 more than 28."""
    page = from_scorecard(known_card())
    message = said(page)
    assert [text.replace("\u00a0", " ") for text in message.to_do] == [
        "No partner is rated ■ Investigate: no call is due.",
        "Win 2 more active advocates to reach the target of 75 %.",
    ]
    assert message.changed == []  # the sentences above the table say it
    counts = {(f"P{number}", "2026-Q3"): Counts(ScoreTally(10, 0, number)) for number in range(5)}
    counts |= {(f"P{number}", "2026-Q2"): Counts(ScoreTally(0, 0, 30)) for number in range(5)}
    low = said(from_scorecard(card(counts, periods=("2026-Q2", "2026-Q3"))))
    assert [text.partition(":")[0] for text in low.to_do[:3]] == ["Call P4", "Call P3", "Call P2"]  # most answers first
    assert low.to_do[0].startswith("Call P4: NPS 100 → −43")
    assert low.to_do[3] == "2 more: see the sheet Actions."
    assert any("Of 5 partners compared, 0 went up and 5 down" in text for text in low.changed)


@pytest.mark.parametrize("name", one_in(8, odd_cards()))
def test_a_workbook_says_what_its_scorecard_says(name: str) -> None:
    """The page that is read back from a workbook is the page of the scorecard, for every odd case."""
    page, original = read_book(cases.book(name)).page, from_scorecard(odd_cards()[name])
    for code in LANGUAGES:
        assert said(page, code) == said(original, code)


def test_a_pack_says_nothing_of_others(tmp_path: Path) -> None:
    """The message of a pack names its partner and no other, and has that partner's figures."""
    whole = card(filled(("Acme", "Bolt", None)))
    write_workbook(for_partner(whole, "Acme"), tmp_path / "Acme.xlsx")
    page = read_book(tmp_path / "Acme.xlsx").page
    assert page == replace(from_scorecard(for_partner(whole, "Acme")), as_of=dt.date(2026, 9, 30))
    for code in LANGUAGES:
        both = rendered(page, code)
        assert "Acme" in both.text
        assert "Bolt" not in both.text + both.html
    assert said(page).title == "Partner scorecard Acme"


def test_answers_that_a_partner_is_not_shown_are_not_said_to_be_none() -> None:
    """Of fewer than five answers the partner's message says that they are not shown, and not that there are none."""
    one = card({("Acme", "2026-Q3"): Counts(ScoreTally(1, 1, 1))})
    text = " ".join(rendered(from_scorecard(for_partner(one, "Acme")), "en").text.split())
    assert "Fewer than 5 of you answered, so we do not show them" in text
    assert "no answers" not in text


@pytest.mark.parametrize("code", one_in(4, LANGUAGES, first=1))
def test_every_case_in_every_language(code: str) -> None:
    """Every scorecard has a message: no gap, no "None", no line too long for a plain text, one line as subject."""
    for name, one in odd_cards().items():
        both = rendered(from_scorecard(one), code, "Ana Ruiz")
        subject = message_of(from_scorecard(one), code, "x.xlsx").subject
        assert "\n" not in subject
        assert len(subject) <= 150
        assert not re.search(r"\bNone\b|\bnan\b|\{|\}", both.text), name
        assert all(len(line) <= 72 for line in both.text.splitlines() if max(map(len, line.split()), default=0) < 60), (
            name
        )
        assert not re.search(r"\n\n\n", both.text), name
        assert f'<html lang="{code}"' in both.html


class Page(HTMLParser):
    """The tags of a page, checked to be nested properly."""

    VOID = ("meta", "br")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def html() -> str:
    return rendered(from_scorecard(odd_cards()["usual"]), "en", "Ana").html


def test_nothing_from_elsewhere(html: str) -> None:
    """No picture, no script, no link, no form, nothing that is fetched: nobody learns when the message is read."""
    tags = {tag for tag, _ in Page(html).tags}
    assert not tags & {"img", "script", "link", "a", "iframe", "object", "form", "input", "video", "svg", "base"}
    for trace in ("http:", "https:", "//", "url(", "@import", "cid:", "src=", "href="):
        assert trace not in html.replace("<!doctype", "").replace("<!--", ""), trace


def test_inline_styles_carry_the_look(html: str) -> None:
    """Without its <style> every cell still has its own colours and spaces: many programs drop the <style>."""
    page = Page(re.sub(r"(?s)<style>.*?</style>|<!--.*?-->", "", html))
    for tag in ("th", "td", "h1", "h2"):
        assert all(attributes.get("style") for attributes in page.named(tag)), tag
    assert len(html.encode()) < 90_000, "Gmail cuts messages of more than 102 KB"


def test_headers_of_the_table(html: str) -> None:
    """The table of figures has headers of columns and rows; tables for layout say that they are no tables."""
    page = Page(html)
    heads = page.named("th")
    assert [head["scope"] for head in heads] == ["col"] * 3 + ["row"] * 5
    tables = page.named("table")
    assert [table.get("role") for table in tables] == ["presentation", "presentation", None]
    assert tables[2]["aria-label"] == "The figures"
    assert [tag for tag, _ in page.tags if tag in ("h1", "h2")] == ["h1", "h2", "h2"]


def luminance(colour: str) -> float:
    """Return the relative luminance of #RRGGBB (WCAG 2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_in_the_light() -> None:
    """Every text has a contrast of 4.5 to 1 at least with its ground (WCAG AA)."""
    pages = [rendered(from_scorecard(one)).html for one in odd_cards().values()]
    pairs = {("#1B2A41", "#FFFFFF"), ("#5B6472", "#FFFFFF"), ("#2B5C8A", "#FFFFFF")}
    for page in pages:
        pairs |= {(b, a) for a, b in re.findall(r"background:(#\w{6});color:(#\w{6})", page)}
    assert len(pairs) >= 7
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < 4.5} == {}


def test_contrast_in_the_dark(html: str) -> None:
    """In dark mode every class has colours of its own, with the same contrast."""
    dark = html.partition("prefers-color-scheme: dark")[2].partition("</style>")[0]
    rules = re.findall(r"\.([\w-]+) \{([^}]*)\}", dark)
    card_ground = "#1B2535"
    checked = []
    for name, rule in rules:
        text = re.search(r"(?<![-\w])color: (#\w{6}) !important", rule)
        ground = re.search(r"background: (#\w{6}) !important", rule)
        if text is not None:
            checked.append(name)
            assert contrast(text[1], ground[1] if ground else card_ground) >= 4.5, name
    ratings = ["exceptional", "strong", "watch", "investigate", "no-data"]
    assert {"ink", "muted", "accent", "head", *ratings} <= set(checked)


def test_ratings_without_their_colour() -> None:
    """Each rating is told by its glyph and its word as well as by its colour."""
    both = rendered(from_scorecard(known_card()))
    for shown in ("●\u00a0Strong", "▲\u00a0Watch", "■\u00a0Investigate"):
        assert shown in both.html
        assert shown in both.text


def test_what_people_typed_stays_text() -> None:
    """A partner's name or a title with tags, braces or line breaks is shown as it is and does nothing."""
    nasty = "<b onload=x>{{ 7 * 7 }}</b>\r\nBcc: eve@evil.example"
    counts = {(nasty, period): Counts(ScoreTally(9, 0, 1)) for period in ("2026-Q2", "2026-Q3")}
    page = from_scorecard(card(counts, periods=("2026-Q2", "2026-Q3"), title=nasty))
    both = rendered(page)
    assert "<b onload" not in both.html
    assert "&lt;b onload=x&gt;{{ 7 * 7 }}&lt;/b&gt; Bcc" in both.html
    assert "49" not in said(page).subject
    assert "\n" not in said(page).subject


def test_few_answers_are_said() -> None:
    """A score of fewer answers than asked for says so in its sentence."""
    page = from_scorecard(card({("Acme", "2026-Q3"): Counts(ScoreTally(0, 1, 2))}, periods=("2026-Q3",)))
    assert "few answers: read with care" in said(page).sentences[0]
    assert said(page).changed == ["This is the first period: there is nothing to compare it with."]


def test_a_template_of_ones_own(tmp_path: Path) -> None:
    """A user's template has the message, the brand and the language; a fault in it is an error with its line."""
    config = tmp_path / "partnerkpi.toml"
    own = tmp_path / "our.html.j2"
    config.write_text("[mail]\ntemplate = 'our.html.j2'\n[brand]\nname = 'Example & Sons'\n")
    own.write_text("<h1>{{ message.title }}</h1>{{ brand.name }} {{ message.texts('mail.to_do') }}")
    message = message_of(from_scorecard(known_card()), "de", "x.xlsx")
    both = Renderer(load(config)).render(message)
    assert both.html == "<h1>Partner-Scorecard</h1>Example &amp; Sons Was zu tun ist"
    assert "Was zu tun ist" in both.text, "the plain text comes from the usual template"
    own.with_name("our.txt.j2").write_text("{{ message.period }}")
    assert Renderer(load(config)).render(message).text == "Q3 2026"
    for wrong, words in (
        ("a\n{% for %}", "line 2"),
        ("{{ message.nothing }}", "cannot be filled in"),
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ message.texts('no.such') }}", "no.such"),
        ("{{ ''.__class__.__mro__ }}", "cannot be filled in"),
    ):
        own.write_text(wrong)
        with pytest.raises(ConfigError, match=re.escape(words)):
            Renderer(load(config)).render(message)
    own.unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        Renderer(load(config))


ENDLESS = (
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{% set t %}{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}{% endset %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% for a in range(99999) %}{{ range(99999)|list|length }}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% set n = namespace(t='x') %}{% for a in range(99) %}{% set n.t = n.t ~ n.t %}{% endfor %}",
    "{% set n = namespace(t='x') %}{% for a in range(99) %}{% set n.t = n.t + n.t %}{% endfor %}",
    "{% set n = namespace(t='x') %}{% for a in range(99) %}{% set n.t = n.t|replace('x', 'xxxxxxxx') %}{% endfor %}",
    *("{{ 9**9**9 }}", "{{ 'x' * 9999999999 }}", "{{ 'x'|center(9999999999) }}", "{{ 'x'.ljust(9999999999) }}"),
    *("{{ '%9999999999d' % 1 }}", "{{ '%*d' % (9999999999, 1) }}", "{{ '{:9999999999}'.format(1) }}"),
    *("{{ '{:{}}'.format(1, '9999999999') }}", "{{ '{:{w}}'.format_map({'w': 9999999999}) }}"),
    *("{{ ('{:9999999999}'|attr('format'))(1) }}", "{% set f = '{:>9999999999}'.format %}{{ f('x') }}"),
    *("{{ '%9999999999d'|format(1) }}", "{{ 'x'|indent(9999999999) }}", "{{ [1]|batch(999999999, 0)|list }}"),
    *("{{ ('a' * 99999)|replace('a', 'b' * 99999) }}", "{{ ('a' * 99999).replace('a', 'b' * 99999) }}"),
    *("{{ (['a' * 99999] * 99999)|join }}", "{{ ('b' * 99999).join('a' * 99999) }}"),
    *("{{ ('{0}' * 99999).format('a' * 99999) }}", "{{ ('\\t' * 99999).expandtabs(99999) }}"),
    *("{{ ('%s' * 99999) % (('a' * 99999,) * 99999) }}", "{{ ([1] * 99999)|tojson(99999) }}"),
    *("{{ lipsum(99999, False, 99999, 999999) }}", "{{ (1).to_bytes(9999999999, 'big') }}", "{{ [1] * 9999999999 }}"),
)


@pytest.mark.parametrize("template", ENDLESS)
def test_a_template_that_does_not_end_is_ended(template: str, tmp_path: Path) -> None:
    """A template that loops, calls itself or makes endless text is ended with a sentence that names the file."""
    (tmp_path / "partnerkpi.toml").write_text("[mail]\ntemplate = 'our.html.j2'\n")
    (tmp_path / "our.html.j2").write_text(template)
    with pytest.raises(ConfigError, match=re.escape(f"the mail template {tmp_path / 'our.html.j2'} cannot be")):
        Renderer(load(tmp_path / "partnerkpi.toml")).render(said(from_scorecard(known_card())))


def test_large_figures_and_long_lists_are_no_fault_of_a_template(tmp_path: Path) -> None:
    """Amounts in the millions and a row for each of 1,000 partners are within the limits."""
    (tmp_path / "partnerkpi.toml").write_text("[mail]\ntemplate = 'our.html.j2'\n")
    rows = "{% for n in range(1000) %}<tr><td>{{ n }}</td><td>{{ '{:,}'.format(n * 1234567) }}</td></tr>{% endfor %}"
    (tmp_path / "our.html.j2").write_text(rows + "{{ 12345678|round|int }}")
    assert (
        "1,233,332,433" in Renderer(load(tmp_path / "partnerkpi.toml")).render(said(from_scorecard(known_card()))).html
    )


def test_what_is_no_scorecard(tmp_path: Path) -> None:
    """A workbook that is none of ours is named as such."""
    from openpyxl import Workbook

    book = Workbook()
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(DataProblem, match="the workbook is no scorecard"):
        read_book(tmp_path / "other.xlsx")


def test_months_and_years() -> None:
    """Periods are named in the language: months, years, all time."""
    cards = odd_cards()
    assert "September 2026" in said(from_scorecard(cards["months"]), "de").subject
    assert "septembre 2026" in said(from_scorecard(cards["months"]), "fr").subject
    assert "todo el periodo" in said(from_scorecard(cards["all time"]), "es").subject
    assert language("de").period("FY2027-Q1") == "Q1 GJ 2027"


@pytest.mark.parametrize(("invited", "told"), [(20, True), (9, False)])
def test_no_response_rate_of_more_answers_than_invitations(invited: int, told: bool) -> None:
    """10 of 9 invited answered is no figure: the first page has none of it either."""
    one = card({("Acme", "2026-Q3"): Counts(ScoreTally(2, 3, 5), invited)})
    assert ("Response rate" in [row.name for row in said(from_scorecard(one)).rows]) is told


def test_no_heading_without_what_it_heads() -> None:
    """One period of answers that name nobody has nothing to do and nothing that changed: their heads are left out."""
    one = card(
        {(None, "all time"): Counts(ScoreTally(40, 95, 306))},
        periods=("all time",),
        period_kind="all",
        as_of=None,
        partners=(),
        has_activities=False,
        has_customers=False,
    )
    made = rendered(from_scorecard(one))
    for text in (made.text, made.html):
        assert "What to do" not in text
        assert "What changed" not in text
        assert "Within chance" not in text  # nothing was compared
        assert "No dates in the data" in text
    quarters = replace(one, periods=("2026-Q3",), current="2026-Q3", counts={(None, "2026-Q3"): Counts()})
    dated = said(from_scorecard(replace(quarters, period_kind="quarter")))
    assert dated.data_to == ""  # of periods without days it is not said that there are none
