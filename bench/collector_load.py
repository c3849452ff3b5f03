"""A load generator: many keep-alive connections, one request at a time on each. Runs as a process of its own.

``python bench/collector_load.py MIX PORT CONNECTIONS SECONDS SECRET`` POSTs beacons to /reading and prints
the count of 204 answers, of others, the seconds taken, and its own processor time in seconds, as JSON. MIX is
``new`` (each beacon the first of another visit) or ``minute`` (each visit sends its seven beacons of a
minute, one for every ten seconds, all visits in turn).
"""

import asyncio
import contextlib
import gc
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from typing import cast

import uvloop

from bifolio.kernel.ids import new_visit_id
from bifolio.kernel.signatures import derive_key
from bifolio.kernel.visit_token import VisitToken, mint_visit_token

FLIPBOOKS = 50
PAGES = 40
MOST_PAGES_TOUCHED = 6
BEACONS_OF_A_MINUTE = 7


def make_requests(mix: str, count: int, key: bytes, chance: random.Random) -> Iterator[bytes]:
    """Give about ``count`` requests of a mix."""
    if mix == "new":
        for _ in range(count):
            yield make_request(key, chance)
        return
    visits = [make_visit(chance) for _ in range(count // BEACONS_OF_A_MINUTE)]
    texts = [mint_visit_token(visit, key) for visit in visits]
    for seq in range(1, BEACONS_OF_A_MINUTE + 1):
        for visit, text in zip(visits, texts, strict=True):
            first, active = visit.flipbook_id % (PAGES - MOST_PAGES_TOUCHED) + 1, (seq - 1) * 9.7
            pages = [[first + step, round(active / seq, 1), 1, 0] for step in range(seq - 1)]
            yield http_request(
                {"token": text, "seq": seq, "active": active, "views": seq - 1, "pages": pages}
            )


def make_request(key: bytes, chance: random.Random) -> bytes:
    """Return the whole HTTP request of one visit's beacon: a minute of reading, one to six pages."""
    first = chance.randint(1, PAGES - MOST_PAGES_TOUCHED + 1)
    pages = [
        [first + step, round(chance.uniform(1, 9), 1), 1, 0]
        for step in range(chance.randint(1, MOST_PAGES_TOUCHED))
    ]
    token = mint_visit_token(make_visit(chance), key)
    return http_request({"token": token, "seq": 1, "active": 58.4, "views": 6, "pages": pages})


def make_visit(chance: random.Random) -> VisitToken:
    """Return a visit that began a minute ago, to one of fifty flipbooks."""
    flipbook_id = chance.randint(1, FLIPBOOKS)
    return VisitToken(
        new_visit_id(),
        flipbook_id % 5 + 1,
        flipbook_id,
        flipbook_id,
        PAGES,
        "Europe/Berlin",
        own_team=False,
        issued_at=int(time.time()) - 60,
    )


def http_request(beacon: dict[str, object]) -> bytes:
    """Return the whole HTTP request of a beacon."""
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


async def run(mix: str, port: int, connections: int, seconds: float, secret: str) -> dict[str, float]:
    key, chance = derive_key(secret, "visit-token"), random.Random()
    load = Load(list(make_requests(mix, int(seconds * 16_000), key, chance)))
    gc.freeze()
    loop = asyncio.get_running_loop()
    began, cpu_began = time.perf_counter(), time.process_time()
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(load), "127.0.0.1", port)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(load.exhausted.wait(), seconds)
    return {
        "counted": load.counted,
        "others": load.others,
        "seconds": time.perf_counter() - began,
        "cpu_s": time.process_time() - cpu_began,
    }


if __name__ == "__main__":
    # A server of one thread and its load on one core would measure each other.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    mix, port, connections, seconds, secret = sys.argv[1:]
    print(json.dumps(uvloop.run(run(mix, int(port), int(connections), float(seconds), secret))))
