"""The signature: the contract's vectors, and what an attacker tries with a signed call at hand."""

import ast
import hashlib
import struct
from pathlib import Path
from unittest import mock
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bifolio.api
from bifolio.api import signing
from bifolio.api.parameters import Parameters, read_parameters
from bifolio.api.signing import is_signed_right, signature_of
from bifolio.api.statuses import WireProblem

SECRET = "123ABCDE-456-7890-FGH"
KEY = "45FD-267-7SG7832"
LIST = f"action=collection.getList&apiKey={KEY}&format=json&orderBy=name&orderMode=asc&query="
EMBED = (
    f"action=collection.getEmbed&apiKey={KEY}&collectionHash=fxh4k89&format=json&height=200"
    "&responsive=true&startBook=1&startPage=1&width=200"
)
VECTORS = [
    (
        f"action=collection.getCollection&apiKey={KEY}&collectionHash=fxh4k89",
        "26e781d3d1751d82ec284acf4a019def",
    ),
    (f"action=user.getStats&apiKey={KEY}", "8606359ca21901b323baf9d61e0ca899"),
    (LIST, "c75067c9af6c75806ce5af0b6033fc7d"),
    (EMBED, "c5d6477492a601526a8d193e6c5850f8"),
]


def read(query: str | bytes) -> Parameters:
    return read_parameters(query.encode() if isinstance(query, str) else query, b"", ())


@pytest.mark.parametrize(("query", "signature"), VECTORS)
def test_the_vectors_of_the_contract_are_signed_right(query: str, signature: str) -> None:
    assert signature_of(SECRET, read(query).values) == signature
    assert is_signed_right(SECRET, read(f"{query}&signature={signature}"), signature)
    assert is_signed_right(SECRET, read(query), signature.upper())


def test_signature_and_file_are_not_signed_and_everything_else_is() -> None:
    signed = signature_of(SECRET, {"a": "1"})
    assert signature_of(SECRET, {"a": "1", "signature": "x", "file": "y"}) == signed
    assert signature_of(SECRET, {"a": "1", "unheardOf": "x"}) != signed


def test_values_still_encoded_are_tried_once() -> None:
    raw = hashlib.md5(f"{SECRET}titleM%C3%BCller+and+Co".encode()).hexdigest()
    decoded = hashlib.md5(f"{SECRET}titleMüller and Co".encode()).hexdigest()
    call = read("title=M%C3%BCller+and+Co")
    assert is_signed_right(SECRET, call, raw)
    assert is_signed_right(SECRET, call, decoded)
    mixed = hashlib.md5(f"{SECRET}titleMüller+and+Co".encode()).hexdigest()
    assert not is_signed_right(SECRET, call, mixed)


def test_of_a_repeated_name_the_last_value_is_signed_and_counts() -> None:
    call = read_parameters(b"a=1&b=x&a=2", b"a=3", ())
    assert call.values == {"a": "3", "b": "x"}
    assert is_signed_right(SECRET, call, hashlib.md5(f"{SECRET}a3bx".encode()).hexdigest())
    assert not is_signed_right(SECRET, call, hashlib.md5(f"{SECRET}a1bx".encode()).hexdigest())


names = st.text("abc[]", min_size=1, max_size=4)
values = st.text(max_size=6).filter(lambda text: text.isprintable())


@given(st.lists(st.tuples(names, values), max_size=6))
def test_no_call_ever_hashes_more_than_two_strings(pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{name}={quote_from_bytes(value.encode())}" for name, value in pairs)
    with mock.patch.object(signing, "signature_of", wraps=signature_of) as hashing:
        is_signed_right(SECRET, read(query), "0" * 32)
    assert 1 <= hashing.call_count <= 2


def test_an_unknown_key_costs_the_same_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []

    def counting(secret: str, _: object) -> str:
        hashed.append(secret)
        return "0" * 32

    monkeypatch.setattr(signing, "signature_of", counting)
    assert not is_signed_right(None, read("a=%41"), "0" * 32)
    assert len(hashed) == 2
    assert all(len(secret) >= 30 for secret in hashed)


def extended(query: str, signature: str, addition: bytes) -> tuple[bytes, str]:
    """Forge by length extension: return the last value's new bytes and the forged signature."""
    signed = SECRET + "".join(
        sorted(name + value for name, _, value in (p.partition("=") for p in query.split("&")))
    )
    length = len(signed.encode())
    padding = b"\x80" + b"\0" * ((55 - length) % 64) + struct.pack("<Q", length * 8)
    forged = hashlib.md5(signed.encode() + padding + addition).hexdigest()
    return padding + addition, forged


def test_a_length_extension_is_never_readable() -> None:
    query, signature = VECTORS[0]
    tail, forged = extended(query, signature, b"title=x")
    naive = hashlib.md5(
        (SECRET + "action" + "collection.getCollection" + "apiKey" + KEY).encode()
        + b"collectionHashfxh4k89"
        + tail
    ).hexdigest()
    assert naive == forged
    attempt = query.encode() + quote_from_bytes(tail).encode() + f"&signature={forged}".encode()
    with pytest.raises(WireProblem) as refusal:
        read(attempt)
    assert refusal.value.status.code == 40
    with pytest.raises(WireProblem):
        read_parameters(b"", b"", [(b"collectionHash", b"fxh4k89" + tail)])


def test_no_line_of_the_api_compares_signatures_with_equality() -> None:
    for path in Path(str(bifolio.api.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
                assert "signature" not in ast.unparse(node).lower(), f"{path.name}:{node.lineno}"
