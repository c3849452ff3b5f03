"""Why a conversion failed, in words that name the command line's own options. Loaded once one has."""

from bifolio.conversion.events import FailureReason
from bifolio.publishing.failures import failure_sentence

_WITH_OPTIONS: dict[str, str] = {
    FailureReason.PASSWORD: (
        "The PDF is locked with a password. Publish it with --password, which asks for it, "
        "or --password-file, or save it without one."
    ),
    FailureReason.WRONG_PASSWORD: (
        "The password does not open the PDF. Publish it with the right one: --password, or --password-file."
    ),
}


def words_of_failure(failure: str) -> str:
    """Return the one sentence for the operator of a failed edition's ``failure``."""
    return _WITH_OPTIONS.get(failure) or failure_sentence(failure)
