"""Every address that Django answers; raw ASGI answers page files, beacons, health and metrics before it."""

from django.urls import path, re_path

from bifolio.api.views import v1
from bifolio.reader.views import documents, icon, oembed, player, text

_BOOK = r"[^/]+/[^/]*-(?P<flipbook_hash>[a-z0-9]{7,10})"
_COVER = r"[A-Z0-9]{11}/collections/(?P<flipbook_hash>[a-z0-9]{7,10})/covers/page_1"

urlpatterns = [
    path("v1", v1),
    path("v1/", v1),
    path("", player.home),
    path("widget/v2/widget.html", player.home),
    path("widget/flipsnackwidget.html", player.home),
    path("manifest/<str:flipbook_hash>", documents.manifest),
    path("download/<str:flipbook_hash>", documents.download),
    path("oembed", oembed.oembed),
    path("favicon.ico", icon.icon),
    path("favicon.svg", icon.icon),
    re_path(rf"^{_COVER}/(?P<size>thumb|small|medium|original)$", documents.cover),
    re_path(rf"^{_BOOK}\.html$", player.direct),
    re_path(rf"^{_BOOK}/full-view\.html$", player.full_view),
    re_path(rf"^{_BOOK}/text\.html$", text.text),
]
handler404 = "bifolio.reader.views.faults.not_found"
handler500 = "bifolio.reader.views.faults.broken"
