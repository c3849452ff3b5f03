"""The operator's maintenance switch: a file in the data folder, so that every process sees it at once."""

from pathlib import Path

from bifolio.infra.configuration import configuration


def is_on() -> bool:
    """Tell whether the API answers 22 to everything."""
    return _switch().exists()


def switch(*, on: bool) -> None:
    """Turn maintenance on or off; lasting over restarts."""
    if on:
        _switch().touch(mode=0o640)
    else:
        _switch().unlink(missing_ok=True)


def _switch() -> Path:
    return configuration().data / "maintenance"
