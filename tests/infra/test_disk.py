import errno
import os
from pathlib import Path

import pytest

from bifolio.infra.disk import flush, link_or_copy


def test_a_link_costs_no_space(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"content")
    link_or_copy(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "one").samefile(tmp_path / "two")


def test_without_hard_links_it_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", no_link)
    (tmp_path / "one").write_bytes(b"content")
    link_or_copy(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "two").read_bytes() == b"content"


def test_any_other_refusal_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"content")
    (tmp_path / "two").touch()
    with pytest.raises(FileExistsError):
        link_or_copy(tmp_path / "one", tmp_path / "two")


def test_files_and_folders_can_be_flushed(tmp_path: Path) -> None:
    (tmp_path / "one").touch()
    flush(tmp_path / "one")
    flush(tmp_path)
    with pytest.raises(FileNotFoundError):
        flush(tmp_path / "absent")
