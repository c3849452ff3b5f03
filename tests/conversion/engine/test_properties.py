"""What a document says of itself, in the words that readers and browsers know."""

import pytest

from bifolio.conversion.engine.properties import language_tag


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("EN-GB", "en-GB"),
        ("en_us", "en-US"),
        (" zh-hans-cn ", "zh-Hans-CN"),
        ("de-1996", "de-1996"),
        ("x", ""),
        ("English", ""),
        ('en" onload="x', ""),
        ("", ""),
    ],
)
def test_a_language_is_written_as_usual(written: str, tag: str) -> None:
    assert language_tag(written) == tag
