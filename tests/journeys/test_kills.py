"""kill -9 of anything at any time: every accepted upload ends, nothing is left half done."""

import json
import os
import random
import signal
import threading
import urllib.error
from contextlib import suppress
from functools import partial
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.documents import make_pdf
from tests.entry.tree import command_line, descendants
from tests.integrator import Integrator
from tests.serving import Server, serving, wait_until

NO_LIMITS = {"CALLS_PER_SECOND": "0", "CALLS_PER_MINUTE": "0"}
VICTIMS = ("web_process", "worker_process", "conversion.engine", "process_tree")
PAGES = 60


class Uploads:
    """Uploads one document after another in a thread, and remembers those that were accepted."""

    def __init__(self, client: Integrator) -> None:
        self.accepted: list[str] = []
        self._client, self._told = client, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Uploads":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._told.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._told.is_set():
            # A cut connection is what a kill looks like to a client; only an answer counts.
            with suppress(urllib.error.URLError, HTTPException, OSError, json.JSONDecodeError):
                answer = self._client.upload(make_pdf(pages=PAGES))
                if answer["code"] == 20:
                    self.accepted.append(answer["data"]["collectionHash"])
            self._told.wait(0.5)


def kill_one(server: Server, module: str) -> bool:
    """Kill -9 a process of the tree that runs ``module``; tell whether the supervisor was the one."""
    if module == "process_tree":
        server.process.kill()
        server.process.wait()
        return True
    for pid in descendants(server.process.pid):
        if module in command_line(pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            break
    return False


@pytest.mark.parametrize("rounds", [4, pytest.param(40, marks=pytest.mark.faults)])
def test_every_accepted_upload_ends_whole(tmp_path: Path, rounds: int) -> None:
    chance = random.Random(rounds)
    pair: dict[str, str] = {}
    accepted: list[str] = []
    left = [VICTIMS[number % len(VICTIMS)] for number in range(rounds)]
    while left:
        with serving(tmp_path, **NO_LIMITS) as server:
            pair = pair or server.new_key()
            client = Integrator(f"{server.url}/v1", pair["apiKey"], pair["secret"])
            with Uploads(client) as uploads:
                while left:
                    threading.Event().wait(chance.uniform(0.2, 2.5))
                    if kill_one(server, left.pop(0)):
                        break
            accepted += uploads.accepted
    with serving(tmp_path, **NO_LIMITS) as server:
        client = Integrator(f"{server.url}/v1", pair["apiKey"], pair["secret"])
        assert accepted
        for flipbook_hash in accepted:
            has_ended = partial(is_settled, client, flipbook_hash)
            wait_until(has_ended, 300, server.log)
            ended = item(client, flipbook_hash)
            assert (ended["itemStatus"], ended["itemPages"]) == ("complete", PAGES)
        assert json.loads(server.cli("doctor", "--deep", "--json"))["ok"]
    assert [pid for pid in everything() if str(tmp_path) in environment_of(pid)] == []


def is_settled(client: Integrator, flipbook_hash: str) -> bool:
    return item(client, flipbook_hash)["itemStatus"] != "processing"


def item(client: Integrator, flipbook_hash: str) -> dict[str, object]:
    answer = client.call("collection.getCollection", collectionHash=flipbook_hash)
    first: dict[str, object] = answer["data"]["items"][0]
    return first


def everything() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def environment_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/environ").read_text(errors="replace")
    return ""
