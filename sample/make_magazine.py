"""Make the sample magazine: `python sample/make_magazine.py OUT.pdf`.

Needs the Python packages typst and Pillow, and no network.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main(arguments: list[str]) -> int:
    """Write the magazine to the one path given; answer the exit status."""
    if len(arguments) != 1:
        return _refused("usage: python sample/make_magazine.py OUT.pdf", status=2)
    try:
        from sample.press import Misprint, print_magazine
    except ModuleNotFoundError as missing:
        return _refused(
            f"The sample magazine needs the Python package {missing.name}: pip install typst Pillow"
        )
    path = Path(arguments[0])
    try:
        document = print_magazine()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document)
    except (Misprint, OSError) as problem:
        return _refused(f"The sample magazine was not made: {problem}")
    print(f"{path}: {len(document) / 1e6:.1f} MB")
    return 0


def _refused(words: str, status: int = 1) -> int:
    print(words, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
