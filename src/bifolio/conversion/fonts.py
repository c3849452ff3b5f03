"""Where fonts lie that documents did not bring along. Standard library only."""

FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/share/X11/fonts/Type1",
    "/usr/share/X11/fonts/TTF",
    "/usr/local/share/fonts",
)
"""PDFium looks there and nowhere else, and an engine may read nothing else."""
