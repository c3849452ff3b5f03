"""The page that shows all words of a flipbook."""

import base64
import hashlib
import re

import pytest
from django.test import Client

from bifolio.infra.storage import storage
from bifolio.publishing.links import direct_path
from bifolio.publishing.models import Edition, EditionState, Flipbook
from tests.conversion.pdfs import PdfFile, PdfPage, line_of
from tests.conversion.test_layers import marked, tagged
from tests.converting import convert, publish

pytestmark = pytest.mark.django_db


def shown(client: Client, book: Flipbook) -> str:
    return b"".join(client.get(direct_path(book, "text.html"))).decode()


def test_a_tagged_document_is_shown_with_its_structure(client: Client) -> None:
    tree = [
        "<< /S /Document /P 1000 0 R /K [1003 0 R 1004 0 R] >>",
        "<< /S /H1 /P 1002 0 R /Pg 10 0 R /K 0 >>",
        '<< /S /Figure /P 1002 0 R /Pg 10 0 R /Alt ("><script>alert\\(1\\)</script>) /K [] >>',
    ]
    file = tagged(tree, marked("H1", 0, "The heading", 700), language="nl")
    file.objects[1] = "<< /Nums [0 [1003 0 R 1004 0 R]] >>"
    page = shown(client, convert(publish(file.build())))
    assert '<html lang="nl" dir="ltr">' in page
    assert '<h3 dir="ltr">The heading</h3>' in page
    assert "<script" not in page
    assert "&quot;&gt;&lt;script&gt;alert(1)" in page


def test_scans_and_labels_are_named(client: Client) -> None:
    pages = [PdfPage(b"0 0 100 100 re f"), PdfPage(line_of("Words")), PdfPage(b"")]
    labels = "/PageLabels << /Nums [0 << /S /r >> 1 << /S /D >>] >>"
    page = shown(client, convert(publish(PdfFile(pages, labels).build())))
    first, second, third = page.split("<section ")[1:]
    assert "Page 1 (i)" in first
    assert "This page is a picture; it has no text." in first
    assert '<p dir="ltr">Words</p>' in second
    assert "This page has no text." in third


def test_its_policy_allows_the_style_that_it_brings(client: Client) -> None:
    book = convert(publish(PdfFile([PdfPage()]).build()))
    response = client.get(direct_path(book, "text.html"))
    page = b"".join(response).decode()
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in response["Content-Security-Policy"]


def test_words_are_shown_where_the_layers_are_gone(client: Client) -> None:
    book = convert(publish(PdfFile([PdfPage(line_of("Kept words"))]).build()))
    storage().delete_prefix(book.shown_edition.folder)
    assert '<p dir="ltr">Kept words</p>' in shown(client, book)


def test_a_book_in_the_making_is_shown_up_to_its_first_gap_and_says_so(client: Client) -> None:
    assert "is being prepared" in shown(client, publish())
    book = convert(publish(PdfFile([PdfPage(line_of(f"Words {n}")) for n in range(1, 6)]).build()))
    whole = shown(client, book)
    assert "The words of all pages" in whole
    assert "refresh" not in whole
    Edition.objects.filter(flipbook=book).update(state=EditionState.PROCESSING)
    book.shown_edition.pages.filter(number=3).delete()
    page = shown(client, book)
    assert "is being prepared: so far 2 of 5 pages." in page
    assert '<meta http-equiv="refresh"' in page
    assert re.findall(r"Words \d", page) == ["Words 1", "Words 2"]
