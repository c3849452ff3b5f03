import pytest

from bifolio.reader.throttle import Misses


@pytest.fixture
def misses() -> Misses:
    return Misses(limit=3, window_s=60, clients=2)


def test_who_guesses_is_stopped_and_others_are_not(misses: Misses) -> None:
    for number in range(3):
        assert not misses.is_over("192.0.2.1")
        misses.count("192.0.2.1", f"guess{number}")
    assert misses.is_over("192.0.2.1")
    assert not misses.is_over("192.0.2.2")


def test_one_dead_embed_stops_nobody_however_often_it_is_loaded(misses: Misses) -> None:
    for _ in range(50):
        misses.count("192.0.2.1", "fxh4k89abc")
    assert not misses.is_over("192.0.2.1")


def test_an_ipv6_client_cannot_change_its_address_within_its_network(misses: Misses) -> None:
    for number in range(3):
        misses.count(f"2001:db8::{number}", f"guess{number}")
    assert misses.is_over("2001:db8::ffff:1")
    assert not misses.is_over("2001:db8:0:1::1")


def test_only_so_many_clients_are_remembered(misses: Misses) -> None:
    for number in range(3):
        misses.count("192.0.2.1", f"guess{number}")
    for other in ("192.0.2.2", "192.0.2.3"):
        misses.count(other, "guess")
    assert not misses.is_over("192.0.2.1")
