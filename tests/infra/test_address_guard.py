"""Every spelling of an inside address that a stranger may name, and a few that are honest."""

import ipaddress

import pytest

from bifolio.infra.address_guard import is_own, is_public, is_reachable

INSIDE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("text", INSIDE)
def test_no_address_of_the_inside_counts_as_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))
    assert not is_reachable(ipaddress.ip_address(text), 443, ())


@pytest.mark.parametrize("text", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_addresses_of_the_open_internet_are_reached_on_web_ports_alone(text: str) -> None:
    address = ipaddress.ip_address(text)
    assert is_reachable(address, 80, ())
    assert is_reachable(address, 443, ())
    for port in (22, 25, 5432, 6379, 8080):
        assert not is_reachable(address, port, ())


def test_the_machines_own_addresses_are_known() -> None:
    assert is_own(ipaddress.ip_address("127.0.0.1"))
    assert not is_own(ipaddress.ip_address("1.1.1.1"))


def test_a_private_network_of_the_operator_opens_every_port_and_nothing_else() -> None:
    networks = (ipaddress.ip_network("10.1.0.0/16"),)
    assert is_reachable(ipaddress.ip_address("10.1.2.3"), 9000, networks)
    assert is_reachable(ipaddress.ip_address("::ffff:10.1.2.3"), 9000, networks)
    assert not is_reachable(ipaddress.ip_address("10.2.0.1"), 80, networks)
