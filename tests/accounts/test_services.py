from dataclasses import replace

import pytest
from django.conf import settings

from bifolio.accounts import services
from bifolio.accounts.actors import Actor
from bifolio.accounts.errors import (
    InvalidAccountId,
    InvalidKeyPair,
    KeyNotFound,
    KeyTaken,
    NotAllowed,
    SecretSealedOtherwise,
)
from bifolio.accounts.models import ApiKey, Workspace
from bifolio.accounts.queries import find_signing_key, list_keys

pytestmark = pytest.mark.django_db
OPERATOR = Actor.operator()


def test_a_new_key_can_be_found_with_its_secret() -> None:
    workspace = services.default_workspace()
    pair = services.create_key(actor=OPERATOR, workspace=workspace, label="shop")
    found = find_signing_key(pair.key)
    assert found is not None
    assert (found.secret, found.workspace, found.actor.workspace_id) == (pair.secret, workspace, workspace.pk)


def test_the_database_never_holds_a_secret_in_the_clear() -> None:
    pair = services.create_key(actor=OPERATOR, workspace=services.default_workspace())
    assert pair.secret.encode() not in bytes(ApiKey.objects.get().encrypted_secret)


def test_a_secret_that_was_sealed_under_another_key_is_an_error_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pair = services.create_key(actor=OPERATOR, workspace=services.default_workspace())
    monkeypatch.setattr(settings, "BIFOLIO", replace(settings.BIFOLIO, secret_key="another secret key, long"))
    with pytest.raises(SecretSealedOtherwise) as refusal:
        find_signing_key(pair.key)
    assert refusal.value.key == pair.key


def test_a_revoked_key_is_not_found_and_its_name_not_given_out_again() -> None:
    workspace = services.default_workspace()
    pair = services.import_key(actor=OPERATOR, workspace=workspace, key="45FD-267", secret="s3cret")
    services.revoke_key(actor=OPERATOR, key=pair.key)
    assert find_signing_key(pair.key) is None
    with pytest.raises(KeyNotFound):
        services.revoke_key(actor=OPERATOR, key=pair.key)
    with pytest.raises(KeyTaken):
        services.import_key(actor=OPERATOR, workspace=workspace, key="45FD-267", secret="other")
    assert [key.key for key in list_keys(actor=OPERATOR, workspace=workspace)] == ["45FD-267"]


@pytest.mark.parametrize(
    ("key", "secret"), [("", "s"), ("k", ""), ("a b", "s"), ("k", "s\n"), ("k" * 101, "s")]
)
def test_it_refuses_a_pair_that_no_request_could_carry(key: str, secret: str) -> None:
    with pytest.raises(InvalidKeyPair):
        services.import_key(actor=OPERATOR, workspace=services.default_workspace(), key=key, secret=secret)


def test_a_key_manages_no_keys() -> None:
    workspace = services.default_workspace()
    pair = services.create_key(actor=OPERATOR, workspace=workspace)
    found = find_signing_key(pair.key)
    assert found is not None
    with pytest.raises(NotAllowed):
        services.create_key(actor=found.actor, workspace=workspace)
    with pytest.raises(NotAllowed):
        services.revoke_key(actor=found.actor, key=pair.key)


def test_there_is_one_default_workspace() -> None:
    assert services.default_workspace() == services.default_workspace()
    assert Workspace.objects.count() == 1


def test_the_first_imported_account_becomes_the_default_workspace() -> None:
    workspace = services.workspace_for_import("ABCDEFGH123")
    assert workspace.account_id == "ABCDEFGH123"
    assert workspace == services.default_workspace()


def test_a_default_workspace_that_owns_something_keeps_its_account_id() -> None:
    default = services.default_workspace()
    services.create_key(actor=OPERATOR, workspace=default)
    imported = services.workspace_for_import("ABCDEFGH123")
    assert imported != default
    assert services.workspace_for_import("ABCDEFGH123") == imported


@pytest.mark.parametrize("account_id", ["", "abcdefgh123", "ABCDEFGH12", "ABCDEFGH1234", "ABCDEFGH12!"])
def test_it_refuses_what_is_no_account_id(account_id: str) -> None:
    with pytest.raises(InvalidAccountId):
        services.workspace_of_account(account_id)
