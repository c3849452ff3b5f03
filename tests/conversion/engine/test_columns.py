"""Columns of prose are found where a page draws them row by row; a table is left alone."""

from bifolio.conversion.engine.columns import Row, Split, find_columns


def row(
    number: int, left_end: float = 290, right_end: float = 545, pitch: float = 12, letters: float = 0.9
) -> Row:
    return Row(50, right_end, 800 - pitch * number, 10, ((left_end, 310),), letters)


def test_two_columns_of_prose_are_told_apart() -> None:
    assert find_columns([row(number) for number in range(8)]) == [Split(0, 8, 300)]


def test_a_line_across_the_page_ends_the_columns() -> None:
    across = Row(50, 545, 700, 10, ())
    rows = [across, *(row(number) for number in range(8)), across]
    assert find_columns(rows) == [Split(1, 9, 300)]


def test_a_line_that_is_in_one_column_only_belongs_to_it() -> None:
    rows = [row(number) for number in range(8)]
    rows.insert(3, Row(50, 200, 760, 10, ()))
    assert find_columns(rows) == [Split(0, 9, 300)]


def test_ragged_cells_are_a_table() -> None:
    assert find_columns([row(number, left_end=90 + 20 * (number % 9)) for number in range(12)]) == []


def test_rows_that_stand_apart_are_a_table() -> None:
    assert find_columns([row(number, pitch=27) for number in range(12)]) == []


def test_figures_are_a_table() -> None:
    assert find_columns([row(number, letters=0.4) for number in range(12)]) == []


def test_few_rows_are_no_columns() -> None:
    assert find_columns([row(0), row(1), None, row(2)]) == []
