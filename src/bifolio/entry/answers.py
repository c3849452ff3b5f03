"""Small answers of the ASGI layer itself."""

from bifolio.entry.asgi_types import Send

Headers = list[tuple[bytes, bytes]]
NOSNIFF = (b"x-content-type-options", b"nosniff")


async def answer_text(send: Send, status: int, text: str, headers: Headers | None = None) -> None:
    """Answer with a line of plain text."""
    await answer(send, status, f"{text}\n".encode(), b"text/plain; charset=utf-8", headers)


async def answer(
    send: Send, status: int, body: bytes, content_type: bytes, headers: Headers | None = None
) -> None:
    """Answer with a body that is at hand."""
    own = [(b"content-type", content_type), (b"content-length", str(len(body)).encode()), NOSNIFF]
    await send({"type": "http.response.start", "status": status, "headers": [*own, *(headers or [])]})
    await send({"type": "http.response.body", "body": body})


async def not_found(send: Send) -> None:
    """Answer 404, kept by no cache: what is not there yet may be there soon."""
    await answer_text(send, 404, "Not found.", [(b"cache-control", b"no-store")])
