"""Call an ASGI application without a server."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from bifolio.entry.asgi_types import App, Message


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def request(
    app: App,
    path: str,
    *,
    method: str = "GET",
    headers: Iterable[tuple[str, str]] = (),
    client: tuple[str, int] = ("127.0.0.1", 50000),
) -> Answer:
    """Send a request without a body. ``path`` is sent as it is."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": "http",
        "http_version": "1.1",
        "client": client,
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
    }
    answer = Answer()
    requests = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        for message in requests:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            pairs = [(name.decode(), value.decode()) for name, value in message["headers"]]
            assert len(dict(pairs)) == len(pairs), f"a header twice: {pairs}"
            answer.headers = dict(pairs)
        else:
            answer.body += message.get("body", b"")

    asyncio.run(_call(app, scope, receive, send))
    return answer


async def _call(app: App, scope: object, receive: object, send: object) -> None:
    await app(scope, receive, send)  # type: ignore[arg-type]
