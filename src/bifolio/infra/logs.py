"""Log lines on standard error, of Bifolio and of what it stands on. No secret ever gets into one (A5)."""

import logging
import re
import sys
from collections.abc import Mapping

import structlog
from structlog.typing import EventDict, Processor

MASK = "***"
_SECRET_NAMES = frozenset(
    {
        "signature",
        "secret",
        "password",
        "filepassword",
        "passwd",
        "cookie",
        "set-cookie",
        "authorization",
        "token",
        "apisecret",
    }
)
_SECRET_VALUES = re.compile(
    r"""(?ix) (?P<name> ["']? \b (?:[a-z_-]*(?:secret|password|signature|token)|preview|visit|sessionid) ["']?
        \s* [=:] \s* ["']?) [^\s"'&,;}]+"""
)
_SECRET_HEADERS = re.compile(
    r"""(?i)(?P<name>\b(?:cookie|set-cookie|authorization)["']?\s*[:=]\s*)[^\r\n]+"""
)
# What strangers write into an address may not steer the operator's terminal; tracebacks keep their lines.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SIGNED_PATH = re.compile(r"/g/(?P<expires>[0-9]+)\.[^/\s]+/")


def configure_logging(log_format: str) -> None:
    """Set up structlog, and Python's logging beneath it, for this process.

    ``log_format`` is ``console`` or ``json``.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        mask_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(log_format)],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    # What they say below these levels stands in the access log, or is said by the process tree.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


def mask_secrets(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Mask secrets by the name that they go by, as a key or within a text."""
    return {name: _masked(name, value) for name, value in event.items()}


def _masked(name: str, value: object) -> object:
    if name.lower() in _SECRET_NAMES:
        return MASK
    if isinstance(value, str):
        value = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", value)
        value = _SECRET_HEADERS.sub(rf"\g<name>{MASK}", value)
        value = _SECRET_VALUES.sub(rf"\g<name>{MASK}", value)
        return _SIGNED_PATH.sub(rf"/g/\g<expires>.{MASK}/", value)
    if isinstance(value, Mapping):
        return {key: _masked(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked("", item) for item in value]
    return value


def _renderer(log_format: str) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
