"""Read an archive into a staging folder and check it. Trusts nothing in it. Must not import Django."""

import gzip
import hashlib
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from bifolio.cli.archive.contents import (
    DATABASES,
    DESCRIPTION,
    FILES,
    FORMAT,
    INDEX,
    SECRET_KEY,
    Description,
    read_index,
)
from bifolio.cli.errors import ArchiveInvalid
from bifolio.cli.files import open_file
from bifolio.infra.private_folders import make_private_folder
from bifolio.infra.storage.errors import InvalidKey
from bifolio.infra.storage.keys import check_key

_CHUNK_BYTES = 1024 * 1024
Report = Callable[[int, int], None]


class ArchiveReader:
    """One archive being read. ``digests`` are the SHA-256 of the files, by key, once unpacked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.digests: dict[str, bytes] = {}

    def unpack(self, staging: Path, approve: Callable[[Description], None], report: Report) -> Description:
        """Unpack everything into ``staging``, once ``approve`` has let the description pass.

        ``report`` is told bytes done and in all. Raises ArchiveInvalid, and what ``approve`` raises.
        """
        with self._opened() as tar:
            description = self._description(tar)
            approve(description)
            done_bytes = 0
            while (member := tar.next()) is not None:
                # The list of all members would fill the memory for nothing.
                tar.members.clear()  # type: ignore[attr-defined]
                self._unpack_member(tar, member, staging, description)
                done_bytes += member.size
                report(done_bytes, description.size_bytes)
            self._check(staging, description)
        return description

    @contextmanager
    def _opened(self) -> Iterator[tarfile.TarFile]:
        raw = open_file(self._path)
        try:
            with raw, _decompressed(raw) as file, tarfile.open(fileobj=file, mode="r|") as tar:
                yield tar
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError) as error:
            raise ArchiveInvalid(self._path, f"it is no archive, or damaged ({error})") from error

    def _description(self, tar: tarfile.TarFile) -> Description:
        member = tar.next()
        if member is None or member.name != DESCRIPTION or member.size > _CHUNK_BYTES * 100:
            raise ArchiveInvalid(self._path, "it is no archive of `bifolio backup`")
        file = tar.extractfile(member)
        try:
            description = msgspec.json.decode(file.read() if file else b"", type=Description)
        except msgspec.DecodeError as error:
            raise ArchiveInvalid(self._path, "its description is not to be understood") from error
        if description.format != FORMAT or description.database not in DATABASES:
            raise ArchiveInvalid(self._path, "it was made by a newer Bifolio")
        return description

    def _unpack_member(
        self, tar: tarfile.TarFile, member: tarfile.TarInfo, staging: Path, description: Description
    ) -> None:
        self._refuse_foreign(member, staging, description)
        target = staging / member.name
        make_private_folder(target.parent)
        source = tar.extractfile(member)
        if source is None or target.exists():
            raise ArchiveInvalid(self._path, f"the member {member.name} is not a file of its own")
        digest = _copy(source, target)
        if member.name.startswith(FILES):
            self.digests[member.name.removeprefix(FILES)] = digest

    def _refuse_foreign(self, member: tarfile.TarInfo, staging: Path, description: Description) -> None:
        """Raise ArchiveInvalid for links, devices, and every name but those that a backup has."""
        own = {INDEX, SECRET_KEY, DATABASES[description.database]}
        try:
            tarfile.data_filter(member, str(staging))
            if member.name not in own:
                check_key(member.name.removeprefix(FILES) if member.name.startswith(FILES) else "")
        except (tarfile.FilterError, InvalidKey) as error:
            raise ArchiveInvalid(self._path, f"the member {member.name} does not belong in it") from error
        if not member.isreg():
            raise ArchiveInvalid(self._path, f"the member {member.name} is not a plain file")

    def _check(self, staging: Path, description: Description) -> None:
        """Raise ArchiveInvalid unless every file is there and is what the database says."""
        expected = {INDEX, DATABASES[description.database]}
        if description.has_secret_key:
            expected.add(SECRET_KEY)
        for name in sorted(expected):
            if not (staging / name).is_file():
                raise ArchiveInvalid(self._path, f"{name} is missing in it, so it was cut short")
        if self._check_files(staging) != description.files:
            raise ArchiveInvalid(self._path, "it has not the number of files that it says")

    def _check_files(self, staging: Path) -> int:
        count = 0
        for file in read_index(staging / INDEX):
            count += 1
            digest = self.digests.get(file.key)
            if digest is None:
                raise ArchiveInvalid(self._path, f"{file.key} is missing in it, so it was cut short")
            if not digest.hex().startswith(file.sha256):
                raise ArchiveInvalid(self._path, f"{file.key} is damaged in it")
        return count


@contextmanager
def _decompressed(raw: IO[bytes]) -> Iterator[IO[bytes]]:
    is_compressed = re.match(rb"\x1f\x8b", raw.read(2)) is not None
    raw.seek(0)
    if not is_compressed:
        yield raw
        return
    with gzip.GzipFile(fileobj=raw, mode="rb") as file:
        yield file  # type: ignore[misc]


def _copy(source: IO[bytes], target: Path) -> bytes:
    digest = hashlib.sha256()
    with target.open("xb") as file:
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
            file.write(chunk)
    target.chmod(0o600 if target.name == SECRET_KEY else 0o640)
    return digest.digest()
