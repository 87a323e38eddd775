"""Where passwords and tokens come from, and that they go nowhere else."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError

from partnerkpi.errors import ConfigError
from partnerkpi.mail.server import LoginProblem, MailServer, Secret, find_login
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
    """Without the extra the same error names it."""
    original = builtins.__import__

    def without(name: str, *arguments: Any, **more: Any) -> Any:
        if name.split(".")[0] == "keyring":
            raise ImportError(name)
        return original(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(LoginProblem, match=r"partnerkpi\[mail\]"):
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
