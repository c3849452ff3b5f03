"""Give up what a renderer never needs, before a document is there; limit what it may use, once it is."""

import resource
from collections.abc import Callable

from bifolio.conversion.context import EngineContext
from bifolio.conversion.engine.sandbox import Unavailable, kernel, landlock, namespaces, process, seccomp
from bifolio.conversion.preparation import Layer, LayerResult, Preparation


def lock_down(preparation: Preparation, kept: tuple[int, ...] = ()) -> tuple[LayerResult, ...]:
    """Put on every layer of the preparation that the system has, for good, and say what each did.

    Descriptors above 2 are closed unless ``kept``. Everything that will be imported must be by now.
    """
    layers: dict[Layer, Callable[[], str]] = {
        Layer.PRIVILEGES: process.give_up_privileges,
        Layer.DESCRIPTORS: lambda: process.close_descriptors(kept),
        Layer.LIMITS: process.limit_resources,
        Layer.NAMESPACES: namespaces.leave_namespaces,
        Layer.USER: lambda: process.change_user(preparation.uid, preparation.gid),
        Layer.PARENT: lambda: process.bind_to_parent(preparation.parent_pid),
        Layer.LANDLOCK: landlock.restrict_access,
        Layer.SECCOMP: seccomp.filter_system_calls,
    }
    return tuple(
        _put_on(layer, put_on) if layer in preparation.layers else LayerResult(layer, False, "left out")  # noqa: FBT003
        for layer, put_on in layers.items()
    )


def _put_on(layer: Layer, put_on: Callable[[], str]) -> LayerResult:
    try:
        return LayerResult(layer, is_on=True, detail=put_on())
    except Unavailable as missing:
        return LayerResult(layer, is_on=False, detail=str(missing))
    except OSError as error:
        return LayerResult(layer, is_on=False, detail=kernel.reason_of(error))


def limit_to_document(context: EngineContext, document_bytes: int) -> None:
    """Limit memory and processor time for good, before the first byte of the document is read.

    The document is mapped into memory, so its own size is granted on top of the limit.
    """
    memory_bytes = context.memory_bytes + document_bytes
    hard_cpu_s = int(_used_cpu_s() + context.document_timeout_s) + 1
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (hard_cpu_s, hard_cpu_s))


def grant_cpu(seconds: float) -> None:
    """Let the process use ``seconds`` more of CPU before the kernel ends it (SIGXCPU)."""
    _, hard_s = resource.getrlimit(resource.RLIMIT_CPU)
    soft_s = int(_used_cpu_s() + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft_s, hard_s), hard_s))


def _used_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
