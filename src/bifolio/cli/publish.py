"""`bifolio publish`: a PDF or a picture becomes a flipbook."""

import re
import signal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bifolio.cli.arrival import arrival
from bifolio.cli.console import note, say, say_json
from bifolio.cli.conversion_watch import ConversionWatch
from bifolio.cli.errors import ConversionFailed
from bifolio.cli.installation import open_installation
from bifolio.cli.options import AsJson
from bifolio.cli.show import facts_of, in_spans, links_of, placeholders_of

if TYPE_CHECKING:
    from bifolio.accounts.models import Workspace
    from bifolio.publishing.files import IncomingFile
    from bifolio.publishing.models import Flipbook, FlipbookStatus
    from bifolio.publishing.services import FlipbookDetails


class PublishStatus(StrEnum):
    """Who may open a flipbook. The domain's statuses, without loading it for --help."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    EDITABLE = "editable"


def publish(
    source: Annotated[
        str, typer.Argument(metavar="FILE|URL", help="A PDF, JPEG or PNG: a file, or an http(s) address.")
    ],
    *,
    title: Annotated[
        str | None, typer.Option("--title", help="Title (default: the document's, or the file's name).")
    ] = None,
    description: Annotated[
        str | None, typer.Option("--description", help="Description (default: how the text begins).")
    ] = None,
    status: Annotated[
        PublishStatus | None,
        typer.Option("--status", help="Who may open it; editable is a draft. Default: public."),
    ] = None,
    old_hash: Annotated[
        str | None,
        typer.Option("--hash", metavar="OLDHASH", help="Publish under an old hash, so that old links work."),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option(
            "--account", metavar="ID", help="Workspace, made if new. Default: the default workspace."
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option("--profile", help="First part of the links, where --account makes a workspace."),
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Publish no second time what the workspace has already.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Publish a file and print its link.

    Works with or without a running server: its workers convert, or else this command does.
    """
    _check_profile(account, profile)
    settings = open_installation()
    from bifolio.publishing.services import FlipbookDetails

    details = FlipbookDetails(title=title, description=description, status=_status(status))
    with arrival(source, settings) as file:
        workspace = _workspace(account, profile)
        flipbook = _published_before(workspace, file) if once else None
        if flipbook is None:
            flipbook = _create(workspace, file, details, old_hash)
    _convert(flipbook)
    _answer(flipbook.hash, as_json=as_json)


def _create(
    workspace: "Workspace", file: "IncomingFile", details: "FlipbookDetails", old_hash: str | None
) -> "Flipbook":
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.services import create_flipbook

    return create_flipbook(
        actor=Actor.operator(), workspace=workspace, file=file, details=details, wanted_hash=old_hash
    )


def _convert(flipbook: "Flipbook") -> None:
    """Wait for the end of the conversion. Raises ConversionFailed; Ctrl-C exits and says what goes on."""
    from bifolio.publishing.failures import failure_sentence
    from bifolio.publishing.models import EditionState

    with ConversionWatch(flipbook.shown_edition.pk) as watch:
        try:
            edition = watch.until_ended()
        except KeyboardInterrupt:
            note(_what_goes_on(flipbook, works_itself=watch.works_itself))
            raise typer.Exit(128 + signal.SIGINT) from None
    if edition.state == EditionState.FAILED:
        raise ConversionFailed(flipbook.hash, failure_sentence(edition.failure))
    if watch.works_itself:
        note("No server was converting, so this command did. The link opens while one runs: bifolio serve")


def _what_goes_on(flipbook: "Flipbook", *, works_itself: bool) -> str:
    if works_itself:
        return (
            f"Interrupted. The conversion of {flipbook.hash} goes on where it stopped "
            "with the next `bifolio serve` or `bifolio worker`."
        )
    return f"The conversion goes on in the running server. See: bifolio show {flipbook.hash}"


def _answer(flipbook_hash: str, *, as_json: bool) -> None:
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.queries import find_flipbook

    flipbook = find_flipbook(actor=Actor.operator(), flipbook_hash=flipbook_hash)
    if as_json:
        say_json({**facts_of(flipbook), **links_of(flipbook)})
    else:
        count = flipbook.shown_edition.page_count
        note(f"{flipbook.title}: {count} {'page' if count == 1 else 'pages'}.")
        _note_placeholders(placeholders_of(flipbook))
        say(links_of(flipbook)["link"])


def _note_placeholders(numbers: list[int]) -> None:
    if len(numbers) == 1:
        note(f"Page {numbers[0]} could not be rendered; readers see a placeholder there.")
    elif numbers:
        note(f"Pages {in_spans(numbers)} could not be rendered; readers see placeholders there.")


def _published_before(workspace: "Workspace", file: "IncomingFile") -> "Flipbook | None":
    from bifolio.publishing.models import EditionState, Flipbook

    same = Flipbook.objects.filter(
        workspace=workspace, deleted_at=None, current_edition__sha256=file.sha256
    ).exclude(current_edition__state=EditionState.FAILED)
    return same.select_related("current_edition").order_by("pk").first()


def _workspace(account: str | None, profile: str | None) -> "Workspace":
    from bifolio.accounts.models import Workspace
    from bifolio.accounts.services import default_workspace, workspace_of_account
    from bifolio.publishing.links import RESERVED_PROFILES

    if account is None:
        return default_workspace()
    if profile in RESERVED_PROFILES:
        raise typer.BadParameter(f"--profile {profile} is the name of a part of Bifolio.")
    if profile and Workspace.objects.filter(profile=profile).exclude(account_id=account).exists():
        raise typer.BadParameter(f"--profile {profile} belongs to another workspace.")
    return workspace_of_account(account, name=(profile or "").capitalize(), profile=profile)


def _check_profile(account: str | None, profile: str | None) -> None:
    if profile is None:
        return
    if account is None:
        raise typer.BadParameter("--profile needs --account.")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,59}", profile):
        raise typer.BadParameter("--profile takes 2 to 60 lower-case letters, digits and hyphens.")


def _status(status: PublishStatus | None) -> "FlipbookStatus | None":
    from bifolio.publishing.models import FlipbookStatus

    return FlipbookStatus(status) if status else None
