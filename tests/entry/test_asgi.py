"""The application as it is put together, in a running tree."""

import json
import socket
from pathlib import Path

from tests.entry.threaded import early_answer
from tests.entry.tree import running_tree
from tests.live_database import Installation


def test_in_maintenance_an_upload_hears_22_before_it_is_sent(tmp_path: Path) -> None:
    (tmp_path / "maintenance").touch()
    installation = Installation(tmp_path, f"sqlite:///{tmp_path / 'bifolio.sqlite3'}")
    with (
        running_tree(installation, "--workers", "1") as tree,
        socket.create_connection(("127.0.0.1", tree.port), timeout=30) as client,
    ):
        client.sendall(
            b"POST /v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400000000\r\n"
            b"Expect: 100-continue\r\nContent-Type: multipart/form-data; boundary=xYzZY\r\n\r\n"
        )
        answer = early_answer(client)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in head.lower()
    assert b"retry-after: 60" in head.lower()
    assert json.loads(body) == {"code": 22, "status": "Maintenance mode"}
