from pathlib import Path

import pytest

from scripts import generate_docs


def test_the_generated_pages_are_up_to_date(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["generate_docs.py", "--check"])
    assert generate_docs.main() == 0, capsys.readouterr().err


def test_a_stale_page_is_found_and_written_anew_around_its_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = tmp_path / "settings.md"
    page.write_text(f"# Before\n\n{generate_docs.BEGIN}\nof yesterday\n{generate_docs.END}\n\nAfter\n")
    monkeypatch.setattr(generate_docs, "ROOT", tmp_path)
    monkeypatch.setattr(generate_docs, "PAGES", {"settings.md": generate_docs.settings_table})
    monkeypatch.setattr("sys.argv", ["generate_docs.py", "--check"])
    assert generate_docs.main() == 1
    assert "of yesterday" in page.read_text()
    monkeypatch.setattr("sys.argv", ["generate_docs.py"])
    assert generate_docs.main() == 0
    written = page.read_text()
    assert "`BIFOLIO_BASE_URL`" in written
    assert "of yesterday" not in written
    assert written.startswith("# Before\n")
    assert written.endswith("\n\nAfter\n")
    monkeypatch.setattr("sys.argv", ["generate_docs.py", "--check"])
    assert generate_docs.main() == 0


def test_every_command_has_a_section() -> None:
    reference = generate_docs.command_reference()
    for name in ("serve", "publish", "key import", "doctor"):
        assert f"### bifolio {name}\n" in reference
