"""What an operator can do about a layer of the sandbox that is missing. Standard library only."""

from collections.abc import Iterable

from bifolio.conversion.preparation import Layer, LayerResult

NO_SELF_TEST = "Run `make setup` again, or install the wheel anew; see docs/operate/sandbox.md."
WRAPPER_FAILS = (
    "Mend the command in BIFOLIO_RENDER_WRAPPER, or unset it: it must start the program that it is given, "
    "with its standard input, output and error; see docs/operate/sandbox.md."
)
_OTHERWISE = "See docs/operate/sandbox.md."
_ADVICE: dict[tuple[Layer, str], str] = {
    (Layer.LANDLOCK, "ENOSYS"): "Run Linux 5.13 or newer, built with Landlock.",
    (Layer.LANDLOCK, "ENOTSUP"): "Boot with landlock in the kernel's lsm= list.",
    (Layer.LANDLOCK, "EPERM"): (
        "Let the container make Landlock's system calls: update Docker or Podman, or its seccomp profile."
    ),
    (Layer.SECCOMP, "EINVAL"): "Run a kernel built with CONFIG_SECCOMP_FILTER.",
    (Layer.USER, "EPERM"): (
        "Run Bifolio as an ordinary user, or let the container change users (CAP_SETUID, CAP_SETGID)."
    ),
}
_ADVICE_BY_LAYER: dict[Layer, str] = {
    Layer.LANDLOCK: "Run Linux 5.13 or newer, built with Landlock.",
    Layer.SECCOMP: "Run Linux on x86_64 or aarch64.",
    Layer.USER: "Name a user in BIFOLIO_SANDBOX_USER that this machine has.",
}
"""Where the reason alone says nothing. The other layers need no advice: those two stand in for them."""


def advice_for(missing: Iterable[LayerResult]) -> str:
    """A sentence for each missing layer about which something can be done."""
    found = [
        _ADVICE.get((result.layer, result.detail)) or _ADVICE_BY_LAYER[result.layer]
        for result in missing
        if result.layer in _ADVICE_BY_LAYER
    ]
    return " ".join(found) or _OTHERWISE
