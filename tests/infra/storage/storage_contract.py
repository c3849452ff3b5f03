"""What every store of files must do. Each adapter's test module inherits this class."""

import os
from pathlib import Path

import pytest

from bifolio.infra.storage import BlobConflict, BlobMissing, InvalidKey, Storage

BAD_KEYS = [
    "",
    "pages",
    "pages/",
    "/pages/a/b",
    "pages//b",
    "pages/../originals/a",
    "pages/./b",
    "pages/..",
    "pages/a/..",
    "pages/a\x00b",
    "pages/a\\b",
    "pages/a b",
    "pages/a/b\n",
    "pages/%2e%2e/b",
    "pages/ä",
    "secret-key",
    ".incoming/a",
    "pages/" + "a" * 256,
    "pages/" + "a/" * 500 + "b",
]


class StorageContract:
    """Tests of the port. The subclass's fixture ``store`` brings an empty store."""

    def test_it_gives_back_what_was_put(self, store: Storage) -> None:
        store.put_immutable("pages/token/1.png", b"picture")
        with store.open_range("pages/token/1.png") as file:
            assert file.read() == b"picture"
        assert store.stat("pages/token/1.png").size_bytes == 7
        assert store.exists("pages/token/1.png")

    def test_an_empty_blob_is_a_blob(self, store: Storage) -> None:
        store.put_immutable("pages/token/empty", b"")
        assert store.stat("pages/token/empty").size_bytes == 0

    def test_many_are_put_at_once(self, store: Storage) -> None:
        blobs = [(f"pages/token{number % 3}/{number}.png", b"%d" % number) for number in range(40)]
        store.put_many_immutable(blobs)
        for key, data in blobs:
            with store.open_range(key) as file:
                assert file.read() == data

    def test_the_same_again_is_no_error(self, store: Storage) -> None:
        store.put_immutable("pages/token/1.png", b"picture")
        store.put_immutable("pages/token/1.png", b"picture")

    def test_a_blob_never_changes(self, store: Storage) -> None:
        store.put_immutable("pages/token/1.png", b"picture")
        with pytest.raises(BlobConflict):
            store.put_immutable("pages/token/1.png", b"another")
        with store.open_range("pages/token/1.png") as file:
            assert file.read() == b"picture"

    @pytest.mark.parametrize(
        ("start", "length", "expected"),
        [
            (0, None, b"0123456789"),
            (3, None, b"3456789"),
            (3, 4, b"3456"),
            (8, 10, b"89"),
            (10, 5, b""),
            (0, 0, b""),
        ],
    )
    def test_ranges(self, store: Storage, start: int, length: int | None, expected: bytes) -> None:
        store.put_immutable("originals/token/document.pdf", b"0123456789")
        with store.open_range("originals/token/document.pdf", start, length) as file:
            assert file.read() == expected

    def test_what_is_missing_is_named(self, store: Storage) -> None:
        assert not store.exists("pages/token/1.png")
        for ask in (store.stat, store.open_range, store.path_of):
            with pytest.raises(BlobMissing) as caught:
                ask("pages/token/1.png")
            assert caught.value.key == "pages/token/1.png"

    def test_a_folder_is_no_blob(self, store: Storage) -> None:
        store.put_immutable("pages/token/1.png", b"picture")
        assert not store.exists("pages/token")
        with pytest.raises(BlobMissing):
            store.open_range("pages/token")

    @pytest.mark.parametrize("key", BAD_KEYS)
    def test_malformed_keys_are_refused(self, store: Storage, key: str) -> None:
        for call in (store.stat, store.open_range, store.exists, store.path_of, store.delete_prefix):
            with pytest.raises(InvalidKey):
                call(key)
        with pytest.raises(InvalidKey):
            store.put_immutable(key, b"")
        with pytest.raises(InvalidKey):
            store.put_many_immutable([("pages/token/good", b"good"), (key, b"")])
        assert not store.exists("pages/token/good")

    def test_a_finished_file_is_adopted(self, store: Storage, data: Path) -> None:
        upload = data / "upload"
        upload.write_bytes(b"%PDF-")
        store.adopt(upload, "originals/token/document.pdf")
        assert not upload.exists()
        with store.open_range("originals/token/document.pdf") as file:
            assert file.read() == b"%PDF-"

    def test_adopting_the_same_again_takes_the_file_away(self, store: Storage, data: Path) -> None:
        store.put_immutable("originals/token/document.pdf", b"%PDF-")
        upload = data / "upload"
        upload.write_bytes(b"%PDF-")
        store.adopt(upload, "originals/token/document.pdf")
        assert not upload.exists()

    def test_adopting_something_else_leaves_both(self, store: Storage, data: Path) -> None:
        store.put_immutable("originals/token/document.pdf", b"%PDF-")
        upload = data / "upload"
        upload.write_bytes(b"other")
        with pytest.raises(BlobConflict):
            store.adopt(upload, "originals/token/document.pdf")
        assert upload.read_bytes() == b"other"

    def test_a_prefix_is_deleted_and_no_other(self, store: Storage) -> None:
        store.put_many_immutable([("pages/one/1.png", b"1"), ("pages/one/deep/2.png", b"2")])
        store.put_immutable("pages/one-more/1.png", b"1")
        store.delete_prefix("pages/one/")
        store.delete_prefix("pages/one/")
        assert not store.exists("pages/one/1.png")
        assert not store.exists("pages/one/deep/2.png")
        assert store.exists("pages/one-more/1.png")

    def test_a_copy_outlives_its_source(self, store: Storage) -> None:
        store.put_many_immutable([("pages/one/1.png", b"1"), ("pages/one/deep/2.png", b"2")])
        store.copy_prefix("pages/one/", "guarded/two/")
        store.delete_prefix("pages/one/")
        with store.open_range("guarded/two/deep/2.png") as file:
            assert file.read() == b"2"
        assert store.exists("guarded/two/1.png")

    def test_copying_nothing_is_no_error(self, store: Storage) -> None:
        store.copy_prefix("pages/none/", "guarded/two/")
        assert not store.exists("guarded/two/1.png")

    def test_a_copy_never_mixes_with_what_is_there(self, store: Storage) -> None:
        store.put_many_immutable([("pages/one/1.png", b"1"), ("guarded/two/1.png", b"2")])
        with pytest.raises(BlobConflict):
            store.copy_prefix("pages/one/", "guarded/two/")
        with store.open_range("guarded/two/1.png") as file:
            assert file.read() == b"2"

    def test_there_is_room_for_nothing_and_not_for_everything(self, store: Storage) -> None:
        assert store.has_room(0)
        assert not store.has_room(1 << 60)

    def test_sweeping_takes_what_is_old(self, store: Storage, data: Path) -> None:
        left_behind = data / "files" / ".incoming" / "left-behind"
        left_behind.write_bytes(b"half")
        store.put_immutable("pages/token/1.png", b"picture")
        assert store.sweep_incoming(older_than_s=3600) == 0
        os.utime(left_behind, (0, 0))
        assert store.sweep_incoming(older_than_s=3600) == 1
        assert not left_behind.exists()
        assert store.exists("pages/token/1.png")

    def test_a_working_store_passes_its_probe_and_keeps_nothing_of_it(self, store: Storage) -> None:
        store.probe()
        assert store.sweep_incoming(older_than_s=0) == 0
