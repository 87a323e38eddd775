"""Who may get what: addresses, tables of people, packs, tiers and domains."""

from __future__ import annotations

import json
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from cards import card, filled
from command import run_here
from hypothesis import given
from hypothesis import strategies as st
from sampled import one_in

from partnerkpi.errors import UsageError
from partnerkpi.mail.compose import Attachment, Email, Rendered, compose
from partnerkpi.mail.content import from_scorecard
from partnerkpi.mail.plan import why_not
from partnerkpi.mail.recipients import Recipient, mailbox
from partnerkpi.scorecard.packs import for_partner
from partnerkpi.scorecard.parts import Partner


@pytest.mark.parametrize(
    ("text", "address", "wire", "name"),
    [
        ("ana@example.com", "ana@example.com", "ana@example.com", None),
        ("Ana Ruiz <ana@EXAMPLE.com>", "ana@example.com", "ana@example.com", "Ana Ruiz"),
        ('"Ruiz, Ana" <ana@example.com>', "ana@example.com", "ana@example.com", "Ruiz, Ana"),
        ("ana@straße.example.com", "ana@straße.example.com", "ana@xn--strae-oqa.example.com", None),
        ("jürgen@example.com", "jürgen@example.com", "jürgen@example.com", None),
        ("o'neil+kpi@example.co.uk", "o'neil+kpi@example.co.uk", "o'neil+kpi@example.co.uk", None),
    ],
)
def test_addresses(text: str, address: str, wire: str, name: str | None) -> None:
    """An address may have a name, and letters of the world: ß stays ß (IDNA 2008), where Python alone makes it ss."""
    box = mailbox(text, "--to")
    assert (box.address, box.wire, box.name) == (address, wire, name)


@pytest.mark.parametrize(
    "text",
    [
        *("", "ana", "ana@", "@example.com", "ana@acme", "ana@example..com", "ana@[127.0.0.1]", "ana@localhost"),
        *(
            "ana@example.com, bob@example.com",
            "ana@example.com;bob@example.com",
            "ana@example.com\nBcc: eve@evil.example",
        ),
        *(
            "Ana\r\nBcc: eve@evil.example <ana@example.com>",
            "ana@example.com\r\n",
            "<ana@example.com",
            "a na@example.com",
        ),
        *(
            "ana@example.com>",
            "ana@exam\u202eple.com",
            "ana\u0000@example.com",
            "ana@@example.com",
            "a" * 65 + "@example.com",
        ),
    ],
)
def test_no_addresses(text: str) -> None:
    """What is not the address of one person is refused, with its place; a second header cannot come in."""
    with pytest.raises(UsageError, match=r"row 7.*no address that can be written to"):
        mailbox(text, "row 7")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *(
            (f"{first}@example.com", "begins with")
            for first in ("-oX", "--help", "/etc/passwd", "~root/x", "/o=x/ou=y")
        ),
        *((f"a{sign}b@example.com", "part of a command") for sign in "`$*?^{}"),
        ("a/o=x/@example.com", "another network"),
        *((text, "several alphabets") for text in ("аna@example.com", "ana@goоgle.com", "ρaul@example.com")),
        *(
            (text, "several alphabets")
            for text in ("ana@xn--pple-43d.com", "аdmin.ivan@example.com", "ꓮna@example.com")
        ),
        *((f"ana@{name}.com", "look like Latin") for name in ("аррӏе", "раураӏ", "οο", "xn--80ak6aa92e")),
        *((f"{name}@example.com", "looks like another") for name in ("ⓐna", "𝐚na", "ɡoogle", "anaⅼ")),
        *((text, "several alphabets|looks like") for text in ("ana@ɡoogle.com", "ꭺna@example.com", "ꓮna@example.com")),
        ("ana@127.0.0.1", "is a number"),
    ],
)
def test_odd_addresses(text: str, why: str) -> None:
    """An address that programs read as something else, or that looks like another one, is refused with the reason."""
    with pytest.raises(UsageError, match=f"row 7.*no address that can be written to.*({why})"):
        mailbox(text, "row 7")


_ORDINARY = """
ana@example.com jürgen.müller@example.de françois@société.example.fr josé-maría@compañía.es søren@blåbær.dk
łukasz@żółw.pl čeněk@příklad.cz иван@пример.рф иван.петров@example.ru сара@пример.рф мария_иванова@почта.рус
сара@example.com γιώργος@παράδειγμα.ελ γιώργος.παπαδόπουλος@example.gr 用户@例子.中国 山田@例え.jp
山田たろう@日本語.jp ヤマダ@例え.テスト.jp toyota株式会社@example.jp tokyoタワー@example.jp 김철수@예제.한국
kim김@example.kr محمد@مثال.السعودية דוד@דוגמה.ישראל राम@उदाहरण.भारत สมชาย@ตัวอย่าง.ไทย สำราญ@example.th
nguyễn.văn@ví-dụ.vn ştefan@bună.ro İpek@örnek.tr məmməd@example.az ქეთევან@მაგალითი.გე հայկ@օրինակ.հայ
ivan.иванов@example.ru ana@пример.com ana@бг.com ana@3com.com first.last+tag@sub.example.co
o'neil@example.ie x_y-z@example.museum r&d@example.com bounce=ana@example.com a/b@example.com
1234567890@example.com kpi#1@example.com ana@xn--strae-oqa.de
"""


def test_ordinary_addresses_of_the_world() -> None:
    """Whoever has letters of their own, in one alphabet a word, is written to."""
    assert len([mailbox(text, "row 7") for text in _ORDINARY.split()]) == 46


@given(st.text(max_size=90), st.text(max_size=160))
def test_nobody_adds_a_header(name: str, title: str) -> None:
    """Whatever stands in a name or a title, the message has our headers, and the right ones."""
    from partnerkpi.mail.words import one_line

    try:
        box = mailbox("ana@example.com", "--to", name)
    except UsageError:  # pragma: no cover - a name alone makes no address wrong
        raise AssertionError from None
    subject = one_line(title.encode("utf-8", "ignore").decode())
    email = Email((box,), subject, Rendered("text\n", "<p>text</p>"), "en", "book.xlsx", sender=box, message_id="<1@x>")
    content = compose(email, Attachment.of(b"content"))
    head = content.partition(b"\r\n\r\n")[0]
    message = message_from_bytes(content, policy=policy.default)
    ours = ["From", "To", "Content-Language", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
    assert sorted(message.keys()) == sorted([*ours, "Subject"])
    assert [one.addr_spec for one in message["To"].addresses] == ["ana@example.com"]
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))
    assert b"?q??=" not in head


def whole(**changes):  # type: ignore[no-untyped-def]
    return from_scorecard(card(filled(("Acme", "Bolt", None)), **changes))


def pack_of(name: str):  # type: ignore[no-untyped-def]
    partners = (Partner("Acme", tier="Gold"), Partner("Bolt", tier="Silver"))
    return from_scorecard(for_partner(card(filled(("Acme", "Bolt", None)), partners=partners), name))


@pytest.mark.parametrize(
    ("page", "partner", "tier", "allowed"),
    [
        ("all", None, None, True),
        ("all", "Acme", None, False),
        ("all", None, "Gold", False),
        ("Acme", None, None, False),
        ("Acme", "Acme", None, True),
        ("Acme", " ACME ", None, True),
        ("Acme", "Bolt", None, False),
        ("Acme", "Acme Ltd", None, False),
        ("Acme", "", None, False),
        ("Acme", None, "gold", True),
        ("Acme", None, "Silver", False),
        ("Acme", "Bolt", "Gold", False),
    ],
)
def test_who_may_have_a_page(page: str, partner: str | None, tier: str | None, allowed: bool) -> None:
    """A pack goes to its partner's people, or to those who look after its tier; all partners to people of none."""
    content = whole() if page == "all" else pack_of(page)
    person = Recipient(mailbox("ana@example.com", "--to"), "en", partner, tier)
    assert (why_not(content, person, by_tier=True) is None) is allowed
    assert (why_not(content, person) is None) is (allowed and tier is None), "a tier alone opens nothing unasked"


def test_a_pack_is_known_by_its_note() -> None:
    """A scorecard that happens to have one partner is no pack; one made for a partner is."""
    assert from_scorecard(card(filled(("Acme", None)))).partner is None
    assert pack_of("Acme").partner == "Acme"


def plan_of(*arguments: object) -> list[tuple[str, str]]:
    result = run_here("mail", *map(str, arguments), "--format", "json")
    assert result.code == 0, result.err
    return [(row["recipient"], row["language"]) for row in json.loads(result.out)["messages"]]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_table_of_people(book, pack, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Address, name, partner and language come from a table; rows that are not used are counted with the reason."""
    table = tmp_path / "people.csv"
    table.write_text(
        "E-Mail;Name;Partner;Sprache\nana@example.com;Ana;;de-AT\nbob@example.com;Bob;acme;français\n;Nobody;Acme;\n"
        "ana@example.com;Ana;;de\ncy@example.com;Cy;Bolt;\n",
        encoding="utf-8",
    )
    assert plan_of(book, pack, "--recipients", table) == [("ana@example.com", "de"), ("bob@example.com", "fr")]
    result = run_here("mail", book, pack, "--recipients", table)
    assert "3 of 5 rows used; 1 listed twice, 1 blank address" in result.err.replace(
        "1 blank address, 1 listed twice", "1 listed twice, 1 blank address"
    )
    assert "cy@example.com: no workbook is for Bolt" in result.err


def test_the_language_of_those_without_one(book, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A recipient's own language wins over --language, which wins over the settings."""
    config = tmp_path / "settings.toml"
    config.write_text("[options]\nlanguage = 'es'\n")
    table = tmp_path / "people.csv"
    table.write_text("address,language\nana@example.com,\nbob@example.com,fr\n")
    common = (book, "--recipients", table, "--config", config)
    assert plan_of(*common) == [("ana@example.com", "es"), ("bob@example.com", "fr")]
    assert plan_of(*common, "--language", "de") == [("ana@example.com", "de"), ("bob@example.com", "fr")]


def test_a_table_of_tiers(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Who looks after a tier gets its packs; in a table with partners, a gap there opens no tier."""
    from partnerkpi.workbook.build import write_workbook

    partners = (Partner("Acme", tier="Gold"), Partner("Bolt", tier="Silver"))
    made = card(filled(("Acme", "Bolt", None)), partners=partners)
    for name in ("Acme", "Bolt"):
        write_workbook(for_partner(made, name), tmp_path / f"{name}.xlsx")
    table = tmp_path / "people.csv"
    table.write_text("address,tier\nana@example.com,gold\n")
    packs = (tmp_path / "Acme.xlsx", tmp_path / "Bolt.xlsx", "--recipients", table)
    assert plan_of(*packs, "--by-tier") == [("ana@example.com", "en")]
    refused = run_here("mail", *packs)
    assert refused.code == 2
    assert "see --by-tier" in refused.err
    table.write_text("address,tier,partner\nana@example.com,Gold,\nbob@example.com,Silver,Bolt\n")
    assert plan_of("*.xlsx", "--recipients", table, "--by-tier") == [("bob@example.com", "en")]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "--to ADDRESS or --recipients"),
        (("--to", "ana"), "'ana' is no address"),
        (("--to", "ana@example.com", "--send", "--draft", "x.eml"), "choose one"),
        (("--recipients", "people.csv", "--partner", "Acme"), "--partner says"),
        (("--recipients", "nobody.csv"), "no column holds addresses"),
        (("--recipients", "wrong.csv"), "row 3: 'bob' is no address"),
        (("--recipients", "klingon.csv"), "row 2: there is no language 'tlh'"),
        (("--recipients", "twice.csv"), "could both be the address"),
        (("--recipients", "strangers.csv"), "nobody is left to write to"),
    ],
)
def test_wrong_questions(options, words, book, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """What cannot be answered is one line with the place and what to do, and nothing is sent."""
    contents = {
        "people": "address\nana@example.com\n",
        "nobody": "who,where\nana,there\n",
        "wrong": "address\nana@example.com\nbob\n",
        "klingon": "address,language\nana@example.com,tlh\n",
        "twice": "address,e-mail\nana@example.com,bob@example.com\n",
        "strangers": "address,partner\nana@example.com,Zed\n",
    }
    for name, content in contents.items():
        tmp_path.joinpath(f"{name}.csv").write_text(content)
    result = run_here("mail", book, *options)
    assert result.code in (1, 2)
    assert words in result.err
    assert len(result.err.splitlines()) == 1


def test_a_pack_needs_its_partners_people(pack) -> None:  # type: ignore[no-untyped-def]
    """A pack named with --to is refused unless --partner says that these are its people."""
    for options in ((), ("--partner", "Bolt")):
        result = run_here("mail", pack, "--to", "ana@example.com", *options)
        assert result.code == 2
        assert "it holds Acme" in result.err
        assert "Nothing was sent" in result.err
    assert run_here("mail", pack, "--to", "ana@example.com", "--partner", "Acme").code == 0


def test_allowed_domains(book, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Only the domains of the list are written to, not those below them; however they are spelled."""
    config = tmp_path / "settings.toml"
    config.write_text("[mail]\ndomains = ['Example.com', 'straße.example']\n")
    for address in ("ana@EXAMPLE.com", "ana@xn--strae-oqa.example", "ana@straße.example"):
        assert run_here("mail", book, "--to", address, "--config", config).code == 0
    for address in ("ana@mail.example.com", "ana@notexample.com", "ana@example.com.evil.org", "ana@strasse.example"):
        result = run_here("mail", book, "--to", "bob@example.com", "--to", address, "--config", config)
        assert result.code == 2
        assert "[mail] domains allows only" in result.err


def test_two_workbooks_of_one_partner(book, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Two different workbooks of one partner and period are refused: one of them is old."""
    from partnerkpi.workbook.build import write_workbook

    other = tmp_path / "other.xlsx"
    write_workbook(replace(card(filled(("Acme", None)))), other)
    result = run_here("mail", book, other, "--to", "ana@example.com")
    assert result.code == 2
    assert "both of all partners for 2026-Q3" in result.err


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a%evil.example@ok.example",
            "evil.example!a@ok.example",
            "@a.example,@b.example:c@ok.example",
            "|sh@ok.example",
        ),
        *(
            "Ana <a%evil.example@ok.example>",
            "evil.example！a@ok.example",
            "a％evil.example@ok.example",
            "a＠b@ok.example",
        ),
        *(
            "<@a.example:c@ok.example>",
            "/var/mail/a@ok.example",
            '"a@evil.example"@ok.example',
            "a@evil.example@ok.example",
        ),
    ],
)
def test_addresses_that_lead_elsewhere(text: str) -> None:
    """What old relays read as another address, a program or a file is refused (RFC 5321, appendix C and F.2)."""
    with pytest.raises(UsageError, match="no address"):
        mailbox(text, "--to")


SPELLINGS = ("Straße", "STRASSE", "Strasse", "  strasse ", "Stra\u200bsse", "ＳＴＲＡＳＳＥ")


def _packs(folder: Path, names: tuple[str, ...], settings: str = "") -> list[Path]:
    folder.joinpath("partnerkpi.toml").write_text(settings)
    answers = [f"2026-08-{n + 1:02d},{name},p{n},9" for n, name in enumerate(names * 6)]
    folder.joinpath("r.csv").write_text("\n".join(["date,partner,respondent,score", *answers]), encoding="utf-8")
    made = run_here("scorecard", folder / "r.csv", "-o", folder / "s.xlsx", "--per-partner", folder / "packs")
    assert made.code == 0, made.err
    return sorted((folder / "packs").glob("*.xlsx"))


def _sent(folder: Path, packs: list[Path], people: dict[str, str]) -> dict[str, str]:
    rows = [f'{address}@x.example,"{whose}"' for address, whose in people.items()]
    folder.joinpath("p.csv").write_text("\n".join(["email,partner", *rows]), encoding="utf-8")
    done = run_here("mail", *packs, "--recipients", folder / "p.csv", "--format", "json")
    assert done.out, done.err
    return {one["recipient"].partition("@")[0]: one["partner"] for one in done.json["messages"]}


def test_one_rule_says_whose_pack_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spellings that count as one partner get its one pack, however the recipient is spelled, and no other's."""
    monkeypatch.chdir(tmp_path)
    packs = _packs(tmp_path, (*SPELLINGS[:3], "Straße 2"))
    assert len(packs) == 2
    people = {f"a{n}": name for n, name in enumerate(SPELLINGS)} | {"b": "STRASSE 2", "c": "Strase"}
    sent = _sent(tmp_path, packs, people)
    assert sent == {**dict.fromkeys([f"a{n}" for n in range(len(SPELLINGS))], "Straße"), "b": "Straße 2"}


def test_a_spelling_that_was_merged_is_of_that_partner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file of names says that a spelling is another partner's, its people get that partner's pack."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "names.csv").write_text("as written,partner\nStrasse,Other GmbH\n", encoding="utf-8")
    packs = _packs(tmp_path, ("Straße", "Other GmbH", "Third"), '[options]\npartner_names = "names.csv"\n')
    assert [pack.stem for pack in packs] == ["Other GmbH", "Third"]
    assert _sent(tmp_path, packs, {"a": "STRASSE", "b": "Third"}) == {"a": "Other GmbH", "b": "Third"}


@pytest.mark.parametrize("whose", one_in(3, ["#N/A", "unknown", "TBD", "-", "(blank)", "kein Partner"]))
def test_a_mark_is_nobodys_partner(whose: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person whose partner is a mark for nothing is asked about: a failed lookup must not open all partners."""
    monkeypatch.chdir(tmp_path)
    packs = _packs(tmp_path, ("Alder", "Birk"))
    (tmp_path / "p.csv").write_text(f"email,partner\na@x.example,{whose}\n", encoding="utf-8")
    for book in (packs[0], tmp_path / "s.xlsx"):
        done = run_here("mail", book, "--recipients", tmp_path / "p.csv")
        assert done.code == 2
        assert "names no partner" in done.err


def test_two_names_that_are_one_may_not_be_two(tmp_path: Path) -> None:
    """A file of names that gives one partner's spellings to two is refused: which one counts could not be told."""
    (tmp_path / "names.csv").write_text("as written,partner\nACME,North\nAcme,South\n", encoding="utf-8")
    (tmp_path / "partnerkpi.toml").write_text('[options]\npartner_names = "names.csv"\n')
    (tmp_path / "r.csv").write_text("partner,score\nacme,9\n")
    done = run_here("nps", tmp_path / "r.csv", "--config", tmp_path / "partnerkpi.toml")
    assert done.code == 2
    assert "'ACME' is 'North' and 'Acme' is 'South'" in done.err
