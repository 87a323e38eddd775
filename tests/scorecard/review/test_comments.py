"""What respondents wrote, from a file to themes, words and quotes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from command import run_here

from partnerkpi.comments.tallies import CommentCell, CommentTallies
from partnerkpi.comments.themes import TOO_FEW, as_rows, theme_lines
from partnerkpi.kpi import ScoreTally, change


def cell(period: str | None, *themes: tuple[int, int, int]) -> CommentCell:
    """Return 40 answers, 30 with a comment, with these counts of themes."""
    return CommentCell(
        (), period, ScoreTally(10, 10, 20), ScoreTally(10, 5, 15), ScoreTally(), tuple(ScoreTally(*t) for t in themes)
    )


def test_what_hurts_most_comes_first() -> None:
    """Themes are in the order of the points they take; equals by mentions, then by name; hidden ones are last."""
    tallies = CommentTallies(
        (),
        "all",
        ("Rare", "Liked", "B", "A", "Hurts"),
        (cell(None, (4, 0, 0), (0, 0, 9), (1, 5, 1), (1, 5, 1), (8, 0, 2)),),
    )
    lines = theme_lines(tallies)
    assert [line.theme for line in lines] == ["Hurts", "A", "B", "Liked", "Rare"]
    hurts = lines[0]
    assert (hurts.mentions, hurts.points, hurts.scores and hurts.scores.nps) == (10, -21.25, -60)
    assert hurts.share == pytest.approx(100 * 10 / 30)
    rare = as_rows(lines)[-1]
    assert (rare["mentions"], rare["flags"]) == (4, [TOO_FEW])
    assert all(rare[key] is None for key in ("promoters", "detractors", "nps", "low", "points", "change"))


def test_changes_are_judged_together() -> None:
    """The change since the period before is that of `change`, with Holm's correction over the themes that are shown."""
    tallies = CommentTallies(
        (),
        "quarter",
        ("T", "U", "V"),
        (cell("2026-Q2", (8, 8, 4), (5, 5, 5), (2, 0, 0)), cell("2026-Q3", (1, 5, 14), (5, 5, 5), (9, 0, 0))),
    )
    lines = {line.theme: line.change for line in theme_lines(tallies, period="2026-Q3", previous="2026-Q2")}
    alone = change(ScoreTally(8, 8, 4), ScoreTally(1, 5, 14))
    assert alone.p is not None
    assert (lines["T"].raw, lines["T"].p, lines["T"].word) == (85, pytest.approx(2 * alone.p), "up")
    assert (lines["U"].raw, lines["U"].word) == (0, "cannot tell")
    assert (lines["V"].raw, lines["V"].p) == (None, None)


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """Return a survey in which seven detractors are unhappy with the portal, and promoters like the training."""
    lines = ["respondent,date,partner,score,comment"]
    lines += [
        f"Zorro{n} Quux,2026-07-0{n},Grumpf Inc,{n % 4},the portal loses zorro{n} quux number {'abcdefg'[n - 1]}{n}"
        for n in range(1, 8)
    ]
    lines += [
        f"p{n}@x.example,2026-10-{n + 10},Bolt,10,Training number {n} was wonderful says Grumpf Inc" for n in range(9)
    ]
    lines += [f"q{n}@x.example,2026-10-{n + 10},Bolt,8,{'n/a' if n else 'price'}" for n in range(6)]
    path = tmp_path / "survey.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def themes(path: Path, *more: str) -> dict[str, Any]:
    """Return what `nps --themes` says of a file."""
    result: dict[str, Any] = run_here("nps", path, "--themes", "--format", "json", *more).json
    return result


def quotes(result: dict[str, Any]) -> dict[str, Sequence[dict[str, str]]]:
    """Return the quotes by theme."""
    return {row["theme"]: row["quotes"] for row in result["themes"] if row["quotes"]}


def test_quotes_name_nobody(survey: Path) -> None:
    """Quotes stand where enough respondents mention a theme, without the names of the file, with the band."""
    result = themes(survey)
    found = quotes(result)
    assert set(found) == {"Portal and tools", "Training and enablement"}
    assert found["Portal and tools"][0] == {"text": "the portal loses [name] number d4", "band": "detractor"}
    assert found["Training and enablement"][0]["text"] == "Training number 0 was wonderful says [name]"
    assert all(len(texts) == 3 for texts in found.values())
    assert result == themes(survey)
    assert result["comments"] == [{"period": None, "answers": 22, "comments": 17, "no_theme": 0}]
    assert result["themes"][0]["theme"] == "Portal and tools"


def test_no_quotes_of_few_respondents(tmp_path: Path, survey: Path) -> None:
    """One respondent who writes often is one; nothing is quoted below the minimum or when quotes are switched off."""
    text = survey.read_text(encoding="utf-8")
    one = tmp_path / "one.csv"
    one.write_text(
        "".join(
            line.replace(line.split(",")[0], "same") if "Zorro" in line else line for line in text.splitlines(True)
        ),
        encoding="utf-8",
    )
    assert set(quotes(themes(one, "--duplicates", "all"))) == {"Training and enablement"}
    settings = tmp_path / "own.toml"
    settings.write_text("[comments]\nquotes = 0\n")
    assert quotes(themes(survey, "--config", str(settings))) == {}
    settings.write_text("[comments]\nmin_group = 8\n")
    result = themes(survey, "--config", str(settings))
    assert set(quotes(result)) == {"Training and enablement"}
    assert next(row for row in result["themes"] if row["theme"] == "Portal and tools")["nps"] is None


def test_themes_of_the_settings(tmp_path: Path, survey: Path) -> None:
    """Own themes stand beside the defaults or alone; a blank word is an error that names the theme."""
    settings = tmp_path / "own.toml"
    settings.write_text('[comments]\ndefault_themes = false\n[themes]\nWonder = ["wonder*"]\n')
    result = themes(survey, "--config", str(settings))
    assert [(row["theme"], row["mentions"], row["promoters"]) for row in result["themes"]] == [("Wonder", 9, 9)]
    settings.write_text('[themes]\nWonder = ["wonder*", " "]\n')
    failed = run_here("nps", survey, "--themes", "--config", str(settings))
    assert failed.code == 2
    assert "'Wonder'" in failed.err


def test_words_are_never_names(tmp_path: Path) -> None:
    """Words that set detractors apart are shown, but never a respondent's, a partner's or a greeted person's name."""
    lines = ["respondent,partner,score,comment"]
    lines += [f"Zorro{n} Quux,Grumpf Inc,1,Hi Bogumil the grumpf portal is dreadful quux" for n in range(60)]
    lines += [f"p{n},Bolt,10,wonderful people and a fine product" for n in range(60)]
    path = tmp_path / "survey.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = themes(path)["words"]
    assert {line["word"] for line in words["detractors"]} == {"hi", "portal", "dreadful"}
    assert {line["word"]: line["themes"] for line in words["promoters"]} == {
        "fine": [],
        "people": [],
        "product": ["Product quality"],
        "wonderful": [],
    }
    assert words["detractors"][0]["detractors"] == 60
    assert words["compared"] == 10


def test_periods(survey: Path) -> None:
    """With a period each theme has a line for all time and for each period, and the quotes are of the latest."""
    result = themes(survey, "--period", "quarter")
    assert [row["period"] for row in result["comments"]] == [None, "2026-Q3", "2026-Q4"]
    assert len(result["themes"]) == 30
    assert {row["period"] for row in result["themes"] if row["quotes"]} == {"2026-Q4"}
    printed = run_here("nps", survey, "--themes", "--period", "quarter").out
    assert "Themes, Q4 2026" in printed
    assert "Words that set detractors apart" in printed


def test_without_comments(tmp_path: Path) -> None:
    """Without a column of comments one line says so, and how to name it."""
    path = tmp_path / "survey.csv"
    path.write_text("score,region\n9,A\n3,B\n", encoding="utf-8")
    failed = run_here("nps", path, "--themes")
    assert failed.code == 2
    assert failed.err.count("\n") == 1
    assert "comment" in failed.err
    assert "--comment COLUMN" in failed.err
