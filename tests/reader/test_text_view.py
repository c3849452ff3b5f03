"""A page as HTML for those who read rather than look."""

import json
from typing import Any

import pytest

from bifolio.reader.text_view import page_content

HOSTILE = '</section><script>alert(1)</script><img src=x onerror="alert(1)"> & \' " \u202e'


def written(*blocks: dict[str, Any], lines: object = (), **more: object) -> bytes:
    layers = {"width": 595, "height": 842, "lines": lines, "links": [], **more}
    return json.dumps(layers | ({"blocks": blocks} if blocks else {})).encode()


def content(layers: bytes | None, text: str = "") -> str:
    return page_content(layers, text, is_placeholder=False)


def test_headings_stand_below_ours() -> None:
    blocks = [{"kind": "heading", "level": level, "text": "Head"} for level in (1, 6)]
    assert content(written(*blocks)) == '<h3 dir="ltr">Head</h3>\n<h6 dir="ltr">Head</h6>'


def test_lists_nest_by_level() -> None:
    levels = [1, 2, 2, 1, 3]
    html = content(written(*({"kind": "item", "level": level, "text": str(level)} for level in levels)))
    bare = html.replace("\n", "")
    assert bare == ("<ul><li>1<ul><li>2</li><li>2</li></ul></li><li>1<ul><li>3</li></ul></li></ul>")


def test_a_list_that_begins_deep_closes_what_it_opens() -> None:
    html = content(written(*({"kind": "item", "level": level, "text": "x"} for level in (3, 1, 2))))
    assert html.count("<ul>") == html.count("</ul>")
    assert html.count("<li") == html.count("</li>") == 3


def test_a_flood_of_lines_becomes_one_paragraph() -> None:
    html = content(written(lines=[["a", 50, 100 * (number % 8), 4, 10] for number in range(20_000)]))
    assert html.count("<p") == 1
    assert html.count("a ") >= 19_000


def test_a_table_keeps_heads_and_spans() -> None:
    html = content(written({"kind": "table", "rows": [[["Head", 1, 2, 1]], ["a", "b"]]}))
    assert '<th colspan="2" rowspan="1" dir="auto">Head</th>' in html
    assert html.count("<tr>") == 2
    assert '<td dir="auto">b</td>' in html


def test_a_picture_is_told_in_its_authors_language() -> None:
    html = content(written({"kind": "figure", "text": "Un chat", "language": "fr"}))
    assert '<figcaption lang="fr" dir="ltr"><span lang="en">Picture:</span> Un chat</figcaption>' in html


@pytest.mark.parametrize(
    "block",
    [
        {"kind": "figure", "text": HOSTILE},
        {"kind": "paragraph", "text": HOSTILE},
        {"kind": "heading", "level": 1, "text": HOSTILE},
        {"kind": "item", "level": 1, "text": HOSTILE},
        {"kind": "table", "rows": [[HOSTILE, [HOSTILE, 1, 1, 1]]]},
    ],
)
def test_a_hostile_text_stays_text(block: dict[str, Any]) -> None:
    html = content(written(block))
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_hostile_language_is_not_believed() -> None:
    hostile = written({"kind": "paragraph", "text": "x", "language": 'en" onclick="alert(1)'})
    assert "onclick" not in content(hostile, "Plain")
    assert "Plain" in content(hostile, "Plain")


def test_text_that_runs_to_the_left_says_so() -> None:
    lines = [["\u05e9\u05dc\u05d5\u05dd world \u05e9\u05dc\u05d5\u05dd", 1, 2, 3, 4]]
    assert content(written(lines=lines)).startswith('<p dir="rtl">')


def test_lines_become_paragraphs() -> None:
    lines = [
        ["The first para-", 50, 100, 200, 10],
        ["graph ends here.", 50, 112, 90, 10],
        ["The second one", 60, 124, 190, 10],
        ["goes on.", 50, 136, 60, 10],
    ]
    assert content(written(lines=lines)) == (
        '<p dir="ltr">The first paragraph ends here.</p>\n<p dir="ltr">The second one goes on.</p>'
    )


def test_a_page_without_text_says_why() -> None:
    assert "is a picture; it has no text" in content(written(picture=True))
    assert "has no text" in content(None)
    assert "could not be shown" in page_content(None, "", is_placeholder=True)


def test_text_without_layers_is_shown_line_by_line() -> None:
    assert content(None, "one\ntwo <b>") == '<p dir="ltr">one</p>\n<p dir="ltr">two &lt;b&gt;</p>'
    assert content(b"\xff{", "one") == '<p dir="ltr">one</p>'


def test_a_number_runs_as_its_page_does() -> None:
    assert content(None, "\u0661\u0662 ...") == "<p>\u0661\u0662 ...</p>"


def test_passages_are_marked_where_they_stand() -> None:
    passages = [["fr", "mot"], ["de", "Wort"], ["it", "gone"], ["fr", "mot"]]
    block = {"kind": "paragraph", "text": "a mot, a Wort, a mot <b>", "passages": passages}
    assert content(written(block)) == (
        '<p dir="ltr">a <span lang="fr">mot</span>, a <span lang="de">Wort</span>, '
        'a <span lang="fr">mot</span> &lt;b&gt;</p>'
    )
