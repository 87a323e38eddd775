"""The kit of a survey: what it asks comes back and is counted, and its mails are what mail programs show alike."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from command import run_here

from partnerkpi.language import LANGUAGES, language
from partnerkpi.mail.survey import FIELDS, Fields

COMPANY = 'Acme & Söhne <b>"GmbH"</b>'
_VOID = {"meta", "br", "link", "img", "hr"}


class Page(HTMLParser):
    """Notes tags, their attributes and the text of a page, and whether every tag is closed."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a kit of a company with an awkward name."""
    folder = tmp_path_factory.mktemp("survey") / "kit"
    made = run_here("survey", folder, "--company", COMPANY, "--link", "https://survey.example.com/?p=1")
    assert made.code == 0, made.err
    assert len(made.out.splitlines()) == 2 + 7 * len(LANGUAGES)
    return folder


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_the_question_comes_back_as_the_answer(tmp_path: Path, code: str) -> None:
    """A survey tool names columns by its questions: those of the kit are told as the score and the comment."""
    say = language(code)
    header = ["Date", "Partner", "E-mail", say("survey.question", company="Acme"), say("survey.reason")]
    header += [say("survey.contact"), say("survey.reference")]
    rows = [
        ["2026-07-01", "Bolt", "a@example.com", "9", "Fast answers from people who know us.", "1", "1"],
        ["2026-07-02", "Bolt", "b@example.com", "3", "Nobody called back for three weeks.", "0", "0"],
        ["2026-07-02", "Corvane", "c@example.com", "10", "The portal is easy to use now.", "1", "0"],
    ]
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    found = run_here("nps", path, "--by", "partner", "--format", "json").json
    assert found["provenance"]["columns"]["score"].split() == header[3].split()  # French has narrow blanks
    assert [row["nps"] for row in found["rows"]] == [pytest.approx(100 / 3), 0, 100]
    themes = run_here("nps", path, "--themes", "--format", "json").json
    assert themes["comments"][0]["comments"] == 3


def test_the_layout_is_read_without_being_told(kit: Path) -> None:
    """The file for the answers, filled in, is counted: answers, response rate, respondents who answer twice."""
    path = kit / "answers.csv"
    with path.open(encoding="utf-8", newline="") as file:
        ((*header,),) = csv.reader(file)
    assert header[:5] == ["date", "partner", "respondent", "invited", "score"]
    rows = [
        ["2026-07-01", "Bolt", "r1", "yes", "9", "Good people", "yes", "no", "en"],
        ["2026-07-03", "Bolt", "r1", "yes", "10", "Better still", "yes", "yes", "en"],
        ["2026-07-01", "Bolt", "r2", "yes", "", "", "", "", ""],
        ["2026-07-02", "Corvane", "r3", "yes", "2", "Nobody answers", "no", "no", "de"],
    ]
    filled = kit.parent / "filled.csv"
    with filled.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    found = run_here("nps", filled, "--by", "partner", "--format", "json").json
    assert [(row["responses"], row["nps"]) for row in found["rows"]] == [(2, 0), (1, 100), (1, -100)]
    page = run_here("scorecard", filled, "-o", kit.parent / "card.xlsx", "--format", "json").json
    assert page["total"]["responses"] == 2
    assert page["total"]["response_rate"] is not None


@pytest.mark.parametrize("code", list(LANGUAGES))
@pytest.mark.parametrize("name", ["invitation", "reminder", "thanks"])
def test_mails_are_plain_html(kit: Path, code: str, name: str) -> None:
    """Closed tags, styles in the tags, nothing fetched, no script; the name of the company is text and no HTML."""
    content = kit.joinpath(code, f"{name}.html").read_text(encoding="utf-8")
    page = Page(content)
    assert page.open == []
    assert dict(page.tags)["html"]["lang"] == code
    tags = [tag for tag, _ in page.tags]
    assert not {"script", "img", "link", "b", "form", "input", "iframe"} & set(tags)
    assert "url(" not in content
    assert "@import" not in content
    assert COMPANY in page.text
    assert all("style" in attrs for tag, attrs in page.tags if tag in ("td", "a", "p", "h1"))
    assert all(attrs.get("role") == "presentation" for tag, attrs in page.tags if tag == "table")
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    asked = [f"https://survey.example.com/?p=1&score={score}" for score in range(11)]
    assert links == ([] if name == "thanks" else asked)
    styles = {attrs["style"] for tag, attrs in page.tags if tag == "a"}
    assert len(styles) <= 1  # no number is suggested
    assert max(map(len, content.splitlines())) < 998  # what SMTP takes


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_texts_fold_and_ask_the_same(kit: Path, code: str) -> None:
    """The text has the question of the HTML, lines of at most 72 characters, and the link without an answer."""
    say = language(code)
    question = say("survey.question", company=COMPANY)
    for name in ("invitation", "reminder"):
        text = kit.joinpath(code, f"{name}.txt").read_text(encoding="utf-8")
        assert max(map(len, text.splitlines())) <= 72
        assert question in " ".join(text.split("\n"))
        assert "https://survey.example.com/?p=1" in text
        assert "score=" not in text
        assert question in Page(kit.joinpath(code, f"{name}.html").read_text(encoding="utf-8")).text
    asked = kit.joinpath(code, "question.txt").read_text(encoding="utf-8")
    assert asked.startswith(question)
    for key in ("reason", "detractors", "passives", "promoters", "contact", "reference", "low", "high"):
        assert say(f"survey.{key}") in asked


def test_trade_marks_stand_in_the_read_me_alone(kit: Path) -> None:
    """The mails do not use the names; the page for who sends them says whose they are."""
    for path in kit.rglob("*.*"):
        named = re.search(r"\bNPS\b|Net Promoter", path.read_text(encoding="utf-8"))
        assert (named is not None) == (path.name == "READ-ME.txt"), path


def test_nothing_is_overwritten(kit: Path, tmp_path: Path) -> None:
    """A kit that is there already stays as it is, and of a new one beside it nothing is written."""
    folder = tmp_path / "kit"
    folder.joinpath("de").mkdir(parents=True)
    folder.joinpath("de", "thanks.txt").write_text("mine")
    made = run_here("survey", folder)
    assert made.code == 1
    assert "already holds de/thanks.txt" in made.err.replace("\\", "/")
    assert [path.name for path in folder.rglob("*.*")] == ["thanks.txt"]
    assert run_here("survey", folder, "--language", "fr").code == 0
    assert folder.joinpath("de", "thanks.txt").read_text() == "mine"
    assert run_here("survey", kit).code == 1


@pytest.mark.parametrize(
    ("fields", "seven", "none"),
    [
        (FIELDS["qualtrics"], "${l://SurveyURL}&score=7", "${l://SurveyURL}"),
        (FIELDS["limesurvey"], "{SURVEYURL}&score=7", "{SURVEYURL}"),
        (Fields("", "https://a.example/x"), "https://a.example/x?score=7", "https://a.example/x"),
        (Fields("", "https://a.example/x?s={score}"), "https://a.example/x?s=7", "https://a.example/x"),
        (Fields("", "https://a.example/x?p=1&s={score}"), "https://a.example/x?p=1&s=7", "https://a.example/x?p=1"),
    ],
)
def test_links(fields: Fields, seven: str, none: str) -> None:
    """A number leads to the survey with its answer, the text to the survey alone."""
    assert (fields.to_score(7), fields.plain) == (seven, none)


@pytest.mark.parametrize("link", ["survey.example.com", "javascript:alert(1)", "https://a.example/ x"])
def test_no_such_link(tmp_path: Path, link: str) -> None:
    """What is no address is refused before anything is written."""
    made = run_here("survey", tmp_path / "kit", "--link", link)
    assert made.code == 2
    assert "--link" in made.err
    assert not (tmp_path / "kit").exists()
