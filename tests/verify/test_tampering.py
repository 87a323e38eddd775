"""What somebody does to a workbook so that a reader sees another figure: nothing of it passes as right."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import cards
import excel_saved
import office
import pytest
import shared
import tamperings
from sampled import one_in

import partnerkpi.verify
from partnerkpi._version import __version__
from partnerkpi.errors import PartnerKpiError
from partnerkpi.verify import verify
from partnerkpi.verify.rebuilt import Rebuilt
from partnerkpi.workbook.build import write_workbook

ALL = tamperings.all_tamperings()
#: In a file that LibreOffice saved each third of them: all kinds, not on all sheets.
SOME = list(ALL)[::3]


@pytest.fixture(autouse=True)
def _work_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work the workbook of the one record of these tests out once for all files with the same sheets."""
    monkeypatch.setattr(partnerkpi.verify, "Rebuilt", rebuilt)


def rebuilt(card: Any, titles: Iterable[str], logo: Any, answers: Any, signed: Any) -> Rebuilt:
    """Return the workbook of the card with these sheets."""
    assert (logo, answers, signed) == (None, [], ("", ""))
    return _known(tuple(titles)) if card == made_card() else Rebuilt(card, tuple(titles), None, [])


@cache
def _known(titles: tuple[str, ...]) -> Rebuilt:
    return Rebuilt(made_card(), titles, None, [])


@cache
def made_card() -> Any:
    """Return a card with every sheet."""
    from partnerkpi.scorecard.record import from_record, to_record

    return from_record(to_record(replace(cards.odd_cards()["segments"], version=__version__)))


def sound() -> Path:
    """Return its workbook, untouched."""

    def write() -> Path:
        path = Path(tempfile.mkdtemp(dir=os.environ[shared.FOLDER]), "scorecard.xlsx")
        write_workbook(made_card(), path)
        return path

    return shared.once("tampering: sound", write)


def saved() -> Path:
    """Return its workbook as LibreOffice saves it."""
    return shared.once(
        "tampering: saved",
        lambda: office.convert(sound(), "xlsx", Path(tempfile.mkdtemp(dir=os.environ[shared.FOLDER]))),
    )


def as_excel_saves() -> Path:
    """Return its workbook in the form in which Excel saves it."""

    def write() -> Path:
        path = Path(tempfile.mkdtemp(dir=os.environ[shared.FOLDER]), "scorecard.xlsx")
        return excel_saved.as_excel_saves(sound()).write(path)

    return shared.once("tampering: as Excel saves", write)


def judged(source: Path, name: str, target: Path) -> str:
    """Return "right" where a tampered workbook passes, else what is said of it."""
    book = tamperings.Forgery(source)
    ALL[name](book)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile tells of names that stand twice
        book.write(target)
    try:
        report = verify(target)
    except PartnerKpiError as error:
        return f"refused: {error}"
    return "right" if report.sound else report.in_order[0].line


@pytest.mark.parametrize("name", one_in(6, ALL))
def test_no_tampering_passes_as_right(name: str, tmp_path: Path) -> None:
    """Whatever is changed in a workbook as it was written, the verdict is not that all is right."""
    assert judged(sound(), name, tmp_path / "scorecard.xlsx") != "right"


@pytest.mark.parametrize("name", one_in(18, SOME))
def test_no_tampering_passes_in_a_file_that_libreoffice_saved(name: str, tmp_path: Path) -> None:
    """A file that another program saved gives no cover: what the program does not do is told there too."""
    assert judged(saved(), name, tmp_path / "scorecard.xlsx") != "right"


@pytest.mark.parametrize("name", one_in(27, SOME))
def test_no_tampering_passes_in_the_form_in_which_excel_saves(name: str, tmp_path: Path) -> None:
    """Other numbers of strings and styles, revision ids and the order of calculation hide nothing."""
    assert judged(as_excel_saves(), name, tmp_path / "scorecard.xlsx") != "right"


def test_there_are_enough_of_them() -> None:
    """More than 200 in files as they were written, more than 100 in files that were saved again."""
    assert len(ALL) > 200
    assert len(SOME) > 100


def test_what_other_programs_save_is_right() -> None:
    """The file that the tests tamper with is right before."""
    for path in (sound(), saved(), as_excel_saves()):
        report = verify(path)
        assert [finding.line for finding in report.findings] == []
        assert report.recomputed == report.formulas
