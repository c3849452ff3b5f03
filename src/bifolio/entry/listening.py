"""The socket that all web processes accept on, and the file that tells its port. No Django."""

import contextlib
import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from bifolio.entry.start_errors import CannotListen, PortTaken
from bifolio.infra.configuration import port_file
from bifolio.infra.private_folders import make_private_folder

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes a free one. Raises PortTaken, CannotListen."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(BACKLOG)
        except BaseException:
            listener.close()
            raise
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host, port) from error
        raise CannotListen(host, port, error.strerror or str(error)) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address to open in a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextlib.contextmanager
def noted_port(data: Path, port: int) -> Iterator[None]:
    """Note the port for the command line and the default base URL, as long as this lasts."""
    path = port_file(data)
    make_private_folder(path.parent)
    draft = path.with_name(f"port.{os.getpid()}")
    draft.write_text(f"{port}\n", "ascii")
    draft.replace(path)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            if path.read_text("ascii") == f"{port}\n":
                path.unlink()
