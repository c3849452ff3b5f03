"""`make serve`: run Bifolio in the foreground, publish the sample magazine, say where to look.

Standard library only; everything else is asked of the `bifolio` command, as its users would.
"""

import argparse
import ctypes
import http.client
import json
import os
import signal
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


def main() -> int:
    """Serve until told to stop. Return the exit code."""
    given = _arguments()
    data = Path(os.environ.get("BIFOLIO_DATA", "data")).resolve()
    if _is_served(data, given.port):
        _say_where_to_look(
            given.port, data, _publish(given.sample), stop="Ctrl-C in the terminal where it runs"
        )
        return 0
    server = _start(given.port)
    _pass_on_signals(server)
    if _answers_in_time(server, data, given.port):
        link = _publish(given.sample)
        if server.poll() is None:
            _say_where_to_look(given.port, data, link, stop="Ctrl-C")
    return server.wait()


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


def _start(port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own program
        [BIFOLIO, "serve", "--port", str(port)],
        preexec_fn=_die_with_parent,  # noqa: PLW1509  no threads here yet
    )


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _pass_on_signals(server: subprocess.Popen[bytes]) -> None:
    """Hand SIGTERM on. Ctrl-C and a closed terminal reach the server without us: same process group."""
    signal.signal(signal.SIGTERM, lambda *_: server.send_signal(signal.SIGTERM))
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)


def _answers_in_time(server: subprocess.Popen[bytes], data: Path, port: int) -> bool:
    """Wait until the server answers that all is well; False when it has ended instead, having said why."""
    give_up_at = time.monotonic() + START_TIMEOUT_S
    while server.poll() is None:
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


def _publish(sample: Path) -> str:
    """Publish the sample into a workspace of its own; return its link, or nothing."""
    arguments = ["--account", SAMPLE_ACCOUNT, "--profile", "sample", "--once"]
    published = subprocess.run(  # noqa: S603  our own program
        [BIFOLIO, "publish", sample, *arguments], stdout=subprocess.PIPE, text=True, check=False
    )
    return published.stdout.strip() if published.returncode == 0 else ""


def _say_where_to_look(port: int, data: Path, sample_link: str, *, stop: str) -> None:
    lines = [
        ("Turn pages", sample_link or "(the sample magazine could not be published, see above)"),
        ("Server", f"http://127.0.0.1:{port}"),
        ("Data", str(data)),
        ("Next", f"{_shown(BIFOLIO)} key create"),
        ("Stop", stop),
    ]
    text = "\n".join(f"  {name:<11} {value}" for name, value in lines)
    sys.stdout.write(f"\n  Bifolio is running.\n\n{text}\n\n")
    sys.stdout.flush()


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
