"""Connections that go to judged addresses only and end by their deadline. Must not import Django."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

import httpcore

from bifolio.infra.address_guard import Address, Network, is_reachable
from bifolio.kernel.errors import BifolioError

Resolve = Callable[[str, int], Sequence[str]]


class FetchProblem(StrEnum):
    """Why an outgoing request came to nothing."""

    BAD_ADDRESS = "bad address"
    REFUSED = "refused by the guard"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too slow"
    TOO_LARGE = "too large"
    BAD_ANSWER = "bad answer"


class FetchFailed(BifolioError):
    """An outgoing request failed; ``permanent`` says that another try would fail too.

    ``detail`` is for logs: told to the one who named the address, it would map the inside.
    """

    def __init__(self, problem: FetchProblem, detail: str, *, permanent: bool) -> None:
        super().__init__(problem, detail)
        self.problem, self.detail, self.permanent = problem, detail, permanent


def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Return all addresses that the system's resolver gives for a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to judged addresses only, and lets no single operation outlive the deadline."""

    def __init__(self, resolve: Resolve, private_networks: Sequence[Network], deadline: float) -> None:
        self._resolve = resolve
        self._private_networks = private_networks
        self._deadline = deadline
        self._system = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first judged address that answers. Raises FetchFailed before anything is sent."""
        failure: Exception | None = None
        for address in self._judged_addresses(host, port):
            try:
                stream = self._system.connect_tcp(
                    str(address), port, time_left(self._deadline, timeout), local_address, socket_options
                )
                return _DeadlineStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError("the name has no address")

    def _judged_addresses(self, host: str, port: int) -> list[Address]:
        try:
            found = [ipaddress.ip_address(text) for text in dict.fromkeys(self._resolve(host, port))]
        except (OSError, UnicodeError, ValueError) as error:
            raise FetchFailed(FetchProblem.UNREACHABLE, f"{host} has no address", permanent=False) from error
        for address in found:
            if not is_reachable(address, port, self._private_networks):
                where = host if host == str(address) else f"{host} is {address}"
                raise FetchFailed(FetchProblem.REFUSED, f"{where}, port {port}", permanent=True)
        return found


class _DeadlineStream(httpcore.NetworkStream):
    """A connection whose every operation ends by the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, time_left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, time_left(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, time_left(self._deadline, timeout))
        return _DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def time_left(deadline: float, timeout: float | None = None) -> float:
    """Return the seconds that an operation may take. Raises FetchFailed when the deadline is over."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchFailed(FetchProblem.TOO_SLOW, "the deadline is over", permanent=False)
    return left if timeout is None else min(left, timeout)
