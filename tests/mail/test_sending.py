"""Sending to a real server on this machine: what arrives, what is refused, what is tried again."""

from __future__ import annotations

import hashlib
import threading
import time
from pathlib import Path

import pytest
import trustme
from command import Run, run_here
from mailserver import PostOffice, post_office

from partnerkpi.mail import send as sending

pytestmark = pytest.mark.usefixtures("trusted")

ANA, BOB, CY = "ana@example.com", "bob@example.com", "cy@example.com"


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Take note of this thread's pauses instead of making them; those of libraries in other threads are made."""
    made: list[float] = []
    here, pause = threading.current_thread(), time.sleep

    def wait(seconds: float) -> None:
        if threading.current_thread() is here:
            made.append(seconds)
        else:
            pause(seconds)

    monkeypatch.setattr("time.sleep", wait)
    return made


def mail(book: Path, config: Path, *options: str, to: tuple[str, ...] = (ANA,)) -> Run:
    """Run the command with --send."""
    addresses = [part for address in to for part in ("--to", address)]
    return run_here("mail", book, *addresses, "--config", config, "--send", *options)


def states(result: Run) -> list[str]:
    import json

    return [row["state"] for row in json.loads(result.out)["messages"]]


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_what_arrives(security, book, configure, certificate) -> None:  # type: ignore[no-untyped-def]
    """The message has plain text and HTML as alternatives and the workbook, byte for byte, after them."""
    with post_office(security=security, certificate=certificate) as office:
        result = mail(book, configure(office, security=security), to=(f"Ana Ruiz <{ANA}>",))
    assert result.code == 0, result.err
    assert office.recipients == [ANA]
    message = office.received[0].message
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "Partner scorecard Q3 2026.xlsx"
    digest = hashlib.sha256(attachment.get_payload(decode=True)).hexdigest()
    assert digest == hashlib.sha256(book.read_bytes()).hexdigest()
    assert message["From"] == "Team <team@example.com>"
    assert message["To"] == f"Ana Ruiz <{ANA}>"
    assert "Q3 2026" in message["Subject"]
    assert message["Content-Language"] == "en"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@example.com>")
    assert "Hello Ana Ruiz," in message.get_body(("plain",)).get_content()
    assert not message.defects


def test_nobody_sees_the_others(book, configure, certificate) -> None:  # type: ignore[no-untyped-def]
    """Each person gets a message of their own, over one connection."""
    with post_office(certificate=certificate) as office:
        assert mail(book, configure(office), to=(ANA, BOB, CY)).code == 0
    assert office.recipients == [ANA, BOB, CY]
    for received in office.received:
        assert received.message["To"] == received.recipient
        assert received.message["Cc"] is received.message["Bcc"] is None
    assert office.count("EHLO") == 2  # before and after STARTTLS


def test_login(book, configure, certificate, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """The password comes from the environment and shows up nowhere."""
    monkeypatch.setenv("PARTNERKPI_MAIL_PASSWORD", "correct horse")
    with post_office(certificate=certificate, login=True) as office:
        config = configure(office, "user = 'team'")
        result = mail(book, config)
    assert result.code == 0, result.err
    assert office.logins == [("team", "correct horse")]
    log = config.with_name("partnerkpi-mail.sqlite").read_bytes()
    assert b"correct horse" not in log + result.out.encode() + result.err.encode()


def test_login_by_token(book, configure, certificate, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A token command's first line logs in with XOAUTH2."""
    import sys

    script = tmp_path / "token.py"
    script.write_text("print('to ken'.replace(' ', '-'))\nprint('noise')\n")
    shown = "to-ken"
    with post_office(PostOffice(password=shown), certificate=certificate, login=True) as office:
        config = configure(office, "user = 'team@example.com'", f'token_command = \'"{sys.executable}" "{script}"\'')
        result = mail(book, config)
    assert result.code == 0, result.err
    assert office.logins == [("team@example.com", "to-ken")]


@pytest.mark.parametrize("token", [False, True])
def test_refused_login(token, book, configure, certificate, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """A refused login is said, without the secret even where the server repeats it; nothing is tried again."""
    import sys

    monkeypatch.setenv("PARTNERKPI_MAIL_PASSWORD", "s3cret")
    script = tmp_path / "token.py"
    script.write_text("print('s3cret')\n")
    command = [f'token_command = \'"{sys.executable}" "{script}"\''] if token else []
    office = PostOffice(fault=lambda _office, step, _whom: "535 no: s3cret" if step == "AUTH" else None)
    with post_office(office, certificate=certificate, login=True):
        result = mail(book, configure(office, "user = 'team'", *command), to=(ANA, BOB))
    assert result.code == 1
    assert "refuses the login of team: 535" in result.err
    assert "s3cret" not in result.err + result.out
    assert office.received == []
    assert office.count("EHLO") == 2  # one connection: before and after STARTTLS


def test_one_is_refused(book, configure, certificate, waits) -> None:  # type: ignore[no-untyped-def]
    """One refused recipient keeps the mail from nobody else: exit code 3, the server's words, no second try."""
    office = PostOffice(
        fault=lambda _office, step, whom: "550 5.1.1 no such user" if (step, whom) == ("RCPT", BOB) else None
    )
    with post_office(office, certificate=certificate):
        result = mail(book, configure(office), "--format", "json", to=(ANA, BOB, CY))
    assert result.code == 3
    assert states(result) == ["delivered", "refused", "delivered"]
    assert "550 5.1.1 no such user" in result.out
    assert office.recipients == [ANA, CY]
    assert waits == []


def test_all_are_refused(book, configure, certificate) -> None:  # type: ignore[no-untyped-def]
    """Where nobody gets it the exit code is 1."""
    office = PostOffice(fault=lambda _office, step, _whom: "550 no" if step == "RCPT" else None)
    with post_office(office, certificate=certificate):
        result = mail(book, configure(office), "--format", "json", to=(ANA, BOB))
    assert (result.code, states(result)) == (1, ["refused", "refused"])


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "CONTENT"])
def test_put_off_then_taken(step, book, configure, certificate, waits) -> None:  # type: ignore[no-untyped-def]
    """What the server puts off with a 4xx is tried again after a pause; the others come first."""
    office = PostOffice(
        fault=lambda office, now, _whom: "451 later" if now == step and office.count(step) == 1 else None
    )
    with post_office(office, certificate=certificate):
        result = mail(book, configure(office), to=(ANA, BOB))
    assert result.code == 0, result.err
    assert office.recipients == [BOB, ANA]
    assert waits == [5.0]


def test_put_off_for_good(book, configure, certificate, waits) -> None:  # type: ignore[no-untyped-def]
    """The pauses grow, and end: what is still put off then is left to the next run, which sends it."""
    office = PostOffice(fault=lambda _office, step, whom: "450 greylisted" if whom == BOB and step == "RCPT" else None)
    with post_office(office, certificate=certificate):
        config = configure(office)
        result = mail(book, config, "--format", "json", to=(ANA, BOB))
        assert (result.code, states(result)) == (3, ["delivered", "put off"])
        assert waits == list(sending.WAITS)
        office.fault = lambda _office, _step, _whom: None
        again = mail(book, config, "--format", "json", to=(ANA, BOB))
    assert (again.code, states(again)) == (0, ["delivered before", "delivered"])
    assert office.recipients == [ANA, BOB]


def test_a_busy_server(book, configure, certificate) -> None:  # type: ignore[no-untyped-def]
    """A server that closes the connection with 421 is asked again later, over a new connection."""
    office = PostOffice(
        fault=lambda office, step, _whom: "421 busy" if step == "MAIL" and office.count("MAIL") == 1 else None
    )
    with post_office(office, certificate=certificate):
        result = mail(book, configure(office), to=(ANA, BOB))
    assert result.code == 0, result.err
    assert sorted(office.recipients) == [ANA, BOB]
    assert office.count("EHLO") == 4


def test_a_limit_for_each_connection(book, configure, certificate, waits) -> None:  # type: ignore[no-untyped-def]
    """A server that takes so many messages over one connection gets the rest over the next, without a pause."""

    def fault(office: PostOffice, step: str, _whom: str) -> str | None:
        return "421 too many messages" if step == "MAIL" and office.count("MAIL") % 3 == 0 else None

    people = tuple(f"p{number}@example.com" for number in range(6))
    with post_office(PostOffice(fault=fault), certificate=certificate) as office:
        result = mail(book, configure(office), to=people)
    assert result.code == 0, result.err
    assert office.recipients == list(people)
    assert waits == []


def test_cut_off_after_the_content(book, configure, certificate) -> None:  # type: ignore[no-untyped-def]
    """A message that the server had and never answered is unknown, and sent again only on demand, with its ID."""

    def cut(office: PostOffice, step: str, _whom: str) -> str | None:
        return "drop" if step == "CONTENT" and office.count("CONTENT") == 1 else None

    with post_office(PostOffice(fault=cut), certificate=certificate) as office:
        config = configure(office)
        first = mail(book, config, "--format", "json", to=(ANA, BOB))
        assert (first.code, states(first)) == (3, ["unknown", "delivered"])
        assert "--resend-unknown" in first.err
        second = mail(book, config, "--format", "json", to=(ANA, BOB))
        assert (second.code, states(second)) == (3, ["unknown", "delivered before"])
        assert office.recipients == [BOB]
        third = mail(book, config, "--resend-unknown", "--format", "json", to=(ANA, BOB))
    assert (third.code, states(third)) == (0, ["delivered", "delivered before"])
    import json

    identities = {json.loads(run.out)["messages"][0]["message_id"] for run in (first, second, third)}
    assert identities == {office.received[-1].message["Message-ID"]}


def test_a_doubt_outlives_a_second_try(book, configure, certificate) -> None:  # type: ignore[no-untyped-def]
    """What may have arrived stays unknown when the second try is refused: the next run does not send it unasked."""

    def cut_then_refuse(office: PostOffice, step: str, _whom: str) -> str | None:
        if step == "CONTENT" and office.count("CONTENT") == 1:
            return "drop"
        return "550 no" if step == "RCPT" and office.count("RCPT") == 2 else None

    with post_office(PostOffice(fault=cut_then_refuse), certificate=certificate) as office:
        config = configure(office)
        runs = [mail(book, config, *more, "--format", "json") for more in ((), ("--resend-unknown",), ())]
    assert [states(run) for run in runs] == [["unknown"], ["refused"], ["unknown"]]
    assert [run.code for run in runs] == [1, 1, 1]
    assert office.received == []


def test_a_slow_server(book, configure, certificate) -> None:  # type: ignore[no-untyped-def]
    """A server that is silent before the content is given up; one that is silent after it leaves the fate unknown."""
    for step, state in (("RCPT", "put off"), ("CONTENT", "unknown")):
        office = PostOffice(fault=lambda _office, now, _whom, step=step: "silence" if now == step else None)
        with post_office(office, certificate=certificate):
            config = configure(office)
            config.write_text(config.read_text().replace("timeout = 5", "timeout = 0.2"))
            result = mail(book, config, "--format", "json")
        assert (result.code, states(result)) == (1, [state])
        assert "timed out" in result.out
        config.with_name("partnerkpi-mail.sqlite").unlink()


def test_wrong_certificate(book, configure, authority) -> None:  # type: ignore[no-untyped-def]
    """A certificate of another host, or of nobody we trust, ends it before anything is said."""
    foreign = trustme.CA().issue_cert("127.0.0.1")
    for wrong in (authority.issue_cert("mail.example.com"), foreign):
        for security in ("starttls", "tls"):
            with post_office(security=security, certificate=wrong) as office:
                result = mail(book, configure(office, security=security))
            assert result.code == 1
            assert "certificate that is not valid" in result.err
            assert office.count("MAIL") == 0


def test_no_encryption(book, configure, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """A server that offers no TLS is told neither the login nor the message."""
    monkeypatch.setenv("PARTNERKPI_MAIL_PASSWORD", "s3cret")
    with post_office(security="none", login=True) as office:
        result = mail(book, configure(office, "user = 'team'"))
    assert result.code == 1
    assert "offers no encryption" in result.err
    assert office.logins == office.received == []


def test_tls_where_there_is_none(book, configure) -> None:  # type: ignore[no-untyped-def]
    """TLS on a port that speaks none is named as such."""
    with post_office(security="none") as office:
        result = mail(book, configure(office, security="tls"))
    assert result.code == 1
    assert "does not speak TLS" in result.err


@pytest.mark.parametrize("host", ["mail.example.com", "192.0.2.1", "10.0.0.1", "128.0.0.1"])
def test_no_encryption_beyond_this_machine(host, book, configure) -> None:  # type: ignore[no-untyped-def]
    """Security "none" is for this machine alone."""
    config = configure(None, f"server = '{host}'", "security = 'none'")
    result = mail(book, config)
    assert result.code == 2
    assert "this machine only" in result.err


def test_too_large_for_the_server(book, configure, certificate) -> None:  # type: ignore[no-untyped-def]
    """A server that says how much it takes is not sent more."""
    with post_office(certificate=certificate, size_limit=2000) as office:
        result = mail(book, configure(office), "--format", "json")
    assert (result.code, states(result)) == (1, ["refused"])
    assert "takes 0.0 MB" in result.out
    assert office.count("MAIL") == 0


def test_nobody_there(book, configure) -> None:  # type: ignore[no-untyped-def]
    """A server that cannot be reached is one clear line."""
    with post_office(security="none") as office:
        pass
    result = mail(book, configure(office))
    assert result.code == 1
    assert "takes no connection" in result.err
    assert len(result.err.splitlines()) == 1


def test_letters_of_the_world(book, configure, certificate, trusted) -> None:  # type: ignore[no-untyped-def]
    """A domain in other letters travels in ASCII; a name before the @ in other letters needs a server that knows it."""
    people = ("ana@straße.example.com", "jürgen@example.com")
    with post_office(certificate=certificate) as office:
        assert mail(book, configure(office), to=people).code == 0
    assert office.recipients == ["ana@xn--strae-oqa.example.com", "jürgen@example.com"]
    assert office.received[1].message["To"] == "jürgen@example.com"
    (log,) = (path for path in trusted.parent.glob("*.sqlite"))
    log.unlink()
    with post_office(certificate=certificate, utf8=False) as plain:
        result = mail(book, configure(plain), "--format", "json", to=people)
    assert (result.code, states(result)) == (3, ["delivered", "refused"])
    assert "SMTPUTF8" in result.out


def test_lines_with_a_dot(book, configure, certificate, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A line that begins with a dot arrives as it was written."""
    own = tmp_path / "own.html.j2"
    own.write_text("<p>one\n.\n..two\n.three</p>")
    own.with_name("own.txt.j2").write_text(".\nfirst\n.\n..second\n")
    with post_office(certificate=certificate) as office:
        result = mail(book, configure(office, "template = 'own.html.j2'"))
    assert result.code == 0, result.err
    message = office.received[0].message
    assert message.get_body(("plain",)).get_content().splitlines() == [".", "first", ".", "..second"]
    assert message.get_body(("html",)).get_content().splitlines() == ["<p>one", ".", "..two", ".three</p>"]
