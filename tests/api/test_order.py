"""The order of checks: of two things wrong with a call, the one that the contract names first is answered."""

import pytest
from structlog.testing import capture_logs

from bifolio.accounts.actors import Actor
from bifolio.accounts.services import revoke_key
from bifolio.api import dispatcher
from bifolio.infra import maintenance
from bifolio.infra.received import BodyProblem, ReceivedBody
from tests.api.client import Client, configure
from tests.api.conftest import convert_all
from tests.documents import make_pdf

pytestmark = pytest.mark.django_db
WRONG = "0" * 32


def unsigned(client: Client, **parameters: str) -> dict[str, str]:
    return {"apiKey": client.api_key, "signature": WRONG, "action": "user.getStats", **parameters}


def test_maintenance_comes_before_everything(client: Client) -> None:
    maintenance.switch(on=True)
    reply = client.send_raw(b"a=%FF")
    assert reply.code == 22
    assert int(reply.headers["Retry-After"]) > 0
    maintenance.switch(on=False)
    assert client.send_raw(b"a=%FF").code == 40


def test_a_body_left_unread_for_maintenance_is_22_even_when_that_is_over(client: Client) -> None:
    reply = client.send({}, "POST", ReceivedBody(problem=BodyProblem.IN_MAINTENANCE))
    assert reply.code == 22
    assert int(reply.headers["Retry-After"]) > 0


def test_an_unreadable_call_comes_before_a_missing_parameter(client: Client) -> None:
    assert client.send_raw(b"a=%FF").code == 40
    assert client.send({}, "DELETE").code == 40
    body = ReceivedBody(problem=BodyProblem.UNREADABLE, detail="cut")
    assert client.send({}, "POST", body).code == 40


@pytest.mark.parametrize("name", ["apiKey", "signature", "action"])
def test_a_missing_or_empty_key_signature_or_action_comes_before_an_unknown_key(
    client: Client, name: str
) -> None:
    call = {"apiKey": "NOBODY", "signature": WRONG, "action": "none"}
    reply = client.send({**call, name: ""})
    assert reply.code == 30
    assert name in reply.headers["X-Bifolio-Reason"]
    assert client.send({key: value for key, value in call.items() if key != name}).code == 30


def test_an_unknown_or_revoked_key_comes_before_a_wrong_signature(client: Client) -> None:
    assert client.send(unsigned(client, apiKey="NOBODY")).code == 41
    revoke_key(actor=Actor.operator(), key=client.api_key)
    assert client.send(unsigned(client)).code == 41
    assert client.call("user.getStats").code == 41


def test_a_wrong_signature_comes_before_an_unknown_action(client: Client) -> None:
    assert client.send(unsigned(client, action="none")).code == 44


def test_a_changed_secret_key_leaves_no_signature_right_and_its_fix_in_the_log(client: Client) -> None:
    assert client.call("user.getStats").code == 20
    configure(secret_key="another than the one that sealed the secrets", calls_per_second=1)
    with capture_logs() as lines:
        reply = client.call("user.getStats", format="xml")
    assert (reply.http_status, reply.code) == (200, 44)
    assert "operator" in reply.headers["X-Bifolio-Reason"]
    assert [line["api_key"] for line in lines] == [client.api_key]
    assert "back to the old one" in lines[0]["fix"]
    assert client.call("user.getStats").code == 31


def test_a_wrong_signature_never_costs_the_owner_a_call(client: Client) -> None:
    configure(calls_per_second=2, calls_per_minute=None)
    attacker = Client(client.api_key, "wrong", address="198.51.100.7")
    assert [attacker.call("user.getStats").code for _ in range(4)] == [44, 44, 31, 31]
    assert attacker.call("user.getStats").headers["Retry-After"] == "1"
    assert [client.call("user.getStats").code for _ in range(3)] == [20, 20, 31]


def test_a_right_signature_is_not_blocked_by_wrong_ones_from_its_address(client: Client) -> None:
    configure(calls_per_second=None, calls_per_minute=2)
    wrong = Client(client.api_key, "wrong", address="198.51.100.8")
    assert [wrong.call("user.getStats").code for _ in range(3)] == [44, 44, 32]
    client.address = wrong.address
    assert client.call("user.getStats").code == 20


def test_the_rate_comes_before_an_unknown_action(client: Client) -> None:
    configure(calls_per_second=1)
    assert client.call("none").code == 42
    assert client.call("none").code == 31


def test_an_unknown_action_comes_before_a_missing_callback(client: Client) -> None:
    assert client.call("none", format="jsonp").code == 42


@pytest.mark.parametrize(
    "action", ["collection.downloadHTML", "zapier.getZapierLeadFormSample", "flipbook.add"]
)
def test_what_is_not_built_yet_is_an_unknown_action(client: Client, action: str) -> None:
    assert client.call(action).code == 42


def test_an_upload_by_get_comes_before_a_missing_callback(client: Client) -> None:
    assert client.call("collection.create", format="jsonp").code == 40
    assert client.call("collection.create", "POST", format="jsonp").code == 30


def test_the_callback_comes_before_the_methods_own_parameters(client: Client) -> None:
    assert "callback" in client.call("collection.getCollection", format="jsonp").headers["X-Bifolio-Reason"]
    assert client.call("collection.getCollection", format="jsonp", callback="a b").code == 40


def test_a_missing_parameter_a_malformed_hash_and_an_unknown_one_are_told_apart(client: Client) -> None:
    assert client.call("collection.getCollection").code == 30
    assert client.call("collection.getCollection", collectionHash="").code == 30
    assert client.call("collection.getCollection", collectionHash="NO").code == 46
    assert client.call("collection.getCollection", collectionHash="abcdefghij").code == 43


def test_processing_comes_before_the_checks_of_a_file(client: Client) -> None:
    flipbook = client.upload(make_pdf()).data["collectionHash"]
    update = {"action": "collection.update", "collectionHash": flipbook}
    assert client.upload(b"no pdf", count=2, more=update).code == 38
    convert_all()
    assert client.upload(b"no pdf", count=2, more=update).code == 36
    assert client.upload(b"no pdf", more=update).code == 45


def test_a_files_checks_come_in_their_order_and_before_the_quota(client: Client) -> None:
    configure(max_file_mb=1, max_pages=2, uploads_per_month=1)
    long, heavy = make_pdf(pages=3), make_pdf() + b"%" * 1_200_000
    assert client.upload(make_pdf(pages=1)).code == 20
    assert client.upload(b"x" * 1_200_000, count=2).code == 36
    assert client.upload(b"x" * 1_200_000).code == 45
    assert client.upload(b"").code == 45
    assert client.upload(heavy).code == 34
    assert client.upload(long).code == 35
    assert client.upload(make_pdf(pages=1)).code == 33


def test_an_answer_is_plain_json_until_the_signature_and_the_callback_are_good(client: Client) -> None:
    assert client.send(unsigned(client, format="xml")).code == 44
    assert client.send(unsigned(client, format="jsonp", callback="f")).code == 44
    assert client.call("none", format="jsonp", callback="a b").code == 42
    assert client.call("none", format="jsonp", callback="f").raw.startswith(b"/**/f({")
    assert client.call("none", format="xml").raw.startswith(b"<?xml")


def test_every_answer_has_an_id_and_every_refusal_a_reason(client: Client) -> None:
    good, bad = client.call("user.getStats"), client.call("none")
    assert len(good.headers["X-Request-Id"]) >= 8
    assert "X-Bifolio-Reason" not in good.headers
    assert bad.headers["X-Bifolio-Reason"] == "action none does not exist here"
    client.headers = {"X-Request-Id": "trace-12345"}
    assert client.call("user.getStats").headers["X-Request-Id"] == "trace-12345"


def test_a_fault_of_ours_is_500_with_json_and_tells_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(dispatcher, "find_signing_key", fail)
    reply = client.call("user.getStats", format="xml")
    assert reply.http_status == 500
    assert reply.body == {"code": 50, "status": "Internal server error"}
    assert b"secret" not in reply.raw
    assert "secret" not in str(reply.headers)


def test_too_many_uploads_under_way_are_31_with_a_time_to_wait(client: Client) -> None:
    reply = client.send({}, "POST", ReceivedBody(problem=BodyProblem.TOO_MANY_UPLOADS, detail="busy"))
    assert (reply.code, reply.headers["X-Bifolio-Reason"]) == (31, "busy")
    assert int(reply.headers["Retry-After"]) > 0


def test_a_boundary_shifted_into_an_unknown_name_has_no_effect(client: Client) -> None:
    flipbook = client.upload(make_pdf(), title="Kept").data["collectionHash"]
    convert_all()
    signed = client.signed({"action": "collection.update", "collectionHash": flipbook, "title": "Changed"})
    shifted = {**signed, "titleChanged": ""}
    del shifted["title"]
    assert client.send(shifted).code == 20
    assert client.call("collection.getCollection", collectionHash=flipbook).data["collectionTitle"] == "Kept"
