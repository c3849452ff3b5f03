import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.command_line import CommandLine
from tests.waiting import wait_until


@contextmanager
def _running(cli: CommandLine, *arguments: str) -> "Iterator[subprocess.Popen[str]]":
    process = cli.start(*arguments)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=40)
        assert process.returncode in {0, -signal.SIGTERM}


def test_web_and_worker_together_are_a_server(cli: CommandLine, make_file: Callable[..., Path]) -> None:
    with _running(cli, "web", "--port", "0"):
        wait_until((cli.data / "run" / "port").exists, timeout_s=60)
        assert not cli.is_well()
        with _running(cli, "worker"):
            wait_until(cli.is_well, timeout_s=60)
            link = cli.run("publish", make_file()).stdout.strip()
            with urlopen(link) as page:
                assert page.status == 200


def test_the_process_is_the_server_itself(cli: CommandLine) -> None:
    with _running(cli, "serve", "--port", "0", "--workers", "1") as process:
        wait_until(cli.is_well, timeout_s=60)
        assert (cli.data / "run" / "serve.lock").read_text().strip() == str(process.pid)


def test_a_second_server_on_the_folder_is_refused(cli: CommandLine) -> None:
    with cli.serving():
        assert "already" in cli.refusal("serve", "--port", "0")


def test_a_first_command_killed_anywhere_leaves_a_database_that_the_next_completes(tmp_path: Path) -> None:
    for number, size_bytes in enumerate((1, 20_000, 60_000, 120_000, 200_000)):
        cli = CommandLine(tmp_path / str(number))
        command = cli.start("list")
        wait_until(lambda c=cli, p=command, s=size_bytes: p.poll() is not None or _written(c) >= s)  # type: ignore[misc]
        if command.poll() is None:
            os.killpg(command.pid, signal.SIGKILL)
        command.communicate()
        assert cli.answer("list") == []
        assert cli.answer("key", "create")["apiKey"]


def _written(cli: CommandLine) -> int:
    return sum(path.stat().st_size for path in cli.data.glob("bifolio.sqlite3*"))
