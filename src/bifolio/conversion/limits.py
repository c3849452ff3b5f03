"""Numbers that both sides of the process border hold to. Imports nothing."""

SMALL_WIDTH_PX = 240
MEDIUM_WIDTH_PX = 900
LARGE_WIDTH_PX = 1800
MAX_EDGE_PX = 6000
"""No edge of an image is longer: a page ten times as tall as wide gets narrower images."""
MAX_AREA_PX = 12_000_000
MAX_ASPECT = 50
"""A page more than this times as long as wide becomes a placeholder."""
MAX_SOURCE_PIXELS = 120_000_000
"""A JPEG or PNG of more pixels is refused before it is decoded."""

TILE_PX = 1024
"""Width and height of a tile, less at the right and lower edges of a page."""
TILE_SCALES = (2, 4)
"""How many times as wide as the large image a page is drawn for its tiles."""
MAX_LEVEL_PX = 100_000_000
"""A page is not drawn with more pixels."""
MAX_TILE_BYTES = 4 << 20

MAX_LAYERS_BYTES = 16 << 20
"""A flood of everything below at once stays under that, and what is larger costs too much to look at."""
MAX_LINKS = 2_000
MAX_URL_CHARACTERS = 2_000
MAX_CHARACTERS = 100_000
"""Characters of text kept of one page."""
MAX_BLOCKS = 2_000
"""Headings, paragraphs, list items, table rows and figures kept of one page's structure."""
MAX_CELLS = 5_000
MAX_PASSAGES = 200
"""Passages of a block that are in another language."""
MAX_SPAN = 1_000
"""A table cell reaches over no more rows or columns."""
MAX_SPANNED = 20_000
"""Places in the grid that the larger cells of a page take in all: a browser lays out each of them."""
MAX_STRUCTURE_ELEMENTS = 20_000
MAX_STRUCTURE_DEPTH = 60
MAX_ALTERNATIVE_CHARACTERS = 2_000
MAX_OUTLINE_ENTRIES = 5_000
MAX_OUTLINE_DEPTH = 16
MAX_TITLE_CHARACTERS = 500
MAX_LABEL_CHARACTERS = 50

URL_SCHEMES = ("http:", "https:", "mailto:", "tel:")
