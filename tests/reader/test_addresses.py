import base64

import pytest

from bifolio.reader.addresses import hash_of_address, hash_of_embed, page_of

ENCODED = base64.b64encode(b"A1B2C3D4E5F+fxh4k89abc").decode()


@pytest.mark.parametrize("text", [ENCODED, ENCODED.rstrip("="), "fxh4k89abc", f" {ENCODED}\n"])
def test_it_reads_the_hash_of_every_embed_on_the_web(text: str) -> None:
    assert hash_of_embed(text) == "fxh4k89abc"


def test_it_reads_old_hashes_of_seven_characters() -> None:
    assert hash_of_embed(base64.b64encode(b"A1B2C3D4E5F+fxh4k89").decode()) == "fxh4k89"


@pytest.mark.parametrize("text", ["", "FXH4K89", "../../etc", "ü" * 20, "A" * 10_000, "====", "abc"])
def test_it_finds_none_in_anything_else(text: str) -> None:
    assert hash_of_embed(text) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/acme/spring-2026-fxh4k89abc.html",
        "https://example.org/acme/fxh4k89abc-fxh4k89abc/full-view.html?p=3",
        "https://example.org/acme/-fxh4k89abc.html#p=2",
        f"https://example.org/?hash={ENCODED}&p=4",
        f"https://example.org/widget/v2/widget.html?hash={ENCODED.rstrip('=')}",
    ],
)
def test_it_reads_the_hash_of_every_address(address: str) -> None:
    assert hash_of_address(address) == "fxh4k89abc"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://example.org/",
        "https://example.org/elsewhere?hash=fxh4k89abc",
        "https://[",
        "//[x]/?hash=y",
    ],
)
def test_other_addresses_hold_none(address: str) -> None:
    assert hash_of_address(address) is None


@pytest.mark.parametrize(
    ("text", "page"), [("7", 7), ("", 1), ("0", 1), ("-3", 1), ("x", 1), ("٣", 1), ("9" * 40, 999_999)]
)
def test_a_number_is_a_page_and_anything_else_opens_the_first(text: str, page: int) -> None:
    assert page_of(text) == page
