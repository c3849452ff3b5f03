"""A network, and other things that processes share, of the engine's own: all of them empty."""

import ctypes
import os
import struct

from bifolio.conversion.engine.sandbox import Unavailable, kernel

_NEW_UTS, _NEW_IPC, _NEW_USER, _NEW_NET = 0x04000000, 0x08000000, 0x10000000, 0x40000000
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x20080522


def leave_namespaces() -> str:
    """Leave the machine's network and its shared memory; root does so before it becomes somebody else.

    Others need a namespace of users for it, which many systems and all usual containers refuse.
    """
    if not kernel.IS_LINUX:
        raise Unavailable("needs Linux")
    flags = _NEW_UTS | _NEW_IPC | _NEW_NET
    if os.geteuid() == 0:
        kernel.unshare(flags)
        return "own network"
    kernel.unshare(flags | _NEW_USER)
    _drop_capabilities()
    return "own network and users"


def _drop_capabilities() -> None:
    """A new namespace of users makes its maker powerful in it: the very opposite of what it is for."""
    number = _CAPSET.get(kernel.MACHINE)
    if number is None:
        raise Unavailable(f"capset is not known for {kernel.MACHINE}")
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION_3, 0))
    none = ctypes.create_string_buffer(bytes(24))
    kernel.system_call(number, ctypes.cast(header, ctypes.c_void_p), ctypes.cast(none, ctypes.c_void_p))
