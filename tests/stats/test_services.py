import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from bifolio.collector.app import open_ledger
from bifolio.collector.beacons import read_claim
from bifolio.kernel.visit_token import VisitToken
from bifolio.stats.models import Visit
from bifolio.stats.queries import CountsOfReading, flipbook_counts
from bifolio.stats.services import record_download
from tests.counting import KEY, assert_sums_agree, beacon, make_token
from tests.live_database import Installation


def settle_beacon(installation: Installation, token: VisitToken, seq: int = 1) -> None:
    ledger = open_ledger(installation.database_url)
    ledger.settle([read_claim(beacon(token, seq, 5, 1), key=KEY, now=time.time(), max_pages=1000)[0]])
    ledger.close()


def test_a_download_counts_once_a_visit(installation: Installation) -> None:
    token = make_token()
    assert [record_download(token) for _ in range(3)] == [True, False, False]
    assert record_download(make_token())
    assert assert_sums_agree() == CountsOfReading(0, 0, 0, 2)


def test_a_download_before_the_first_beacon_is_no_impression(installation: Installation) -> None:
    token = make_token()
    record_download(token)
    assert flipbook_counts(2) == CountsOfReading(0, 0, 0, 1)
    settle_beacon(installation, token)
    assert assert_sums_agree() == CountsOfReading(1, 1, 5, 1)


def test_a_download_keeps_what_beacons_said(installation: Installation) -> None:
    token = make_token()
    settle_beacon(installation, token)
    record_download(token)
    settle_beacon(installation, token, seq=2)
    visit = Visit.objects.get(visit_id=token.visit_id)
    assert (visit.seq, visit.active_s, visit.views, visit.downloads) == (2, 5, 1, 1)
    assert assert_sums_agree() == CountsOfReading(1, 1, 5, 1)


def test_the_own_teams_download_does_not_count(installation: Installation) -> None:
    token = make_token(own_team=True)
    assert not record_download(token)
    assert Visit.objects.get(visit_id=token.visit_id).downloads == 1
    assert assert_sums_agree() == CountsOfReading(0, 0, 0, 0)


def test_downloads_and_beacons_at_once_lose_nothing(installation: Installation) -> None:
    tokens = [make_token(flipbook_id=number % 3 + 1) for number in range(24)]

    def download(token: VisitToken) -> bool:
        try:
            return record_download(token)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        downloads = pool.map(download, tokens * 2)
        beacons = pool.map(lambda token: settle_beacon(installation, token), tokens)
        assert sum(downloads) == len(tokens)
        list(beacons)
    assert assert_sums_agree() == CountsOfReading(24, 24, 120, 24)
