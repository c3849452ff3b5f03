"""A client that calls the view itself: bytes in, bytes out, everything behind it real."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import RequestFactory

from bifolio.api.views import v1
from bifolio.infra.configuration import configuration
from bifolio.infra.incoming import IncomingWriter
from bifolio.infra.received import ReceivedBody, ReceivedFile, received_body


@dataclass(frozen=True)
class Reply:
    """An answer of the wire, taken apart."""

    http_status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The decoded JSON."""
        decoded: dict[str, Any] = json.loads(self.raw)
        return decoded

    @property
    def code(self) -> int:
        """The code that clients read."""
        return int(self.body["code"])

    @property
    def data(self) -> Any:
        """The data of a success."""
        assert self.body["code"] == 20, (self.body, self.headers)
        return self.body["data"]


@dataclass
class Client:
    """Signs as integrators do, with nothing of Bifolio's code."""

    api_key: str
    secret: str
    address: str = "192.0.2.1"
    headers: dict[str, str] = field(default_factory=dict)

    def signed(self, parameters: dict[str, str]) -> dict[str, str]:
        """Return the parameters with key and signature."""
        call = {"apiKey": self.api_key, **parameters}
        text = self.secret + "".join(
            name + call[name] for name in sorted(call) if name not in {"file", "signature"}
        )
        return {**call, "signature": hashlib.md5(text.encode()).hexdigest()}

    def call(self, action: str, method: str = "GET", **parameters: str) -> Reply:
        """Send a signed call with its parameters in the query."""
        return self.send(self.signed({"action": action, **parameters}), method)

    def send(
        self, parameters: dict[str, str], method: str = "GET", body: ReceivedBody | None = None
    ) -> Reply:
        """Send a call as it is."""
        return self.send_raw(urlencode(parameters).encode(), method, body)

    def send_raw(self, query: bytes, method: str = "GET", body: ReceivedBody | None = None) -> Reply:
        """Send a query string as it is."""
        request = RequestFactory().generic(
            method,
            "/v1",
            QUERY_STRING=query.decode("latin-1"),
            REMOTE_ADDR=self.address,
            headers=self.headers,
        )
        token = received_body.set(body or ReceivedBody())
        try:
            response = v1(request)
        finally:
            received_body.reset(token)
        return Reply(response.status_code, dict(response.items()), response.content)

    def upload(
        self,
        content: bytes,
        file_name: str = "book.pdf",
        *,
        count: int = 1,
        more: Mapping[str, str] | None = None,
        **parameters: str,
    ) -> Reply:
        """Send a signed upload as multipart/form-data, collection.create unless ``more`` says otherwise."""
        fields = self.signed({"action": "collection.create", **parameters, **(more or {})})
        with received(content, file_name) as file:
            pairs = tuple((name.encode(), value.encode()) for name, value in fields.items())
            return self.send({}, "POST", ReceivedBody(pairs, file=file, file_count=count))


@contextmanager
def received(content: bytes, file_name: str) -> Iterator[ReceivedFile]:
    """Give a file as the ASGI layer leaves it, and clean up as it does."""
    writer = IncomingWriter(configuration().data)
    writer.append(content)
    written = writer.finish()
    try:
        yield ReceivedFile(written.path, file_name, written.size_bytes, written.sha256, written.first_bytes)
    finally:
        writer.discard()


def configure(**changes: Any) -> None:
    """Change settings for the rest of the test; the fixture ``configured`` puts them back."""
    settings.BIFOLIO = replace(settings.BIFOLIO, **changes)
