"""The structure of a tagged page as blocks, from an author's elements."""

from bifolio.conversion import limits
from bifolio.conversion.engine.marked_text import MarkedText
from bifolio.conversion.engine.structure import Block, read_blocks
from bifolio.conversion.engine.structure_tree import Node

TEXTS = {0: "One divi-\nded ", 1: "word\n", 2: "Two\n", 3: "\u2022 Three\n", 4: "Four\n", -1: "Footer\n"}


def node(kind: str, *children: Node | int, **facts: str | int) -> Node:
    return Node(kind, children=list(children), **facts)  # type: ignore[arg-type]


def blocks(*roots: Node, texts: dict[int, str] | None = None) -> list[Block]:
    return read_blocks(roots, MarkedText(dict(TEXTS if texts is None else texts)), "en")


def test_headings_and_paragraphs_keep_the_authors_order() -> None:
    page = node("Document", node("Sect", node("H2", 2), node("P", 0, node("Span", 1))), node("H9", 4))
    assert blocks(page) == [
        {"kind": "heading", "level": 2, "text": "Two"},
        {"kind": "paragraph", "text": "One divided word"},
        {"kind": "heading", "level": 6, "text": "Four"},
    ]


def test_items_lose_their_bullets_and_keep_numbers_and_depth() -> None:
    inner = node("L", node("LI", node("LBody", 2)))
    numbered = node("LI", node("Lbl", 4), node("LBody", node("P", 0, 1), inner))
    assert blocks(node("L", node("LI", node("LBody", 3)), numbered)) == [
        {"kind": "item", "level": 1, "text": "Three"},
        {"kind": "item", "level": 1, "text": "Four One divided word"},
        {"kind": "item", "level": 2, "text": "Two"},
    ]


def test_a_table_keeps_rows_heads_and_spans() -> None:
    head = node("THead", node("TR", node("TH", 0, 1, across=2)))
    body = node("TBody", node("TR", node("TD", node("P", 2)), node("TD", 4)), node("TR", node("TD")))
    assert blocks(node("Table", node("Caption", 3), head, body)) == [
        {"kind": "paragraph", "text": "\u2022 Three"},
        {"kind": "table", "rows": [[["One divided word", 1, 2, 1]], ["Two", "Four"]]},
    ]


def test_a_figure_is_told_by_its_alternative_text() -> None:
    figure = node("Figure", 2, alternative="A cat\non a mat", language="fr")
    assert blocks(node("P", 0, 1, figure, 4)) == [
        {"kind": "paragraph", "text": "One divided word"},
        {"kind": "figure", "text": "A cat on a mat", "language": "fr"},
        {"kind": "paragraph", "text": "Four"},
    ]


def test_actual_text_stands_for_what_is_drawn() -> None:
    assert blocks(node("P", 0, 1), node("P", node("Span", 2, replacement="2"), 4)) == [
        {"kind": "paragraph", "text": "One divided word"},
        {"kind": "paragraph", "text": "2Four"},
    ]


def test_languages_are_named_where_they_change() -> None:
    page = node("Document", node("P", 0, 1), node("Div", node("P", 2), language="de"), language="EN")
    assert [block.get("language") for block in blocks(page)] == [None, "de"]


def test_artifacts_and_text_outside_of_the_structure_are_left_out() -> None:
    page = node("Document", node("P", 0, 1, 4), node("Artifact", node("P", 2)))
    assert [block["text"] for block in blocks(page)] == ["One divided word Four"]


def test_tags_for_little_of_the_page_are_useless() -> None:
    assert blocks(node("P", 2), texts={2: "Two\n", -1: "A long text without any tag\n"}) == []


def test_a_mark_that_is_referred_to_twice_is_told_once() -> None:
    assert [block["text"] for block in blocks(node("P", 0, 1, 2), node("P", 0, 1, 2))] == [
        "One divided word Two"
    ]


def test_floods_end_at_their_limits() -> None:
    many = [node("P", number) for number in range(limits.MAX_BLOCKS + 100)]
    texts = dict.fromkeys(range(len(many)), "text\n")
    assert len(blocks(*many, texts=texts)) == limits.MAX_BLOCKS
    cells = node(
        "Table",
        *(node("TR", *(node("TD", 0) for _ in range(1000))) for _ in range(20)),
        node("TR", node("TD", 1)),
    )
    (table,) = blocks(cells, texts={0: "a\n"})
    assert sum(map(len, table["rows"])) <= limits.MAX_CELLS
    letter = node("Span", replacement="a")
    wide = node("Table", *(node("TR", node("TD", letter, across=1000, down=10)) for _ in range(100)))
    (table,) = blocks(wide, texts={})
    spans = [cell[2] * cell[3] for (cell,) in table["rows"] if not isinstance(cell, str)]
    assert sum(spans) == limits.MAX_SPANNED
    long = node("Figure", alternative="x" * 10**6)
    assert len(blocks(long, texts={})[0]["text"]) == limits.MAX_ALTERNATIVE_CHARACTERS
    huge = [node("Span", replacement="x" * 2000) for _ in range(100)]
    assert sum(len(block["text"]) for block in blocks(*huge, texts={})) <= limits.MAX_CHARACTERS


def test_a_passage_in_another_language_is_named() -> None:
    (block,) = blocks(node("P", 0, 1, node("Span", 2, language="fr"), 4))
    assert block == {
        "kind": "paragraph",
        "text": "One divided word Two Four",
        "passages": [["fr", "Two"]],
    }
