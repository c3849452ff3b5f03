"""Names and values from raw bytes, read strictly."""

import pytest

from bifolio.api.parameters import read_parameters
from bifolio.api.statuses import WireProblem


def values(
    query: bytes = b"", form: bytes = b"", fields: tuple[tuple[bytes, bytes], ...] = ()
) -> dict[str, str]:
    return read_parameters(query, form, fields).values


def test_query_form_and_fields_are_merged_and_the_last_wins() -> None:
    merged = values(b"a=1&b=1&c=1", b"b=2&c=2", ((b"c", b"3"),))
    assert merged == {"a": "1", "b": "2", "c": "3"}


def test_plus_is_a_space_in_query_and_form_and_itself_in_multipart() -> None:
    assert values(b"a=x+y", b"b=x+y%2B", ((b"c", b"x+y"),)) == {"a": "x y", "b": "x y+", "c": "x+y"}


def test_blank_values_are_kept_and_empty_pieces_are_not() -> None:
    assert values(b"a=&b&&c=1=2&") == {"a": "", "b": "", "c": "1=2"}


def test_raw_utf8_and_percent_encoded_utf8_are_the_same() -> None:
    assert values("query=Müller".encode()) == values(b"query=M%C3%BCller") == {"query": "Müller"}


def test_tabs_and_line_ends_are_allowed_in_values() -> None:
    assert values(b"a=x%09y%0D%0Az") == {"a": "x\ty\r\nz"}


@pytest.mark.parametrize(
    "query",
    [
        b"a=%00",
        b"a=%01",
        b"a=%0b",
        b"a=%1f",
        b"a=%7f",
        b"a=\x00",
        b"a%00=1",
        b"a%0A=1",
        b"M%C3%BCller=1",
        b"a=%FF",
        b"a=%C3",
        b"a=\xff",
        b"a=%C0%AF",
        b"a=%ED%A0%80",
        b"a=%F5%80%80%80",
        b"a=%",
        b"a=%2",
        b"a=%zz",
        b"%zz=1",
        b"&".join(b"a%d=1" % number for number in range(1001)),
    ],
)
def test_what_cannot_be_read_strictly_is_a_bad_request(query: bytes) -> None:
    for arguments in ((query, b""), (b"", query)):
        with pytest.raises(WireProblem) as refusal:
            values(*arguments)
        assert refusal.value.status.code == 40


@pytest.mark.parametrize(
    ("name", "value"), [(b"a", b"\xff"), (b"a", b"x\x00"), (b"\xc3\xbc", b"1"), (b"a\n", b"1")]
)
def test_multipart_fields_are_held_to_the_same_rules(name: bytes, value: bytes) -> None:
    with pytest.raises(WireProblem):
        values(fields=((name, value),))


def test_what_is_not_text_while_encoded_has_no_raw_form() -> None:
    read = read_parameters(b"a=\xc3%BC", b"", ())
    assert read.values == {"a": "ü"}
    assert read.raw_values is None
