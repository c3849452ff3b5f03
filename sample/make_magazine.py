"""Make the sample magazine: `python sample/make_magazine.py OUT.pdf`. Needs the packages typst and Pillow, no network."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sample.press import print_magazine


def main(arguments: list[str]) -> int:
    """Write the magazine to the one path given; answer the exit status."""
    if len(arguments) != 1:
        print("usage: python sample/make_magazine.py OUT.pdf", file=sys.stderr)
        return 2
    path = Path(arguments[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    document = print_magazine()
    path.write_bytes(document)
    print(f"{path}: {len(document) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
