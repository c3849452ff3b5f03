"""Hostile documents sent to a whole Bifolio: each ends, and every service is the process that it was."""

from pathlib import Path
from typing import Any

import pytest

from tests.conversion.manifest import Row, read_manifest
from tests.entry.tree import command_line, descendants
from tests.integrator import Integrator
from tests.serving import Server, serving, wait_until

pytestmark = [pytest.mark.corpus, pytest.mark.faults]
NO_LIMITS = {"CALLS_PER_SECOND": "0", "CALLS_PER_MINUTE": "0"}
ACCEPTED, NO_BOOK, TOO_MANY_PAGES = 20, 45, 35
DEADLINE_S = 600
PROCESSES = {"services": ("web_process", "worker_process"), "engines": ("conversion.engine",)}


def processes(server: Server, kind: str) -> set[int]:
    return {
        pid
        for pid in descendants(server.process.pid)
        if any(module in command_line(pid) for module in PROCESSES[kind])
    }


def upload_all(client: Integrator, corpus: Path, rows: list[Row]) -> dict[str, str]:
    """The hash of each document that is accepted."""
    hashes = {}
    for row in rows:
        answer = client.upload((corpus / row.file).read_bytes(), Path(row.file).name)
        assert answer["code"] in {ACCEPTED, NO_BOOK, TOO_MANY_PAGES}, (row.file, answer)
        if answer["code"] == ACCEPTED:
            hashes[row.file] = answer["data"]["collectionHash"]
    return hashes


def item(client: Integrator, flipbook_hash: str) -> dict[str, Any]:
    answer = client.call("collection.getCollection", collectionHash=flipbook_hash)
    found: dict[str, Any] = answer["data"]["items"][0]
    return found


def wait_for_end(server: Server, client: Integrator, file: str, flipbook_hash: str) -> None:
    wait_until(
        lambda: item(client, flipbook_hash)["itemStatus"] != "processing",
        DEADLINE_S,
        lambda: f"{file} has no end:\n{server.log()[-5000:]}",
    )


def test_hostile_documents_end_and_no_service_with_them(tmp_path: Path, corpus: Path) -> None:
    rows = [row for row in read_manifest(corpus) if row.source == "hostile" and not row.is_made]
    with serving(tmp_path, 2, **NO_LIMITS) as server:
        pair = server.new_key()
        client = Integrator(f"{server.url}/v1", pair["apiKey"], pair["secret"])
        services, standing_by = processes(server, "services"), len(processes(server, "engines"))
        hashes = upload_all(client, corpus, rows)
        assert len(hashes) > 40
        for file, flipbook_hash in hashes.items():
            wait_for_end(server, client, file, flipbook_hash)
        assert processes(server, "services") == services
        wait_until(
            lambda: len(processes(server, "engines")) <= max(standing_by, 2),
            60,
            lambda: f"engines are left: {processes(server, 'engines')}",
        )
        assert list((server.data / "files" / ".incoming").iterdir()) == []
        assert "Traceback" not in server.log()
