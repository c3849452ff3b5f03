"""`make serve`: run Bifolio in the foreground, publish the sample magazine, say where to look.

Standard library only; everything else is asked of the `bifolio` command, as its users would.
"""

import argparse
import ctypes
import errno
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIFOLIO = Path(sys.executable).with_name("bifolio")
SAMPLE_ACCOUNT = "BIFOLIOSAMP"
START_TIMEOUT_S = 90
_LOOK_EVERY_S = 0.2
_PR_SET_PDEATHSIG = 1
_LOG_LINES_SHOWN = 20


def main() -> int:
    """Serve until told to stop. Return the exit code."""
    given = _arguments()
    stop = _Stop()
    data = Path(os.environ.get("BIFOLIO_DATA", "data")).resolve()
    if _is_served(data, given.port):
        link = _publish(given.sample, stop)
        _say_where_to_look(given.port, data, link, stop="Ctrl-C in the terminal where it runs")
        return 0
    if _is_taken(given.port):
        _complain(f"Port {given.port} is taken by another program. Take another: make serve PORT=8001")
        return 1
    log = _log_of(data)
    server = stop.watch(_start(given.port, log))
    is_well = _answers_in_time(server, data, given.port, stop)
    if is_well:
        link = _publish(given.sample, stop)
        if server.poll() is None and not stop.is_asked:
            _say_where_to_look(given.port, data, link, stop="Ctrl-C", log=log)
            _name_missing_fonts(stop)
    code = server.wait()
    if stop.is_asked:
        return 0
    _complain(_end_of(log))
    return code if is_well else code or 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run Bifolio with a sample magazine.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--sample", type=Path, required=True, help="the PDF to publish")
    return parser.parse_args()


def _is_served(data: Path, port: int) -> bool:
    """Tell whether Bifolio serves this data folder on this port, going by the port that it noted there."""
    try:
        noted_port = int((data / "run" / "port").read_text("ascii"))
    except (OSError, ValueError):
        return False
    return noted_port == port and _is_well(port)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def _log_of(data: Path) -> Path:
    """Return where this server's log lines go, so that the terminal keeps what a newcomer needs."""
    folder = data / "run"
    # Each by itself: the mode does not reach the parents that mkdir makes.
    data.mkdir(mode=0o750, parents=True, exist_ok=True)
    folder.mkdir(mode=0o750, exist_ok=True)
    return folder / "serve.log"


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-_LOG_LINES_SHOWN:])


def _start(port: int, log: Path) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own, so that Ctrl-C reaches this script alone."""
    with log.open("wb") as errors:
        return subprocess.Popen(  # noqa: S603  our own program
            [BIFOLIO, "serve", "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  no threads here yet
        )


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class _Stop:
    """The first Ctrl-C, SIGTERM or closed terminal ends every watched process; later ones change nothing."""

    def __init__(self) -> None:
        self.is_asked = False
        self._watched: list[subprocess.Popen[bytes]] = []
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def watch(self, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        self._watched.append(process)
        if self.is_asked:
            process.terminate()
        return process

    def _ask(self, *_: object) -> None:
        if self.is_asked:
            return
        self.is_asked = True
        for process in self._watched:
            process.terminate()


def _answers_in_time(server: subprocess.Popen[bytes], data: Path, port: int, stop: _Stop) -> bool:
    """Wait until the server answers that all is well; False when it has ended instead, having said why."""
    give_up_at = time.monotonic() + START_TIMEOUT_S
    while server.poll() is None and not stop.is_asked:
        if _is_served(data, port):
            return True
        if time.monotonic() > give_up_at:
            _complain(f"The server is not well after {START_TIMEOUT_S} s. Try: {BIFOLIO} doctor")
            server.terminate()
            return False
        time.sleep(_LOOK_EVERY_S)
    return False


def _is_well(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        return answer.status == 200 and json.loads(answer.read()).get("status") == "ok"
    except (OSError, ValueError, AttributeError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _publish(sample: Path, stop: _Stop) -> str:
    """Publish the sample into a workspace of its own; return its link, or nothing."""
    arguments = ["--account", SAMPLE_ACCOUNT, "--profile", "sample", "--once"]
    publisher = subprocess.Popen(  # noqa: S603  our own program
        [BIFOLIO, "publish", sample, *arguments], stdout=subprocess.PIPE, start_new_session=True
    )
    link, _ = stop.watch(publisher).communicate()
    return link.decode().strip() if publisher.returncode == 0 else ""


def _say_where_to_look(
    port: int, data: Path, sample_link: str, *, stop: str, log: Path | None = None
) -> None:
    lines = [
        ("Turn pages", sample_link or "(the sample magazine could not be published, see above)"),
        ("Server", f"http://127.0.0.1:{port}"),
        ("Data", str(data)),
        *([("Log", str(log))] if log else []),
        ("Next", f"{_shown(BIFOLIO)} key create"),
        ("Stop", stop),
    ]
    text = "\n".join(f"  {name:<11} {value}" for name, value in lines)
    sys.stdout.write(f"\n  Bifolio is running.\n\n{text}\n\n")
    sys.stdout.flush()


def _name_missing_fonts(stop: _Stop) -> None:
    """Say in one line which scripts would show gaps, and the packages against it; nothing if none would."""
    doctor = subprocess.Popen(  # noqa: S603  our own program
        [BIFOLIO, "doctor", "--only", "fonts", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    answer, _ = stop.watch(doctor).communicate()
    if doctor.returncode == 0:
        (finding,) = json.loads(answer)["checks"]
        if finding["fix"]:
            sys.stdout.write(f"  Fonts       {finding['detail']}. Try: {finding['fix']}\n\n")
            sys.stdout.flush()


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
