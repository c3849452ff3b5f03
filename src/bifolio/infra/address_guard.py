"""Which network addresses outgoing requests may reach (security.md S1, S4). Judges addresses, never names."""

import ipaddress
import socket
from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# What is_global of Python 3.11 lets pass, and public addresses that clouds answer from inside.
_DENIED: tuple[Network, ...] = tuple(
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "::/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)


def is_reachable(address: Address, port: int, private_networks: Sequence[Network]) -> bool:
    """Tell whether a request may go to ``address``: public on a web port, or excepted by the operator.

    ``private_networks`` open every port, since who names a network means its services.
    """
    judged = _unmapped(address)
    if any(judged in network for network in private_networks if network.version == judged.version):
        return True
    return port in {80, 443} and is_public(judged) and not is_own(judged)


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the open internet, by a rule stricter than ``is_global``."""
    judged = _unmapped(address)
    if not judged.is_global or judged.is_multicast or judged.is_reserved or judged.is_unspecified:
        return False
    return not any(judged in network for network in _DENIED if network.version == judged.version)


def is_own(address: Address) -> bool:
    """Tell whether an address is this machine's own: only then can a socket be bound to it."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((str(address), 0))
        except OSError:
            return False
    return True


def _unmapped(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return address if mapped is None else mapped
