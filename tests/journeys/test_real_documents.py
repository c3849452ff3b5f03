"""Real documents all the way: uploaded by the signed API, converted by workers, read as a reader."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conversion.manifest import LOCKED, REFUSED, read_manifest
from tests.conversion.test_corpus import VARIED
from tests.integrator import Integrator
from tests.serving import Server, serving, wait_until

pytestmark = [pytest.mark.corpus, pytest.mark.faults]
NO_LIMITS = {"CALLS_PER_SECOND": "0", "CALLS_PER_MINUTE": "0"}
DEADLINE_S = 600


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path, **NO_LIMITS) as server:
        yield server


def client_of(server: Server) -> Integrator:
    pair = server.new_key()
    return Integrator(f"{server.url}/v1", pair["apiKey"], pair["secret"])


def ended(client: Integrator, flipbook_hash: str) -> dict[str, Any]:
    """Wait for the end of a conversion and return the collection object."""

    def now() -> dict[str, Any]:
        collection: dict[str, Any] = client.call("collection.getCollection", collectionHash=flipbook_hash)[
            "data"
        ]
        return collection

    wait_until(
        lambda: now()["items"][0]["itemStatus"] != "processing", DEADLINE_S, lambda: f"still at {now()}"
    )
    return now()


def text_of(server: Server, collection: dict[str, Any]) -> str:
    address = collection["collectionUrl"].removesuffix(".html") + "/text.html"
    with urllib.request.urlopen(address, timeout=60) as answer:
        return str(answer.read().decode())


def test_varied_documents_convert_completely_with_text(server: Server, corpus: Path) -> None:
    client = client_of(server)
    pages = {row.file: row.pages for row in read_manifest(corpus) if row.file in VARIED}
    hashes = {}
    for name in VARIED:
        created = client.upload((corpus / name).read_bytes(), Path(name).name)
        assert created["code"] == 20, (name, created)
        hashes[name] = created["data"]["collectionHash"]
    for name, flipbook_hash in hashes.items():
        collection = ended(client, flipbook_hash)
        item = collection["items"][0]
        assert (item["itemStatus"], item["itemPages"], item["itemProgress"]) == (
            "complete",
            pages[name],
            100,
        ), name
        assert VARIED[name] in text_of(server, collection), name


def test_a_manual_of_1158_pages_is_refused_until_the_limit_is_raised(tmp_path: Path, corpus: Path) -> None:
    content = (corpus / "deb_octave-doc" / "octave.pdf").read_bytes()
    with serving(tmp_path, **NO_LIMITS) as server:
        assert client_of(server).upload(content)["code"] == 35
    with serving(tmp_path, MAX_PAGES="2000", **NO_LIMITS) as server:
        client = client_of(server)
        item = ended(client, client.upload(content)["data"]["collectionHash"])["items"][0]
        assert (item["itemStatus"], item["itemPages"]) == ("complete", 1158)


def test_what_cannot_be_opened_fails_with_a_sentence(server: Server, corpus: Path) -> None:
    client = client_of(server)
    wanted = [row.file for row in read_manifest(corpus) if row.endings in ({LOCKED}, {REFUSED})]
    tried = 0
    for name in wanted[:: max(1, len(wanted) // 12)]:
        created = client.upload((corpus / name).read_bytes(), Path(name).name)
        if created["code"] == 45:
            continue
        item = ended(client, created["data"]["collectionHash"])["items"][0]
        assert item["itemStatus"] == "failed", name
        assert item["itemError"].endswith("."), name
        tried += 1
    assert tried >= 10
