import http.server
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest

from bifolio.cli.options import PublishStatus
from bifolio.publishing.models import FlipbookStatus
from tests.command_line import CommandLine
from tests.conversion.pdfs import PdfFile, PdfPage
from tests.waiting import wait_until

MakeFile = Callable[..., Path]


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _website(folder: Path) -> Iterator[str]:
    handler = partial(_Silent, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_statuses_are_those_of_the_domain() -> None:
    assert [status.value for status in PublishStatus] == FlipbookStatus.values


def test_it_converts_without_a_server_and_prints_the_link_alone(
    cli: CommandLine, make_file: MakeFile
) -> None:
    ended = cli.run("publish", make_file("spring.pdf", pages=3))
    assert ended.stdout.startswith("http://127.0.0.1:8000/")
    assert ended.stdout.count("\n") == 1
    assert "3 pages" in ended.stderr
    assert "bifolio serve" in ended.stderr
    (listed,) = cli.answer("list")
    assert (listed["state"], listed["pages"], listed["title"]) == ("complete", 3, "spring")


def test_with_a_server_its_link_opens(cli: CommandLine, make_file: MakeFile) -> None:
    with cli.serving() as address:
        ended = cli.run("publish", make_file(pages=1))
        assert ended.stderr.splitlines()[-1] == "leaflet: 1 page."
        assert "bifolio serve" not in ended.stderr
        link = ended.stdout.strip()
        assert link.startswith(address)
        with urlopen(link) as page:
            assert page.status == 200


def test_title_status_and_old_hash_are_kept(cli: CommandLine, make_file: MakeFile) -> None:
    facts = cli.answer(
        *("publish", make_file(), "--title", "Of old", "--status", "unlisted", "--hash", "fz8bnxkqw")
    )
    assert (facts["title"], facts["status"], facts["hash"]) == ("Of old", "unlisted", "fz8bnxkqw")


def test_a_hash_that_cannot_be_given_is_refused_with_its_reason(
    cli: CommandLine, make_file: MakeFile
) -> None:
    cli.run("publish", make_file(), "--hash", "fz8bnxkqw")
    other = make_file("other.pdf")
    assert "The hash fz8bnxkqw is taken" in cli.refusal("publish", other, "--hash", "fz8bnxkqw")
    for misshapen in ("Fz8bnxkqw", "short", ""):
        assert f"“{misshapen}” cannot be given" in cli.refusal("publish", other, "--hash", misshapen)


def test_pages_that_could_not_be_rendered_are_named(cli: CommandLine, tmp_path: Path) -> None:
    outside = PdfPage(extra="/CropBox [2000 2000 3000 3000]")
    partly = tmp_path / "partly.pdf"
    partly.write_bytes(PdfFile([PdfPage(), outside, PdfPage(), outside, outside]).build())
    ended = cli.run("publish", partly)
    assert "Pages 2, 4–5 could not be rendered" in ended.stderr
    (listed,) = cli.answer("list")
    assert cli.answer("show", listed["hash"])["placeholders"] == [2, 4, 5]
    shown = cli.run("show", listed["hash"]).stdout
    assert re.search(r"^Pages that could not be rendered +2, 4–5$", shown, re.MULTILINE)
    once = tmp_path / "once.pdf"
    once.write_bytes(PdfFile([PdfPage(), outside]).build())
    assert "Page 2 could not be rendered" in cli.run("publish", once).stderr


def test_once_publishes_the_same_file_a_single_time(cli: CommandLine, make_file: MakeFile) -> None:
    arguments = ("publish", make_file(), "--account", "BIFOLIOSAMP", "--profile", "sample", "--once")
    first, second = cli.answer(*arguments), cli.answer(*arguments)
    assert first["hash"] == second["hash"]
    assert "/sample/leaflet-" in first["link"]
    assert len(cli.answer("list", "--account", "BIFOLIOSAMP")) == 1


def test_a_document_that_cannot_be_opened_fails_with_its_reason(cli: CommandLine, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing of use")
    assert "damaged" in cli.refusal("publish", broken)
    assert cli.answer("list")[0]["state"] == "failed"


def test_what_is_no_document_is_refused_and_nothing_stays(cli: CommandLine, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a picture")
    assert "notes.txt is neither PDF" in cli.refusal("publish", text)
    assert "No such file" in cli.refusal("publish", tmp_path / "absent.pdf")
    assert f"{tmp_path} is a folder" in cli.refusal("publish", tmp_path)
    assert "/dev/zero is a folder, a device" in cli.refusal("publish", "/dev/zero")
    assert list((cli.data / "incoming").iterdir()) == []


def test_the_limits_are_named_with_their_settings(cli: CommandLine, make_file: MakeFile) -> None:
    strict = CommandLine(cli.data, {"BIFOLIO_MAX_PAGES": "2"})
    assert "BIFOLIO_MAX_PAGES" in strict.refusal("publish", make_file(pages=3))
    spent = CommandLine(cli.data, {"BIFOLIO_UPLOADS_PER_MONTH": "1"})
    spent.run("publish", make_file("first.pdf", pages=1))
    assert "BIFOLIO_UPLOADS_PER_MONTH" in spent.refusal("publish", make_file("second.pdf", pages=1))


def test_an_address_inside_is_fetched_only_when_its_network_is_named(
    cli: CommandLine, make_file: MakeFile
) -> None:
    with _website(make_file("catalogue.pdf").parent) as address:
        assert "BIFOLIO_PRIVATE_NETWORKS" in cli.refusal("publish", f"{address}/catalogue.pdf")
        trusting = CommandLine(cli.data, {"BIFOLIO_PRIVATE_NETWORKS": "127.0.0.0/8"})
        assert trusting.answer("publish", f"{address}/catalogue.pdf")["file"] == "catalogue.pdf"


@pytest.mark.parametrize(
    ("address", "fix"),
    [
        ("ftp://127.0.0.1/a.pdf", "Give an http or https address"),
        ("http://[::1", "Give an http or https address"),
        ("http://127.0.0.1:1/a.pdf", "BIFOLIO_PRIVATE_NETWORKS"),
        ("https://nowhere.invalid/a.pdf", "Check the host's name"),
    ],
)
def test_an_address_that_gives_nothing_is_named_with_the_fix(
    cli: CommandLine, address: str, fix: str
) -> None:
    refusal = cli.refusal("publish", address)
    assert f"{address} could not be fetched" in refusal
    assert fix in refusal


def test_a_file_name_of_any_bytes_is_published(cli: CommandLine, make_file: MakeFile) -> None:
    name = os.fsdecode(b"caf\xe9.pdf")
    published = cli.answer("publish", make_file().rename(make_file().with_name(name)))
    assert published["file"] == "caf\N{REPLACEMENT CHARACTER}.pdf"
    assert "UTF-8" in cli.refusal("publish", make_file(), "--title", name)


def test_a_wrong_profile_is_wrong_usage(cli: CommandLine, make_file: MakeFile) -> None:
    arguments = ("publish", make_file(), "--account", "ABCDEFGHIJK", "--profile")
    assert "part of Bifolio" in cli.run(*arguments, "manifest", code=2).stderr
    assert "lower-case" in cli.run(*arguments, "Spring Sale", code=2).stderr


def test_after_ctrl_c_another_worker_finishes(cli: CommandLine, make_file: MakeFile) -> None:
    cli.run("list")
    command = cli.start("publish", make_file("long.pdf", pages=300))
    wait_until(lambda: (cli.answer("list") or [{"pages": 0}])[0]["pages"] and _has_a_page(cli.data))
    os.killpg(command.pid, signal.SIGINT)
    _, errors = command.communicate(timeout=60)
    assert command.returncode == 130
    assert "goes on where it stopped" in errors
    assert cli.answer("list")[0]["state"] == "processing"
    with cli.serving():
        wait_until(lambda: cli.answer("list")[0]["state"] == "complete", timeout_s=90)


def test_after_ctrl_c_a_running_server_goes_on(cli: CommandLine, make_file: MakeFile) -> None:
    with cli.serving():
        command = cli.start("publish", make_file("long.pdf", pages=300))
        wait_until(lambda: _has_a_page(cli.data))
        os.killpg(command.pid, signal.SIGINT)
        _, errors = command.communicate(timeout=60)
        assert command.returncode == 130
        assert "goes on in the running server" in errors
        wait_until(lambda: cli.answer("list")[0]["state"] == "complete", timeout_s=90)


@pytest.mark.faults
def test_when_the_server_is_killed_the_command_converts_itself(cli: CommandLine, make_file: MakeFile) -> None:
    server = cli.start("serve", "--port", "0", "--workers", "1")
    wait_until(cli.is_well, timeout_s=60)
    command = cli.start("publish", make_file("long.pdf", pages=300))
    wait_until(lambda: _has_a_page(cli.data))
    server.kill()
    server.communicate()
    link, errors = command.communicate(timeout=120)
    assert command.returncode == 0, errors
    assert link.startswith("http://127.0.0.1:")
    assert cli.answer("list")[0]["pages"] == 300


def _has_a_page(data: Path) -> bool:
    return any((data / "files" / "pages").glob("*/*"))
