"""What jobs there are: the decorator and the register that workers look names up in."""

import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

JobFunction = Callable[..., None]
_DEFINITIONS: dict[str, "JobDefinition"] = {}
_LONGEST_BACKOFF_S = 24 * 60 * 60.0


@dataclass(frozen=True, slots=True)
class JobDefinition:
    """A kind of job. ``name`` is the function's and lasting: rows in the database carry it."""

    name: str
    queue: str
    function: JobFunction
    max_attempts: int
    backoff_s: float
    timeout_s: float
    on_exhausted: JobFunction | None

    def delay_s(self, attempt: int) -> float:
        """Seconds to wait after the given attempt (1 is the first) has failed."""
        return min(self.backoff_s * 2.0 ** (attempt - 1), _LONGEST_BACKOFF_S)

    def check_payload(self, payload: dict[str, Any]) -> None:
        """Raise TypeError unless the function takes exactly these keyword arguments."""
        inspect.signature(self.function).bind(None, **payload)


def job(
    *,
    queue: str,
    max_attempts: int = 3,
    backoff_s: float = 5,
    timeout_s: float = 600,
    on_exhausted: JobFunction | None = None,
) -> Callable[[JobFunction], JobDefinition]:
    """Make a function ``(run: JobRun, *, …payload)`` a kind of job.

    A failed attempt is repeated after ``backoff_s``, then twice that, and so on up to a day. An
    attempt counts when it begins, so a job that kills its worker ends too. After the last one the
    job is failed and ``on_exhausted(**payload)`` is called in the same transaction.
    """

    def define(function: JobFunction) -> JobDefinition:
        name = function.__name__
        definition = JobDefinition(name, queue, function, max_attempts, backoff_s, timeout_s, on_exhausted)
        if name in _DEFINITIONS:
            raise ValueError(f"a job named {name} is defined already")
        _DEFINITIONS[name] = definition
        return definition

    return define


def definition_of(name: str) -> JobDefinition:
    """Return the kind of job with this name. Raises KeyError."""
    return _DEFINITIONS[name]


def defined_names() -> list[str]:
    """Return the names of all kinds of job that this process knows."""
    return sorted(_DEFINITIONS)


def discover_jobs() -> None:
    """Import every module ``jobs`` or ``…_job`` of the installed apps, so that their jobs are known."""
    from django.apps import apps

    for app in apps.get_app_configs():
        paths = getattr(app.module, "__path__", None)
        for module in pkgutil.iter_modules(paths):
            if module.name == "jobs" or module.name.endswith("_job"):
                import_module(f"{app.name}.{module.name}")
