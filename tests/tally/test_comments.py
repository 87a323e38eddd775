"""What comments are about: words found as people write them, counted by whoever wrote them."""

import re
from dataclasses import replace
from typing import Any

import pytest
from counted import new_engine

from partnerkpi.comments.names import Names
from partnerkpi.comments.quotes import pick_quotes
from partnerkpi.comments.tallies import Comments, read_comments, tally_comments
from partnerkpi.comments.words import count_words
from partnerkpi.demo.answers import phrases
from partnerkpi.errors import ConfigError
from partnerkpi.guide.themes import LANGUAGES, Theme, all_themes, default_themes, name_words, stop_words
from partnerkpi.kpi import ScoreTally
from partnerkpi.tables.backend import Rows

PORTAL = Theme("Portal", ("portal*", "log in", "Rückruf"))
PRICE = Theme("Price", ("price*", "*preis"))


def comments(rows: list[tuple[Any, ...]], *themes: Theme, names: str = "score, comment", **more: Any) -> Comments:
    """Return rows of texts and numbers as comments."""
    engine = new_engine()
    connection = engine.connection
    marks = ", ".join("?" for _ in names.split(", "))
    connection.execute(f"CREATE TABLE answers ({', '.join(f'{n} VARCHAR' for n in names.split(', '))})")
    connection.executemany(f"INSERT INTO answers VALUES ({marks})", rows)
    selected = Rows(engine, "SELECT *, CAST(score AS DOUBLE) AS __score FROM answers")
    return read_comments(selected, themes or (PORTAL, PRICE), comment="comment", **more)


def found(comment: str, *themes: Theme) -> list[str]:
    """Return the themes of one comment."""
    cell = tally_comments(comments([("9", comment)], *themes)).total()
    return [theme.name for theme, tally in zip(themes or (PORTAL, PRICE), cell.themes, strict=True) if tally.responses]


@pytest.mark.parametrize(
    ("comment", "themes"),
    [
        ("The portal is slow", ["Portal"]),
        ("PORTALS", ["Portal"]),
        ("Pórtal!", ["Portal"]),
        ("teleportal", []),
        ("log  in", ["Portal"]),
        ("log-in\nfails", ["Portal"]),
        ("login", []),
        ("(portal)", ["Portal"]),
        ("Bitte Rückruf", ["Portal"]),
        ("Bitte RUECKRUF", ["Portal"]),
        ("Ru\u0308ckruf", ["Portal"]),
        ("Der Listenpreis", ["Price"]),
        ("price of the portal", ["Portal", "Price"]),
        ("nothing of both", []),
        ("see www.portal.example", []),
        ("…“portal”…", ["Portal"]),
        ("портал", []),
    ],
)
def test_words_as_people_write_them(comment: str, themes: list[str]) -> None:
    """Case, accents, punctuation and umlauts written out make no difference; the edges of words do."""
    assert found(comment) == themes


@pytest.mark.parametrize("word", ["портал", "门户", "a.c", "(x|y)", "c++ api", "100%", "[x]", "\\d"])
def test_a_users_word_is_no_pattern(word: str) -> None:
    """Whatever a word holds, it is found as it stands and matches nothing else by accident."""
    theme = Theme("Own", (word,))
    assert found(f"our {word}, please", theme) == ["Own"]
    assert found("5 abc unrelated", theme) == []


@pytest.mark.parametrize("words", [("",), ("portal", "  "), ("*",), ("***",), ("!?",), ()])
def test_a_blank_word(words: tuple[str, ...]) -> None:
    """A theme without words, or with a word that holds no letter, is an error that names it."""
    with pytest.raises(ConfigError, match="'Own'"):
        found("x", PORTAL, Theme("Own", words))


def test_counts_by_group_and_period() -> None:
    """Answers, comments and themes are counted by band, group and period; a comment that says nothing is none."""
    rows = [
        ("10", "great portal", "A", "24318"),
        ("3", "portal price", "A", "24321"),
        ("8", "n/a", "A", "24321"),
        ("2", None, "B", "24321"),
        ("9", "Keine.", "B", "24321"),
        ("7", "hello", "B", None),
    ]
    ready = comments(rows, names="score, comment, partner, __month", by=["partner"], period="quarter", respondent=None)
    numbers = ready.rows.select("SELECT * REPLACE (CAST(__month AS INTEGER) AS __month) FROM __rows")
    counted = tally_comments(replace(ready, rows=numbers))
    assert counted.periods == ("2026-Q3", "2026-Q4")
    whole = counted.total()
    assert (whole.answers, whole.comments, whole.no_theme) == (
        ScoreTally(2, 2, 2),
        ScoreTally(1, 1, 1),
        ScoreTally(0, 1, 0),
    )
    assert whole.themes == (ScoreTally(1, 0, 1), ScoreTally(1, 0, 0))
    assert counted.total("2026-Q4").themes == (ScoreTally(1, 0, 0), ScoreTally(1, 0, 0))
    assert counted.total(group=("B",)).answers == ScoreTally(1, 1, 1)


def test_many_themes() -> None:
    """More themes than a number has bits are counted each for itself."""
    themes = [Theme(f"T{number}", (f"word{number}",)) for number in range(130)]
    cell = tally_comments(comments([("9", "word0 word59 word60"), ("1", "word129 word60")], *themes)).total()
    assert {n: t for n, t in enumerate(cell.themes) if t.responses} == {
        0: ScoreTally(0, 0, 1),
        59: ScoreTally(0, 0, 1),
        60: ScoreTally(1, 0, 1),
        129: ScoreTally(1, 0, 0),
    }


def test_stored_comments_count_the_same() -> None:
    """Comments kept in files, equal texts once, give the counts, words and quotes that they gave before."""
    texts = ["The portal it's, again", "the portal it's, again", "n/a", "", None, 'a "price"\n of the portal, too high']
    ready = comments([(str(score), text) for score in (9, 3, 8, 3) for text in texts])
    stored = ready.stored()
    assert tally_comments(stored) == tally_comments(ready)
    assert count_words(stored) == count_words(ready)
    assert tally_comments(stored).total().comments == ScoreTally(6, 3, 3)
    quotes = [pick_quotes(some, lambda _: Names(), min_group=1) for some in (stored, ready)]
    assert quotes[0] == quotes[1]
    assert list(quotes[0]) == ["Portal"]


def test_words_are_counted_once_a_comment() -> None:
    """A word counts once a comment, without case and accents; addresses, numbers, letters and stop words do not."""
    rows = [
        ("1", "Slow, SLOW portal at www.x.example"),
        ("10", "slów 24 x bob@acme.example and fast"),
        ("8", "fast 7days"),
    ]
    counts = count_words(comments(rows), leave_out=["at", "and"])
    assert counts.words == {
        "slow": ScoreTally(1, 0, 1),
        "portal": ScoreTally(1, 0, 0),
        "fast": ScoreTally(0, 1, 1),
    }
    assert counts.total == ScoreTally(2, 1, 2)
    assert set(count_words(comments(rows), leave_out=["at", "and"], at_least=2).words) == {"slow", "fast"}


def test_the_lists_are_well_kept() -> None:
    """No word is twice in a theme's language, other lists are plain, and own themes replace those of a name."""
    from partnerkpi.guide import themes as guide

    for theme in guide._read("themes.toml")["theme"]:
        for language in LANGUAGES:
            assert len(theme[language]) == len(set(theme[language])) > 0, (theme["name"], language)
    for words in (stop_words(), *(name_words(kind) for kind in ("first", "particles", "nobody", "company"))):
        assert all(re.fullmatch(r"[a-zß]+", word) for word in words)
    assert not stop_words() & {"not", "never", "no", "too", "nicht", "kein", "pas", "nunca", "sin", "ohne"}
    own = all_themes({"PORTAL AND TOOLS": ["login"], "Own": ["x"]})
    assert [theme.name for theme in own][-1] == "Own"
    assert len(own) == len(default_themes()) + 1
    assert Theme("PORTAL AND TOOLS", ("login",)) in own
    assert all_themes({}, defaults=False) == ()


#: What the example data call a theme, and what the program does.
DEMO = {
    "support": "Support and responsiveness",
    "communication": "Communication",
    "product": "Product quality",
    "pricing": "Pricing and margin",
    "training": "Training and enablement",
    "onboarding": "Onboarding",
    "deal_registration": "Deal registration and conflict",
    "portal": "Portal and tools",
    "payments": "Payments and incentives",
    "marketing": "Marketing and leads",
}


def test_the_default_themes_find_what_a_writer_meant() -> None:
    """Of the example data's sentences, each written for one theme, nine in ten are found under it."""
    content = phrases()
    meant = [
        (DEMO[theme], sentence)
        for language in LANGUAGES
        for theme in DEMO
        for mood in ("praise", "complaint")
        for sentence in content[language][theme][mood]
    ]
    themes = default_themes()
    cells = tally_comments(comments([("9", sentence) for _, sentence in meant], *themes, by=["comment"])).cells
    about = {c.group[0]: {t.name for t, n in zip(themes, c.themes, strict=True) if n.responses} for c in cells}
    missed = [(theme, sentence) for theme, sentence in meant if theme not in about[sentence]]
    assert len(missed) <= 0.1 * len(meant), missed
