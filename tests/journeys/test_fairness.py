"""Documents that come in while others convert: nobody waits for the end of a long or a slow one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conversion.pdfs import PdfFile, PdfPage
from tests.documents import make_pdf
from tests.integrator import Integrator
from tests.serving import Server, serving, wait_until

DEADLINE_S = 240


def drawing(strokes: int) -> PdfPage:
    """A page that takes long to draw."""
    lines = b"".join(b"%d %d l\n" % (n * 7 % 595, n * 13 % 842) for n in range(strokes))
    return PdfPage(b"0 0 m\n" + lines + b"B*")


def repeated(page: PdfPage, times: int) -> bytes:
    """A document that shows one page many times."""
    return PdfFile([page], page_tree=f"/Type /Pages /Count {times} /Kids [{'10 0 R ' * times}]").build()


@contextmanager
def serving_without_limits(folder: Path, workers: int) -> Iterator[Server]:
    with serving(folder, workers, CALLS_PER_SECOND="0", CALLS_PER_MINUTE="0") as server:
        yield server


class Publisher:
    """Uploads to a server and asks how far its books are."""

    def __init__(self, server: Server) -> None:
        pair = server.new_key()
        self._client = Integrator(f"{server.url}/v1", pair["apiKey"], pair["secret"])
        self._log = server.log

    def publish(self, content: bytes) -> str:
        answer = self._client.upload(content)
        assert answer["code"] == 20, answer
        flipbook_hash: str = answer["data"]["collectionHash"]
        return flipbook_hash

    def progress(self, flipbook_hash: str) -> int:
        return int(self._item(flipbook_hash)["itemProgress"])

    def is_complete(self, flipbook_hash: str) -> bool:
        status = self._item(flipbook_hash)["itemStatus"]
        assert status in {"processing", "complete"}
        return status == "complete"

    def wait_until(self, holds: Callable[[], bool]) -> None:
        wait_until(holds, DEADLINE_S, self._log)

    def _item(self, flipbook_hash: str) -> dict[str, str]:
        answer = self._client.call("collection.getCollection", collectionHash=flipbook_hash)
        item: dict[str, str] = answer["data"]["items"][0]
        return item


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.faults), 2])
def test_ten_small_books_do_not_wait_for_the_end_of_a_large_one(tmp_path: Path, workers: int) -> None:
    with serving_without_limits(tmp_path, workers) as server:
        publisher = Publisher(server)
        large = publisher.publish(repeated(drawing(10_000), 1000))
        publisher.wait_until(lambda: publisher.progress(large) > 0)
        small = [publisher.publish(make_pdf(pages=6)) for _ in range(10)]
        publisher.wait_until(lambda: all(map(publisher.is_complete, small)))
        assert not publisher.is_complete(large)


@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.faults), 2])
def test_a_slow_document_does_not_hold_up_a_quick_one(tmp_path: Path, workers: int) -> None:
    with serving_without_limits(tmp_path, workers) as server:
        publisher = Publisher(server)
        slow = publisher.publish(repeated(drawing(300_000), 40))
        publisher.wait_until(lambda: publisher.progress(slow) >= 5)
        quick = publisher.publish(make_pdf(pages=12))
        publisher.wait_until(lambda: publisher.is_complete(quick))
        # One page of the slow one may be under way at each worker, and another may end meanwhile.
        assert publisher.progress(slow) < 50
