"""Counting that does not come by beacon. A service of the domain: imports no door."""

import time

from django.db import connection, transaction

from bifolio.collector.ledger import settle_download
from bifolio.collector.statements import POSTGRESQL, SQLITE
from bifolio.kernel.visit_token import VisitToken

_DIALECTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def record_download(token: VisitToken) -> bool:
    """Count that the visit was served the document; return whether this added to the numbers.

    A visit counts one download, however often it asks; an uncounted visit (own team) none. The
    count is durable on return, or with the transaction around the call.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        return settle_download(cursor, _DIALECTS[connection.vendor], token, time.time())
