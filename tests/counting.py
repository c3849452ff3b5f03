"""What tests of counting share: tokens, beacons, and the totals."""

import json
import time
from dataclasses import replace
from typing import Any

from django.db.models import Sum

from bifolio.collector.app import visit_token_key
from bifolio.kernel.ids import new_visit_id
from bifolio.kernel.visit_token import VisitToken, mint_visit_token
from bifolio.stats.models import FlipbookDay, FlipbookTotal, PageDay, PageTotal, Visit, WorkspaceTotal
from bifolio.stats.queries import CountsOfReading, workspace_counts

SECRET_KEY = "a secret key for the tests, and for nothing else"
KEY = visit_token_key(SECRET_KEY)
COUNTS = ("impressions", "views", "time_spent_s", "downloads")
PAGE_COUNTS = ("views", "clicks", "time_spent_s")


def make_token(**changes: Any) -> VisitToken:
    """Return a token of a visit that began an hour ago, of workspace 1 and flipbook 2, with 10 pages."""
    now = int(time.time())
    token = VisitToken(new_visit_id(), 1, 2, 3, 10, "UTC", own_team=False, issued_at=now - 3600)
    return replace(token, **changes)


def beacon(
    token: VisitToken | str,
    seq: int = 1,
    active: float = 0,
    views: int = 0,
    pages: list[list[float]] | None = None,
) -> bytes:
    """Return the body of a beacon."""
    text = token if isinstance(token, str) else mint_visit_token(token, KEY)
    state = {"token": text, "seq": seq, "active": active, "views": views, "pages": pages or []}
    return json.dumps(state).encode()


def assert_sums_agree() -> CountsOfReading:
    """Check that visits, pages, days, flipbooks and workspaces agree; return workspace 1's counts."""
    flipbooks = _sums(FlipbookTotal, COUNTS)
    assert flipbooks == _sums(WorkspaceTotal, COUNTS)
    assert flipbooks == _sums(FlipbookDay, COUNTS)
    assert _sums(PageTotal, PAGE_COUNTS) == _sums(PageDay, PAGE_COUNTS)
    counted = Visit.objects.filter(dropped="")
    assert flipbooks["time_spent_s"] == sum(counted.values_list("active_s", flat=True))
    assert flipbooks["views"] == sum(counted.values_list("views", flat=True))
    assert flipbooks["downloads"] == sum(counted.values_list("downloads", flat=True))
    assert flipbooks["impressions"] == counted.exclude(first_beacon_at=None).count()
    pages = [(visit.active_s, page) for visit in counted for page in json.loads(visit.pages)]
    assert all(0 <= page[1] <= active_s for active_s, page in pages)
    assert _sums(PageTotal, ("time_spent_s",))["time_spent_s"] == sum(page[1] for _, page in pages)
    return workspace_counts(1)


def _sums(model: Any, names: tuple[str, ...]) -> dict[str, int]:
    sums: dict[str, int] = model.objects.aggregate(**{name: Sum(name, default=0) for name in names})
    return sums
