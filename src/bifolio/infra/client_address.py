"""Whose request it is: a proxy's word counts only when the proxy is trusted (security.md A8)."""

import ipaddress
from collections.abc import Sequence

from bifolio.infra.settings import Network


def forwarded_client(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """Return the right-most address that is no trusted proxy.

    ``peer`` is the other end of the connection, ``forwarded_for`` the joined X-Forwarded-For.
    Whatever stands left of an untrusted or unreadable address was written by anybody.
    """
    client = _plain(peer) or peer
    for hop in reversed(forwarded_for.split(",")):
        address = _plain(hop)
        if address is None or not is_in(client, trusted):
            break
        client = address
    return client


def is_in(address: str, networks: Sequence[Network]) -> bool:
    """Whether the address belongs to one of the networks; False for what is no address."""
    plain = _plain(address)
    return plain is not None and any(ipaddress.ip_address(plain) in network for network in networks)


def is_loopback(address: str) -> bool:
    """Whether the address is this machine's own."""
    plain = _plain(address)
    return plain is not None and ipaddress.ip_address(plain).is_loopback


def client_network(address: str) -> str:
    """Return what stands for one client where clients are counted: IPv6 ones have a whole /64 at hand."""
    plain = _plain(address)
    if plain is None or ":" not in plain:
        return plain or address
    return str(ipaddress.ip_network(f"{plain}/64", strict=False))


def _plain(text: str) -> str | None:
    """Return an address without port and brackets, IPv4 as such, or None when it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(address)
