import pytest

from bifolio.infra.storage import storage
from bifolio.publishing.orphans import sweep_orphans
from tests.converting import convert, publish

pytestmark = pytest.mark.django_db
LEFT_BEHIND = ("pages/aaaaaaaaaaaaaaaaaaaaaaaa/x.png", "guarded/b/x.png", "originals/c/document.pdf")


def test_what_no_edition_names_goes_and_what_one_names_stays() -> None:
    edition = convert(publish()).shown_edition
    for key in LEFT_BEHIND:
        storage().put_immutable(key, b"left behind")
    sweep_orphans(older_than_s=-1)
    assert not any(storage().exists(key) for key in LEFT_BEHIND)
    assert storage().exists(edition.original)
    assert storage().exists(edition.folder + edition.pages.get(number=1).small)


def test_what_is_just_being_written_stays() -> None:
    for key in LEFT_BEHIND:
        storage().put_immutable(key, b"left behind")
    assert sweep_orphans(older_than_s=3600) == 0
    assert all(storage().exists(key) for key in LEFT_BEHIND)
