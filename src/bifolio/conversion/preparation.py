"""What an engine is told before it has a document: what to load, and how to lock itself up.

Shared by both sides; standard library only.
"""

import enum
import json
from typing import NamedTuple


class Role(enum.StrEnum):
    """What an engine can be asked for; it loads the libraries for that and no others."""

    COUNT = "count"
    PDF = "pdf"
    PICTURE = "picture"


class Layer(enum.StrEnum):
    """A layer of the sandbox, in the order in which they are put on."""

    PRIVILEGES = "privileges"
    DESCRIPTORS = "descriptors"
    LIMITS = "limits"
    NAMESPACES = "namespaces"
    USER = "user"
    PARENT = "parent"
    LANDLOCK = "landlock"
    SECCOMP = "seccomp"


class LayerResult(NamedTuple):
    """What putting on a layer did. ``is_on`` says whether it protects, ``detail`` how, or why not."""

    layer: Layer
    is_on: bool
    detail: str


class Preparation(NamedTuple):
    """All that a child process knows before its document comes.

    ``parent_pid`` is 0 where a wrapper stands between the two. ``uid`` and ``gid`` are whom root
    becomes; -1 keeps the user. ``needs_full`` makes the child refuse to work without Landlock and seccomp.
    ``rehearses`` asks it to convert something of its own first, as there is time.
    """

    parent_pid: int
    roles: tuple[Role, ...] = tuple(Role)
    uid: int = -1
    gid: int = -1
    layers: tuple[Layer, ...] = tuple(Layer)
    needs_full: bool = False
    rehearses: bool = False

    def to_json(self) -> str:
        """The argument that from_json reads back."""
        return json.dumps(self._asdict())

    @classmethod
    def from_json(cls, text: str) -> "Preparation":
        """The preparation that to_json wrote. Raises TypeError or ValueError for anything else."""
        fields = json.loads(text)
        fields["roles"] = tuple(map(Role, fields["roles"]))
        fields["layers"] = tuple(map(Layer, fields["layers"]))
        return cls(**fields)
