"""GET /health: whether database, storage and a conversion worker answer."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from bifolio.entry.answers import answer, answer_text
from bifolio.entry.asgi_types import Receive, Scope, Send
from bifolio.entry.details import may_see_details
from bifolio.infra.jobs.lanes import CONVERSION
from bifolio.infra.storage import storage

log = structlog.get_logger(__name__)

Check = Callable[[], None]
Fact = Callable[[], str]
"""Something to tell in a detailed answer, that makes nobody unwell. Asked once; it may take its time."""
DEADLINE_S = 5.0
KEPT_S = 1.0


class NotAlive(Exception):
    """A part does not answer; the text says what is missing."""


class Health:
    """The ASGI application of /health. Answers are kept for a second, so that asking costs nothing.

    Each part is asked in a thread of its own: one that hangs neither stops the others nor is asked twice.
    """

    def __init__(
        self, token: str, checks: dict[str, Check] | None = None, facts: dict[str, Fact] | None = None
    ) -> None:
        self._token = token
        self._facts = facts or {}
        self._telling: dict[str, asyncio.Future[str]] = {}
        self._checks = checks or {"database": ask_database, "storage": ask_storage, "worker": ask_worker}
        self._threads = {name: ThreadPoolExecutor(1, thread_name_prefix=name) for name in self._checks}
        self._asking: dict[str, asyncio.Future[None]] = {}
        self._known: dict[str, str] = {}
        self._known_until = 0.0
        self._lock = asyncio.Lock()

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer 200 or 503; which part it is stands only in a detailed answer."""
        if scope["method"] not in {"GET", "HEAD"}:
            await answer_text(send, 405, "GET and HEAD only.", [(b"allow", b"GET, HEAD")])
            return
        async with self._lock:
            parts = await self._state()
        is_well = all(state == "ok" for state in parts.values())
        body = {"status": "ok" if is_well else "unavailable"}
        if may_see_details(scope, self._token):
            body |= parts
            body |= await self._told_facts()
        no_store = (b"cache-control", b"no-store")
        content = json.dumps(body).encode() + b"\n"
        await answer(send, 200 if is_well else 503, content, b"application/json", [no_store])

    async def _told_facts(self) -> dict[str, str]:
        loop = asyncio.get_running_loop()
        for name, tell in self._facts.items():
            if name not in self._telling:
                self._telling[name] = loop.run_in_executor(None, tell)
        if self._telling:
            await asyncio.wait(self._telling.values(), timeout=KEPT_S)
        return {
            name: told.result() if told.done() else "not known yet" for name, told in self._telling.items()
        }

    async def _state(self) -> dict[str, str]:
        now = asyncio.get_running_loop().time()
        if now >= self._known_until:
            states = await asyncio.gather(*(self._ask(name) for name in self._checks))
            self._known = dict(zip(self._checks, states, strict=True))
            self._known_until = asyncio.get_running_loop().time() + KEPT_S
        return self._known

    async def _ask(self, name: str) -> str:
        asking = self._asking.get(name)
        if asking is None or asking.done():
            loop = asyncio.get_running_loop()
            asking = self._asking[name] = loop.run_in_executor(self._threads[name], self._checks[name])
        try:
            await asyncio.wait_for(asyncio.shield(asking), DEADLINE_S)
        except TimeoutError:
            return f"no answer within {DEADLINE_S:g} s"
        except Exception as error:  # noqa: BLE001 - whatever a check raises is what is missing
            log.warning("unhealthy", part=name, error=f"{type(error).__name__}: {error}")
            return str(error) if isinstance(error, NotAlive) else type(error).__name__
        return "ok"


def ask_database() -> None:
    """Raise unless the database answers a query."""
    from django.db import close_old_connections, connection

    close_old_connections()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except BaseException:
        connection.close()
        raise


def ask_storage() -> None:
    """Raise unless the store takes a file."""
    storage().probe()


def ask_worker() -> None:
    """Raise unless some worker that converts has given a sign of life lately."""
    from django.db import close_old_connections, connection

    from bifolio.infra.jobs.queries import is_any_worker_alive

    close_old_connections()
    try:
        is_alive = is_any_worker_alive(CONVERSION)
    except BaseException:
        connection.close()
        raise
    if not is_alive:
        raise NotAlive("no conversion worker has given a sign of life within 15 s")


def sandbox_level() -> str:
    """How well the engines of this machine are locked up."""
    from bifolio.conversion.sandbox_report import sandbox_report

    return sandbox_report().level
