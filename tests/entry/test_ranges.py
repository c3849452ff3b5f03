import pytest

from bifolio.entry.ranges import Part, wanted_part

WHOLE = Part(200, 0, 10)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, WHOLE),
        ({b"range": b"bytes=0-"}, Part(206, 0, 10)),
        ({b"range": b"bytes=0-0"}, Part(206, 0, 1)),
        ({b"range": b"bytes=3-5"}, Part(206, 3, 3)),
        ({b"range": b"bytes= 3 - 5"}, Part(206, 3, 3)),
        ({b"range": b"bytes=3-99"}, Part(206, 3, 7)),
        ({b"range": b"bytes=-4"}, Part(206, 6, 4)),
        ({b"range": b"bytes=-99"}, Part(206, 0, 10)),
        ({b"range": b"bytes=-0"}, Part(416, 0, 0)),
        ({b"range": b"bytes=10-"}, Part(416, 0, 0)),
        ({b"range": b"bytes=5-3"}, WHOLE),
        ({b"range": b"bytes=-"}, WHOLE),
        ({b"range": b"bytes=0-1,3-4"}, WHOLE),
        ({b"range": b"pages=1-2"}, WHOLE),
        ({b"range": b"bytes=" + b"9" * 40 + b"-"}, WHOLE),
        ({b"if-none-match": b'"tag"'}, Part(304, 0, 0)),
        ({b"if-none-match": b'"a", W/"tag"'}, Part(304, 0, 0)),
        ({b"if-none-match": b"*"}, Part(304, 0, 0)),
        ({b"if-none-match": b'"other"'}, WHOLE),
        ({b"range": b"bytes=3-5", b"if-range": b'"tag"'}, Part(206, 3, 3)),
        ({b"range": b"bytes=3-5", b"if-range": b'"other"'}, WHOLE),
        ({b"range": b"bytes=3-5", b"if-range": b"Tue, 24 Nov 2026 10:00:00 GMT"}, WHOLE),
    ],
)
def test_parts(headers: dict[bytes, bytes], expected: Part) -> None:
    assert wanted_part({"headers": list(headers.items())}, 10, b'"tag"') == expected
