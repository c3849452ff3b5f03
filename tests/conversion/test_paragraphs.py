"""Paragraphs guessed from lines."""

from bifolio.conversion.page_layers import TextLine
from bifolio.conversion.paragraphs import guess_paragraphs


def line(text: str, x: float, y: float, width: float = 200, height: float = 10) -> TextLine:
    return TextLine(text, x, y, width, height)


def test_a_gap_ends_a_paragraph() -> None:
    assert guess_paragraphs([line("one", 50, 100), line("two", 50, 112), line("three", 50, 140)]) == [
        "one two",
        "three",
    ]


def test_an_indented_line_begins_one() -> None:
    lines = [
        line("a", 60, 100),
        line("b", 50, 112),
        line("c", 50, 124),
        line("d", 62, 136),
        line("e", 50, 148),
    ]
    assert guess_paragraphs(lines) == ["a b c", "d e"]


def test_another_size_is_another_paragraph() -> None:
    assert guess_paragraphs([line("Title", 50, 70, 200, 24), line("text", 50, 100)]) == ["Title", "text"]


def test_a_sentence_goes_on_in_the_next_column() -> None:
    lines = [line("It goes", 50, 700), line("on here.", 300, 100), line("Next.", 300, 112, 100)]
    assert guess_paragraphs(lines) == ["It goes on here. Next."]
    assert guess_paragraphs([line("It ends.", 50, 700), line("New.", 300, 100)]) == ["It ends.", "New."]


def test_lines_of_chinese_are_joined_without_a_blank() -> None:
    assert guess_paragraphs([line("本集團現", 50, 100), line("金客戶", 50, 112)]) == ["本集團現金客戶"]


def test_lines_that_run_to_the_left_are_judged_from_their_right_edge() -> None:
    lines = [
        line("\u05d0" * 9, 60, 100, 190),
        line("\u05d1" * 5, 120, 112, 130),
        line("\u05d2" * 4, 150, 124, 100),
    ]
    assert len(guess_paragraphs(lines)) == 1


def test_turned_text_is_judged_as_if_it_were_upright() -> None:
    lines = [TextLine("one", 500, 50, 10, 200, 90), TextLine("two", 488, 50, 10, 200, 90)]
    assert guess_paragraphs(lines) == ["one two"]
