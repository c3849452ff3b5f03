"""One page of a flipbook as accessible HTML: structure where the document tells it, else paragraphs.

Everything of a document is escaped; nothing here trusts that its layers were checked before.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bifolio.conversion.page_layers import (
    Block,
    Cell,
    Figure,
    Heading,
    Item,
    PageLayers,
    Paragraph,
    Table,
    TextLine,
    decode_layers,
)
from bifolio.conversion.paragraphs import guess_paragraphs
from bifolio.conversion.text import paragraph, text_direction

_OUR_HEADINGS = 2
"""The title of the flipbook and the number of the page stand above a document's own headings."""
_MOST_LINES = 5_000
"""More than any page has that people read; a paragraph for each would keep a request busy for seconds."""


def page_content(layers: bytes | None, text: str, *, is_placeholder: bool) -> SafeString:
    """The content of a page; ``text`` is what is shown where there are no layers."""
    if is_placeholder:
        return _note("This page could not be shown.")
    decoded = _decoded(layers) if layers else None
    blocks = _blocks_of(decoded, text)
    if blocks:
        return _joined(_grouped(blocks))
    if decoded is not None and decoded.picture:
        return _note("This page is a picture; it has no text.")
    return _note("This page has no text.")


def _decoded(layers: bytes) -> PageLayers | None:
    try:
        return decode_layers(layers)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _blocks_of(layers: PageLayers | None, text: str) -> Sequence[Block]:
    if layers is not None and layers.blocks:
        return layers.blocks
    if layers is not None and layers.lines:
        return [Paragraph(text=words) for words in _paragraphs(layers.lines)]
    return [Paragraph(text=line) for line in text.splitlines() if line.strip()]


def _paragraphs(lines: Sequence[TextLine]) -> list[str]:
    if len(lines) > _MOST_LINES:
        return [paragraph(line.text for line in lines)]
    return guess_paragraphs(lines)


def _grouped(blocks: Iterable[Block]) -> Iterator[SafeString]:
    for is_list, group in groupby(blocks, lambda block: isinstance(block, Item)):
        if is_list:
            yield _list([block for block in group if isinstance(block, Item)])
        else:
            yield from map(_block, group)


def _block(block: Block) -> SafeString:
    if isinstance(block, Heading):
        name = f"h{min(6, block.level + _OUR_HEADINGS)}"
        return _element(name, block, _text(block))
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Figure):
        label = format_html('<span lang="en">{}</span> {}', "Picture:", block.text)
        return format_html("<figure>{}</figure>", _element("figcaption", block, label))
    return _element("p", block, _text(block))


def _text(block: Heading | Paragraph | Item) -> SafeString:
    """The text, its passages in other languages marked as such."""
    parts: list[SafeString] = []
    rest = block.text
    for language, words in block.passages:
        before, found, after = rest.partition(words)
        if found:
            parts.append(format_html('{}<span lang="{}">{}</span>', before, language, words))
            rest = after
    return format_html("{}{}", format_html_join("", "{}", ((part,) for part in parts)), rest)


def _element(name: str, block: Block, content: str) -> SafeString:
    tag = SafeString(name)
    return format_html("<{}{}>{}</{}>", tag, _attributes(block), content, tag)


def _attributes(block: Block) -> SafeString:
    """Language and direction, where they are the block's own; numbers and dots run as the page does."""
    language = format_html(' lang="{}"', block.language) if block.language else ""
    if isinstance(block, Table) or not any(map(str.isalpha, block.text)):
        return format_html("{}", language)
    return format_html('{} dir="{}"', language, text_direction(block.text))


def _list(items: Sequence[Item]) -> SafeString:
    """Items with those of a higher level in lists of their own."""
    parts: list[SafeString] = []
    open_levels: list[int] = []
    for item in items:
        while open_levels and open_levels[-1] > item.level:
            open_levels.pop()
            parts.append(SafeString("</li></ul>"))
        if open_levels and open_levels[-1] == item.level:
            parts.append(SafeString("</li>"))
        else:
            open_levels.append(item.level)
            parts.append(SafeString("<ul>"))
        parts.append(format_html("<li{}>{}", _attributes(item), _text(item)))
    parts += [SafeString("</li></ul>") for _ in open_levels]
    return _joined(parts)


def _table(table: Table) -> SafeString:
    rows = (format_html("<tr>{}</tr>", _joined(map(_cell, row))) for row in table.rows)
    return format_html("<table{}>{}</table>", _attributes(table), _joined(rows))


def _cell(cell: str | Cell) -> SafeString:
    if isinstance(cell, str):
        return format_html('<td dir="auto">{}</td>', cell)
    name = SafeString("th" if cell.is_head else "td")
    markup = '<{} colspan="{}" rowspan="{}" dir="auto">{}</{}>'
    return format_html(markup, name, cell.across, cell.down, cell.text, name)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("\n", "{}", ((part,) for part in parts))


def _note(words: str) -> SafeString:
    return format_html('<p lang="en" dir="ltr"><em>{}</em></p>', words)
