"""The fonts that an engine draws missing ones with, by what it really draws."""

import tempfile
from collections.abc import Iterable, Iterator

from bifolio.cli.checks.finding import Finding
from bifolio.conversion.events import ConversionLimits, FileKind, PageConverted
from bifolio.conversion.font_samples import FONT_SAMPLES, FontSample, font_samples_pdf
from bifolio.conversion.run import convert

_LIMITS = ConversionLimits(page_timeout_s=20, document_timeout_s=60)


def check_fonts() -> Finding:
    """Convert a document without fonts, and name the scripts that leave gaps."""
    missing = missing_fonts()
    if not missing:
        return Finding.ok("fonts", f"missing fonts have substitutes: Latin, {_scripts(FONT_SAMPLES)}")
    packages = " ".join(dict.fromkeys(sample.package for sample in missing))
    detail = f"documents without their own fonts will show gaps in: {_scripts(missing)}"
    return Finding.warning("fonts", detail, f"apt-get install {packages}")


def missing_fonts() -> list[FontSample]:
    """The samples that the engine cannot draw."""
    images = list(_images())
    pairs = zip(FONT_SAMPLES, images[::2], images[1::2], strict=True)
    return [sample for sample, words, one_letter in pairs if words == one_letter]


def _images() -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        file.write(font_samples_pdf())
        file.flush()
        for event in convert(file, FileKind.PDF, limits=_LIMITS):
            if isinstance(event, PageConverted) and event.placeholder is None:
                yield event.medium.content


def _scripts(samples: Iterable[FontSample]) -> str:
    return ", ".join(sample.script for sample in samples)
