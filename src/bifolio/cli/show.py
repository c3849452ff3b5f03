"""`bifolio show`: all that is known of one flipbook, with its links."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bifolio.cli.console import say_facts, say_json
from bifolio.cli.installation import open_installation
from bifolio.cli.options import AsJson, Hash

if TYPE_CHECKING:
    from bifolio.publishing.models import Edition, Flipbook


def show(flipbook_hash: Hash, *, as_json: AsJson = False) -> None:
    """Show one flipbook: its state, its document and its links."""
    open_installation()
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.queries import find_flipbook

    flipbook = find_flipbook(actor=Actor.operator(), flipbook_hash=flipbook_hash)
    facts = {**facts_of(flipbook), **links_of(flipbook)}
    if as_json:
        say_json(facts)
        return
    settings = ", ".join(f"{name}={value}" for name, value in flipbook.player_settings.items())
    shown = {**facts, "placeholders": in_spans(placeholders_of(flipbook)), "playerSettings": settings}
    say_facts([(_LABELS[name], value) for name, value in shown.items() if value not in {"", None}])


_LABELS = {
    "hash": "Hash",
    "oldHashes": "Old hashes",
    "title": "Title",
    "description": "Description",
    "account": "Account",
    "status": "Status",
    "state": "State",
    "progress": "Progress (%)",
    "failure": "Failure",
    "reached": "Pages reached",
    "preview": "Preview of them",
    "pages": "Pages",
    "placeholders": "Pages that could not be rendered",
    "file": "File",
    "bytes": "Bytes",
    "sha256": "SHA-256",
    "playerSettings": "Player settings",
    "created": "Created",
    "updated": "Updated",
    "link": "Link",
    "fullView": "Full view",
    "text": "Text",
    "player": "Player",
    "cover": "Cover",
    "embed": "Embed",
}


def facts_of(flipbook: "Flipbook") -> dict[str, str | int | list[int] | dict[str, Any]]:
    """Return what is known of a flipbook and its document, named for scripts."""
    from bifolio.cli.failure_words import words_of_failure
    from bifolio.publishing.queries import failed_edition, item_of

    item, edition = item_of(flipbook), flipbook.shown_edition
    return {
        "hash": flipbook.hash,
        "oldHashes": ", ".join(flipbook.aliases.order_by("pk").values_list("hash", flat=True)),
        "title": flipbook.title,
        "description": flipbook.description,
        "account": flipbook.workspace.account_id,
        "status": flipbook.status,
        "state": item.state.value,
        "progress": item.progress,
        "failure": words_of_failure(item.failure) if item.failure else "",
        **_reached_by(failed_edition(flipbook)),
        "pages": item.page_count,
        "placeholders": placeholders_of(flipbook),
        "file": edition.file_name,
        "bytes": edition.size_bytes,
        "sha256": edition.sha256,
        "playerSettings": flipbook.player_settings,
        "created": flipbook.created_at.isoformat(timespec="seconds"),
        "updated": flipbook.updated_at.isoformat(timespec="seconds"),
    }


def _reached_by(failed: "Edition | None") -> dict[str, str]:
    """Return which pages a failed conversion has reached, and where its owner sees them for a day."""
    from bifolio.publishing.links import edition_preview_link

    numbers = failed.pages.order_by("number").values_list("number", flat=True) if failed else []
    if failed is None or not numbers:
        return {"reached": "", "preview": ""}
    return {"reached": in_spans(list(numbers)), "preview": edition_preview_link(failed)}


def placeholders_of(flipbook: "Flipbook") -> list[int]:
    """Return the numbers of the pages that could not be rendered: readers see a placeholder there."""
    pages = flipbook.shown_edition.pages.filter(is_placeholder=True)
    return list(pages.order_by("number").values_list("number", flat=True))


def in_spans(numbers: Sequence[int]) -> str:
    """Return rising numbers for people: ``1, 3–5``."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    return ", ".join("–".join(map(str, span)) for span in spans)


def links_of(flipbook: "Flipbook") -> dict[str, str]:
    """Return every address under which a flipbook is reached."""
    from bifolio.publishing import links

    return {
        "link": links.direct_link(flipbook),
        "fullView": links.direct_link(flipbook, "full-view.html"),
        "text": links.direct_link(flipbook, "text.html"),
        "player": links.player_link(flipbook),
        "cover": links.cover_link(flipbook),
        "embed": links.embed_code(flipbook, width=str(flipbook.width), height=str(flipbook.height)),
    }
