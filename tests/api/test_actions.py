"""Each action of the wire on the real domain: documents go in, are converted, and come out."""

import hashlib
import ipaddress
import re
import threading

import pytest
from django.apps import apps

from bifolio.accounts.models import Workspace
from bifolio.api import upload
from bifolio.infra.configuration import configuration
from bifolio.infra.received import ReceivedBody
from bifolio.publishing.models import Edition, Flipbook
from bifolio.stats.models import FlipbookDay, FlipbookTotal, PageTotal, WorkspaceTotal
from tests.api.client import Client, configure
from tests.api.conftest import convert_all
from tests.documents import make_image, make_pdf
from tests.infra.loopback import serve, whole
from tests.locked_documents import make_locked_pdf

pytestmark = pytest.mark.django_db
HASH = re.compile(r"[a-z0-9]{10}")


def publish(client: Client, **parameters: str) -> str:
    """Publish a document of three pages, convert it, and return its hash."""
    made: str = client.upload(make_pdf(pages=3), more=parameters).data["collectionHash"]
    convert_all()
    return made


def collection(client: Client, flipbook: str) -> dict[str, object]:
    shown: dict[str, object] = client.call("collection.getCollection", collectionHash=flipbook).data
    return shown


def incoming_files() -> list[str]:
    return [path.name for path in (configuration().data / "incoming").iterdir()]


def test_create_answers_at_once_with_the_collection(client: Client) -> None:
    made = client.upload(
        make_pdf(), "spring_2026.pdf", description="Said", collectionWidth="800", playerSettings='{"logo":1}'
    ).data
    assert HASH.fullmatch(made["collectionHash"])
    assert made["collectionTitle"] == "spring 2026"
    assert made["collectionDescription"] == "Said"
    assert (made["collectionWidth"], made["collectionHeight"]) == (800, 385)
    assert made["collectionStatus"] == "public"
    assert made["playerSettings"] == {"logo": 1}
    assert made["items"][0]["itemStatus"] == "processing"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", made["dateCreated"])
    assert incoming_files() == []


def test_the_conversion_ends_as_complete_with_its_pages(client: Client) -> None:
    item = collection(client, publish(client))["items"][0]  # type: ignore[index]
    assert (item["itemStatus"], item["itemPages"], item["itemProgress"]) == ("complete", 3, 100)
    assert "itemError" not in item


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_picture_becomes_a_book_of_one_page(client: Client, kind: str) -> None:
    made = client.upload(make_image(kind), f"photo.{kind}").data["collectionHash"]
    convert_all()
    assert collection(client, made)["items"][0]["itemPages"] == 1  # type: ignore[index]


def test_a_document_that_cannot_be_opened_is_accepted_and_fails_with_a_reason(client: Client) -> None:
    made = client.upload(b"%PDF-1.7 and nothing else").data["collectionHash"]
    convert_all()
    item = collection(client, made)["items"][0]  # type: ignore[index]
    assert item["itemStatus"] == "failed"
    assert "damaged" in item["itemError"]


def test_the_short_names_count_where_the_long_ones_are_absent(client: Client) -> None:
    made = client.upload(make_pdf(), width="700", collectionHeight="500", height="1", status="private").data
    assert (made["collectionWidth"], made["collectionHeight"]) == (700, 500)
    assert made["collectionStatus"] == "unlisted"


def test_player_settings_come_as_pairs_too(client: Client) -> None:
    made = client.upload(
        make_pdf(), more={"playerSettings[controlType]": "bar", "playerSettings[n]": "1"}
    ).data
    assert made["playerSettings"] == {"controlType": "bar", "n": "1"}


def test_without_file_and_file_url_a_parameter_is_missing(client: Client) -> None:
    assert client.call("collection.create", "POST").code == 30


def test_an_idempotency_key_gives_the_same_collection_and_counts_once(client: Client) -> None:
    configure(uploads_per_month=10)
    client.headers = {"Idempotency-Key": "issue-7"}
    hashes = {client.upload(make_pdf()).data["collectionHash"] for _ in range(3)}
    assert len(hashes) == 1
    assert client.call("user.getStats").data["api_uploads_left"] == 9
    client.headers = {"Idempotency-Key": "x" * 256}
    assert client.upload(make_pdf()).code == 40


def test_a_file_url_is_fetched_before_the_answer(client: Client) -> None:
    configure(private_networks=(ipaddress.ip_network("127.0.0.0/8"),))
    with serve(whole(make_pdf(pages=2))) as server:
        url = f"http://127.0.0.1:{server.port}/papers/winter_issue.pdf"
        made = client.call("collection.create", "POST", fileUrl=url).data
    convert_all()
    assert made["collectionTitle"] == "winter issue"
    assert collection(client, made["collectionHash"])["items"][0]["itemPages"] == 2  # type: ignore[index]
    assert incoming_files() == []


def test_whatever_fails_with_a_file_url_is_45_in_the_same_words(client: Client) -> None:
    refused = client.call("collection.create", "POST", fileUrl="http://169.254.169.254/latest/")
    configure(private_networks=(ipaddress.ip_network("127.0.0.0/8"),))
    closed = client.call("collection.create", "POST", fileUrl="http://127.0.0.1:9/")
    with serve(whole(b"<html>secret")) as server:
        page = client.call("collection.create", "POST", fileUrl=f"http://127.0.0.1:{server.port}/")
    replies = (refused, closed, page)
    assert {reply.code for reply in replies} == {45}
    assert len({reply.headers["X-Bifolio-Reason"] for reply in replies}) == 1
    assert not any(b"secret" in reply.raw for reply in replies)
    assert incoming_files() == []


def test_a_file_url_that_is_too_large_is_34(client: Client) -> None:
    configure(private_networks=(ipaddress.ip_network("127.0.0.0/8"),), max_file_mb=1)
    with serve(whole(b"%PDF" + b"x" * 2_000_000)) as server:
        reply = client.call("collection.create", "POST", fileUrl=f"http://127.0.0.1:{server.port}/")
    assert reply.code == 34


def test_a_file_wins_over_a_file_url_and_an_unused_field_does_not(client: Client) -> None:
    configure(private_networks=(ipaddress.ip_network("127.0.0.0/8"),))
    with serve(whole(make_pdf(pages=1))) as server:
        url = f"http://127.0.0.1:{server.port}/fetched.pdf"
        assert client.upload(make_pdf(), "sent.pdf", fileUrl=url).data["collectionTitle"] == "sent"
        assert server.connections == 0
        assert client.upload(b"", "", fileUrl=url).data["collectionTitle"] == "fetched"


def test_more_downloads_than_the_pool_holds_are_put_off(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "_free_fetchers", threading.BoundedSemaphore(1))
    with upload._free_fetchers:
        reply = client.call("collection.create", "POST", fileUrl="http://127.0.0.1:9/")
    assert reply.code == 31
    assert "Retry-After" in reply.headers


def test_update_changes_what_is_given_and_nothing_else(client: Client) -> None:
    flipbook = publish(client, title="Before", description="Said")
    after = client.call(
        "collection.update", collectionHash=flipbook, title="After", collectionWidth="900"
    ).data
    assert (after["collectionTitle"], after["collectionDescription"]) == ("After", "Said")
    assert (after["collectionWidth"], after["collectionHeight"]) == (900, 385)
    assert after["collectionHash"] == flipbook
    cleared = client.call("collection.update", collectionHash=flipbook, description="").data
    assert cleared["collectionDescription"] == ""


def test_publishing_a_draft_gives_it_its_final_hash_and_the_old_one_keeps_working(client: Client) -> None:
    draft = publish(client, collectionStatus="editable", title="Draft")
    final = client.call("collection.update", collectionHash=draft, collectionStatus="public").data[
        "collectionHash"
    ]
    assert final != draft
    for name in (draft, final):
        assert collection(client, name)["collectionHash"] == final
    assert client.call("collection.deleteCollection", collectionHash=draft).code == 20
    assert client.call("collection.getCollection", collectionHash=final).code == 43


def test_a_new_file_replaces_the_document_once_it_is_converted(client: Client) -> None:
    flipbook = publish(client)
    update = {"action": "collection.update", "collectionHash": flipbook}
    item = client.upload(make_pdf(pages=5), more=update).data["items"][0]
    assert (item["itemStatus"], item["itemPages"]) == ("complete", 3)
    assert client.upload(make_pdf(), more=update).code == 38
    convert_all()
    assert collection(client, flipbook)["items"][0]["itemPages"] == 5  # type: ignore[index]


def test_an_update_with_an_unused_file_field_keeps_the_document(client: Client) -> None:
    flipbook = publish(client)
    update = {"action": "collection.update", "collectionHash": flipbook, "title": "After"}
    after = client.upload(b"", "", more=update).data
    assert (after["collectionTitle"], after["items"][0]["itemPages"]) == ("After", 3)
    assert client.upload(b"", "").code == 45


def test_delete_answers_without_data_and_a_second_one_is_forbidden(client: Client) -> None:
    flipbook = publish(client)
    first = client.call("collection.deleteCollection", collectionHash=flipbook)
    assert first.raw == b'{"code":20,"status":"OK"}'
    assert client.call("collection.deleteCollection", collectionHash=flipbook).code == 43


@pytest.mark.parametrize(
    "action",
    [
        "collection.getCollection",
        "collection.update",
        "collection.deleteCollection",
        "collection.getEmbed",
        "collection.getStats",
    ],
)
def test_anothers_flipbook_looks_like_an_unknown_one(client: Client, stranger: Client, action: str) -> None:
    flipbook = publish(client)
    known, unknown = (stranger.call(action, collectionHash=name) for name in (flipbook, "abcdefghij"))
    assert known.raw == unknown.raw
    assert known.code == 43
    assert client.call("collection.getCollection", collectionHash=flipbook).code == 20


def test_the_embed_is_one_iframe_with_the_account_in_base64(client: Client) -> None:
    flipbook = publish(client, title='A "quoted" <b>')
    code = client.call("collection.getEmbed", collectionHash=flipbook, startPage="3").data["embedCode"]
    assert re.fullmatch(
        r'<iframe src="http://127\.0\.0\.1:8000/\?hash=[A-Za-z0-9+/=]+&p=3" width="650" height="385" '
        r'title="A &quot;quoted&quot; &lt;b&gt;" seamless="seamless" scrolling="no" frameBorder="0" '
        r'allowFullScreen allow="autoplay; clipboard-read; clipboard-write"></iframe>',
        code,
    )
    responsive = client.call(
        "collection.getEmbed", collectionHash=flipbook, responsive="True", width="5"
    ).data
    assert 'width="100%" height="100%"' in responsive["embedCode"]


def test_the_list_filters_orders_and_cuts(client: Client) -> None:
    for title, status in (("Beta", "public"), ("Alpha", "unlisted"), ("Gamma Müller", "public")):
        client.upload(make_pdf(pages=1), title=title, collectionStatus=status)

    def titles(**parameters: str) -> list[str]:
        found = client.call("collection.getList", **parameters).data
        return [shown["collectionTitle"] for shown in found["collections"]]

    assert titles() == ["Gamma Müller", "Alpha", "Beta"]
    assert titles(orderBy="name", orderMode="asc") == ["Alpha", "Beta", "Gamma Müller"]
    assert titles(orderBy="name", orderMode="desc", to="0") == ["Gamma Müller"]
    assert titles(orderMode="asc") == ["Beta", "Alpha", "Gamma Müller"]
    assert titles(**{"from": "1", "to": "1"}) == ["Alpha"]
    assert titles(**{"from": "1", "limit": "5"}) == ["Alpha", "Beta"]
    assert titles(**{"from": "9"}) == titles(limit="0") == []
    assert titles(query="müller") == ["Gamma Müller"]
    assert titles(collectionStatus="private") == ["Alpha"]
    assert client.call("collection.getList", limit="1").data["collectionCount"] == 3
    assert client.call("collection.getList", limit="5000").code == 20
    assert client.call("collection.getList", **{"from": "-1"}).code == 40


def test_statistics_of_a_flipbook_by_days_and_pages(client: Client, workspace: Workspace) -> None:
    name = publish(client)
    row = Flipbook.objects.get(hash=name)
    counts = {"impressions": 7, "views": 5, "time_spent_s": 61, "downloads": 2}
    FlipbookTotal.objects.create(workspace_id=workspace.pk, flipbook_id=row.pk, **counts)
    FlipbookDay.objects.create(
        workspace_id=workspace.pk, flipbook_id=row.pk, day="2026-11-20", **{**counts, "views": 1}
    )
    PageTotal.objects.create(flipbook_id=row.pk, page=2, views=4, clicks=3, time_spent_s=30)
    WorkspaceTotal.objects.create(workspace_id=workspace.pk, **counts)

    def stats(**parameters: str) -> dict[str, object]:
        answer: dict[str, object] = client.call("collection.getStats", collectionHash=name, **parameters).data
        return answer

    assert stats() == {"impressions": 7, "views": 5, "time_spent": 61, "downloads": 2}
    assert stats(startDate="2026-11-20", endDate="2026-11-20")["views"] == 1
    assert stats(startDate="2026-11-21")["views"] == 0
    assert stats(includePageStats="on")["pages"] == [
        {"page": 1, "time_spent": 0, "clicks": 0, "views": 0},
        {"page": 2, "time_spent": 30, "clicks": 3, "views": 4},
        {"page": 3, "time_spent": 0, "clicks": 0, "views": 0},
    ]
    user = client.call("user.getStats").data
    assert {key: user[key] for key in stats()} == stats()


def test_dates_that_cannot_be_are_a_bad_request(client: Client) -> None:
    name = publish(client)
    for dates in ({"startDate": "soon"}, {"startDate": "2026-11-21", "endDate": "2026-11-20"}):
        assert client.call("collection.getStats", collectionHash=name, **dates).code == 40


def test_uploads_left_fall_by_one_for_each_and_are_a_great_number_without_a_limit(client: Client) -> None:
    configure(uploads_per_month=2)
    client.upload(make_pdf(pages=1))
    assert client.call("user.getStats").data["api_uploads_left"] == 1
    client.upload(b"no book")
    assert client.call("user.getStats").data["api_uploads_left"] == 1
    client.upload(b"%PDF damaged")
    assert client.call("user.getStats").data["api_uploads_left"] == 0
    configure(uploads_per_month=None)
    assert client.call("user.getStats").data["api_uploads_left"] == 2147483647


def test_reads_may_be_posted_as_a_form_and_raw_utf8_is_understood(client: Client) -> None:
    client.upload(make_pdf(pages=1), title="Müller")
    call = client.signed({"action": "collection.getList", "query": "Müller"})
    raw = "&".join(f"{name}={value}" for name, value in call.items()).encode()
    assert client.send_raw(raw).data["collectionCount"] == 1
    assert client.send({}, "POST", ReceivedBody(form=raw)).data["collectionCount"] == 1


def test_the_original_is_stored_once_with_its_hash(client: Client) -> None:
    content = make_pdf()
    client.upload(content)
    assert Edition.objects.get().sha256 == hashlib.sha256(content).hexdigest()


def test_a_documents_password_is_kept_sealed_and_nowhere_else(
    client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    password = "zebra-crossing-41"
    locked = make_locked_pdf(password)
    made = client.upload(locked, filePassword=password)
    convert_all()
    found = client.call("collection.getCollection", collectionHash=made.data["collectionHash"])
    assert found.data["items"][0]["itemStatus"] == "complete"
    edition = Edition.objects.get()
    assert edition.password == password
    rows = [repr(row) for model in apps.get_models() for row in model._default_manager.values()]
    assert not [row for row in rows if password in row]
    kept = [path for path in configuration().data.rglob("*") if path.is_file()]
    assert not [path for path in kept if password.encode() in path.read_bytes()]
    written = capfd.readouterr()
    assert password not in written.out + written.err
