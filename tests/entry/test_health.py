import json
import threading

import pytest

from bifolio.entry import health
from bifolio.entry.health import Health, NotAlive
from bifolio.entry.metrics import Metrics
from tests.entry.asgi_client import request

TOKEN = "a long random token"


def well() -> None:
    pass


def no_worker() -> None:
    raise NotAlive("no worker")


def broken() -> None:
    raise OSError("the disk at /secret/place is gone")


def test_all_well_is_200() -> None:
    answer = request(Health(TOKEN, {"database": well, "worker": well}), "/health")
    assert answer.status == 200
    assert json.loads(answer.body) == {"status": "ok", "database": "ok", "worker": "ok"}
    assert answer.headers["cache-control"] == "no-store"


def test_a_detailed_answer_tells_how_engines_are_locked_up() -> None:
    answer = request(Health(TOKEN, {"database": well}, {"sandbox": lambda: "no-landlock"}), "/health")
    assert answer.status == 200
    assert json.loads(answer.body) == {"status": "ok", "database": "ok", "sandbox": "no-landlock"}


def test_a_fact_that_takes_its_time_keeps_no_answer_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "KEPT_S", 0.05)
    released = threading.Event()
    slow = {"sandbox": lambda: str(released.wait(0.5))}
    answer = request(Health(TOKEN, {"database": well}, slow), "/health")
    assert json.loads(answer.body)["sandbox"] == "not known yet"


def test_503_names_what_does_not_answer() -> None:
    answer = request(Health(TOKEN, {"database": well, "storage": broken, "worker": no_worker}), "/health")
    assert answer.status == 503
    assert json.loads(answer.body) == {
        "status": "unavailable",
        "database": "ok",
        "storage": "OSError",
        "worker": "no worker",
    }


def test_a_part_that_hangs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "DEADLINE_S", 0.05)
    released = threading.Event()
    answer = request(Health(TOKEN, {"database": released.wait, "storage": well}), "/health")  # type: ignore[dict-item]
    released.set()
    assert answer.status == 503
    assert json.loads(answer.body)["database"] == "no answer within 0.05 s"
    assert json.loads(answer.body)["storage"] == "ok"


def test_asking_often_costs_little() -> None:
    asked = []
    app = Health(TOKEN, {"database": lambda: asked.append(1)})
    app._known_until = float("inf")
    app._known = {"database": "ok"}
    assert request(app, "/health").status == 200
    assert asked == []


@pytest.mark.parametrize(
    ("client", "headers", "sees_details"),
    [
        ("127.0.0.1", [], True),
        ("::1", [], True),
        ("203.0.113.9", [], False),
        ("203.0.113.9", [("Authorization", f"Bearer {TOKEN}")], True),
        ("203.0.113.9", [("Authorization", "Bearer wrong")], False),
        ("203.0.113.9", [("Authorization", "Bearer ")], False),
        ("127.0.0.1", [("X-Forwarded-For", "203.0.113.9")], False),
        ("127.0.0.1", [("Forwarded", "for=203.0.113.9")], False),
        ("127.0.0.1", [("Via", "1.1 proxy")], False),
        ("127.0.0.1", [("X-Forwarded-For", "203.0.113.9"), ("Authorization", f"Bearer {TOKEN}")], True),
    ],
)
def test_details_are_for_the_machine_or_the_token(
    client: str,
    headers: list[tuple[str, str]],
    sees_details: bool,  # noqa: FBT001
) -> None:
    for token in (TOKEN, ""):
        expected = sees_details if token else sees_details and not any("Bearer" in v for _, v in headers)
        answer = request(Health(token, {"database": well}), "/health", headers=headers, client=(client, 1))
        assert ("database" in json.loads(answer.body)) is expected
        if not expected:
            refused = request(Metrics(token), "/metrics", headers=headers, client=(client, 1))
            assert refused.status == 403
            assert b"bifolio_" not in refused.body


@pytest.mark.django_db
def test_metrics_tell_counts_and_tables() -> None:
    answer = request(Metrics(""), "/metrics")
    assert answer.status == 200
    for name in (b"bifolio_requests_total", b"bifolio_disk_free_bytes", b"bifolio_workers 0.0"):
        assert name in answer.body
