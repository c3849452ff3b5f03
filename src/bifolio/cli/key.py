"""`bifolio key`: make, import, list and revoke API keys."""

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bifolio.cli.console import note, say, say_facts, say_json, say_table
from bifolio.cli.errors import SecretMissing
from bifolio.cli.installation import find_workspaces, open_installation
from bifolio.cli.options import Account, AsJson

if TYPE_CHECKING:
    from bifolio.accounts.models import ApiKey
    from bifolio.accounts.services import KeyPair

key_app = typer.Typer(help="Make, import, list and revoke API keys.", no_args_is_help=True)

_Label = Annotated[str, typer.Option("--label", help="What the key is for, for your own memory.")]
_Key = Annotated[str, typer.Argument(metavar="KEY", help="The API key.")]


@key_app.command()
def create(*, label: _Label = "", account: Account = None, as_json: AsJson = False) -> None:
    """Make a key for the default workspace, or for the one of --account, and show its secret this once."""
    open_installation()
    from bifolio.accounts.actors import Actor
    from bifolio.accounts.services import create_key, default_workspace

    workspace = default_workspace() if account is None else find_workspaces(account)[0]
    pair = create_key(actor=Actor.operator(), workspace=workspace, label=label)
    if as_json:
        say_json(_as_json(pair))
        return
    _say_pair(pair, show_secret=True)
    note("The secret is shown this once. Next: sign calls to /v1 with it (docs/api/actions.md).")


@key_app.command("import")
def import_(key: _Key, *, account: Account = None, label: _Label = "", as_json: AsJson = False) -> None:
    """Take over an existing key, so that callers change nothing but the host name.

    The secret is read from standard input. With --account the workspace takes that account id, so
    that old embeds keep working; without it the key signs for the default workspace.
    """
    secret = _read_secret()
    open_installation()
    from bifolio.accounts.actors import Actor
    from bifolio.accounts.services import default_workspace, import_key, workspace_for_import

    workspace = default_workspace() if account is None else workspace_for_import(account)
    pair = import_key(actor=Actor.operator(), workspace=workspace, key=key, secret=secret, label=label)
    if as_json:
        say_json({"apiKey": pair.key, "account": pair.account_id})
        return
    _say_pair(pair, show_secret=False)
    note("Next: point the caller's host name at this server; key and secret stay as they are.")


@key_app.command("list")
def list_(*, account: Account = None, as_json: AsJson = False) -> None:
    """List the keys of every workspace, or of the one of --account, revoked ones too."""
    open_installation()
    from bifolio.accounts.actors import Actor
    from bifolio.accounts.queries import list_keys

    keys = [
        key
        for workspace in find_workspaces(account)
        for key in list_keys(actor=Actor.operator(), workspace=workspace)
    ]
    if as_json:
        say_json([_facts(key) for key in keys])
        return
    say_table(("KEY", "ACCOUNT", "LABEL", "CREATED", "REVOKED"), [list(_facts(key).values()) for key in keys])
    if not keys:
        note("There is no key yet. Make one: bifolio key create")


@key_app.command()
def revoke(key: _Key) -> None:
    """Make a key useless, at once and for ever."""
    open_installation()
    from bifolio.accounts.actors import Actor
    from bifolio.accounts.services import revoke_key

    revoke_key(actor=Actor.operator(), key=key)
    say(f"Revoked {key}.")


def _read_secret() -> str:
    is_typed = sys.stdin.isatty()
    secret = getpass.getpass("Secret: ") if is_typed else sys.stdin.readline().rstrip("\r\n")
    if not secret:
        raise SecretMissing
    return secret


def _say_pair(pair: "KeyPair", *, show_secret: bool) -> None:
    facts = [("API key", pair.key), ("Secret", pair.secret), ("Account", pair.account_id)]
    say_facts(facts if show_secret else [facts[0], facts[2]])


def _as_json(pair: "KeyPair") -> dict[str, str]:
    return {"apiKey": pair.key, "secret": pair.secret, "account": pair.account_id}


def _facts(key: "ApiKey") -> dict[str, str]:
    return {
        "apiKey": key.key,
        "account": key.workspace.account_id,
        "label": key.label,
        "created": key.created_at.isoformat(timespec="seconds"),
        "revoked": key.revoked_at.isoformat(timespec="seconds") if key.revoked_at else "",
    }
