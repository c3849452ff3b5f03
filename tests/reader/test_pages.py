"""The addresses of section 8 of the wire contract, as a browser without script gets them."""

import base64
import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
from django.db import OperationalError
from django.test import Client

from bifolio.conversion.events import FailureReason
from bifolio.infra.configuration import configuration
from bifolio.kernel.visit_token import read_visit_token
from bifolio.publishing import services
from bifolio.publishing.links import (
    cover_link,
    direct_link,
    direct_path,
    edition_pass,
    edition_preview_link,
    player_link,
)
from bifolio.publishing.models import Edition, EditionState, Flipbook, FlipbookStatus
from bifolio.publishing.services import FlipbookDetails
from bifolio.reader import visits
from bifolio.reader.views import documents, player
from bifolio.stats.models import FlipbookTotal
from tests.converting import OPERATOR, convert, convert_whole, publish
from tests.documents import incoming, make_pdf

pytestmark = pytest.mark.django_db
MANIFEST_SCHEMA = json.loads(Path("contracts/manifest.schema.json").read_text("utf-8"))
HOSTILE_TITLE = "</script><script>alert(1)</script> \" ' & \r\nSet-Cookie: x=y"


@pytest.fixture
def book() -> Flipbook:
    return convert(publish(make_pdf(pages=4, title="Paper and Folding", language="en-GB")))


@pytest.fixture
def draft() -> Flipbook:
    return convert(publish(details=FlipbookDetails(status=FlipbookStatus.EDITABLE)))


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def bootstrap_of(response: Any) -> dict[str, Any]:
    found = re.search(
        r'<script type="application/json" id="bifolio-bootstrap">(.*?)</script>', text(response)
    )
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def without_script(page: str) -> str:
    """What stands in the body for readers without script."""
    body = page.partition("<body>")[2]
    return body.partition("<noscript>")[2].partition("</noscript>")[0]


def locked(*_: object, **__: object) -> None:
    raise OperationalError("database is locked")


def text(response: Any) -> str:
    return str(response.content.decode())


class TestPlayerPage:
    def test_every_address_of_an_embed_shows_the_player(self, client: Client, book: Flipbook) -> None:
        encoded = base64.b64encode(f"{book.workspace.account_id}+{book.hash}".encode()).decode()
        for address in (
            f"/?hash={encoded}",
            f"/?hash={encoded.rstrip('=')}",
            f"/?hash={encoded.replace('=', '%3D')}",
            f"/?hash={book.hash}&wmode=opaque&t=1",
            f"/widget/v2/widget.html?hash={encoded}",
            f"/widget/flipsnackwidget.html?hash={encoded}&bgcolor=EEEEEE",
            path_of(player_link(book)),
        ):
            response = client.get(address)
            assert response.status_code == 200, address
            assert bootstrap_of(response)["host"] == "embed"

    def test_page_one_and_its_text_stand_in_the_answer(self, client: Client, book: Flipbook) -> None:
        page = text(client.get(path_of(player_link(book))))
        first = book.shown_edition.pages.get(number=1)
        assert f'src="/f/{book.shown_edition.token}/{first.medium}"' in page
        noscript = without_script(page)
        assert "Page 1 of the test document" in noscript
        assert direct_path(book, "text.html") in noscript
        assert f"/download/{book.hash}?visit=" in noscript

    def test_without_script_a_book_in_the_making_looks_again_by_itself(self, client: Client) -> None:
        page = text(client.get(f"/?hash={publish(make_pdf(pages=4)).hash}"))
        assert "is being prepared" in without_script(page)
        assert '<noscript><meta http-equiv="refresh"' in page

    def test_a_deep_link_brings_its_own_page(self, client: Client, book: Flipbook) -> None:
        response = client.get(path_of(player_link(book, start_page=3)))
        assert bootstrap_of(response)["startPage"] == 3
        assert book.shown_edition.pages.get(number=3).medium in text(response)

    def test_a_page_beyond_the_end_opens_the_last(self, client: Client, book: Flipbook) -> None:
        for asked, number in (("99", 99), ("9" * 40, 999_999)):
            bootstrap = bootstrap_of(client.get(f"/?hash={book.hash}&p={asked}"))
            assert (bootstrap["startPage"], bootstrap["askedPage"]) == (4, number)

    def test_the_manifest_keeps_its_contract(self, client: Client, book: Flipbook) -> None:
        manifest = bootstrap_of(client.get(f"/?hash={book.hash}"))["manifest"]
        jsonschema.validate(manifest, MANIFEST_SCHEMA)

    def test_a_book_that_is_still_converting_has_its_player_already(self, client: Client) -> None:
        book = publish(make_pdf(pages=4))
        response = client.get(f"/?hash={book.hash}")
        manifest = bootstrap_of(response)["manifest"]
        jsonschema.validate(manifest, MANIFEST_SCHEMA)
        assert (manifest["state"], manifest["pages"]) == ("processing", [None] * 4)

    def test_a_failed_book_speaks_to_readers_and_keeps_the_reason_to_its_publisher(
        self, client: Client
    ) -> None:
        book = convert(publish(b"%PDF-1.4 broken"))
        response = client.get(f"/?hash={book.hash}")
        manifest = bootstrap_of(response)["manifest"]
        jsonschema.validate(manifest, MANIFEST_SCHEMA)
        assert "publisher" in manifest["error"]
        assert "This publication cannot be shown" in without_script(text(response))
        for word in ("damaged", "upload", "Export", "Read the whole text"):
            assert word not in text(response)

    def test_a_hostile_title_stays_text(self, client: Client) -> None:
        book = convert(publish(details=FlipbookDetails(title=HOSTILE_TITLE)))
        for address in (f"/?hash={book.hash}", direct_path(book), direct_path(book, "text.html")):
            response = client.get(address)
            body = b"".join(response) if response.streaming else response.content
            assert b"<script>alert(1)" not in body

    def test_the_policy_allows_no_inline_script_and_any_frame(self, client: Client, book: Flipbook) -> None:
        policy = client.get(f"/?hash={book.hash}")["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors" not in policy

    def test_every_load_is_a_visit_of_its_own(self, client: Client, book: Flipbook) -> None:
        first, second = (client.get(f"/?hash={book.hash}") for _ in range(2))
        tokens = [bootstrap_of(response)["manifest"]["visitToken"] for response in (first, second)]
        assert tokens[0] != tokens[1]
        assert first["Cache-Control"] == "no-store"


class TestDirectLink:
    def test_it_carries_cards_and_structured_data(self, client: Client, book: Flipbook) -> None:
        page = text(client.get(direct_path(book)))
        for wanted in ("og:title", "og:image", "twitter:card", '"@type":"DigitalDocument"', "datePublished"):
            assert wanted in page
        assert f'<iframe id="player-iframe" src="{direct_path(book, "full-view.html")}"' in page
        assert "application/json+oembed" in page
        assert "noindex" not in page

    def test_old_titles_and_profiles_lead_to_the_new_address(self, client: Client, book: Flipbook) -> None:
        for old in (f"/elsewhere/an-old-title-{book.hash}.html", f"/x/-{book.hash}.html"):
            response = client.get(f"{old}?p=3")
            assert (response.status_code, response["Location"]) == (302, direct_path(book) + "?p=3")
        for sub_page in ("full-view.html", "text.html"):
            response = client.get(f"/x/y-{book.hash}/{sub_page}")
            assert (response.status_code, response["Location"]) == (302, direct_path(book, sub_page))

    def test_an_unlisted_book_asks_not_to_be_indexed(self, client: Client) -> None:
        book = convert(publish(details=FlipbookDetails(status=FlipbookStatus.UNLISTED)))
        assert "noindex" in text(client.get(direct_path(book)))

    def test_the_full_view_is_a_page_of_its_own(self, client: Client, book: Flipbook) -> None:
        assert bootstrap_of(client.get(direct_path(book, "full-view.html")))["host"] == "page"

    def test_a_title_in_another_script_still_makes_an_address(self, client: Client) -> None:
        book = convert(publish(details=FlipbookDetails(title="紙と折り目")))
        assert client.get(direct_path(book)).status_code == 200


class TestAccess:
    def test_a_draft_looks_like_what_does_not_exist(self, client: Client, draft: Flipbook) -> None:
        missing, hidden = client.get("/?hash=zzzzzzzzzz"), client.get(f"/?hash={draft.hash}")
        assert (missing.status_code, hidden.status_code) == (404, 404)
        assert missing.content == hidden.content

    def test_a_preview_link_opens_a_draft_everywhere(self, client: Client, draft: Flipbook) -> None:
        player = client.get(path_of(player_link(draft)))
        manifest = bootstrap_of(player)["manifest"]
        assert manifest["files"].startswith("/g/")
        links = manifest["links"]
        for address in (
            path_of(direct_link(draft)),
            path_of(cover_link(draft)),
            *map(path_of, links.values()),
        ):
            assert client.get(address).status_code == 200, address

    def test_a_preview_is_never_renewed_by_the_page_that_it_opens(
        self, client: Client, draft: Flipbook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = path_of(player_link(draft))
        preview = address.partition("&preview=")[2]
        in_two_hours = time.time() + 2 * 60 * 60
        monkeypatch.setattr("bifolio.publishing.links.time.time", lambda: in_two_hours)
        page = client.get(address).content.decode()
        assert set(re.findall(r"preview(?:=|%3D)([0-9]+[.][0-9A-Za-z_-]+)", page)) == {preview}

    def test_a_preview_pass_of_one_draft_opens_no_other(self, client: Client, draft: Flipbook) -> None:
        other = convert(publish(details=FlipbookDetails(status=FlipbookStatus.EDITABLE)))
        preview = path_of(player_link(other)).partition("&preview=")[2]
        assert client.get(f"/?hash={draft.hash}&preview={preview}").status_code == 404

    @pytest.mark.parametrize("preview", ["", "x", "1.x", "99999999999.", "٣.x", "9" * 30 + ".x"])
    def test_a_made_up_pass_opens_nothing(self, client: Client, draft: Flipbook, preview: str) -> None:
        assert client.get(f"/?hash={draft.hash}&preview={preview}").status_code == 404

    def test_nothing_of_a_deleted_book_opens(self, client: Client, book: Flipbook) -> None:
        manifest = bootstrap_of(client.get(f"/?hash={book.hash}"))["manifest"]
        services.delete_flipbook(actor=OPERATOR, flipbook=book)
        addresses = [path_of(address) for address in manifest["links"].values()]
        for address in (f"/?hash={book.hash}", direct_path(book), path_of(cover_link(book)), *addresses):
            assert client.get(address).status_code == 404, address

    def test_who_guesses_hashes_is_slowed_down(self, client: Client, book: Flipbook) -> None:
        guesser = Client(REMOTE_ADDR="203.0.113.9")
        answers = [guesser.get(f"/?hash=guess{n:05}").status_code for n in range(130)]
        assert answers[0] == 404
        assert answers[-1] == 429
        assert guesser.get(f"/?hash={book.hash}").status_code == 429
        assert client.get(f"/?hash={book.hash}", REMOTE_ADDR="203.0.113.10").status_code == 200


class TestDocuments:
    def test_the_manifest_comes_in_stretches(self, client: Client) -> None:
        book = convert(publish(make_pdf(pages=120)))
        deep = bootstrap_of(client.get(f"/?hash={book.hash}&p=115"))["manifest"]
        assert (deep["from"], len(deep["pages"])) == (100, 20)
        first = client.get(f"/manifest/{book.hash}").json()
        rest = client.get(f"/manifest/{book.hash}?from=100").json()
        assert (len(first["pages"]), len(rest["pages"]), rest["from"]) == (100, 20, 100)
        assert client.get(f"/manifest/{book.hash}?from=x").status_code == 400

    @pytest.mark.parametrize(
        ("label", "start"),
        [("cxi", 100), (" CXI ", 100), ("xcix", 0), ("110", 100), ("115", 0), ("999", 100)],
    )
    def test_the_manifest_comes_around_a_label(self, client: Client, label: str, start: int) -> None:
        book = convert(publish(make_pdf(pages=120)))
        labels = [*(str(number) for number in range(1, 121))]
        labels[98], labels[110], labels[114], labels[1] = "xcix", "cxi", "A-1", "115"
        Edition.objects.filter(pk=book.shown_edition.pk).update(page_labels=labels)
        assert client.get(f"/manifest/{book.hash}", {"label": label}).json()["from"] == start

    def test_the_manifest_can_be_read_from_an_opaque_origin(self, client: Client, book: Flipbook) -> None:
        assert client.get(f"/manifest/{book.hash}")["Access-Control-Allow-Origin"] == "*"

    def test_the_cover_comes_in_every_size(self, client: Client, book: Flipbook) -> None:
        for size in ("thumb", "small", "medium", "original"):
            response = client.get(path_of(cover_link(book, size)))
            assert response["X-Bifolio-File"].startswith(f"pages/{book.shown_edition.token}/1-")
            assert response["Content-Type"].startswith("image/")

    def test_the_text_of_every_page_is_there(self, client: Client, book: Flipbook) -> None:
        response = client.get(direct_path(book, "text.html"))
        page = b"".join(response).decode()
        assert all(f"Page {number} of the test document" in page for number in range(1, 5))
        assert 'lang="en-GB"' in page
        assert f'href="{direct_path(book)}"' in page

    def test_a_download_is_counted_once_a_visit(self, client: Client, book: Flipbook) -> None:
        manifest = bootstrap_of(client.get(f"/?hash={book.hash}"))["manifest"]
        address = manifest["links"]["download"]
        client.head(address)
        client.get(address, HTTP_RANGE="bytes=100-200")
        assert not FlipbookTotal.objects.filter(flipbook_id=book.pk, downloads__gt=0).exists()
        for _ in range(3):
            response = client.get(address)
        assert response["X-Bifolio-File"] == book.shown_edition.original
        assert FlipbookTotal.objects.get(flipbook_id=book.pk).downloads == 1

    def test_a_database_that_takes_no_counts_keeps_no_document_from_its_reader(
        self, client: Client, book: Flipbook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = bootstrap_of(client.get(path_of(player_link(book))))["manifest"]["links"]["download"]
        monkeypatch.setattr(documents, "record_download", locked)
        assert client.get(address).status_code == 200

    def test_a_database_that_does_not_answer_is_503_and_says_when_to_come_back(
        self, client: Client, book: Flipbook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(player, "readable_flipbook", locked)
        response = client.get(path_of(player_link(book)))
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert "database is locked" not in text(response)

    def test_a_download_names_the_file_safely(self, client: Client) -> None:
        book = convert(publish(details=FlipbookDetails(title=HOSTILE_TITLE)))
        disposition = client.get(f"/download/{book.hash}")["Content-Disposition"]
        assert disposition.startswith("attachment")
        assert "\n" not in disposition
        assert "/" not in disposition

    def test_a_download_runs_nowhere(self, client: Client, book: Flipbook) -> None:
        response = client.get(f"/download/{book.hash}")
        assert "sandbox" in response["Content-Security-Policy"]
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"

    def test_a_publisher_can_switch_downloads_off(self, client: Client) -> None:
        book = convert(publish(details=FlipbookDetails(player_settings={"allowDownload": False})))
        manifest = bootstrap_of(client.get(f"/?hash={book.hash}"))["manifest"]
        assert "download" not in manifest["links"]
        assert client.get(f"/download/{book.hash}").status_code == 404

    def test_oembed_shrinks_into_the_bounds(self, client: Client, book: Flipbook) -> None:
        answer = client.get("/oembed", {"url": direct_link(book), "maxwidth": "325"}).json()
        assert (answer["type"], answer["width"], answer["height"]) == ("rich", 325, 192)
        assert player_link(book) in answer["html"]

    def test_oembed_knows_no_drafts(self, client: Client, draft: Flipbook) -> None:
        assert client.get("/oembed", {"url": direct_link(draft)}).status_code == 404


def test_the_bare_address_says_what_this_is(client: Client) -> None:
    assert "bifolio publish" in text(client.get("/"))


OTHER = ["/nowhere", "/v2", "/a/b.html", "/manifest/../../x", "/A/collections/x/covers/page_1/huge"]


@pytest.mark.parametrize("address", OTHER)
def test_other_addresses_get_a_plain_page(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "not available" in text(response)


def test_an_address_with_thousands_of_fields_gets_a_page_of_ours(client: Client, book: Flipbook) -> None:
    fields = "&".join(f"utm{number}={number}" for number in range(1500))
    for path in ("/", direct_path(book), direct_path(book, "full-view.html"), direct_path(book, "text.html")):
        response = client.get(f"{path}?hash={book.hash}&{fields}")
        assert response.status_code == 400, path
        assert "This link is not one of ours" in text(response)


class TestEditions:
    """What a reader gets while one edition takes the place of another, and the owner of a failed one."""

    def bring(self, book: Flipbook, pages: int) -> Edition:
        file = incoming(configuration().data / "incoming", make_pdf(pages=pages))
        book = services.update_flipbook(actor=OPERATOR, flipbook=book, details=FlipbookDetails(), file=file)
        assert book.next_edition is not None
        return book.next_edition

    def fail_after_first_page(self, edition: Edition) -> None:
        """Leave an edition of which the conversion has reached page 1 alone."""
        convert_whole(edition.pk)
        edition.pages.filter(number__gt=1).delete()
        Edition.objects.filter(pk=edition.pk).update(
            state=EditionState.FAILED, failure=FailureReason.OUT_OF_TIME, pages_done=1
        )

    def test_a_visit_reads_on_in_the_edition_that_it_has_opened(self, client: Client, book: Flipbook) -> None:
        old = bootstrap_of(client.get(direct_path(book, "full-view.html")))["manifest"]
        convert_whole(self.bring(book, 2).pk)
        again = client.get(old["links"]["manifest"]).json()
        assert (again["files"], again["pageCount"]) == (old["files"], 4)
        assert client.get(old["links"]["download"])["X-Bifolio-File"] == book.shown_edition.original
        new = bootstrap_of(client.get(direct_path(book, "full-view.html")))["manifest"]
        assert (new["files"] != old["files"], new["pageCount"]) == (True, 2)

    def test_when_the_opened_edition_is_gone_the_shown_one_comes(
        self, client: Client, book: Flipbook
    ) -> None:
        old = bootstrap_of(client.get(direct_path(book, "full-view.html")))["manifest"]
        convert_whole(self.bring(book, 2).pk)
        book.shown_edition.delete()
        assert client.get(old["links"]["manifest"]).json()["pageCount"] == 2

    def test_readers_of_a_failed_edition_see_that_there_is_no_book(
        self, client: Client, book: Flipbook
    ) -> None:
        self.fail_after_first_page(book.shown_edition)
        manifest = bootstrap_of(client.get(direct_path(book, "full-view.html")))["manifest"]
        assert (manifest["state"], "reachedPages" in manifest) == ("failed", False)
        assert "too long" not in manifest["error"]

    def test_words_and_cover_of_a_failed_edition_are_its_owners_alone(
        self, client: Client, book: Flipbook
    ) -> None:
        self.fail_after_first_page(book.shown_edition)
        words = "of the test document"
        cover = path_of(cover_link(book))
        pages = [direct_path(book), *(direct_path(book, page) for page in ("full-view.html", "text.html"))]
        for path in pages:
            response = client.get(path)
            page = response.getvalue().decode()
            assert (response.status_code, words in page) == (200, False), path
            assert '<meta name="robots" content="noindex">' in page
            assert not re.search(
                'name="description"|og:image|og:description|thumbnailUrl|class="first-page"', page
            )
        manifest = client.get(f"/manifest/{book.hash}").json()
        jsonschema.validate(manifest, MANIFEST_SCHEMA)
        assert (manifest["description"], manifest["pages"]) == ("", [None] * 4)
        assert "thumbnail_url" not in client.get("/oembed", {"url": direct_link(book)}).json()
        assert client.get(cover).status_code == 404
        preview = {"preview": edition_pass(book.shown_edition)}
        assert words in client.get(pages[2], preview).getvalue().decode()
        assert client.get(cover, preview).status_code == 200

    def test_its_owner_sees_the_reached_pages_and_why_and_is_not_counted(
        self, client: Client, book: Flipbook
    ) -> None:
        failed = self.bring(book, 3)
        self.fail_after_first_page(failed)
        link = path_of(edition_preview_link(failed))
        assert client.get(link).status_code == 200
        page = client.get(link.replace(".html", "/full-view.html"))
        manifest = bootstrap_of(page)["manifest"]
        jsonschema.validate(manifest, MANIFEST_SCHEMA)
        assert (manifest["state"], manifest["reachedPages"], manifest["pageCount"]) == ("failed", 1, 3)
        assert "too long" in manifest["error"]
        assert client.get(manifest["links"]["manifest"]).json()["reachedPages"] == 1
        visit = read_visit_token(manifest["visitToken"], visits._key(), time.time())
        assert visit.own_team

    def test_a_pass_opens_its_own_edition_and_nothing_else(
        self, client: Client, book: Flipbook, draft: Flipbook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        preview = edition_pass(draft.shown_edition)
        assert client.get(direct_path(draft), {"preview": preview}).status_code == 200
        for forged in (preview[:-1], preview.replace(f".{draft.shown_edition.pk}.", ".1."), f"{preview}x"):
            assert client.get(direct_path(draft), {"preview": forged}).status_code == 404
        assert (
            client.get(direct_path(draft), {"preview": edition_pass(book.shown_edition)}).status_code == 404
        )
        later = time.time() + 26 * 3600
        monkeypatch.setattr(time, "time", lambda: later)
        assert client.get(direct_path(draft), {"preview": preview}).status_code == 404
