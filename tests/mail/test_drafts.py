"""Drafts for those who may not send by program, and Outlook on Windows."""

from __future__ import annotations

import hashlib
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from command import run_here

from partnerkpi.config import Config
from partnerkpi.errors import FileProblem, UsageError
from partnerkpi.mail.drafts import hand_to_outlook
from partnerkpi.mail.plan import Delivery, check_workbook
from partnerkpi.mail.recipients import from_options


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_draft(book: Path, tmp_path: Path) -> None:
    """A draft is marked as unsent and leaves sender, date and Message-ID to the program that sends it."""
    result = run_here(
        "mail", book, "--to", "Ana Ruiz <ana@example.com>", "--to", "bob@example.com", "--draft", "out.eml"
    )
    assert result.code == 0, result.err
    assert result.out == "out.eml\n"
    message = read(tmp_path / "out.eml")
    assert message["X-Unsent"] == "1"
    assert message["To"] == "Ana Ruiz <ana@example.com>, bob@example.com"
    assert message["From"] is message["Date"] is message["Message-ID"] is message["Auto-Submitted"] is None
    assert "Hello" not in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has a body
    (attachment,) = message.iter_attachments()
    content = attachment.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert hashlib.sha256(content).digest() == hashlib.sha256(book.read_bytes()).digest()
    assert b"\r\n" in (tmp_path / "out.eml").read_bytes()


def test_a_folder_of_drafts(book: Path, pack: Path, tmp_path: Path) -> None:
    """A folder gets a draft for each person, in the person's language; one file cannot be several messages."""
    table = tmp_path / "people.csv"
    table.write_text("address,name,partner,language\nana@example.com,Ana,,de\nbob@example.com,Bob,Acme,fr\n")
    options = ("mail", book, pack, "--recipients", table, "--draft")
    assert run_here(*options, "drafts").code == 0
    names = sorted(path.name for path in (tmp_path / "drafts").iterdir())
    assert names == ["ana@example.com.eml", "bob@example.com Acme.eml"]
    german, french = (read(tmp_path / "drafts" / name) for name in names)
    assert german["Content-Language"] == "de"
    assert "Guten Tag Ana," in german.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has a body
    assert french["Subject"].startswith("Tableau de bord des partenaires Acme")
    refused = run_here(*options, "one.eml")
    assert refused.code == 2
    assert "name a folder" in refused.err
    assert not (tmp_path / "one.eml").exists()


def test_a_file_that_changes_meanwhile(book: Path, tmp_path: Path) -> None:
    """What goes out is what was checked: a workbook that changed in between is not sent."""
    copy = tmp_path / "book.xlsx"
    copy.write_bytes(book.read_bytes())
    one = check_workbook(copy, 10)
    copy.write_bytes(copy.read_bytes() + b" ")
    with pytest.raises(FileProblem, match="has changed since it was checked"):
        one.attachment()


class Outlook:
    """What of Outlook is called."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    def CreateItem(self, kind: int) -> Any:  # noqa: N802 - Outlook's name
        assert kind == 0
        self.items.append(Item())
        return self.items[-1]


class Item:
    def __init__(self) -> None:
        self.saved = self.shown = False
        self.files: list[tuple[str, bytes]] = []
        self.Attachments = self

    def Add(self, path: str) -> None:  # noqa: N802 - Outlook's name
        self.files.append((Path(path).name, Path(path).read_bytes()))

    def Save(self) -> None:  # noqa: N802 - Outlook's name
        self.saved = True

    def Display(self) -> None:  # noqa: N802 - Outlook's name
        self.shown = True


def deliveries(book: Path, *addresses: str) -> list[Delivery]:
    one = check_workbook(book, 10)
    return [Delivery(person, one) for person in from_options(addresses, None, "en", {})]


def test_outlook(book: Path) -> None:
    """Outlook gets a draft for each person, with a readable name for the workbook; a single one is shown."""
    outlook = Outlook()
    assert hand_to_outlook(deliveries(book, "ana@example.com"), Config(), lambda: outlook, system="win32") == 1
    (item,) = outlook.items
    assert (item.To, item.saved, item.shown) == ("ana@example.com", True, True)
    assert item.Subject.startswith("Partner scorecard, Q3 2026")
    assert item.HTMLBody.startswith("<!DOCTYPE html>")
    assert item.files == [("Partner scorecard Q3 2026.xlsx", book.read_bytes())]
    two = Outlook()
    assert (
        hand_to_outlook(deliveries(book, "a@example.com", "b@example.com"), Config(), lambda: two, system="win32") == 2
    )
    assert [item.shown for item in two.items] == [False, False]


def test_no_outlook(book: Path) -> None:
    """Elsewhere than on Windows, and where Outlook does not answer, that is said with another way."""
    result = run_here("mail", book, "--to", "ana@example.com", "--outlook")
    assert result.code == 2
    assert "--draft OUT.eml" in result.err

    def nobody() -> Any:
        raise ModuleNotFoundError("win32com")

    with pytest.raises(FileProblem, match="Outlook does not answer"):
        hand_to_outlook(deliveries(book, "ana@example.com"), Config(), nobody, system="win32")
    with pytest.raises(UsageError):
        hand_to_outlook(deliveries(book, "ana@example.com"), Config(), Outlook, system="linux")
