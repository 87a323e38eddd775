"""The mail server: one connection, safe before anything is said, and one message after the other over it.

The login is a password from the environment or the keyring, or a token from a command. Secrets are never in the
settings, on the command line, in a log or in a message of an error. Why not `smtplib.SMTP.sendmail`: it does not tell a
message that was never handed over from one whose fate is unknown.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import shlex
import smtplib
import ssl
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import ConfigError, PartnerKpiError
from partnerkpi.mail.log import State
from partnerkpi.mail.recipients import Mailbox
from partnerkpi.mail.refusal import in_known_words
from partnerkpi.mail.secret import Secret

if TYPE_CHECKING:
    from partnerkpi.settings import Mail

PASSWORD_VARIABLE = "PARTNERKPI_MAIL_PASSWORD"  # noqa: S105 - its name, not its value
KEYRING_SERVICE = "partnerkpi-mail"

PORTS = {"starttls": 587, "tls": 465, "none": 25}
#: Some servers look through a message before they answer; RFC 5321 (4.5.3.2.6) asks for much patience there.
PATIENCE = 10
_PIECE = 1 << 16


class LoginProblem(PartnerKpiError):
    """There is no password or token, or the server does not take it."""


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
        f"'pip install \"keyring>=25,<26\"' and 'keyring set {KEYRING_SERVICE} {user}'"
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


class ServerProblem(PartnerKpiError):
    """The server cannot be reached, is not safe to talk to, or refuses everything."""


class ServerBusy(PartnerKpiError):
    """The server says that it will take mail later."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a message, and the server's words; one that is waiting may be tried again later."""

    state: State
    text: str


class MailServer:
    """A connection that is made when it is needed, used for message after message, and made anew when it is lost."""

    def __init__(self, mail: Mail, login: Login | None) -> None:
        if mail.server is None:
            raise ConfigError("[mail] server is not set in partnerkpi.toml: name the SMTP server, or write a --draft")
        if re.search(r"[@/\s]|://", mail.server):  # what is there may be a password: it is not repeated
            raise ConfigError(
                "[mail] server is the name of a host alone, such as smtp.example.com: the user belongs to [mail] user, "
                f"the password into {PASSWORD_VARIABLE} or the keyring, the port to [mail] port"
            )
        if mail.security == "none" and not _this_machine(mail.server):
            raise ConfigError(
                f'[mail] security = "none" is for a server on this machine only, and {mail.server} is not: use '
                '"starttls" or "tls"'
            )
        self._host = mail.server
        self._port = mail.port or PORTS[mail.security]
        self._security = mail.security
        self._timeout = mail.timeout
        self._login = login
        self._secrets: list[Secret] = []
        self._client: smtplib.SMTP | None = None
        self._used = 0

    def __str__(self) -> str:
        return f"{self._host}:{self._port}"

    def deliver(self, sender: Mailbox, to: Mailbox, message: bytes, handing_over: Callable[[], None]) -> Answer:
        """Hand one message over and return what became of it; `handing_over` is called just before its content goes.

        Raises ServerProblem, LoginProblem or ServerBusy where no connection can be made.
        """
        while True:
            client = self._connected()
            fresh = self._used == 0
            self._used += 1
            try:
                return self._hand_over(client, sender, to, message, handing_over)
            except (smtplib.SMTPException, OSError) as error:  # before the content went: it is not delivered
                self.close()
                if fresh:
                    return Answer(State.waiting, f"the connection was lost ({self._reason(error)})")

    def close(self) -> None:
        """Say goodbye, if the server still listens."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()

    def _hand_over(
        self, client: smtplib.SMTP, sender: Mailbox, to: Mailbox, message: bytes, handing_over: Callable[[], None]
    ) -> Answer:
        refusal = self._unable(client, sender, to, message)
        if refusal is not None:
            return refusal
        steps: tuple[Callable[[], tuple[int, bytes]], ...] = (
            lambda: client.mail(sender.wire, self._options(client, sender, to, message)),
            lambda: client.rcpt(to.wire),
            lambda: client.docmd("DATA"),
        )
        for step in steps:
            code, text = step()
            if code == 421:  # it closes the connection, perhaps because it takes so many messages and no more
                raise smtplib.SMTPResponseException(code, text)
            if code not in (250, 251, 252, 354):
                client.rset()
                return self._answer(code, text)
        handing_over()
        return self._content(client, message)

    def _content(self, client: smtplib.SMTP, message: bytes) -> Answer:
        """Send the content and wait for the answer; without one nobody knows what became of the message."""
        stuffed = memoryview(re.sub(rb"(?m)^\.", b"..", message))  # it ends with a line end, as every message does
        try:
            for start in range(0, len(stuffed), _PIECE):  # the time-out is for each piece: a slow line needs no other
                client.send(stuffed[start : start + _PIECE])
            client.send(b".\r\n")
        except (
            smtplib.SMTPException,
            OSError,
        ) as error:  # its last line never went, so the server cannot have taken it
            self.close()
            return Answer(State.waiting, f"the connection was lost while the message went ({self._reason(error)})")
        try:
            if client.sock is not None:
                client.sock.settimeout(PATIENCE * self._timeout)
            code, text = client.getreply()
            if client.sock is not None:
                client.sock.settimeout(self._timeout)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Answer(State.unknown, f"the server had the message and did not answer ({self._reason(error)})")
        return self._answer(code, text)

    def _answer(self, code: int, text: bytes) -> Answer:
        reply = f"{code} {self._shown(text)}".strip()
        if code == 421:
            self.close()
        if 200 <= code < 300:
            return Answer(State.delivered, reply)
        state = State.refused if 500 <= code < 600 else State.waiting if 400 <= code < 500 else State.unknown
        return Answer(state, reply)

    def _unable(self, client: smtplib.SMTP, sender: Mailbox, to: Mailbox, message: bytes) -> Answer | None:
        """Return a refusal where the server has said beforehand that it cannot take this message."""
        limit = client.esmtp_features.get("size", "")
        if limit.isdecimal() and 0 < int(limit) < len(message):
            return Answer(
                State.refused,
                f"the message has {len(message) / 1e6:.1f} MB, and {self._host} takes {int(limit) / 1e6:.1f} MB",
            )
        if (to.plain is None or sender.plain is None) and not client.has_extn("smtputf8"):
            return Answer(State.refused, f"{self._host} takes only addresses in plain letters (no SMTPUTF8)")
        return None

    def _options(self, client: smtplib.SMTP, sender: Mailbox, to: Mailbox, message: bytes) -> list[str]:
        options = [f"size={len(message)}"] if client.has_extn("size") else []
        if to.plain is None or sender.plain is None:
            client.command_encoding = "utf-8"
            return [*options, "BODY=8BITMIME", "SMTPUTF8"]
        return options

    def _connected(self) -> smtplib.SMTP:
        if self._client is None:
            try:
                self._client = self._open()
            except smtplib.SMTPResponseException as error:
                reply = f"{error.smtp_code} {self._shown(error.smtp_error)}"
                if 400 <= error.smtp_code < 500:
                    raise ServerBusy(f"{self} is busy: {reply}") from None
                raise ServerProblem(f"{self} refuses the connection: {reply}") from None
            except (smtplib.SMTPException, OSError) as error:
                raise ServerProblem(f"{self} {self._why(error)}") from None
            self._used = 0
        return self._client

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        client: smtplib.SMTP
        if self._security == "tls":
            client = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
        else:
            client = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            client.ehlo_or_helo_if_needed()
            if self._security == "starttls":
                if not client.has_extn("starttls"):
                    raise ServerProblem(
                        f"{self} offers no encryption (STARTTLS), so nothing was said to it. If it takes TLS on port "
                        '465, set [mail] security = "tls"'
                    )
                client.starttls(context=context)
                client.ehlo()
            if self._login is not None:
                self._log_in(client, self._login)
        except BaseException:
            client.close()
            raise
        return client

    def _log_in(self, client: smtplib.SMTP, login: Login) -> None:
        secret = login.secret()
        if all(secret.reveal() != one.reveal() for one in self._secrets):
            self._secrets.append(secret)
        try:
            if login.token:
                line = f"user={login.user}\x01auth=Bearer {secret.reveal()}\x01\x01"
                # After a refusal the server sends its reasons and waits for an empty line.
                client.auth("XOAUTH2", lambda challenge=None: line if challenge is None else "")
            else:
                client.login(login.user, secret.reveal())
        except smtplib.SMTPAuthenticationError as error:
            reply = f"{error.smtp_code} {self._shown(in_known_words(self._line(error.smtp_error)))}"
            if 400 <= error.smtp_code < 500:
                raise ServerBusy(f"{self} cannot check the login now: {reply}") from None
            what = "token" if login.token else "password"
            raise LoginProblem(f"{self} refuses the login of {login.user}: {reply}. Check user and {what}") from None
        except UnicodeEncodeError:  # its text would tell a letter of the password
            raise LoginProblem(
                f"the password of {login.user}, or the user, has letters that a login to a mail server cannot hold: "
                "give the account one of plain letters, digits and signs"
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise LoginProblem(f"{self} offers no way to log in that is known here: leave out [mail] user") from None

    def _why(self, error: Exception) -> str:
        """Return what keeps a connection from being made, and what to do."""
        if isinstance(error, ssl.SSLCertVerificationError):
            return (
                f"shows a certificate that is not valid for it ({error.verify_message}), so nothing was said to it: "
                "check [mail] server, or ask who runs it"
            )
        if isinstance(error, ssl.SSLError):
            return 'does not speak TLS here: check [mail] port and security ("starttls" on 587, "tls" on 465)'
        if isinstance(error, TimeoutError):
            return f"did not answer within {self._timeout:g} seconds: check [mail] server and port"
        if isinstance(error, ConnectionRefusedError):
            return "takes no connection: check [mail] server and port"
        return f"cannot be reached ({self._reason(error)}): check [mail] server and port"

    def _reason(self, error: Exception) -> str:
        if isinstance(error, smtplib.SMTPResponseException):
            return f"{error.smtp_code} {self._shown(error.smtp_error)}"
        if isinstance(error, TimeoutError):
            return "timed out"
        return self._shown(str(getattr(error, "strerror", None) or error or type(error).__name__))

    def _shown(self, text: bytes | str) -> str:
        """Return a server's words as one short line without control characters and without our secrets."""
        line = self._line(text)
        for secret in self._secrets:  # a token that has expired is one all the same
            line = secret.hide_in(line)
        return line if len(line) <= 200 else f"{line[:199]}…"

    @staticmethod
    def _line(text: bytes | str) -> str:
        line = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        return " ".join(re.sub(r"[^\x20-\x7e\u00a0-\uffff]+", " ", line).split())


def _this_machine(host: str) -> bool:
    if host.casefold() == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return False
