"""The outgoing client over TLS: the certificate is judged for the name, the address by the guard."""

import datetime as dt
import ipaddress
import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bifolio.infra import guarded_http
from bifolio.infra.guarded_connection import FetchFailed, FetchProblem
from bifolio.infra.guarded_http import GuardedClient
from tests.infra.loopback import Answer, serve, whole

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
PDF = b"%PDF-1.7 " + b"x" * 50_000


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate of books.test, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "books.test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("books.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def client() -> GuardedClient:
    return GuardedClient(LOOPBACK, lambda host, port: ["127.0.0.1"])


def over_tls(certificate: Path, answer: Answer) -> Answer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def answer_wrapped(connection: socket.socket, _: bytes) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            head = b""
            while b"\r\n\r\n" not in head:
                head += secured.recv(65536)
            answer(secured, head)

    return answer_wrapped


def trust(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(guarded_http, "_tls", lambda: context)


def fetch(url: str, data: Path) -> bytes:
    found = client().fetch(url, data=data, max_bytes=None, deadline_s=10)
    return found.written.path.read_bytes()


def test_a_trusted_certificate_of_the_name_is_good(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(monkeypatch, certificate)
    with serve(over_tls(certificate, whole(PDF)), speaks_first=True) as server:
        assert fetch(f"https://books.test:{server.port}/a.pdf", tmp_path) == PDF


@pytest.mark.parametrize("host", ["other.test", "127.0.0.1"])
def test_a_certificate_of_another_name_is_not(
    host: str, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(monkeypatch, certificate)
    with (
        serve(over_tls(certificate, whole(PDF)), speaks_first=True) as server,
        pytest.raises(FetchFailed) as failure,
    ):
        fetch(f"https://{host}:{server.port}/a.pdf", tmp_path)
    assert failure.value.problem == FetchProblem.UNREACHABLE


def test_an_unknown_authority_is_not_trusted(certificate: Path, tmp_path: Path) -> None:
    with serve(over_tls(certificate, whole(PDF)), speaks_first=True) as server, pytest.raises(FetchFailed):
        fetch(f"https://books.test:{server.port}/a.pdf", tmp_path)


def test_https_is_never_left_for_http(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(monkeypatch, certificate)
    with serve(whole(PDF)) as plain:
        away = whole(b"", b"Location: http://books.test:%d/a.pdf" % plain.port, status=b"302 Found")
        with (
            serve(over_tls(certificate, away), speaks_first=True) as server,
            pytest.raises(FetchFailed) as failure,
        ):
            fetch(f"https://books.test:{server.port}/a.pdf", tmp_path)
        assert failure.value.problem == FetchProblem.REFUSED
        assert plain.connections == 0
