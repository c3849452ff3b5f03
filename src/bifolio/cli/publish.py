"""`bifolio publish`: a PDF or a picture becomes a flipbook."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from bifolio.cli.arrival import arrival
from bifolio.cli.console import note, pages_in_words, say, say_json
from bifolio.cli.conversion_end import await_end
from bifolio.cli.installation import open_installation
from bifolio.cli.options import AsJson, PlayerSettings, PublishStatus, player_settings_of, status_option
from bifolio.cli.passwords import AskPassword, PasswordFile, read_password
from bifolio.cli.show import facts_of, in_spans, links_of, placeholders_of

if TYPE_CHECKING:
    from bifolio.accounts.models import Workspace
    from bifolio.publishing.files import IncomingFile
    from bifolio.publishing.models import Edition, Flipbook, FlipbookStatus
    from bifolio.publishing.services import FlipbookDetails


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
        status_option("Who may open it; editable is a draft. Default: public."),
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
    replaced: Annotated[
        str | None,
        typer.Option("--replace", metavar="HASH", help="Bring a new edition of this flipbook: same links."),
    ] = None,
    player_settings: PlayerSettings = None,
    ask_password: AskPassword = False,
    password_file: PasswordFile = None,
    as_json: AsJson = False,
) -> None:
    """Publish a file and print its link.

    Works with or without a running server: its workers convert, or else this command does.
    With --replace readers keep the shown edition until page 1 of the new one is there, and get it
    back if the new one fails.
    """
    _check_profile(account, profile)
    if replaced is not None and (old_hash or account or once):
        raise typer.BadParameter("--replace goes with none of --hash, --account and --once.")
    settings_given = player_settings_of(player_settings)
    password = read_password(ask=ask_password, file=password_file)
    settings = open_installation()
    from bifolio.publishing.services import FlipbookDetails

    details = FlipbookDetails(
        title=title,
        description=description,
        status=_status(status),
        player_settings=settings_given,
    )
    with arrival(source, settings) as arrived:
        file = replace(arrived, password=password)
        if replaced is not None:
            edition = _replace(replaced, file, details)
        else:
            edition = _publish(_workspace(account, profile), file, details, old_hash, once=once)
    if await_end(edition):
        note("No server was converting, so this command did. The link opens while one runs: bifolio serve")
    _answer(edition.flipbook.hash, as_json=as_json)


def _publish(
    workspace: "Workspace",
    file: "IncomingFile",
    details: "FlipbookDetails",
    old_hash: str | None,
    *,
    once: bool,
) -> "Edition":
    flipbook = _published_before(workspace, file) if once else None
    return (flipbook or _create(workspace, file, details, old_hash)).shown_edition


def _replace(flipbook_hash: str, file: "IncomingFile", details: "FlipbookDetails") -> "Edition":
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.queries import find_flipbook
    from bifolio.publishing.services import update_flipbook

    flipbook = find_flipbook(actor=Actor.operator(), flipbook_hash=flipbook_hash)
    updated = update_flipbook(actor=Actor.operator(), flipbook=flipbook, details=details, file=file)
    assert updated.next_edition is not None
    return updated.next_edition


def _create(
    workspace: "Workspace", file: "IncomingFile", details: "FlipbookDetails", old_hash: str | None
) -> "Flipbook":
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.services import create_flipbook

    return create_flipbook(
        actor=Actor.operator(), workspace=workspace, file=file, details=details, wanted_hash=old_hash
    )


def _answer(flipbook_hash: str, *, as_json: bool) -> None:
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.queries import find_flipbook

    flipbook = find_flipbook(actor=Actor.operator(), flipbook_hash=flipbook_hash)
    if as_json:
        say_json({**facts_of(flipbook), **links_of(flipbook)})
    else:
        note(f"{flipbook.title}: {pages_in_words(flipbook.shown_edition.page_count or 0)}.")
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
