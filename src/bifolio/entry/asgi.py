"""The ASGI application: beacons and files on the event loop, everything else in Django's threads."""

from typing import Any, cast

from a2wsgi import WSGIMiddleware

from bifolio.collector.app import PATH as BEACONS_PATH
from bifolio.collector.app import Collector, create_collector
from bifolio.entry import assets
from bifolio.entry.asgi_types import App, Message, Receive, Scope, Send
from bifolio.entry.bodies import BodyLimits, ReceiveBodies
from bifolio.entry.front import FrontDoor
from bifolio.entry.handover import FileHandover
from bifolio.entry.health import Health, sandbox_level
from bifolio.entry.metrics import Metrics
from bifolio.entry.page_files import PageFiles
from bifolio.entry.tile_files import create_tile_files
from bifolio.entry.whole_pages import WholePages, WsgiApp
from bifolio.entry.wsgi import application as django
from bifolio.infra import maintenance
from bifolio.infra.configuration import Configuration, configuration
from bifolio.infra.incoming import incoming_folder
from bifolio.infra.page_links import page_key
from bifolio.infra.storage import storage

WSGI_THREADS = 10


class Routes:
    """Sends each request where it is answered; starts and stops the collector with the server."""

    def __init__(self, collector: Collector, pages: App, checked: Configuration) -> None:
        self._collector, self._pages = collector, pages
        page_files = PageFiles(storage(), page_key(checked.secret_key))
        self._page_files = create_tile_files(page_files, checked)
        self._player_files = assets.PlayerFiles()
        self._exact: dict[str, App] = {
            BEACONS_PATH: collector,
            "/health": Health(checked.metrics_token, facts={"sandbox": sandbox_level}),
            "/metrics": Metrics(checked.metrics_token),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "http":
            await self._app_of(scope["path"])(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Start what works beside the requests, and end it before the server hears that all has ended.

        The process dies by its signal right after that.
        """
        await self._collector.start()
        await self._page_files.start()

        async def send_when_ended(message: Message) -> None:
            if message["type"].startswith("lifespan.shutdown."):
                await self._page_files.stop()
                await self._collector.stop()
            await send(message)

        await self._pages(scope, receive, send_when_ended)

    def _app_of(self, path: str) -> App:
        if path.startswith(("/f/", "/g/")):
            return self._page_files
        if path.startswith(assets.PREFIX):
            return self._player_files
        return self._exact.get(path, self._pages)


def create_application() -> App:
    """Return the whole application of the installation that Django's settings name."""
    checked = configuration()
    pages = WholePages(cast(WsgiApp, django), incoming_folder(checked.data))
    bridge = cast(App, WSGIMiddleware(cast(Any, pages), workers=WSGI_THREADS))
    bodies = ReceiveBodies(
        FileHandover(bridge, storage()),
        data=checked.data,
        limits=BodyLimits(file_bytes=checked.max_file_bytes),
        has_room=storage().has_room,
        is_in_maintenance=maintenance.is_on,
    )
    return FrontDoor(Routes(create_collector(checked), bodies, checked), checked)
