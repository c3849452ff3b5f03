"""`bifolio editions`: what a flipbook has shown and can show again."""

from typing import TYPE_CHECKING

from bifolio.cli.console import say_json, say_table
from bifolio.cli.installation import open_installation
from bifolio.cli.options import AsJson, Hash

if TYPE_CHECKING:
    from bifolio.publishing.history import KeptEdition

_COLUMNS = ("EDITION", "DATE", "FILE", "PAGES", "STATE", "ENGINE", "SHOWN", "LEAVES")


def editions(flipbook_hash: Hash, *, as_json: AsJson = False) -> None:
    """List the editions of a flipbook, newest first.

    Whole ones are kept to go back to, as many as BIFOLIO_KEEP_EDITIONS says; the others leave.
    """
    open_installation()
    from bifolio.accounts.actors import Actor
    from bifolio.publishing.history import editions_of
    from bifolio.publishing.queries import find_flipbook

    flipbook = find_flipbook(actor=Actor.operator(), flipbook_hash=flipbook_hash)
    found = [_facts(kept) for kept in editions_of(actor=Actor.operator(), flipbook=flipbook)]
    if as_json:
        say_json(found)
        return
    say_table(_COLUMNS, [[_cell(value) for value in facts.values()] for facts in found])


def _facts(kept: "KeptEdition") -> dict[str, str | int | bool]:
    edition = kept.edition
    return {
        "edition": edition.number,
        "created": edition.created_at.isoformat(timespec="seconds"),
        "file": edition.file_name,
        "pages": edition.page_count or 0,
        "state": edition.state,
        "engine": edition.engine_version,
        "shown": kept.is_shown,
        "leaves": kept.leaves_at.isoformat(timespec="seconds") if kept.leaves_at else "",
    }


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else ""
    return value
