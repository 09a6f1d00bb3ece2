"""The connection to a mail server: with a name and password, and over TLS that somebody vouches for."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.factories.base import NOW
from tests.mail_server import MailServer
from trainhub.outbox import delivery, rules
from trainhub.outbox.models import MessageState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trainhub.core.db import Database
    from trainhub.core.settings import Settings

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
without_tls = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class TlsController(Controller):
    """A server that speaks TLS from the first byte."""

    def __init__(self, handler: Any, *, context: ssl.SSLContext, port: int) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=port, ssl_context=context)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "mail.pem"
    words = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(words + made.public_bytes(Encoding.PEM))
    return file


def known(_server: object, _session: object, _envelope: object, _mechanism: str, given: Any) -> AuthResult:
    """Only Bo is known here."""
    fits = isinstance(given, LoginPassword) and (given.login, given.password) == (b"bo@work", b"a b:c")
    return AuthResult(success=fits, handled=fits)


@contextmanager
def served(
    certificate: Path | None = None, *, from_the_start: bool = False, **options: Any
) -> Iterator[tuple[MailServer, int]]:
    """A mail server and its port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = MailServer()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    if certificate:
        context.load_cert_chain(certificate)
    if from_the_start:
        controller: Controller = TlsController(server, context=context, port=port)
    else:
        controller = Controller(
            server, hostname="127.0.0.1", port=port, tls_context=context if certificate else None, **options
        )
    controller.start()
    yield server, port
    controller.stop()


def posted(make: Any, database: Database, settings: Settings, smtp_url: str) -> str:
    """What became of one letter."""
    message = make.message()
    delivery.deliver(database, replace(settings, smtp_url=smtp_url), clock=lambda: NOW)
    make.session.expire_all()
    return message.last_error or message.state.value


@without_tls
def test_name_and_password_are_given(make: Any, database: Database, settings: Settings) -> None:
    with served(authenticator=known, auth_required=True, auth_require_tls=False) as (_server, port):
        assert posted(make, database, settings, f"smtp://bo%40work:a%20b%3Ac@127.0.0.1:{port}") == "sent"


@without_tls
def test_wrong_password_leaves_the_letter_in_the_queue(make: Any, database: Database, settings: Settings) -> None:
    with served(authenticator=known, auth_required=True, auth_require_tls=False) as (server, port):
        told = posted(make, database, settings, f"smtp://bo%40work:wrong@127.0.0.1:{port}")

    assert told.startswith("SMTPAuthenticationError: (535")
    assert "wrong" not in told
    assert server.taken == []


@pytest.mark.parametrize(("scheme", "from_the_start"), [("smtp+starttls", False), ("smtps", True)])
def test_letter_goes_over_tls_that_somebody_vouches_for(
    make: Any,
    database: Database,
    settings: Settings,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    *,
    from_the_start: bool,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with served(certificate, from_the_start=from_the_start) as (server, port):
        assert posted(make, database, settings, f"{scheme}://127.0.0.1:{port}") == "sent"

    assert len(server.taken) == 1


@pytest.mark.parametrize(("scheme", "from_the_start"), [("smtp+starttls", False), ("smtps", True)])
def test_no_letter_goes_to_a_server_that_nobody_vouches_for(
    make: Any, database: Database, settings: Settings, certificate: Path, scheme: str, *, from_the_start: bool
) -> None:
    with served(certificate, from_the_start=from_the_start) as (server, port):
        told = posted(make, database, settings, f"{scheme}://127.0.0.1:{port}")

    assert "CERTIFICATE_VERIFY_FAILED" in told
    assert server.taken == []


def test_server_without_tls_gets_no_letter_when_tls_was_asked(
    make: Any, database: Database, settings: Settings
) -> None:
    with served() as (server, port):
        told = posted(make, database, settings, f"smtp+starttls://127.0.0.1:{port}")

    assert told.startswith("SMTPNotSupportedError")
    assert server.taken == []


def test_letter_whose_lease_is_nearly_over_is_left_to_the_next_round(
    make: Any, database: Database, posting: Settings, smtp: MailServer
) -> None:
    message = make.message()
    moments = iter([NOW, NOW, NOW + rules.LEASE])

    delivery.deliver(database, posting, clock=lambda: next(moments, NOW + rules.LEASE))

    make.session.expire_all()
    assert (smtp.taken, message.state) == ([], MessageState.sending)
