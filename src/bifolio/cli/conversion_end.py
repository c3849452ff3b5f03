"""Wait for the end of an edition's conversion, and say what goes on when the wait is interrupted."""

import signal
from typing import TYPE_CHECKING

import typer

from bifolio.cli.console import note
from bifolio.cli.conversion_watch import ConversionWatch
from bifolio.cli.errors import ConversionFailed

if TYPE_CHECKING:
    from bifolio.publishing.models import Edition


def await_end(edition: "Edition") -> bool:
    """Show the conversion's progress until it has ended. Return whether this process has converted.

    Raises ConversionFailed. Ctrl-C exits and says what goes on.
    """
    from bifolio.cli.failure_words import words_of_failure
    from bifolio.publishing.models import EditionState

    flipbook_hash = edition.flipbook.hash
    with ConversionWatch(edition.pk) as watch:
        try:
            ended = watch.until_ended()
        except KeyboardInterrupt:
            note(_what_goes_on(flipbook_hash, works_itself=watch.works_itself))
            raise typer.Exit(128 + signal.SIGINT) from None
    if ended.state == EditionState.FAILED:
        raise ConversionFailed(flipbook_hash, words_of_failure(ended.failure))
    return watch.works_itself


def _what_goes_on(flipbook_hash: str, *, works_itself: bool) -> str:
    if works_itself:
        return (
            f"Interrupted. The conversion of {flipbook_hash} goes on where it stopped "
            "with the next `bifolio serve` or `bifolio worker`."
        )
    return f"The conversion goes on in the running server. See: bifolio show {flipbook_hash}"
