"""Where passwords and tokens come from, and that they go nowhere else."""

from __future__ import annotations

import base64
import builtins
import codecs
import html
import sys
import unicodedata
import urllib.parse
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError
from sampled import one_in

from partnerkpi.errors import ConfigError
from partnerkpi.mail.refusal import in_known_words
from partnerkpi.mail.secret import Secret
from partnerkpi.mail.server import LoginProblem, MailServer, find_login
from partnerkpi.settings import Mail


class Safe(KeyringBackend):
    """A keyring with one password."""

    priority = 1  # type: ignore[assignment]  # keyring computes it for its own
    locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("the wallet says s3cret")
        return {("partnerkpi-mail", "team"): "s3cret"}.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def safe(monkeypatch: pytest.MonkeyPatch) -> Safe:
    monkeypatch.delenv("PARTNERKPI_MAIL_PASSWORD", raising=False)
    backend = Safe()
    before = keyring.get_keyring()
    monkeypatch.setattr(keyring, "get_password", backend.get_password)
    assert keyring.get_keyring() is before
    return backend


def test_no_user_no_login() -> None:
    """A server that asks for no login gets none."""
    assert find_login(Mail()) is None


def test_environment_before_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's password wins over the keyring's."""
    login = find_login(Mail(user="team"))
    assert login is not None
    assert login.secret().reveal() == "s3cret"
    monkeypatch.setenv("PARTNERKPI_MAIL_PASSWORD", "other")
    login = find_login(Mail(user="team"))
    assert login is not None
    assert login.secret().reveal() == "other"


def test_no_password() -> None:
    """Without a password the error says both ways to give one, before anything is sent."""
    with pytest.raises(LoginProblem, match=r"no password for nobody: set PARTNERKPI_MAIL_PASSWORD.*keyring set"):
        find_login(Mail(user="nobody"))


def test_without_the_keyring_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library the same error says how to install it."""
    original = builtins.__import__

    def without(name: str, *arguments: Any, **more: Any) -> Any:
        if name.split(".")[0] == "keyring":
            raise ImportError(name)
        return original(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(LoginProblem, match=r"pip install \"keyring>="):
        find_login(Mail(user="team"))


def test_a_locked_keyring(safe: Safe) -> None:
    """A keyring that does not open is said, without its words: they may hold anything."""
    safe.locked = True
    with pytest.raises(LoginProblem, match="KeyringLocked") as caught:
        find_login(Mail(user="team"))
    assert "s3cret" not in str(caught.value)


def test_no_keyring_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server without a desktop has no keyring: the error says how to give a password."""

    def none(service: str, user: str) -> str:
        raise NoKeyringError(f"no keyring for {service} {user}")

    monkeypatch.setattr(keyring, "get_password", none)
    with pytest.raises(LoginProblem, match="no password for team"):
        find_login(Mail(user="team"))


def test_secrets_do_not_show() -> None:
    """A secret shows itself in no text, and is taken out of the words of others."""
    secret = Secret("s3cret")
    login = find_login(Mail(user="team"))
    assert "s3cret" not in f"{secret} {secret!r} {login} {login!r} {[secret]}"
    assert secret.hide_in("535 s3cret is wrong") == "535 (hidden) is wrong"


_RADIX58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def _as_number(content: bytes, alphabet: str) -> str:
    number, letters = int.from_bytes(content), ""
    while number:
        number, rest = divmod(number, len(alphabet))
        letters = alphabet[rest] + letters
    return letters


def _each(form: str) -> Callable[[str], str]:
    """Return what writes every byte in a form."""
    return lambda secret: "".join(form.format(byte) for byte in secret.encode())


def _text(encode: Callable[[bytes], bytes], code: str = "utf-8", before: str = "") -> Callable[[str], str]:
    """Return what writes a text in a codec, after another one."""
    return lambda secret: encode(f"{before}{secret}".encode(code)).decode("ascii")


#: Codecs in which a server may repeat a secret.
CODECS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "capital letters": str.upper,
    "page": html.escape,
    "every letter of a page": lambda secret: "".join(f"&#{ord(letter)};" for letter in secret),
    "address": lambda secret: urllib.parse.quote(secret, safe=""),
    "address, small letters": lambda secret: urllib.parse.quote_plus(secret).lower(),
    "every letter of an address": _each("%{:02X}"),
    "quoted-printable": _each("={:02X}"),
    "xtext": _each("+{:02X}"),
    "JSON": lambda secret: "".join(f"\\u{ord(letter):04x}" for letter in secret),
    "bytes as Python shows them": lambda secret: repr(secret.encode())[2:-1],
    "escaped": _each("\\x{:02x}"),
    "escaped in eights": _each("\\{:03o}"),
    "hexadecimal": _each("{:02x}"),
    "hexadecimal, capitals": _each("{:02X}"),
    "pairs of digits": lambda secret: secret.encode().hex(":"),
    "four digits each": lambda secret: secret.encode().hex("-", 2),
    "numbers": lambda secret: str(list(secret.encode())),
    "twos": _each("{:08b}"),
    "base64": _text(base64.b64encode),
    "base64 for addresses": _text(base64.urlsafe_b64encode, before="x"),
    "AUTH PLAIN": _text(base64.b64encode, before="\0team\0"),
    "XOAUTH2": _text(base64.b64encode, before="user=team\x01auth=Bearer "),
    "two bytes a letter": _text(base64.b64encode, "utf-16-le", "team\0"),
    "base32": _text(base64.b32encode, before="u"),
    "base85": _text(base64.b85encode),
    "Ascii85": _text(base64.a85encode),
    "base58": lambda secret: _as_number(secret.encode(), _RADIX58),
    "packed": _text(lambda content: base64.b64encode(zlib.compress(content))),
    "UTF-7": lambda secret: f"+{base64.b64encode(secret.encode('utf-16-be')).decode().rstrip('=')}-",
    "turned round": lambda secret: secret[::-1],
    "13 letters on": lambda secret: codecs.encode(secret, "rot13"),
    "letters and accents apart": lambda secret: unicodedata.normalize("NFD", secret),
    "blanks between": " ".join,
}


#: Those that programs put over one another, as a link in a page or a line of a log in JSON.
OUTER = ("base64", "hexadecimal", "base32", "base85", "every letter of an address", "turned round", "13 letters on")
INNER = ("base64", "AUTH PLAIN", "hexadecimal", "every letter of an address", "turned round", "13 letters on")
SECRETS = ["s3cret-Pass", "p@ss w&rd=1+2", '<tag>"quoted"', "%41bc%%", "aaaaaaaa", "Tr0ub4dor&3", "Geh3im! Kühe#7"]


def _leaks(secret: str, written: Iterable[tuple[str, str]]) -> list[str]:
    """Return what of the words of a server can be read, by the name of the codec."""
    known, found = Secret(secret), []
    for name, form in written:
        shown = known.hide_in(f"535 5.7.8 bad login {form} (see https://help.example/535)")
        if form in shown or secret in urllib.parse.unquote(html.unescape(shown)):
            found.append(name)
    return found


@pytest.mark.parametrize("secret", one_in(7, SECRETS, first=6))
def test_a_secret_is_hidden_in_every_encoding(secret: str) -> None:
    """Neither the secret nor any form from which it can be read stands in the words of a server that are shown."""
    plain = CODECS["AUTH PLAIN"](secret)
    parts = {"cut": plain[3:], "without padding": plain.rstrip("="), "folded": f"{plain[:9]}\r\n {plain[9:]}"}
    parts["the beginning"] = secret[: max(6, len(secret) - 2)]
    assert _leaks(secret, [*((name, write(secret)) for name, write in CODECS.items()), *parts.items()]) == []


@pytest.mark.thorough
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_hidden_in_one_encoding_over_another(secret: str) -> None:
    """A codec over another one shows nothing either."""
    twice = [(f"{last} over {first}", CODECS[last](CODECS[first](secret))) for last in OUTER for first in INNER]
    assert _leaks(secret, twice) == []


def test_the_words_of_a_server_that_repeats_nothing() -> None:
    """They are shown as they are: numbers of queues, addresses, links."""
    for usual in (
        "250 2.0.0 Ok: queued as 4FzQ0x1Wz3z9sTt for team; see https://help.example/a%20b?x=1+2",
        "250 2.6.0 <AM0PR04MB1234567.eurprd04.prod.outlook.com> [InternalId=1234567890] Queued mail for delivery",
        "550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown in virtual mailbox table",
    ):
        for secret in ("s3cret-Pass", "aaaaaaaa", "Tr0ub4dor&3"):
            assert Secret(secret).hide_in(usual) == usual


def test_a_refused_login_is_said_in_known_words() -> None:
    """Of what a server answers to a login only words of a list are shown, so no writing of a password can be."""
    for said, shown in {
        "5.7.8 Error: authentication failed: UGFzc3dvcmQ6": "5.7.8 Error: authentication failed: …",
        "5.7.139 SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled": (
            "5.7.139 SmtpClientAuthentication is disabled for the Tenant. …"
        ),
        "5.7.9 Application-specific password required. (gsmtp)": "5.7.9 Application-specific password required. …",
        "no: s3cret terc3s": "no: …",
        "Anmeldung fehlgeschlagen": "Anmeldung fehlgeschlagen",
        "": "",
    }.items():
        assert in_known_words(said) == shown


def test_a_password_is_no_part_of_the_server() -> None:
    """A server that is written with user and password is refused without being repeated."""
    with pytest.raises(ConfigError, match="host alone") as refused:
        MailServer(Mail(server="team:s3cret@smtp.example.com"), None)
    assert "s3cret" not in str(refused.value)


def token_of(tmp_path: Path, program: str) -> str:
    script = tmp_path / "token.py"
    script.write_text(program)
    login = find_login(Mail(user="team", token_command=f'"{sys.executable}" "{script}"'))
    assert login is not None
    assert login.token
    return login.secret().reveal()


def test_token_command(tmp_path: Path) -> None:
    """The first line that the command prints is the token."""
    assert token_of(tmp_path, "print('abc.def')\nprint('noise')") == "abc.def"


@pytest.mark.parametrize(
    "program", ["", "import sys; print('s3cret'); sys.exit(3)", "import sys; sys.stderr.write('s3cret'); sys.exit(1)"]
)
def test_no_token(program: str, tmp_path: Path) -> None:
    """A command that fails, or prints nothing, gives no token; what it said is not repeated."""
    with pytest.raises(LoginProblem, match="gave no token") as caught:
        token_of(tmp_path, program)
    assert "s3cret" not in str(caught.value)


def test_token_command_is_no_shell(tmp_path: Path) -> None:
    """The command is run without a shell: what looks like one is an argument."""
    login = find_login(Mail(user="team", token_command=f"no-such-program; touch {tmp_path}/made"))
    assert login is not None
    with pytest.raises(LoginProblem, match="no program 'no-such-program;'"):
        login.secret()
    assert not (tmp_path / "made").exists()


def test_a_command_that_is_none() -> None:
    """A quotation mark that is never closed is a command that does not run."""
    login = find_login(Mail.model_validate({"user": "team", "token_command": "token 'x"}))
    assert login is not None
    with pytest.raises(LoginProblem, match="did not run"):
        login.secret()


def test_a_token_is_somebodys() -> None:
    """A token without a user is a mistake in the settings."""
    with pytest.raises(ConfigError, match="needs \\[mail\\] user"):
        find_login(Mail.model_validate({"token_command": "print it"}))


def test_a_server_is_needed() -> None:
    """Without a server nothing can be sent, and a draft is the other way."""
    with pytest.raises(ConfigError, match="--draft"):
        MailServer(Mail(), None)
