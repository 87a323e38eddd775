"""What the tests of mail share: workbooks, certificates, settings, and a server on this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from cards import card, filled
from mailserver import PostOffice

from partnerkpi.scorecard.packs import for_partner
from partnerkpi.workbook.build import write_workbook

NAMES = ("Acme", "Brüder & Söhne", "Café", "Dunder", "Eureka", "Fabrikam", "Globex", "Hooli")


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Return an authority that this test run alone trusts."""
    return trustme.CA()


@pytest.fixture(scope="session")
def certificate(authority: trustme.CA) -> trustme.LeafCert:
    """Return the certificate of a server on this machine."""
    return authority.issue_cert("127.0.0.1", "localhost")


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Trust the authority, as a company's own is trusted: OpenSSL reads SSL_CERT_FILE."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workbook with all partners."""
    path = tmp_path_factory.mktemp("book") / "scorecard.xlsx"
    write_workbook(card(filled((*NAMES, None))), path)
    return path


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workbook of one partner, Acme."""
    path = tmp_path_factory.mktemp("pack") / "Acme.xlsx"
    write_workbook(for_partner(card(filled((*NAMES, None))), "Acme"), path)
    return path


Configure = Callable[..., Path]


@pytest.fixture
def configure(tmp_path: Path) -> Configure:
    """Return a function that writes the settings for a server and returns their file."""

    def write(office: PostOffice | None, *lines: str, security: str = "starttls") -> Path:
        path = tmp_path / "partnerkpi.toml"
        server = (
            ["server = '127.0.0.1'", f"port = {office.port}", f"security = '{security}'", "timeout = 5"]
            if office is not None
            else []
        )
        path.write_text("\n".join(["[mail]", "sender = 'Team <team@example.com>'", *server, *lines]), encoding="utf-8")
        return path

    return write
