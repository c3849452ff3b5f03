"""Landlock: of all files an engine may read fonts, and it may reach no socket and no other process.

The constants are those of linux/landlock.h. An older kernel gets a smaller rule set, down to the
first version (Linux 5.13), which knows files only; seccomp stands behind it for all the rest.
"""

import ctypes
import os
import stat
import struct
from collections.abc import Iterator

from bifolio.conversion.engine.sandbox import Unavailable, kernel
from bifolio.conversion.fonts import FONT_FOLDERS

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_BENEATH_PATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_TCP_BIND_AND_CONNECT = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""By the version that brought the last of them: how many rights over files there are."""
_FONT_SUFFIXES = (".ttf", ".otf", ".ttc", ".pfb")


def restrict_access() -> str:
    """Give up all access that Landlock knows of, but for reading fonts."""
    if not kernel.IS_LINUX:
        raise Unavailable("needs Linux")
    version = kernel.system_call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    attributes = _handled(version)
    ruleset = kernel.system_call(_CREATE_RULESET, _pointer(attributes), len(attributes), 0)
    try:
        for path in _readable():
            _allow_reading(ruleset, path)
        kernel.system_call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return f"version {version}, {_reach(version)}"


def _handled(version: int) -> bytes:
    """The rule set's attributes: everything that this version can refuse."""
    rights = max(count for since, count in _FILE_RIGHTS.items() if since <= version)
    fields = [(1 << rights) - 1]
    if version >= 4:
        fields.append(_TCP_BIND_AND_CONNECT)
    if version >= 6:
        fields.append(_ABSTRACT_SOCKETS_AND_SIGNALS)
    return struct.pack(f"={len(fields)}Q", *fields)


def _reach(version: int) -> str:
    if version >= 6:
        return "files, TCP, signals"
    return "files, TCP" if version >= 4 else "files"


def _readable() -> Iterator[str]:
    """The folders of fonts, and files elsewhere that links in them lead to."""
    for folder in FONT_FOLDERS:
        if os.path.isdir(folder):  # noqa: PTH112  pathlib is not loaded, it would cost a start 5 ms
            yield folder
            yield from _linked_fonts(folder)


def _linked_fonts(folder: str) -> Iterator[str]:
    folders = [folder]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.is_symlink() and _is_font(target := os.path.realpath(entry.path)):
                    yield target


def _is_font(path: str) -> bool:
    if not path.lower().endswith(_FONT_SUFFIXES):
        return False
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116  as above
    except OSError:
        return False


def _allow_reading(ruleset: int, path: str) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        rights = _READ_FILE | _READ_DIR if is_folder else _READ_FILE
        rule = struct.pack("=Qi", rights, descriptor)
        kernel.system_call(_ADD_RULE, ruleset, _BENEATH_PATH, _pointer(rule), 0)
    finally:
        os.close(descriptor)


def _pointer(content: bytes) -> ctypes.Array[ctypes.c_char]:
    return ctypes.create_string_buffer(content, len(content))
