"""The same partner spelled differently is proposed as one, and merged only as the settings say."""

from pathlib import Path

import pytest
from command import run_here

from partnerkpi.errors import ConfigError
from partnerkpi.tables.names import key_of, propose, read_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Inc.", "ACME, Inc"),
        ("Acme Inc.", "acme"),
        ("Müller & Söhne GmbH & Co. KG", "muller and sohne"),
        ("I.B.M. Corp.", "IBM"),
        ("The Northwind Company", "Northwind"),
        ("Łódź Sp. z o.o.", "Łódź"),
        ("Café S.A.S.", "CAFE"),
    ],
)
def test_the_same_but_for_case_and_legal_form(one: str, other: str) -> None:
    """Case, accents, punctuation and legal forms make no other partner."""
    assert [(p.written, p.partner) for p in propose({one: 2, other: 1})] == [(other, one)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Acme", "Bolt"), ("Partner 1", "Partner 2"), ("Co", "Inc"), ("Cisco", "Sisco"), ("North Bank", "South Bank")],
)
def test_different_partners(one: str, other: str) -> None:
    """Other names are other partners, also where they differ by a number or are short."""
    assert propose({one: 2, other: 1}) == []


def test_nearly_the_same() -> None:
    """A slip of the pen is proposed with how alike the names are; the most frequent spelling is the partner."""
    (found,) = propose({"Northwind Traders": 9, "Nortwind Traders": 1})
    assert (found.written, found.partner, found.rows) == ("Nortwind Traders", "Northwind Traders", 1)
    assert found.sure.endswith("% alike")


def test_a_name_of_legal_forms_alone() -> None:
    """A name always keeps a word."""
    assert key_of("AG") == "ag"
    assert key_of("Group Inc.") == "group"


def test_proposed_then_merged(tmp_path: Path) -> None:
    """`check --names` writes a file and merges nothing; named in the settings, it merges, and the rows are counted."""
    answers = tmp_path / "answers.csv"
    answers.write_text('partner,score\nAcme Inc.,9\nAcme Inc.,10\n"ACME, Inc",3\nBolt,8\n=cmd,7\n=CMD,7\n')
    names, settings = tmp_path / "names.csv", tmp_path / "partnerkpi.toml"
    settings.write_text("")
    checked = run_here("check", answers, "--names", names, "--config", settings)
    assert "1 of 4 names" in checked.err  # =CMD is =cmd without being asked
    lines = names.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == '"as written","partner","rows","how sure"'
    assert '"ACME, Inc","Acme Inc.",1,"same but for case and legal form"' in lines
    before = run_here("nps", answers, "--by", "partner", "--format", "json", "--config", settings).json
    assert len(before["rows"]) == 5
    settings.write_text('[options]\npartner_names = "names.csv"\n')
    after = run_here("nps", answers, "--by", "partner", "--format", "json", "--config", settings)
    groups = {row["group"].get("partner"): row["responses"] for row in after.json["rows"]}
    assert groups["Acme Inc."] == 3
    assert len(groups) == 4
    assert "1 row: 1 other spelling in 'partner' counts" in after.err


def test_nothing_to_propose(tmp_path: Path) -> None:
    """Where all names differ, that is said and no file is written."""
    answers = tmp_path / "answers.csv"
    answers.write_text("partner,score\nAcme,9\nBolt,3\n")
    assert "no two of them" in run_here("check", answers, "--names", tmp_path / "names.csv").err
    assert not (tmp_path / "names.csv").exists()
    assert run_here("check", answers, "--names", tmp_path / "names.xlsx").code == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\nx,y\n", "as written, partner"),
        ("as written,partner\nx,\n", "row 2"),
        ("as written,partner\nx,y\nx,z\n", "keep one"),
        ("", "cannot be read"),
    ],
)
def test_a_file_of_names_that_is_wrong(tmp_path: Path, content: str, words: str) -> None:
    """A file of names that cannot be meant so is refused with its row."""
    path = tmp_path / "names.csv"
    path.write_text(content)
    with pytest.raises(ConfigError, match=words):
        read_names(path)
    with pytest.raises(ConfigError, match="no file"):
        read_names(tmp_path / "gone.csv")


def test_output_for_other_programs(tmp_path: Path) -> None:
    """A text that a spreadsheet would run gets an apostrophe, unless the settings turn that off."""
    answers, settings = tmp_path / "answers.csv", tmp_path / "partnerkpi.toml"
    answers.write_text("partner,score\n=1+1,9\n+49 30,8\n@x,7\n-3,6\n")
    for content, first in (("", "'=1+1"), ("[options]\nshield_csv = false\n", "=1+1")):
        settings.write_text(content)
        out = run_here("nps", answers, "--by", "partner", "--format", "csv", "--config", settings).out
        assert f'\n"{first}",' in out
        assert '\n"-3",' in out
