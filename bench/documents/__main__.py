"""Make the documents: `python -m bench.documents FOLDER`. One that is there already is kept."""

import argparse
from pathlib import Path

from bench.documents.press import DOCUMENTS


def main() -> None:
    """Write each document that the folder lacks."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    folder: Path = options.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in DOCUMENTS.items():
        path = folder / f"{name}.pdf"
        if not path.exists():
            path.write_bytes(make())
            print(f"{path}: {path.stat().st_size / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
