"""One collector behind a real server: ``python -m tests.collector.collector_main PORT``."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from bifolio.collector.app import Collector, Receive, Scope, Send, create_collector
from bifolio.infra.configuration import load_configuration


class WithLifespan:
    """Starts and stops the collector with the server."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._collector(scope, receive, send)
            return
        async with self._running(receive, send):
            await receive()

    @asynccontextmanager
    async def _running(self, receive: Receive, send: Send) -> AsyncIterator[None]:
        await receive()
        await self._collector.start()
        await send({"type": "lifespan.startup.complete"})
        yield
        await self._collector.stop()
        await send({"type": "lifespan.shutdown.complete"})


if __name__ == "__main__":
    uvicorn.run(
        WithLifespan(create_collector(load_configuration(os.environ))),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        log_level="warning",
    )
