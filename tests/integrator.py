"""A client as integrators wrote them for Flipsnack: its own signing, nothing of Bifolio's code."""

import hashlib
import json
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Integrator:
    """Signs and sends calls of the API v1. ``address`` ends with ``/v1``."""

    address: str
    api_key: str
    secret: str

    def call(self, action: str, **parameters: str) -> dict[str, Any]:
        """Send a signed GET and return the decoded answer."""
        return self._decoded(
            urllib.request.Request(
                f"{self.address}?{urllib.parse.urlencode(self.signed(action, **parameters))}"
            )
        )

    def upload(
        self,
        content: bytes,
        file_name: str = "magazine.pdf",
        headers: dict[str, str] | None = None,
        **parameters: str,
    ) -> dict[str, Any]:
        """Send a signed collection.create as multipart/form-data, the file first, as documented."""
        boundary = uuid.uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file_name}"\r\n\r\n'
        body = head.encode() + content + b"\r\n"
        for name, value in self.signed("collection.create", **parameters).items():
            body += (
                f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            )
        body += f"--{boundary}--\r\n".encode()
        content_type = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._decoded(urllib.request.Request(self.address, body, {**content_type, **(headers or {})}))

    def signed(self, action: str, **parameters: str) -> dict[str, str]:
        """Return the parameters with key, action and signature."""
        call = {**parameters, "action": action, "apiKey": self.api_key}
        text = self.secret + "".join(name + call[name] for name in sorted(call))
        return {**call, "signature": hashlib.md5(text.encode()).hexdigest()}

    def _decoded(self, request: urllib.request.Request) -> dict[str, Any]:
        with urllib.request.urlopen(request, timeout=60) as answer:
            decoded: dict[str, Any] = json.load(answer)
            return decoded
