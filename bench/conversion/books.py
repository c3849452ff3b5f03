"""Which documents are measured: long books and a paper of the corpus, and five that are generated."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATED = ROOT / "build" / "bench-documents"
CORPUS = Path(os.environ.get("CORPUS", ROOT.parent / "shared" / "corpus"))
FROM_CORPUS = {
    "manual, 294": "deb_context/luatex.pdf",
    "manual, 428": "deb_context/metafun-p.pdf",
    "music, 221": "deb_lilypond-doc-pdf/learning.pdf",
    "code, 685": "deb_texlive-lang-arabic/bidi.pdf",
    "figures, 117": "py-pdf_sample-files/009-pdflatex-geotopo/GeoTopo-komprimiert.pdf",
}


def books() -> Iterator[tuple[str, Path]]:
    """Name and path of each document that is there."""
    for name, file in FROM_CORPUS.items():
        if (CORPUS / file).is_file():
            yield name, CORPUS / file
    # Another process makes them: what it takes of memory must not count as ours.
    subprocess.run([sys.executable, "-m", "bench.documents", str(GENERATED)], check=True, cwd=ROOT)
    for path in sorted(GENERATED.glob("*.pdf")):
        yield path.stem, path
