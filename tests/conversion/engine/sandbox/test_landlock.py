"""What Landlock is asked for, version by version, and which files stay readable."""

import struct
from pathlib import Path

import pytest

from bifolio.conversion.engine.sandbox import landlock


@pytest.mark.parametrize(
    ("version", "fields"),
    [
        (1, (0x1FFF,)),
        (2, (0x3FFF,)),
        (3, (0x7FFF,)),
        (4, (0x7FFF, 3)),
        (5, (0xFFFF, 3)),
        (6, (0xFFFF, 3, 3)),
        (7, (0xFFFF, 3, 3)),
        (99, (0xFFFF, 3, 3)),
    ],
)
def test_all_that_a_version_can_refuse_is_refused(version: int, fields: tuple[int, ...]) -> None:
    assert landlock._handled(version) == struct.pack(f"={len(fields)}Q", *fields)


def test_fonts_that_links_lead_to_stay_readable_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere, fonts = tmp_path / "elsewhere", tmp_path / "fonts"
    (fonts / "deep").mkdir(parents=True)
    elsewhere.mkdir()
    for name in ("real.ttf", "secret"):
        (elsewhere / name).touch()
    (fonts / "deep" / "linked.ttf").symlink_to(elsewhere / "real.ttf")
    (fonts / "disguised.ttf").symlink_to(elsewhere / "secret")
    (fonts / "folder.ttf").symlink_to(elsewhere)
    (fonts / "broken.otf").symlink_to(elsewhere / "missing.otf")
    (fonts / "loop").symlink_to(fonts)
    monkeypatch.setattr(landlock, "FONT_FOLDERS", (str(fonts), str(tmp_path / "missing")))
    assert list(landlock._readable()) == [str(fonts), str(elsewhere / "real.ttf")]
