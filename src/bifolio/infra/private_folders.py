"""Folders that only the service's user and group may enter. Standard library only."""

from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Make ``folder`` unless it is there, and every missing one above it, for user and group alone."""
    # The mode that mkdir is given does not reach the parents that it makes.
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o750, exist_ok=True)
