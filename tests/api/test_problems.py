"""What the wire answers to what goes wrong underneath."""

import inspect
import sqlite3

import pytest
from django.db import OperationalError

from bifolio.accounts.errors import NotAllowed
from bifolio.api import call_file, limits
from bifolio.api.problems import problem_of
from bifolio.api.statuses import Status
from bifolio.infra.configuration import configuration
from bifolio.infra.storage import StorageFull
from bifolio.kernel.errors import BifolioError
from bifolio.publishing import errors as publishing
from tests.api.client import Client, configure

# Only the command line can ask for a hash, and go back to an edition.
NEVER_ON_THE_WIRE = {
    publishing.HashTaken,
    publishing.HashMisshapen,
    publishing.EditionNotFound,
    publishing.EditionNotWhole,
    publishing.NoEarlierEdition,
}
EXPECTED = {
    NotAllowed("write flipbooks"): Status.FORBIDDEN,
    publishing.FlipbookNotFound("abcdefghij"): Status.FORBIDDEN,
    publishing.FlipbookIsProcessing("abcdefghij"): Status.PROCESSING,
    publishing.UploadQuotaSpent(7): Status.UPLOADS_SPENT,
    publishing.UnsupportedFile("a.doc"): Status.INVALID_FILE,
    publishing.FileTooLarge(9, 8): Status.FILE_TOO_LARGE,
    publishing.TooManyPages(9, 8): Status.TOO_MANY_PAGES,
    publishing.DiskAlmostFull(): Status.MAINTENANCE,
    StorageFull(): Status.MAINTENANCE,
    OperationalError("database is locked"): Status.MAINTENANCE,
    sqlite3.OperationalError("database is locked"): Status.MAINTENANCE,
}


@pytest.mark.parametrize("error", EXPECTED, ids=lambda error: type(error).__name__)
def test_each_error_has_its_status_and_a_reason(error: Exception) -> None:
    problem = problem_of(error)
    assert problem is not None
    assert problem.status is EXPECTED[error]
    assert len(problem.reason) > 20
    assert (problem.retry_after_s is not None) == (problem.status is Status.MAINTENANCE)


def test_no_error_of_publishing_is_forgotten() -> None:
    raised = {
        found
        for _, found in inspect.getmembers(publishing, inspect.isclass)
        if issubclass(found, BifolioError) and found.__module__ == publishing.__name__
    }
    assert raised - NEVER_ON_THE_WIRE <= {type(error) for error in EXPECTED}


def test_a_fault_of_ours_is_no_problem_of_the_callers() -> None:
    assert problem_of(RuntimeError("bug")) is None
    assert problem_of(KeyError("bug")) is None


@pytest.mark.django_db
def test_a_locked_call_log_is_not_now_instead_of_a_fault(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(calls_per_second=100)
    assert client.call("user.getStats").code == 20
    monkeypatch.setattr(call_file, "LOCK_TIMEOUT_S", 0.1)
    path = configuration().data / "limits.sqlite3"
    monkeypatch.setattr("bifolio.api.dispatcher._call_log_at", limits.CallLog)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        reply = client.call("user.getStats")
        other.execute("ROLLBACK")
    other.close()
    assert reply.code == 22
    assert reply.headers["Retry-After"] == "5"
    assert client.call("user.getStats").code == 20
