"""One line of text as the layers have it. Standard library only."""

Line = tuple[str, float, float, float, float] | tuple[str, float, float, float, float, int]
"""Text, x, y, width, height in points of the displayed page, and the reading angle where it is not 0."""


def angle_of(line: Line) -> int:
    """The clockwise angle of the reading direction: 0, 90, 180 or 270."""
    return line[5] if len(line) == 6 else 0


def make_line(text: str, box: tuple[float, float, float, float], angle: int) -> Line:
    """A line; an angle of 0 is left out."""
    return (text, *box, angle) if angle else (text, *box)
