"""The store of files: whether it takes, keeps and gives back a file, and has room for more."""

import secrets
import shutil
from hashlib import sha256
from typing import Any

from django.db import connection

from bifolio.cli.archive.contents import NamedFile, named_files
from bifolio.cli.checks.finding import Finding
from bifolio.infra.configuration import configuration
from bifolio.infra.storage import BlobMissing, storage

_CHUNK_BYTES = 1024 * 1024
_SHOWN = 5
_FOR_OTHERS = 0o007


def check_storage() -> Finding:
    """Write, flush, read and remove a file; look at the room that is left."""
    folder = f"packages/doctor-{secrets.token_hex(8)}/"
    content = secrets.token_bytes(4096)
    try:
        storage().put_immutable(f"{folder}probe", content)
        with storage().open_range(f"{folder}probe") as file:
            is_same = file.read() == content
    finally:
        storage().delete_prefix(folder)
    data = configuration().data
    if not is_same:
        return Finding.failed(
            "storage", f"{data} gives back other bytes than were written", "Check the disk."
        )
    disk = shutil.disk_usage(data)
    detail = (
        f"{data} takes and gives back files, {disk.free / 1e9:.1f} GB of {disk.total / 1e9:.1f} GB are free"
    )
    if not storage().has_room(0):
        fix = "Free some space: uploads are refused below 5 %."
        return Finding.failed("storage", detail, fix)
    if data.stat().st_mode & _FOR_OTHERS:
        return Finding.warning("storage", f"{detail}; other users may enter it", f"chmod o-rwx {data}")
    return Finding.ok("storage", detail)


def check_files() -> Finding:
    """Read every file that the database names, and compare it with its digest."""
    count = 0
    bad: list[str] = []
    for file in named_files(_rows):
        count += 1
        state = _state_of(file)
        if state != "good":
            bad.append(f"{file.key} is {state}")
    if not bad:
        return Finding.ok("files", f"{count} files are what the database says")
    shown = ", ".join(bad[:_SHOWN]) + (f" and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else "")
    fix = "Restore them from a backup, or upload the document again."
    return Finding.failed("files", f"{len(bad)} of {count}: {shown}", fix)


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _state_of(file: NamedFile) -> str:
    digest = sha256()
    try:
        with storage().open_range(file.key) as content:
            while chunk := content.read(_CHUNK_BYTES):
                digest.update(chunk)
    except BlobMissing:
        return "good" if file.is_optional else "missing"
    return "good" if digest.hexdigest().startswith(file.sha256) else "damaged"
