"""PDFs that open only with a password (PDF 32000-1, 7.6: revision 2 of the standard security handler)."""

import hashlib

_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_KEY_BYTES = 5
_PERMISSIONS = -4


def make_locked_pdf(password: str, *, pages: int = 2) -> bytes:
    """Return a PDF of ``pages`` pages that say ``Locked page N``; the password is in Latin-1."""
    file_id = hashlib.md5(password.encode()).digest()
    user = _padded(password)
    owner_entry = _rc4(hashlib.md5(_padded("owner")).digest()[:_KEY_BYTES], user)
    permissions = _PERMISSIONS.to_bytes(4, "little", signed=True)
    key = hashlib.md5(user + owner_entry + permissions + file_id).digest()[:_KEY_BYTES]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number in range(1, pages + 1):
        bodies += _page(number, 3 + 2 * number, key)
    encryption = (
        f"<< /Filter /Standard /V 1 /R 2 /P {_PERMISSIONS} "
        f"/O <{owner_entry.hex()}> /U <{_rc4(key, _PADDING).hex()}> >>"
    )
    trailer = f"/Root 1 0 R /ID [<{file_id.hex()}> <{file_id.hex()}>] /Encrypt {encryption}"
    return _assembled(bodies, trailer)


def _page(number: int, contents: int, key: bytes) -> list[bytes]:
    text = f"BT /F 22 Tf 40 500 Td (Locked page {number}) Tj ET".encode()
    salted = key + contents.to_bytes(3, "little") + b"\0\0"
    stream = _rc4(hashlib.md5(salted).digest()[: _KEY_BYTES + 5], text)
    return [
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents {contents} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>"
        ).encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]


def _padded(password: str) -> bytes:
    return (password.encode("latin-1") + _PADDING)[:32]


def _rc4(key: bytes, data: bytes) -> bytes:
    state, other = list(range(256)), 0
    for index in range(256):
        other = (other + state[index] + key[index % len(key)]) % 256
        state[index], state[other] = state[other], state[index]
    out, first, second = bytearray(), 0, 0
    for byte in data:
        first = (first + 1) % 256
        second = (second + state[first]) % 256
        state[first], state[second] = state[second], state[first]
        out.append(byte ^ state[(state[first] + state[second]) % 256])
    return bytes(out)


def _assembled(bodies: list[bytes], trailer: str) -> bytes:
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out += f"trailer << /Size {len(bodies) + 1} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
