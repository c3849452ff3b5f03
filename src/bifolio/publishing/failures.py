"""Why a conversion failed, in words for the publisher; readers never see them."""

from bifolio.conversion.events import FailureReason

_SENTENCES: dict[FailureReason, str] = {
    FailureReason.PASSWORD: (
        "The PDF is locked with a password. Upload it again with its password, or save it without one."
    ),
    FailureReason.WRONG_PASSWORD: "The password does not open the PDF. Upload it again with the right one.",
    FailureReason.UNSUPPORTED_ENCRYPTION: (
        "The PDF is encrypted in a way that cannot be opened. Save it without protection and upload it again."
    ),
    FailureReason.DAMAGED: "The file is damaged and cannot be opened. Export it anew and upload it again.",
    FailureReason.NO_PAGES: "The PDF has no pages.",
    FailureReason.TOO_MANY_PAGES: "The PDF has more pages than this installation takes.",
    FailureReason.NO_PAGE_RENDERED: "None of the pages could be drawn. Export it anew and upload it again.",
    FailureReason.OUT_OF_TIME: "The PDF takes too long to convert. Simplify its drawings or split it.",
    FailureReason.CRASHED_REPEATEDLY: "The conversion broke down on this file several times. Export it anew.",
}


def failure_sentence(failure: str) -> str:
    """Return the one sentence for people of a failed edition's ``failure``."""
    return _SENTENCES[FailureReason(failure)]
