from bifolio.cli.console import pages_in_words


def test_one_page_is_no_pages() -> None:
    assert [pages_in_words(count) for count in (0, 1, 2)] == ["0 pages", "1 page", "2 pages"]
