"""What the ASGI layer has received of a request's body, handed to the view in the same process.

A ContextVar carries it: the WSGI bridge copies the request's context into its thread. Must not
import Django, nor know any protocol.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class FileProblem(StrEnum):
    """Why a file part was not kept although the request went on."""

    TOO_LARGE = "too large"
    NO_ROOM = "no room"


class BodyProblem(StrEnum):
    """Why a body was not read as it should."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"
    TOO_MANY_UPLOADS = "too many uploads"
    IN_MAINTENANCE = "in maintenance"


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file part, whole, hashed and flushed below BIFOLIO_DATA.

    It is removed after the request unless the domain has moved it away. With a ``problem`` the
    path is gone already, ``sha256`` is empty and ``size_bytes`` counts what came. ``first_bytes``
    are up to 1024.
    """

    path: Path
    file_name: str
    size_bytes: int
    sha256: str
    first_bytes: bytes
    problem: FileProblem | None = None


@dataclass(frozen=True, slots=True)
class ReceivedBody:
    """A request's parameters as raw bytes, and its file.

    ``fields`` are a multipart body's values, ``form`` is a URL-encoded body. ``file`` is the
    first part named ``file``; ``file_count`` counts every part that carries a file. ``detail``
    explains ``problem`` in words.
    """

    fields: tuple[tuple[bytes, bytes], ...] = ()
    form: bytes = b""
    file: ReceivedFile | None = None
    file_count: int = 0
    problem: BodyProblem | None = None
    detail: str = ""


received_body: ContextVar[ReceivedBody | None] = ContextVar("received_body", default=None)
