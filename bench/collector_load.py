"""A load generator: many keep-alive connections, one request at a time on each. Runs as a process of its own.

``python bench/collector_load.py PORT CONNECTIONS SECONDS SECRET`` POSTs distinct visits' first beacons to
/reading and prints the count of 204 answers, of others, and the seconds taken, as JSON.
"""

import asyncio
import contextlib
import json
import os
import random
import sys
import time
from typing import cast

import uvloop

from bifolio.kernel.ids import new_visit_id
from bifolio.kernel.signatures import derive_key
from bifolio.kernel.visit_token import VisitToken, mint_visit_token

FLIPBOOKS = 50
PAGES = 40
MOST_PAGES_TOUCHED = 6


def make_request(key: bytes, chance: random.Random) -> bytes:
    """Return the whole HTTP request of one visit's beacon: a minute of reading, one to six pages."""
    flipbook_id = chance.randint(1, FLIPBOOKS)
    token = VisitToken(
        new_visit_id(),
        flipbook_id % 5 + 1,
        flipbook_id,
        flipbook_id,
        PAGES,
        "Europe/Berlin",
        own_team=False,
        issued_at=int(time.time()) - 60,
    )
    first = chance.randint(1, PAGES - MOST_PAGES_TOUCHED + 1)
    pages = [
        [first + step, round(chance.uniform(1, 9), 1), 1, 0]
        for step in range(chance.randint(1, MOST_PAGES_TOUCHED))
    ]
    beacon = {"token": mint_visit_token(token, key), "seq": 1, "active": 58.4, "views": 6, "pages": pages}
    body = json.dumps(beacon, separators=(",", ":")).encode()
    head = (
        "POST /reading HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
        "Accept: */*\r\nOrigin: https://publisher.example\r\nContent-Type: text/plain;charset=UTF-8\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection(asyncio.Protocol):
    """Sends the next request when the last was answered."""

    def __init__(self, load: "Load") -> None:
        self._load = load

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._load.next_request())

    def data_received(self, data: bytes) -> None:
        # A 204 answer is one small write of the server; anything else has the status in its first line, too.
        if not data.startswith(b"HTTP/1.1 "):
            return
        self._load.answered(is_counted=data[9:12] == b"204")
        self._transport.write(self._load.next_request())


class Load:
    """Prepared requests, and what came of them."""

    def __init__(self, requests: list[bytes]) -> None:
        self._requests = iter(requests)
        self.counted = 0
        self.others = 0
        self.exhausted = asyncio.Event()

    def next_request(self) -> bytes:
        request = next(self._requests, None)
        if request is None:
            self.exhausted.set()
            return b""
        return request

    def answered(self, *, is_counted: bool) -> None:
        if is_counted:
            self.counted += 1
        else:
            self.others += 1


async def run(port: int, connections: int, seconds: float, secret: str) -> dict[str, float]:
    key, chance = derive_key(secret, "visit-token"), random.Random()
    load = Load([make_request(key, chance) for _ in range(int(seconds * 16_000))])
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(load), "127.0.0.1", port)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(load.exhausted.wait(), seconds)
    return {"counted": load.counted, "others": load.others, "seconds": time.perf_counter() - began}


if __name__ == "__main__":
    # A server of one thread and its load on one core would measure each other.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    port, connections, seconds, secret = sys.argv[1:]
    print(json.dumps(uvloop.run(run(int(port), int(connections), float(seconds), secret))))
