import pytest

from bifolio.kernel.signatures import derive_key, from_base64url, is_signed, sign, to_base64url


def test_keys_of_two_purposes_differ() -> None:
    assert derive_key("secret", "one") != derive_key("secret", "two")


def test_a_signature_is_good_for_its_message_and_key_only() -> None:
    signature = sign(b"key", b"message")
    assert is_signed(b"key", b"message", signature)
    assert not is_signed(b"key", b"massage", signature)
    assert not is_signed(b"yek", b"message", signature)
    assert not is_signed(b"key", b"message", "\ud800")


@pytest.mark.parametrize("data", [b"", b"a", b"ab", b"abc", bytes(range(256))])
def test_base64url_goes_both_ways(data: bytes) -> None:
    assert from_base64url(to_base64url(data)) == data
