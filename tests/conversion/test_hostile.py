"""Documents made to harm: each ends in a documented state, and none takes more than its share.

P1 to P16 are the threats of docs/develop/hostile-documents.md. Those that eat memory or time are in
test_hostile_work.py.
"""

import json
from pathlib import Path

import pytest

from bifolio.conversion.events import ConversionLimits, PageConverted
from bifolio.conversion.reasons import FailureReason, PlaceholderReason
from bifolio.conversion.sniff import sniff
from tests.conversion.conftest import Convert, convert_file
from tests.conversion.pdfs import PdfFile, PdfPage, line_of, stream_of

QUICK = ConversionLimits(page_timeout_s=3)
HUGE = 10**9


def links_of(page: PageConverted) -> list[dict[str, object]]:
    return json.loads(page.layers)["links"] if page.layers else []


def link_page(*actions: str) -> PdfPage:
    annotations = " ".join(
        f"<< /Type /Annot /Subtype /Link /Rect [{20 * n % 400} 50 {20 * n % 400 + 15} 65] {action} >>"
        for n, action in enumerate(actions)
    )
    return PdfPage(extra=f"/Annots [{annotations}]")


def uri(address: str) -> str:
    return f"/A << /S /URI /URI ({address}) >>"


@pytest.mark.parametrize(
    "box",
    [
        "0 0 14400 14400",
        f"0 0 {HUGE} {HUGE}",
        "0 0 0 0",
        "0 0 595 2147483648",
        "a b c d",
        "9 9 1 1",
        "0 0 0.001 0.001",
    ],
)
def test_no_size_of_a_page_breaks_the_book(convert_bytes: Convert, box: str) -> None:
    """P1: huge pages, and other sizes."""
    outcome = convert_bytes(PdfFile([PdfPage(media_box=box), PdfPage(line_of("after"))]).build())
    assert outcome.failure is None
    assert [page.number for page in outcome.pages] == [1, 2]
    assert outcome.pages[1].text == "after"
    assert outcome.pages[0].placeholder in {None, PlaceholderReason.SHAPE}
    for image in (outcome.pages[0].small, outcome.pages[0].medium, outcome.pages[0].large):
        assert 1 <= image.width_px <= 1800
        assert 1 <= image.height_px <= 6000


def test_a_crop_box_outside_of_the_page_gives_a_placeholder(convert_bytes: Convert) -> None:
    """P2: a page of no size."""
    outside = PdfPage(extra="/CropBox [2000 2000 3000 3000]")
    outcome = convert_bytes(PdfFile([outside, PdfPage()]).build())
    assert outcome.failure is None
    assert outcome.pages[0].placeholder is PlaceholderReason.SHAPE


@pytest.mark.parametrize("count", [10_000, 100_000])
def test_a_flood_of_pages_is_refused_by_its_count(convert_bytes: Convert, count: int) -> None:
    """P3: floods of pages."""
    tree = f"/Type /Pages /Count {count} /Kids [{'10 0 R ' * count}]"
    outcome = convert_bytes(PdfFile([PdfPage()], page_tree=tree).build())
    assert outcome.failure is not None
    assert outcome.failure.reason is FailureReason.TOO_MANY_PAGES
    assert outcome.pages == []


def test_a_million_pages_in_a_few_thousand_bytes_are_refused(convert_bytes: Convert) -> None:
    """P3: one page, listed a thousand times by each of a thousand nodes."""
    node = f"<< /Type /Pages /Parent 2 0 R /Count 1000 /Kids [{'10 0 R ' * 1000}] >>"
    tree = f"/Type /Pages /Count 1000000 /Kids [{'1000 0 R ' * 1000}]"
    outcome = convert_bytes(PdfFile([PdfPage()], page_tree=tree, objects=[node]).build())
    assert outcome.failure is not None
    assert outcome.failure.reason is FailureReason.TOO_MANY_PAGES
    assert outcome.pages == []


def test_a_page_tree_of_endless_depth_ends(convert_bytes: Convert) -> None:
    """P4: deep page trees."""
    nodes = [f"<< /Type /Pages /Count 1 /Kids [{1001 + level} 0 R] >>" for level in range(20_000)]
    tree = "/Type /Pages /Count 1 /Kids [1000 0 R]"
    outcome = convert_bytes(PdfFile([PdfPage()], page_tree=tree, objects=nodes).build())
    assert outcome.failure is not None
    assert outcome.failure.reason in {FailureReason.NO_PAGES, FailureReason.NO_PAGE_RENDERED}


@pytest.mark.parametrize(
    "tree", ["/Type /Pages /Count 0 /Kids []", "/Type /Pages /Count 3 /Kids [2 0 R 2 0 R]"]
)
def test_a_page_tree_without_pages_fails(convert_bytes: Convert, tree: str) -> None:
    """P4: empty page trees."""
    outcome = convert_bytes(PdfFile([PdfPage()], page_tree=tree).build())
    assert outcome.failure is not None
    assert outcome.failure.reason in {
        FailureReason.NO_PAGES,
        FailureReason.NO_PAGE_RENDERED,
        FailureReason.DAMAGED,
    }


def test_only_links_to_the_web_mail_telephone_and_own_pages_survive(convert_bytes: Convert) -> None:
    """P10: scripts, launches, forms that are sent, other documents."""
    page = link_page(
        uri("HTTPS://example.org/a b"),
        uri("mailto:someone@example.org"),
        uri("tel:+123"),
        uri("www.example.org"),
        uri("javascript:alert\\(1\\)"),
        uri("java\\000script:alert\\(1\\)"),
        uri("\\001javascript:alert\\(1\\)"),
        uri("data:text/html,x"),
        uri("file:///etc/passwd"),
        uri("https:"),
        "/A << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        "/A << /S /Launch /F (cmd.exe) >>",
        "/A << /S /SubmitForm /F (https://example.org) >>",
        "/A << /S /GoToR /F (other.pdf) /D [0 /Fit] >>",
        "/A << /S /GoTo /D [10 0 R /Fit] >>",
        "/Dest [10 0 R /Fit]",
        "/Dest [99 /Fit]",
    )
    (converted,) = convert_bytes(PdfFile([page]).build()).pages
    assert [link.get("url") or link.get("page") for link in links_of(converted)] == [
        "https://example.org/a%20b",
        "mailto:someone@example.org",
        "tel:+123",
        "http://www.example.org",
        1,
        1,
    ]


def test_what_a_document_asks_for_from_outside_it_does_not_get(
    convert_bytes: Convert, tmp_path: Path
) -> None:
    """P10: streams, forms and scripts that lie elsewhere."""
    secret = tmp_path / "secret"
    secret.write_bytes(line_of("secret words"))
    catalog = (
        "/OpenAction << /S /JavaScript /JS (this.exportDataObject\\(\\)) >> "
        "/AcroForm << /Fields [] /XFA 1001 0 R >>"
    )
    outside = [
        f"<< /Length 0 /F (file://{secret}) >>\nstream\n\nendstream",
        stream_of(f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><x>&e;</x>'.encode()),
    ]
    file = PdfFile([PdfPage(), PdfPage(line_of("own"))], catalog=catalog, objects=outside)
    outcome = convert_bytes(file.build().replace(b"/Contents 11 0 R", b"/Contents 1000 0 R"))
    assert outcome.failure is None
    assert [page.text for page in outcome.pages] == ["", "own"]


def test_the_entities_of_metadata_are_not_followed(convert_bytes: Convert) -> None:
    """P12: XML that names files, or itself again and again."""
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    xmp = f'<!DOCTYPE x [<!ENTITY e0 SYSTEM "file:///etc/hostname">{entities}]><x><title>&e12;</title></x>'
    metadata = stream_of(xmp.encode(), "/Type /Metadata /Subtype /XML")
    file = PdfFile([PdfPage()], catalog="/Metadata 1000 0 R", info="/Title (Own)", objects=[metadata])
    outcome = convert_bytes(file.build())
    assert outcome.failure is None
    assert outcome.opened is not None
    assert outcome.opened.title == "Own"


def test_a_page_of_the_web_that_is_a_document_too_becomes_pictures_only(convert_bytes: Convert) -> None:
    """P13: files of two kinds. How an original is handed out: tests/reader/test_pages.py."""
    front = b"<!doctype html><script>alert(1)</script>"
    (page,) = convert_bytes(front + PdfFile([PdfPage(line_of("own"))]).build()).pages
    assert page.text == "own"
    assert {image.extension for image in (page.small, page.medium, page.large)} <= {"png", "jpg"}


def test_links_and_text_are_cut_where_they_flood(convert_bytes: Convert) -> None:
    """P11: floods of links and text."""
    page = link_page(*[uri("https://example.org/")] * 5_000)
    page.content = b"BT /F1 1 Tf 10 700 Td " + b"(%b) Tj 0 -1.1 Td\n" % (b"word " * 60) * 600 + b"ET"
    (converted,) = convert_bytes(PdfFile([page]).build()).pages
    assert len(links_of(converted)) == 2_000
    assert 90_000 < len(converted.text) <= 100_000


def test_an_outline_that_loops_ends(convert_bytes: Convert) -> None:
    """P11: outlines that loop."""
    objects = [
        "<< /Type /Outlines /First 1001 0 R /Last 1002 0 R >>",
        "<< /Title (One) /Parent 1000 0 R /Next 1002 0 R /First 1001 0 R /Dest [10 0 R /Fit] >>",
        "<< /Title (Two) /Parent 1000 0 R /Next 1001 0 R /Dest [77 /Fit] >>",
    ]
    outcome = convert_bytes(PdfFile([PdfPage()], catalog="/Outlines 1000 0 R", objects=objects).build())
    assert outcome.opened is not None
    assert outcome.opened.outline == [{"title": "One", "page": 1}, {"title": "Two"}]


def test_an_outline_is_cut_in_depth_and_length(convert_bytes: Convert) -> None:
    """P11: floods of outline entries."""
    count = 7_000
    deep = [f"<< /Title (d{n}) /Parent {1000 + n} 0 R /First {1002 + n} 0 R >>" for n in range(40)]
    flat = [
        f"<< /Title (f{n}) /Parent 1000 0 R /Next {1042 + n} 0 R /Dest [10 0 R /Fit] >>" for n in range(count)
    ]
    deep[0] = "<< /Title (d0) /Parent 1000 0 R /First 1002 0 R /Next 1041 0 R >>"
    objects = ["<< /Type /Outlines /First 1001 0 R >>", *deep, *flat]
    outcome = convert_bytes(PdfFile([PdfPage()], catalog="/Outlines 1000 0 R", objects=objects).build())
    assert outcome.opened is not None
    assert len(outcome.opened.outline) == 5_000 - 16 + 1
    depth, entries = 0, outcome.opened.outline
    while entries:
        depth, entries = depth + 1, entries[0].get("children", [])
    assert depth == 16


def test_control_characters_leave_text_and_title(convert_bytes: Convert) -> None:
    content = b"BT /F1 24 Tf 72 700 Td (a\\001b\\177c) Tj ET"
    outcome = convert_bytes(PdfFile([PdfPage(content)], info="/Title (A\\001 \\000title\\n twice)").build())
    assert outcome.opened is not None
    assert outcome.opened.title == "A title twice"
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in outcome.pages[0].text)


@pytest.mark.corpus
@pytest.mark.faults
def test_hostile_files_end_in_a_documented_state(corpus: Path) -> None:
    endings = {}
    for path in sorted((corpus / "hostile").glob("*.pdf")):
        if sniff(path.read_bytes()[:1024]) is not None:
            outcome = convert_file(path, limits=QUICK)
            endings[path.name] = outcome.failure.reason if outcome.failure else None
            if outcome.failure is None:
                assert outcome.opened is not None
                assert len(outcome.pages) == outcome.opened.page_count
    assert endings["links_actions.pdf"] is None
    assert endings["pages_zero.pdf"] is FailureReason.NO_PAGES
    assert endings["form_billion_laughs.pdf"] is not None
    assert endings["flate_x3_10GB.pdf"] is not None
    assert endings["shading_ps.pdf"] is FailureReason.NO_PAGE_RENDERED
    assert endings["truncated.pdf"] is FailureReason.DAMAGED


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "targets"),
    [("links_xss.pdf", {"http", "https", "mailto", "tel"}), ("links_actions.pdf", {"http", "https", "page"})],
)
def test_hostile_links_do_not_come_through(corpus: Path, name: str, targets: set[str]) -> None:
    pages = convert_file(corpus / "hostile" / name).pages
    schemes = {str(link.get("url", "page:")).partition(":")[0] for page in pages for link in links_of(page)}
    assert schemes
    assert schemes <= targets


def test_boxes_are_cut_to_the_page_and_those_outside_left_out(convert_bytes: Convert) -> None:
    areas = [f"[-{HUGE} -{HUGE} {HUGE} {HUGE}]", "[700 900 800 950]", f"[{HUGE} 0 {HUGE}0 5]"]
    links = " ".join(f"<< /Subtype /Link /Rect {area} {uri('https://example.org/')} >>" for area in areas)
    content = b"BT /F1 1000000000 Tf 0 0 Td (Huge) Tj ET " + line_of("outside", x=5000)
    outcome = convert_bytes(PdfFile([PdfPage(content, extra=f"/Annots [{links}]")]).build())
    assert outcome.failure is None
    (page,) = outcome.pages
    assert page.placeholder is None
    (link,) = links_of(page)
    assert [link[name] for name in ("x", "y", "width", "height")] == [0, 0, 595, 842]
    assert "outside" not in page.text
