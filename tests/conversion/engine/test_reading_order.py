"""Lines come in the order in which people read them, whatever the order in which they are drawn."""

from bifolio.conversion.engine.line import Line
from bifolio.conversion.engine.reading_order import MAX_BLOCKS, in_reading_order, join_rows


def column(name: str, x: float, y: float, count: int, width: float = 200) -> list[Line]:
    return [(f"{name}{number}", x, y + 12 * number, width, 10) for number in range(count)]


def texts(lines: list[Line]) -> list[str]:
    return [line[0] for line in in_reading_order(lines)]


def test_columns_stay_as_they_are_drawn() -> None:
    lines = [*column("left", 50, 100, 9), *column("right", 300, 100, 9), *column("third", 550, 100, 4)]
    assert in_reading_order(lines) == lines


def test_a_footer_that_is_drawn_first_comes_last() -> None:
    footer: Line = ("Footer", 50, 800, 450, 10)
    body = [*column("left", 50, 100, 5), *column("right", 300, 100, 5)]
    assert texts([footer, *body])[-1] == "Footer"
    assert texts([footer, *body])[:-1] == [line[0] for line in body]


def test_a_heading_that_is_drawn_late_moves_up_and_leaves_the_rows_of_its_table_alone() -> None:
    rows: list[Line] = []
    for row in range(6):
        rows += [(f"name{row}", 50, 100 + 40 * row, 80, 10), (f"size{row}", 300, 100 + 40 * row, 80, 10)]
    heading: Line = ("Sizes", 290, 60, 100, 10)
    assert texts([*rows, heading]) == ["Sizes", *(line[0] for line in rows)]


def test_a_watermark_interrupts_nothing() -> None:
    body = column("line", 50, 100, 30, 400)
    watermark: Line = ("DRAFT", 60, 200, 380, 90)
    assert texts([*body[:10], watermark, *body[10:]]) == [*(line[0] for line in body), "DRAFT"]


def test_a_large_title_is_no_watermark() -> None:
    title: Line = ("Title", 50, 20, 380, 60)
    assert texts([title, *column("line", 50, 100, 10)])[0] == "Title"


def test_text_in_another_direction_comes_last() -> None:
    body = column("line", 50, 100, 5)
    axis: Line = ("Axis", 20, 100, 10, 90, 270)
    assert texts([body[0], axis, *body[1:]])[-1] == "Axis"


def test_a_turned_page_is_read_as_if_it_were_held_upright() -> None:
    """Turned by a quarter, the first line of a page stands at its right edge."""
    lines: list[Line] = [(f"line{number}", 500 - 12 * number, 50, 10, 300, 90) for number in range(5)]
    late_first = [*lines[1:], lines[0]]
    assert [line[0] for line in in_reading_order(late_first)] == [line[0] for line in lines]


def test_nothing_is_lost_where_there_is_too_much_to_compare() -> None:
    lines: list[Line] = [(f"t{n}", 50 + 90 * (n % 6), 900 - 3 * n, 80, 9) for n in range(2 * MAX_BLOCKS)]
    assert sorted(in_reading_order(lines)) == sorted(lines)


def test_a_raised_piece_goes_on_in_its_line() -> None:
    lines: list[Line] = [
        ("Area (km2", 50, 100, 60, 12),
        (") and people", 110.5, 102, 70, 10),
        ("Next", 50, 120, 30, 10),
    ]
    assert join_rows(lines) == [("Area (km2) and people", 50, 100, 130.5, 12), lines[2]]


def test_cells_of_a_row_stay_apart() -> None:
    lines: list[Line] = [("one", 50, 100, 30, 10), ("two", 120, 100, 30, 10)]
    assert join_rows(lines) == lines


def test_thousands_of_large_lines_are_no_watermarks() -> None:
    lines: list[Line] = [(f"t{n}", 50, 10.0 * n, 80, 9 if n % 2 else 400) for n in range(20_001)]
    assert len(in_reading_order(lines)) == len(lines)
