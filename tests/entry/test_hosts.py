from dataclasses import replace

import pytest
from django.conf import settings

from bifolio.entry.hosts import answered_hosts, host_name


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Example.ORG", "example.org"),
        ("example.org:8000", "example.org"),
        ("example.org.", "example.org"),
        ("[::1]:8000", "[::1]"),
        ("127.0.0.1:1", "127.0.0.1"),
        ("", ""),
        ("a b", ""),
        ("example.org:port", ""),
        ("example.org/evil", ""),
        ("user@example.org", ""),
        ("example.org\x00", ""),
        ("a,b", ""),
    ],
)
def test_the_name_in_a_host_header(host: str, name: str) -> None:
    assert host_name(host) == name


def test_loopback_base_url_and_further_hosts_answer() -> None:
    checked = replace(settings.BIFOLIO, base_url="https://Books.example.org:8443", hosts=("api.example.org",))
    assert answered_hosts(checked) == {
        "localhost",
        "127.0.0.1",
        "[::1]",
        "books.example.org",
        "api.example.org",
    }
