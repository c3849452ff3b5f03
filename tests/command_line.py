"""The real `bifolio` command in real processes."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.waiting import wait_until

BIFOLIO = Path(sys.executable).with_name("bifolio")


@dataclass(frozen=True)
class CommandLine:
    """`bifolio` on one data folder."""

    data: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BIFOLIO_")}
        return kept | {"BIFOLIO_DATA": str(self.data), "COLUMNS": "100", "NO_COLOR": "1"} | self.settings

    def run(self, *arguments: str | Path, code: int = 0, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end, which must be ``code``."""
        ended = subprocess.run(
            [BIFOLIO, *arguments],
            env=self.environment,
            input=typed,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ended.returncode == code, ended.stdout + ended.stderr
        return ended

    def answer(self, *arguments: str | Path) -> Any:
        """Run a command with --json and return what it answers."""
        return json.loads(self.run(*arguments, "--json").stdout)

    def refusal(self, *arguments: str | Path, code: int = 1, typed: str = "") -> str:
        """Run a command that must fail with one line, and return that line."""
        ended = self.run(*arguments, code=code, typed=typed)
        assert ended.stdout == ""
        assert ended.stderr.count("\n") == 1, ended.stderr
        assert ended.stderr.startswith("bifolio: ")
        return ended.stderr

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start a command in a process group of its own."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [BIFOLIO, *arguments], env=self.environment, stdout=pipe, stderr=pipe, text=True, process_group=0
        )

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[str]:
        """Run a server on a free port until the end of the block; yields its address."""
        log = self.data.with_name("server.log")
        with log.open("w") as errors:
            command: list[str | Path] = [BIFOLIO, "serve", "--port", "0", "--workers", "1", *arguments]
            server = subprocess.Popen(command, env=self.environment, stderr=errors)
        try:
            wait_until(lambda: server.poll() is not None or self.is_well(), timeout_s=90)
            assert server.poll() is None, log.read_text()
            yield self.address
        finally:
            server.terminate()
            assert server.wait(40) == 0, log.read_text()

    @property
    def address(self) -> str:
        """Where the running server answers."""
        return f"http://127.0.0.1:{(self.data / 'run' / 'port').read_text().strip()}"

    def is_well(self) -> bool:
        """Whether a server answers that all is well."""
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False
