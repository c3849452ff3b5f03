"""Every error of Bifolio that a command can meet has words, and the words fit the error."""

import enum
import importlib
import inspect
import pkgutil
import typing
from pathlib import Path
from typing import Any

import pytest

import bifolio
from bifolio.cli.words import ELSEWHERE, TEMPLATES, words_for
from bifolio.kernel.errors import BifolioError

# Doors beside have words of their own, and so has entry for a server that does not start.
_OTHERS = ("bifolio.api.", "bifolio.reader.", "bifolio.entry.")


def _import_all() -> None:
    for module in pkgutil.walk_packages(bifolio.__path__, "bifolio."):
        if not module.name.endswith("__main__") and ".engine" not in module.name:
            importlib.import_module(module.name)


def _kinds(base: type[BifolioError] = BifolioError) -> list[type[BifolioError]]:
    return [found for kind in base.__subclasses__() for found in (kind, *_kinds(kind))]


def _any_value(annotation: Any) -> Any:
    if inspect.isclass(annotation) and issubclass(annotation, enum.Enum):
        return next(iter(annotation))
    values: dict[Any, Any] = {str: "thing", int: 7, float: 7.5, bool: True, Path: Path("thing")}
    origin = typing.get_origin(annotation) or annotation
    return ["thing"] if origin is list else values.get(origin)


def _example(kind: type[BifolioError]) -> BifolioError:
    if "__init__" not in vars(kind):
        return kind()
    hints = typing.get_type_hints(kind.__init__)
    hints.pop("return", None)
    return kind(**{name: _any_value(annotation) for name, annotation in hints.items()})


def _name(kind: type[BifolioError]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def test_every_error_has_words() -> None:
    _import_all()
    kinds = [
        kind
        for kind in _kinds()
        if kind.__module__.startswith("bifolio.") and not kind.__module__.startswith(_OTHERS)
    ]
    assert len(kinds) > 30
    assert [_name(kind) for kind in kinds if kind not in TEMPLATES and _name(kind) not in ELSEWHERE] == []


def test_the_words_of_elsewhere_are_of_errors_that_exist() -> None:
    _import_all()
    assert set(ELSEWHERE) <= {_name(kind) for kind in _kinds()}


@pytest.mark.parametrize("kind", TEMPLATES, ids=lambda kind: kind.__name__)
def test_words_are_one_line_and_fit_the_error(kind: type[BifolioError]) -> None:
    line = words_for(_example(kind))
    assert "\n" not in line
    assert "None" not in line
    assert line[0].isupper() or line.startswith("thing")
