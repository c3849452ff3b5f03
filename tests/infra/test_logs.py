import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bifolio.infra.logs import configure_logging

SECRETS = ["0123456789abcdef", "hush-hush", "pass-word-1", "sessionid=zzz", "Bearer-tok"]


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_no_secret_gets_into_a_line(capsys: pytest.CaptureFixture[str], log_format: str) -> None:
    configure_logging(log_format)
    log = structlog.get_logger("test")
    log.info("call", signature="0123456789abcdef", headers={"Cookie": "sessionid=zzz", "Host": "h"})
    log.info("GET /v1?action=a&signature=0123456789abcdef&apiKey=k")
    log.info("POST /v1?action=a&filePassword=pass-word-1&apiKey=k", filePassword="pass-word-1")
    log.info("pair", pairs=[{"secret": "hush-hush"}])
    logging.getLogger("django").warning("form %s", {"password": "pass-word-1"})
    logging.getLogger("uvicorn.error").error("Authorization: Bearer-tok\nand more")
    try:
        int("secret=hush-hush")
    except ValueError:
        log.exception("failed")
    written = capsys.readouterr().err
    assert not [secret for secret in SECRETS if secret in written]
    assert "apiKey=k" in written
    assert "and more" in written
    assert "ValueError" in written


def test_signed_paths_lose_their_signature(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("json")
    structlog.get_logger("test").info("request", path="/g/1700000000.SiGnAtUrE_1234567890ab/token/1.png")
    assert json.loads(capsys.readouterr().err)["path"] == "/g/1700000000.***/token/1.png"


def test_json_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("json")
    logging.getLogger("django").warning("one %d", 1)
    structlog.get_logger("test").info("two", number=2)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["level"], line["logger"]) for line in lines] == [
        ("one 1", "warning", "django"),
        ("two", "info", "test"),
    ]
    assert lines[1]["number"] == 2


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_an_address_cannot_steer_the_operators_terminal(
    capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    configure_logging(log_format)
    structlog.get_logger("test").info("request", path="/\x1b]0;owned\x07\x00\x9b31m")
    written = capsys.readouterr().err
    assert not set(written) & set("\x1b\x07\x00\x9b")
    assert "owned" in written
