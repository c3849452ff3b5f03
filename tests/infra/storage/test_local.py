import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bifolio.infra.storage import StorageFull
from bifolio.infra.storage.local import LocalStorage
from tests.infra.storage.storage_contract import StorageContract

BLOBS = [(f"pages/token/{number}.png", b"x" * 1000) for number in range(4)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def store(data: Path) -> LocalStorage:
    return LocalStorage(data / "files")


class TestLocalStorage(StorageContract):
    pass


def incoming(data: Path) -> list[Path]:
    return list((data / "files" / ".incoming").iterdir())


def test_a_copy_costs_no_space(store: LocalStorage) -> None:
    store.put_immutable("pages/one/1.png", b"1")
    store.copy_prefix("pages/one/", "pages/two/")
    one, two = store.path_of("pages/one/1.png"), store.path_of("pages/two/1.png")
    assert one is not None
    assert two is not None
    assert one.samefile(two)


def test_a_copy_works_without_hard_links(store: LocalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", no_link)
    store.put_immutable("pages/one/1.png", b"1")
    store.copy_prefix("pages/one/", "pages/two/")
    with store.open_range("pages/two/1.png") as file:
        assert file.read() == b"1"


@pytest.mark.parametrize("failing", ["write", "fsync", "open"])
@pytest.mark.parametrize("at", [1, 2, 4])
def test_an_error_leaves_nothing_behind(
    store: LocalStorage, data: Path, monkeypatch: pytest.MonkeyPatch, failing: str, at: int
) -> None:
    real, calls = getattr(os, failing), iter(range(1, 100))

    def fail(*arguments: object) -> object:
        if next(calls) == at:
            raise OSError(errno.EIO, "broken disk")
        return real(*arguments)

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(OSError, match="broken disk"):
        store.put_many_immutable(BLOBS)
    monkeypatch.undo()
    assert incoming(data) == []
    assert not any(store.exists(key) for key, _ in BLOBS)
    store.put_many_immutable(BLOBS)


def test_every_byte_is_flushed_before_a_name_shows_it(
    store: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real_fsync, real_rename = os.fsync, Path.rename

    def fsync(descriptor: int) -> None:
        order.append("folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")  # noqa: PTH112
        real_fsync(descriptor)

    def rename(self: Path, target: Path) -> Path:
        order.append("name")
        return real_rename(self, target)

    store.put_immutable("pages/token/first.png", b"")
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "rename", rename)
    store.put_many_immutable(BLOBS)
    assert order == ["file"] * 4 + ["name"] * 4 + ["folder"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_asking_a_full_disk_for_its_health_leaves_nothing(small_disk: Path) -> None:
    store = LocalStorage(small_disk / "files")
    with (small_disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(b"x" * 4096):
            pass
    with pytest.raises(StorageFull):
        store.probe()
    assert incoming(small_disk) == []


def test_a_full_disk_is_named_and_recovers(small_disk: Path) -> None:
    store = LocalStorage(small_disk / "files")
    store.put_immutable("pages/token/small", b"small")
    with pytest.raises(StorageFull):
        store.put_many_immutable([("pages/token/a", b"a" * 600_000), ("pages/token/b", b"b" * 600_000)])
    assert incoming(small_disk) == []
    assert not store.exists("pages/token/a")
    assert store.has_room(0)
    assert not store.has_room(1_000_000)
    store.put_immutable("pages/token/a", b"a" * 600_000)
