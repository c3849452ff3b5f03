"""uvicorn's HTTP protocol with what it lacks: bounds for heads in time and size, raw UTF-8 in addresses.

Give it to uvicorn as ``http=PatientHttpProtocol``.
"""

import asyncio
import re

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_TIMEOUT_S = 10.0
MAX_HEAD_BYTES = 64 * 1024
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class PatientHttpProtocol(HttpToolsProtocol):
    """Ends a connection whose request head is not there in time, or has no end (security.md R9).

    In the first line of a request, bytes beyond ASCII are percent-encoded before the parser sees
    them: it would refuse the address that ``curl -G -d "query=Müller"`` sends.
    """

    head_timeout_s = HEAD_TIMEOUT_S
    _head_timer: asyncio.TimerHandle | None = None
    _is_message_open = False
    _is_line_open = False
    _is_head_open = False
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for the first head."""
        super().connection_made(transport)
        self._start_head_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop to wait."""
        self._stop_head_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take the next bytes of the connection."""
        if not self._is_message_open or self._is_line_open:
            data = self._escaped_line(data)
        # What began the head is not counted: the rest of a body may have come with it.
        self._head_bytes += len(data) if self._is_head_open else 0
        if self._head_bytes > MAX_HEAD_BYTES:
            self.transport.write(_TOO_LONG)
            self.transport.close()
            return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A head begins."""
        self._is_message_open = self._is_head_open = True
        self._head_bytes = 0
        if self._head_timer is None:
            self._start_head_timer()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head is there."""
        self._is_head_open = False
        self._head_bytes = 0
        self._stop_head_timer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request is whole."""
        self._is_message_open = False
        super().on_message_complete()

    def _escaped_line(self, data: bytes) -> bytes:
        blank = len(data) - len(data.lstrip(b"\r\n")) if not self._is_line_open else 0
        end = data.find(b"\n", blank)
        self._is_line_open = end == -1
        line, rest = (data, b"") if end == -1 else (data[:end], data[end:])
        return _NOT_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line) + rest

    def _start_head_timer(self) -> None:
        self._head_timer = self.loop.call_later(self.head_timeout_s, self._give_up)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        self._head_timer = None
        if not self.transport.is_closing():
            self.transport.close()
