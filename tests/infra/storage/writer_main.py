"""Write blobs and say so: ``python -m tests.infra.storage.writer_main ROOT``, under fault injection."""

import sys
from pathlib import Path

from bifolio.infra.storage.local import LocalStorage

BLOBS = [(f"pages/token{number % 2}/{number}.png", bytes([number]) * (1000 + number)) for number in range(4)]
ORIGINAL = ("originals/token/document.pdf", b"%PDF-1.7 " * 500)


def say(step: str) -> None:
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


def main() -> None:
    root = Path(sys.argv[1])
    say("ready")
    store = LocalStorage(root)
    upload = root / ".incoming" / "upload"
    upload.write_bytes(ORIGINAL[1])
    store.adopt(upload, ORIGINAL[0])
    say("adopted")
    store.put_many_immutable(BLOBS)
    say("put")
    store.copy_prefix("pages/token0/", "guarded/token2/")
    say("copied")


if __name__ == "__main__":
    main()
