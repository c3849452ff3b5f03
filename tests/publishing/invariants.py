"""What is true of an installation whenever no conversion is at work, whatever was published before."""

from pathlib import Path

from bifolio.conversion.reasons import FailureReason
from bifolio.infra.configuration import configuration
from bifolio.infra.jobs.lanes import UPKEEP
from bifolio.infra.jobs.models import Job
from bifolio.publishing.models import Edition, EditionState


def assert_invariants() -> None:
    """Fail unless all editions have ended, record and store agree, and nothing is left behind."""
    assert engine_processes() == []
    assert list(Job.objects.exclude(queue=UPKEEP)) == []
    for edition in Edition.objects.all():
        _assert_ended(edition)
    assert _stored() == _named()


def engine_processes() -> list[int]:
    """Engines that this process has started and that are not gone."""
    children = [
        int(pid)
        for task in Path("/proc/self/task").iterdir()
        for pid in (task / "children").read_text().split()
    ]
    return [
        pid for pid in children if b"bifolio.conversion.engine" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def _assert_ended(edition: Edition) -> None:
    numbers = list(edition.pages.values_list("number", flat=True))
    assert edition.pages_done == len(numbers), edition.file_name
    assert edition.finished_at is not None, edition.file_name
    if edition.state == EditionState.FAILED:
        assert edition.failure in set(FailureReason), edition.file_name
        return
    assert (edition.state, edition.failure) == (EditionState.COMPLETE, ""), edition.file_name
    assert numbers == list(range(1, (edition.page_count or 0) + 1)), edition.file_name
    assert edition.pages.filter(is_placeholder=False).exists(), edition.file_name


def _named() -> set[str]:
    """The keys of all files that the database names."""
    keys = set()
    for edition in Edition.objects.prefetch_related("pages"):
        keys.add(edition.original)
        for page in edition.pages.all():
            names = (page.small, page.medium, page.large, page.layers)
            keys |= {edition.folder + name for name in names if name}
    return keys


def _stored() -> set[str]:
    """The keys of all files of the store, those on their way in among them."""
    root = configuration().data / "files"
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
