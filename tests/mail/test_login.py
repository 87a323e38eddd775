"""Where passwords and tokens come from, and that they go nowhere else."""

from __future__ import annotations

import base64
import builtins
import html
import json
import sys
import unicodedata
import urllib.parse
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError

from partnerkpi.errors import ConfigError
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


def _written(secret: str) -> dict[str, str]:
    """Return a secret as a server may repeat it, by the name of the encoding."""
    plain = base64.b64encode(f"\0team\0{secret}".encode()).decode()
    alone, url = base64.b64encode(secret.encode()).decode(), urllib.parse.quote(secret, safe="")
    return {
        "plain": secret,
        "capital letters": secret.upper(),
        "AUTH PLAIN": plain,
        "AUTH PLAIN cut": plain[3:],
        "AUTH PLAIN without padding": plain.rstrip("="),
        "AUTH PLAIN folded": f"{plain[:9]}\r\n {plain[9:]}",
        "AUTH LOGIN": alone,
        "XOAUTH2": base64.b64encode(f"user=team\x01auth=Bearer {secret}\x01\x01".encode()).decode(),
        "base64 for addresses": base64.urlsafe_b64encode(f"x{secret}".encode()).decode(),
        "in JSON": json.dumps({"pass": plain}),
        "in an address": f"smtp://team:{url}@smtp.example",
        "address, small letters": urllib.parse.quote_plus(secret).lower(),
        "every letter": "".join(f"%{byte:02X}" for byte in secret.encode()),
        "page": html.escape(secret),
        "every letter of a page": "".join(f"&#{ord(letter)};" for letter in secret),
        "quoted-printable": "".join(f"={byte:02X}" for byte in secret.encode()),
        "xtext": "".join(f"+{byte:02X}" for byte in secret.encode()),
        "hexadecimal": secret.encode().hex(),
        "hexadecimal, capitals": f"x{secret.encode().hex().upper()}",
        "bytes as Python shows them": repr(secret.encode())[2:-1],
        "escaped in eights": "".join(f"\\{byte:03o}" for byte in secret.encode()),
        "two bytes a letter": base64.b64encode(f"team\0{secret}".encode("utf-16-le")).decode(),
        "one byte a letter": base64.b64encode(secret.encode("latin-1")).decode(),
        "letters and accents apart": unicodedata.normalize("NFD", secret),
        "an address in an address": urllib.parse.quote(url, safe=""),
        "pairs of digits": secret.encode().hex(":"),
        "escaped": "".join(f"\\x{byte:02x}" for byte in secret.encode()),
    }


@pytest.mark.parametrize(
    "secret", ["s3cret-Pass", "p@ss w&rd=1+2", '<tag>"quoted"', "%41bc%%", "aaaaaaaa", "Tr0ub4dor&3", "Geh3im! Kühe#7"]
)
def test_a_secret_is_hidden_in_every_encoding(secret: str) -> None:
    """Neither the secret nor any form from which it can be read stands in the words of a server that are shown."""
    for name, form in _written(secret).items():
        shown = Secret(secret).hide_in(f"535 5.7.8 bad login {form} (see https://help.example/535)")
        assert form not in shown, name
        assert secret not in urllib.parse.unquote(html.unescape(shown)), name
    usual = "250 2.0.0 Ok: queued as 4FzQ0x1Wz3z9sTt for team; see https://help.example/a%20b?x=1+2"
    assert Secret(secret).hide_in(usual) == usual


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
