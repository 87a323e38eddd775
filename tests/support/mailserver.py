"""A mail server on this machine, with certificates of its own, that does what a test asks of it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Fault = Callable[["PostOffice", str, str], str | None]


@dataclass(frozen=True)
class Received:
    """A message that the server took."""

    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """Return the message as a mail program reads it."""
        parsed = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class PostOffice:
    """What the server does: `fault` is asked at each step of each message and may answer in the server's place.

    The steps are EHLO, AUTH, MAIL, RCPT, DATA (before the content) and CONTENT (before the answer). Its answer is a
    line such as "451 later"; "drop" cuts the connection, "silence" never answers.
    """

    fault: Fault = lambda _office, _step, _whom: None
    password: str = "correct horse"
    received: list[Received] = field(default_factory=list)
    steps: list[tuple[str, str]] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    def count(self, step: str) -> int:
        """Return how often a step was reached."""
        return sum(one == step for one, _ in self.steps)

    @property
    def recipients(self) -> list[str]:
        """Return who has got mail, in the order of arrival."""
        return [one.recipient for one in self.received]

    def ask(self, step: str, whom: str) -> str | None:
        """Write a step down and return the answer that the test wants."""
        self.steps.append((step, whom))
        return self.fault(self, step, whom)


class _Server(SMTP):
    """aiosmtpd with a word of the post office at each step."""

    office: PostOffice

    async def _says(self, step: str, whom: str) -> str | None:
        answer = self.office.ask(step, whom)
        if answer == "drop":
            assert self.transport is not None
            self.transport.abort()
        elif answer == "silence":
            await asyncio.Event().wait()  # until the client has had enough
        return answer

    async def smtp_EHLO(self, hostname: str) -> None:
        answer = await self._says("EHLO", hostname)
        await (self.push(answer) if answer else super().smtp_EHLO(hostname))

    async def smtp_DATA(self, arg: str) -> None:
        assert self.envelope is not None
        answer = await self._says("DATA", ",".join(self.envelope.rcpt_tos))
        await (self.push(answer) if answer else super().smtp_DATA(arg))

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        import base64

        answer = self.office.ask("AUTH", "XOAUTH2")
        line = base64.b64decode(args[1]).decode()
        user, token = line.removeprefix("user=").split("\x01auth=Bearer ")
        self.office.logins.append((user, token.strip("\x01")))
        if answer or token.strip("\x01") != self.office.password:
            await self.push("334 " + base64.b64encode(b'{"status":"400"}').decode())
            line_back = await self._reader.readline()
            assert line_back == b"\r\n", "the client answers the challenge with an empty line"
            return AuthResult(success=False, handled=False, message=answer)
        return AuthResult(success=True)


class _Handler:
    def __init__(self, office: PostOffice) -> None:
        self.office = office

    async def handle_MAIL(
        self, server: _Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await server._says("MAIL", address)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return answer or "250 OK"

    async def handle_RCPT(
        self, server: _Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await server._says("RCPT", address)
        if answer is None or answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: _Server, session: Session, envelope: Envelope) -> str:
        whom = envelope.rcpt_tos[0]
        answer = await server._says("CONTENT", whom)
        if answer is None or answer.startswith("2"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.office.received.append(Received(whom, content))
        return answer or "250 taken"


class _Running:
    """A server in a thread of its own, on a port that the system chose."""

    def __init__(self, office: PostOffice, tls: ssl.SSLContext | None, options: dict[str, Any]) -> None:
        self.office, self.tls, self.options = office, tls, options
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()
        self.ready.wait()

    def __exit__(self, *error: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.set_exception_handler(lambda *_: None)  # connections that a test cuts
        server = self.loop.run_until_complete(self.loop.create_server(self._protocol, "127.0.0.1", 0, ssl=self.tls))
        self.office.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))  # lets the tasks end
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()

    def _protocol(self) -> SMTP:
        server = _Server(_Handler(self.office), hostname="127.0.0.1", loop=self.loop, **self.options)
        server.office = self.office
        return server


@contextlib.contextmanager
def post_office(
    office: PostOffice | None = None,
    *,
    security: str = "starttls",
    certificate: trustme.LeafCert | None = None,
    login: bool = False,
    size_limit: int | None = None,
    utf8: bool = True,
) -> Iterator[PostOffice]:
    """Run a server while the block runs; `security` is starttls, tls or none."""
    office = office or PostOffice()
    context = None
    if security != "none":
        assert certificate is not None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        user, password = data.login.decode(), data.password.decode()
        office.logins.append((user, password))
        refusal = office.ask("AUTH", user)
        if refusal is not None:
            return AuthResult(success=False, handled=False, message=refusal)
        return AuthResult(success=password == office.password, handled=False)

    options = {
        "tls_context": context if security == "starttls" else None,
        "require_starttls": security == "starttls",
        "authenticator": check if login else None,
        "auth_required": login and security != "none",  # aiosmtpd warns of it
        "auth_require_tls": security == "starttls",
        "data_size_limit": size_limit,
        "enable_SMTPUTF8": utf8,
    }
    with _Running(office, context if security == "tls" else None, options):
        yield office
