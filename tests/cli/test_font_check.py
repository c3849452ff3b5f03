"""What the doctor says of fonts is what an engine draws."""

from pathlib import Path

import pytest

from bifolio.cli.checks import fonts
from bifolio.cli.checks.finding import Outcome
from bifolio.conversion.font_samples import FONT_SAMPLES
from bifolio.conversion.fonts import FONT_FOLDERS

NAMES = {path.name for folder in FONT_FOLDERS for path in Path(folder).rglob("*")}
FILES = {
    "fonts-liberation": {"LiberationSans-Regular.ttf", "LiberationSerif-Regular.ttf"},
    "fonts-noto-core": {"NotoNaskhArabic-Regular.ttf", "NotoSansDevanagari-Regular.ttf"},
    "fonts-noto-cjk": {"NotoSansCJK-Regular.ttc"},
}


def test_no_script_is_missing_whose_package_is_installed() -> None:
    missing = {sample.script for sample in fonts.missing_fonts()}
    for sample in FONT_SAMPLES:
        if FILES[sample.package] <= NAMES:
            assert sample.script not in missing


@pytest.mark.skipif(bool(NAMES), reason="fonts are installed here")
def test_without_any_font_all_but_latin_is_missing() -> None:
    assert fonts.missing_fonts() == list(FONT_SAMPLES)


def test_a_gap_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "missing_fonts", lambda: list(FONT_SAMPLES[2:4]))
    finding = fonts.check_fonts()
    assert finding.outcome is Outcome.WARNING
    assert "Arabic, Hebrew" in finding.detail
    assert finding.fix == "apt-get install fonts-noto-core"
    monkeypatch.setattr(fonts, "missing_fonts", list)
    assert fonts.check_fonts().outcome is Outcome.OK
