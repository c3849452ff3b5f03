"""Behind the locks documents become the same pages, byte by byte: images, text, links, properties."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from bifolio.conversion.child import EngineChild, EngineDied, Frame
from bifolio.conversion.context import EngineContext
from bifolio.conversion.frames import FrameKind
from bifolio.conversion.preparation import Layer, Role
from bifolio.conversion.sandbox_policy import prepare
from bifolio.conversion.sandbox_report import sandbox_report
from bifolio.conversion.started_engine import StartedEngine
from tests.conversion.pdfs import PdfFile, PdfPage, text_pdf

PAGE_S = 120.0
FONTLESS = PdfFile(
    [
        PdfPage(
            b"BT /A 24 Tf 72 700 Td (Arial \xe4\xf6) Tj /T 24 Tf 0 -40 Td (Times) Tj ET",
            extra="/Resources << /Font << "
            "/A << /Type /Font /Subtype /TrueType /BaseFont /Arial /Encoding /WinAnsiEncoding >> "
            "/T << /Type /Font /Subtype /TrueType /BaseFont /LiberationSerif /Encoding /WinAnsiEncoding >> "
            ">> >>",
        )
    ]
)
SAMPLE, WHOLE = 40, 600


def frames_of(path: Path, layers: tuple[Layer, ...], *, pages: int) -> list[tuple[FrameKind, bytes, bytes]]:
    """All that an engine says of a document; it ends with an engine's death, if it dies."""
    kind = "pdf" if path.suffix == ".pdf" else "png"
    context = EngineContext("convert", kind, 1 << 30, PAGE_S, PAGE_S, last_page=pages)
    started = StartedEngine(prepare((Role.PDF,), layers))
    with path.open("rb") as file, EngineChild(file.fileno(), context, started) as child:
        return [(frame.kind, frame.metadata, bytes(frame.payload)) for frame in read_all(child)]


def read_all(child: EngineChild) -> Iterator[Frame]:
    while True:
        try:
            frame = child.read_frame(PAGE_S)
        except EngineDied:
            return
        yield frame
        if frame.kind in {FrameKind.DONE, FrameKind.FAILED}:
            return


def check_same(path: Path, *, pages: int) -> None:
    inside = frames_of(path, tuple(Layer), pages=pages)
    outside = frames_of(path, (), pages=pages)
    assert inside == outside, path
    assert inside, path


def documents(corpus: Path, count: int) -> list[Path]:
    """That many documents, spread over the whole corpus; those made to harm are left to other tests."""
    with (corpus / "MANIFEST.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        names = [row["file"] for row in rows if row["expected"] == "ok" and "hostile" not in row["file"]]
    found = [corpus / name for name in names if (corpus / name).is_file()]
    return found[:: max(1, len(found) // count)][:count]


def test_the_test_compares_an_engine_with_all_layers_and_one_with_none() -> None:
    if not sandbox_report().is_full:
        pytest.skip("this system has no full sandbox")
    for layers, mode in ((tuple(Layer), "2"), ((), "0")):
        started = StartedEngine(prepare((Role.PDF,), layers))
        wait_for_document(started)
        status = dict(
            line.split(":", 1) for line in Path(f"/proc/{started.pid}/status").read_text().splitlines()
        )
        assert status["Seccomp"].strip() == mode
        started.discard()


def wait_for_document(started: StartedEngine) -> None:
    from tests.waiting import wait_until

    waits = ("47 ", "212 ")
    wait_until(lambda: Path(f"/proc/{started.pid}/syscall").read_text().startswith(waits))


@pytest.mark.parametrize("content", [text_pdf("One", "Two"), FONTLESS.build()], ids=["own", "substituted"])
def test_fonts_that_documents_do_not_bring_are_the_same(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "document.pdf"
    path.write_bytes(content)
    check_same(path, pages=5)


@pytest.mark.corpus
def test_a_sample_of_documents_becomes_the_same(corpus: Path) -> None:
    for path in documents(corpus, SAMPLE):
        check_same(path, pages=1)


@pytest.mark.corpus
@pytest.mark.faults
def test_six_hundred_documents_become_the_same(corpus: Path) -> None:
    for path in documents(corpus, WHOLE):
        check_same(path, pages=2)
