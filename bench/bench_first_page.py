"""How soon page 1 of an upload can be read, beside pdftoppm drawing that page.

Counted from the last byte of the upload to the last byte of page 1's `medium` image, through a
whole `bifolio serve` with the signed API; the reader asks the manifest every 20 ms. The peer is
`pdftoppm -f 1 -l 1 -jpeg -scale-to-x 1800` on the same file, which draws one size and nothing else.
Between runs there is a pause, in which an engine comes to stand by again: uploads that follow each other
within a second (`--pause 0`) find none and start one.

    python -m bench.bench_first_page [--runs N] [--pause SECONDS] [FILE.pdf ...]
"""

import argparse
import http.client
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from tests.documents import make_pdf
from tests.integrator import Integrator
from tests.serving import Server, serving

PEER = ["pdftoppm", "-f", "1", "-l", "1", "-jpeg", "-scale-to-x", "1800", "-scale-to-y", "-1"]
CORPUS = Path(os.environ.get("CORPUS", "../shared/corpus"))
BOOKS = ["deb_context/metafun-p.pdf", "py-pdf_sample-files/*/*.pdf", "deb_debian-handbook/*.pdf"]


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        files = arguments.files or _default_files(Path(folder))
        with serving(
            Path(folder), CALLS_PER_SECOND="0", CALLS_PER_MINUTE="0", UPLOADS_PER_MONTH="0"
        ) as server:
            pair = server.new_key()
            client = Integrator(f"{server.url}/v1", pair["apiKey"], pair["secret"])
            print(f"{'file':<34}{'MB':>7}{'first page':>12}{'pdftoppm':>10}{'ratio':>7}")
            for file in files:
                _report(file, server, client, arguments.runs, arguments.pause)


def _report(file: Path, server: Server, client: Integrator, runs: int, pause_s: float) -> None:
    content = file.read_bytes()
    ours, peers = [], []
    for _ in range(runs):
        time.sleep(pause_s)
        ours.append(_first_page_s(server, client, content))
        peers.append(_peer_s(file))
    mine, peer = statistics.median(ours), statistics.median(peers)
    size = len(content) / 1e6
    print(f"{file.name[-33:]:<34}{size:>7.2f}{mine * 1000:>9.0f} ms{peer * 1000:>7.0f} ms{mine / peer:>7.2f}")


def _first_page_s(server: Server, client: Integrator, content: bytes) -> float:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=120)
    body, boundary = _form(client, content)
    connection.putrequest("POST", "/v1")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={boundary}")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    sent_at = time.perf_counter()
    created = json.loads(connection.getresponse().read())
    assert created["code"] == 20, created
    page = None
    while page is None:
        manifest = _get_json(connection, f"/manifest/{created['data']['collectionHash']}")
        assert manifest["state"] != "failed", manifest["error"]
        page = next(iter(manifest["pages"]), None)
        if page is None:
            time.sleep(0.02)
    connection.request("GET", manifest["files"] + page["medium"])
    assert len(connection.getresponse().read()) > 0
    first_page_s = time.perf_counter() - sent_at
    _wait_for_the_rest(connection, created["data"]["collectionHash"])
    return first_page_s


def _wait_for_the_rest(connection: http.client.HTTPConnection, flipbook_hash: str) -> None:
    """Let the conversion end, so that the next run has the machine to itself."""
    while _get_json(connection, f"/manifest/{flipbook_hash}")["state"] == "processing":
        time.sleep(0.2)


def _form(client: Integrator, content: bytes) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="book.pdf"\r\n\r\n'
    body = head.encode() + content + b"\r\n"
    for name, value in client.signed("collection.create").items():
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    return body + f"--{boundary}--\r\n".encode(), boundary


def _get_json(connection: http.client.HTTPConnection, path: str) -> dict[str, Any]:
    connection.request("GET", path)
    answer: dict[str, Any] = json.loads(connection.getresponse().read())
    return answer


def _peer_s(file: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        began_at = time.perf_counter()
        subprocess.run([*PEER, str(file), f"{folder}/page"], check=True, capture_output=True)
        return time.perf_counter() - began_at


def _default_files(folder: Path) -> list[Path]:
    generated = folder / "generated-20-pages.pdf"
    generated.write_bytes(make_pdf(pages=20))
    found = [next(iter(sorted(CORPUS.glob(pattern))), None) for pattern in BOOKS]
    sample = Path("build/sample-magazine.pdf")
    return [generated, *([sample] if sample.exists() else []), *(file for file in found if file)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pause", type=float, default=3.0)
    if shutil.which("pdftoppm") is None:
        parser.error("pdftoppm is missing: apt-get install poppler-utils")
    return parser.parse_args()


if __name__ == "__main__":
    main()
