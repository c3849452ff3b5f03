"""The nginx example of docs/operate/reverse-proxy.md, run as it stands but for ports and certificate."""

import json
import re
import shutil
import socket
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.waiting import wait_until

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
PAGE = Path(__file__).parent.parent.parent / "docs" / "operate" / "reverse-proxy.md"

pytestmark = pytest.mark.skipif(
    not Path(NGINX).exists(), reason="nginx is not installed (apt-get install nginx)"
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _configuration(folder: Path, backend: str, https_port: int) -> str:
    example = re.search(r"```nginx\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert example is not None
    servers = (
        example[1]
        .replace("127.0.0.1:8000", backend.removeprefix("http://"))
        .replace("listen 443", f"listen 127.0.0.1:{https_port}")
        .replace("listen 80", f"listen 127.0.0.1:{_free_port()}")
        .replace("/etc/ssl/flipbooks.example.org", str(folder / "certificate"))
    )
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{servers}}}\n"
    )


def _make_certificate(folder: Path) -> None:
    subject = ["-subj", "/CN=flipbooks.example.org", "-addext", "subjectAltName=DNS:flipbooks.example.org"]
    files = ["-keyout", f"{folder}/certificate.key", "-out", f"{folder}/certificate.pem"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files]
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def _nginx(folder: Path, backend: str) -> Iterator[str]:
    folder.mkdir()
    _make_certificate(folder)
    port = _free_port()
    (folder / "nginx.conf").write_text(_configuration(folder, backend, port))
    server = subprocess.Popen([NGINX, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    try:
        wait_until(lambda: server.poll() is not None or _listens(port))
        assert server.poll() is None, (folder / "error.log").read_text()
        yield f"https://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _ask(address: str, body: bytes | None = None, content_type: str = "text/plain") -> tuple[int, bytes]:
    request = urllib.request.Request(
        address, body, {"Host": "flipbooks.example.org", "Content-Type": content_type}
    )
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with urllib.request.urlopen(request, context=trusting, timeout=60) as answer:
        return answer.status, answer.read()


def test_the_nginx_example_passes_requests_and_large_bodies_on(tmp_path: Path) -> None:
    settings = {
        "BIFOLIO_BASE_URL": "https://flipbooks.example.org",
        "BIFOLIO_TRUSTED_PROXIES": "127.0.0.1/32",
    }
    behind = CommandLine(tmp_path / "data", settings)
    with behind.serving() as backend, _nginx(tmp_path / "nginx", backend) as address:
        status, answer = _ask(f"{address}/health")
        # Through a proxy nobody sees the parts, although the proxy is on this machine.
        assert (status, json.loads(answer)) == (200, {"status": "ok"})
        head = b'--X\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n'
        body = head + bytes(20_000_000) + b"\r\n--X--\r\n"
        _, refusal = _ask(f"{address}/v1", body, "multipart/form-data; boundary=X")
        assert json.loads(refusal)["code"] == 30
