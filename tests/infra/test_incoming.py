"""Files on their way in: whole, hashed, swept when forgotten."""

import hashlib
import os
import time
from pathlib import Path

from bifolio.infra.incoming import IncomingWriter, sweep_incoming


def test_what_is_appended_is_on_the_disk_with_its_hash(tmp_path: Path) -> None:
    writer = IncomingWriter(tmp_path)
    for part in (b"%PDF", b"-1.7", b"x" * 5000):
        writer.append(part)
    written = writer.finish()
    content = b"%PDF-1.7" + b"x" * 5000
    assert written.path.read_bytes() == content
    assert written.size_bytes == len(content)
    assert written.sha256 == hashlib.sha256(content).hexdigest()
    assert written.first_bytes == content[:1024]


def test_discarding_leaves_nothing(tmp_path: Path) -> None:
    writer = IncomingWriter(tmp_path)
    writer.append(b"half")
    writer.discard()
    assert list((tmp_path / "incoming").iterdir()) == []


def test_the_sweep_takes_old_leftovers_and_leaves_what_is_under_way(tmp_path: Path) -> None:
    old, new = IncomingWriter(tmp_path), IncomingWriter(tmp_path)
    long_ago = time.time() - 2 * 60 * 60
    os.utime(old.path, (long_ago, long_ago))
    assert sweep_incoming(tmp_path) == 1
    assert not old.path.exists()
    assert new.path.exists()
    old.discard()
    new.discard()
