"""Translators get a language as a .po file, and what they give back stands in the message files."""

from __future__ import annotations

import importlib.util
import io
import shutil
from pathlib import Path
from types import ModuleType

import office
import pytest

from partnerkpi.language import LANGUAGES

ROOT = Path(__file__).parents[2]
MESSAGES = ROOT / "partnerkpi" / "language"


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    """Return the script that writes and reads the files."""
    office.need_package("babel")
    spec = importlib.util.spec_from_file_location("translations", ROOT / "docs" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the message files."""
    return Path(shutil.copytree(MESSAGES, tmp_path / "language"))


def through_a_file(translations: ModuleType, catalog: object, code: str) -> object:
    """Return a catalogue as it is read back from the file that is written of it."""
    written = io.BytesIO()
    translations.write_po(written, catalog)
    written.seek(0)
    return translations.read_po(written, locale=code)


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_what_comes_back_unchanged_changes_nothing(translations: ModuleType, folder: Path, code: str) -> None:
    """Every message is in the file, none is empty, and taking it back leaves both message files byte for byte."""
    catalog = translations.exported(code, folder)
    assert len([one for one in catalog if one.id]) == len(set(translations._wanted(folder)))
    assert [one.id for one in catalog if one.id and not one.string] == []
    assert translations.imported(code, through_a_file(translations, catalog, code), folder) == []
    for name in (f"{code}.toml", f"workbook/{code}.toml"):
        assert (folder / name).read_bytes() == (MESSAGES / name).read_bytes()


def test_a_translator_changes_one_line(translations: ModuleType, folder: Path) -> None:
    """A message of the workbook, one of the mail, a plural and a month: each changes its own line and no other."""
    catalog = translations.exported("de", folder)
    catalog.get("Rank").string = "Platz"
    catalog.get("Hello {name},", "mail.greeting").string = "Hallo {name},"
    catalog.get("{n}\N{NO-BREAK SPACE}answer", "word.answers").string = ("{n} Rückmeldung", "{n} Rückmeldungen")
    catalog.get("Mar", "format.months_short.3").string = "Mrz."
    assert translations.imported("de", through_a_file(translations, catalog, "de"), folder) == []
    changed = {
        line
        for name in ("de.toml", "workbook/de.toml")
        for line in set((folder / name).read_text("utf-8").split("\n"))
        - set((MESSAGES / name).read_text("utf-8").split("\n"))
    }
    assert {line for line in changed if "Mrz." not in line} == {
        '"Rank" = "Platz"',
        'greeting = "Hallo {name},"',
        'answers = { one = "{n} Rückmeldung", other = "{n} Rückmeldungen" }',
    }
    assert len(changed) == 4


@pytest.mark.parametrize(
    ("english", "told", "why"),
    [
        ("of {count} partners", "von Partnern", "has other places than 'of {count} partners': count"),
        ("Rank", 'der "Rang"', "straight quotation mark"),
    ],
)
def test_what_would_break_a_sentence_is_refused(
    translations: ModuleType, folder: Path, english: str, told: str, why: str
) -> None:
    """A lost place and a quotation mark that ends a formula's text are named, and no file is changed."""
    catalog = translations.exported("de", folder)
    catalog.get(english).string = told
    assert why in translations.imported("de", catalog, folder)[0]
    assert (folder / "workbook" / "de.toml").read_bytes() == (MESSAGES / "workbook" / "de.toml").read_bytes()
