"""Which members an archive has, and which files a database names. Must not import Django."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bifolio.kernel.signatures import derive_key, sign

FORMAT = 1
DESCRIPTION = "backup.json"
INDEX = "index.tsv"
SECRET_KEY = "secret-key"  # noqa: S105  a file's name
DATABASES = {"sqlite": "bifolio.sqlite3", "postgresql": "database.pgdump"}
FILES = "files/"

Query = Callable[[str], Iterable[Sequence[Any]]]

_ORIGINALS = """
SELECT DISTINCT edition.original, edition.sha256, flipbook.deleted_at IS NOT NULL
FROM publishing_edition edition JOIN publishing_flipbook flipbook ON flipbook.id = edition.flipbook_id
"""
_PAGES = """
SELECT edition.is_guarded, edition.token, page.small, page.medium, page.large, page.layers
FROM publishing_page page
JOIN publishing_edition edition ON edition.id = page.edition_id
JOIN publishing_flipbook flipbook ON flipbook.id = edition.flipbook_id
WHERE flipbook.deleted_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Description:
    """An archive's first member. ``missing`` were lost from the store already when it was made.

    ``secret_key_print`` tells whether a secret key is the archive's, without giving it away.
    """

    format: int
    version: str
    made_at: str
    database: str
    has_secret_key: bool
    secret_key_print: str
    files: int
    size_bytes: int
    missing: list[str]


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A blob that the database names. ``sha256`` is its digest in hex, or how that begins.

    ``is_optional``: of a deleted flipbook, and may be gone already.
    """

    key: str
    sha256: str
    is_optional: bool = False


def named_files(query: Query) -> Iterator[NamedFile]:
    """Yield every blob that the database behind ``query`` names."""
    for original, sha256, is_deleted in query(_ORIGINALS):
        yield NamedFile(original, sha256, bool(is_deleted))
    for is_guarded, token, *names in query(_PAGES):
        folder = f"{'guarded' if is_guarded else 'pages'}/{token}/"
        yield from (NamedFile(folder + name, _digest_in(name)) for name in names if name)


def write_index(path: Path, files: Iterable[NamedFile]) -> None:
    """Write what an archive holds, a line each: key, tab, digest."""
    with path.open("w", encoding="ascii") as index:
        index.writelines(f"{file.key}\t{file.sha256}\n" for file in files)


def read_index(path: Path) -> Iterator[NamedFile]:
    """Yield what ``write_index`` wrote. Raises ValueError for anything else."""
    with path.open(encoding="ascii") as index:
        for line in index:
            key, sha256 = line.rstrip("\n").split("\t")
            yield NamedFile(key, sha256)


def print_of_secret_key(secret_key: str) -> str:
    """Return what lets a secret key be recognised without giving it away."""
    return sign(derive_key(secret_key, "backup"), b"fingerprint")


def _digest_in(name: str) -> str:
    found = re.fullmatch(r"\d+-[a-z]+-([0-9a-f]{10})\.[a-z]+", name)
    return found[1] if found else ""
