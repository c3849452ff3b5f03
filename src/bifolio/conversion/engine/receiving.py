"""Takes the engine's one document and its context from the socket on standard input.

Imports what the module socket is made of: that module itself would cost each start 5 ms.
"""

import array
import mmap
import os
from _socket import AF_UNIX, CMSG_SPACE, SOCK_STREAM, socket
from typing import NamedTuple

from bifolio.conversion.context import EngineContext
from bifolio.conversion.engine.lockdown import limit_to_document

_MESSAGE_BYTES = 1 << 16
_DESCRIPTOR_BYTES = array.array("i").itemsize


class Received(NamedTuple):
    """What an engine works on: the context, and the document's bytes."""

    context: EngineContext
    content: memoryview


class Doorway:
    """The end of the socket at which the document arrives. It serves once, and is closed for good."""

    def __init__(self) -> None:
        self._socket = socket(AF_UNIX, SOCK_STREAM, 0, fileno=0)

    def receive(self) -> Received | None:
        """Wait for the document, and limit this process to it. None when the parent went away instead."""
        message, ancillary, _, _ = self._socket.recvmsg(_MESSAGE_BYTES, CMSG_SPACE(_DESCRIPTOR_BYTES))
        parts = [message]
        while parts[-1]:
            parts.append(self._socket.recvmsg(_MESSAGE_BYTES)[0])
        self._socket.close()
        if not ancillary:
            return None
        (document,) = array.array("i", ancillary[0][2][:_DESCRIPTOR_BYTES])
        context = EngineContext.from_json(b"".join(parts).decode())
        return Received(context, _map(document, context))


def _map(document: int, context: EngineContext) -> memoryview:
    """The document's bytes, private to this process: PDFium's bindings want memory that may be written."""
    size_bytes = os.fstat(document).st_size
    limit_to_document(context, size_bytes)
    if size_bytes == 0:
        return memoryview(b"")
    content = mmap.mmap(document, size_bytes, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE)
    os.close(document)
    return memoryview(content)
