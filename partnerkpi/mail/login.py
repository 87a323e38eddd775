"""How to log in to the mail server: a password from the environment or the keyring, or a token from a command.

Secrets are never in the settings, on the command line, in a log or in a message of an error.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnerkpi.errors import ConfigError, PartnerKpiError

if TYPE_CHECKING:
    from partnerkpi.settings import Mail

PASSWORD_VARIABLE = "PARTNERKPI_MAIL_PASSWORD"  # noqa: S105 - its name, not its value
KEYRING_SERVICE = "partnerkpi-mail"


class LoginProblem(PartnerKpiError):
    """There is no password or token, or the server does not take it."""


class Secret:
    """A text that shows itself to nobody who does not ask for it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def hide_in(self, text: str) -> str:
        """Return a text, such as a server's answer, without this secret."""
        return text.replace(self._text, "(hidden)") if self._text else text


@dataclass(frozen=True, slots=True)
class Login:
    """Who logs in, and where the secret comes from; it is asked for at each connection, because tokens expire."""

    user: str
    secret: Callable[[], Secret]
    token: bool = False


def find_login(mail: Mail) -> Login | None:
    """Return the login that the settings ask for, None if they name no user.

    LoginProblem, before anything is sent, where a password is needed and there is none.
    """
    if mail.token_command is not None:
        if mail.user is None:
            raise ConfigError("[mail] token_command needs [mail] user: the token is that of a person")
        command = mail.token_command
        return Login(mail.user, lambda: _token(command, mail.timeout), token=True)
    if mail.user is None:
        return None
    password = _password(mail.user)
    return Login(mail.user, lambda: password)


def _password(user: str) -> Secret:
    given = os.environ.get(PASSWORD_VARIABLE)
    if given:
        return Secret(given)
    stored = _from_keyring(user)
    if stored:
        return Secret(stored)
    raise LoginProblem(
        f"there is no password for {user}: set {PASSWORD_VARIABLE} in the environment, or put it into the keyring with "
        f"'pip install \"partnerkpi[mail]\"' and 'keyring set {KEYRING_SERVICE} {user}'"
    )


def _from_keyring(user: str) -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError, NoKeyringError
    except ImportError:
        return None
    try:
        password: str | None = keyring.get_password(KEYRING_SERVICE, user)
    except NoKeyringError:  # a server without a desktop has none
        return None
    except KeyringError as error:
        raise LoginProblem(
            f"the keyring does not give the password of {user} ({type(error).__name__}): unlock it, or set "
            f"{PASSWORD_VARIABLE} in the environment"
        ) from None
    return password


def _token(command: str, seconds: float) -> Secret:
    """Run the user's command and return the first line that it prints; what else it says may hold secrets."""
    program = command.split()[0] if command.split() else command
    try:
        arguments = shlex.split(command) if os.name == "posix" else command  # Windows cuts it up itself
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=max(seconds, 60), check=False)  # noqa: S603 - the user's own command
    except FileNotFoundError:
        raise LoginProblem(f"[mail] token_command: there is no program {program!r}") from None
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired) as error:
        raise LoginProblem(f"[mail] token_command did not run to its end ({type(error).__name__})") from None
    token = done.stdout.strip().splitlines()[0].strip() if done.stdout.strip() else ""
    if done.returncode or not token:
        raise LoginProblem(
            f"[mail] token_command gave no token (exit code {done.returncode}): run it by hand to see what it says"
        )
    return Secret(token)
