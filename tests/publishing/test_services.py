from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks as Committing
from pytest_django import Settings

from bifolio.accounts.actors import Actor, Role
from bifolio.accounts.errors import NotAllowed
from bifolio.accounts.models import Workspace
from bifolio.accounts.services import workspace_of_account
from bifolio.infra.configuration import configuration
from bifolio.infra.jobs import JobRun
from bifolio.infra.jobs.models import Job
from bifolio.infra.storage import storage
from bifolio.publishing import services
from bifolio.publishing.access import readable_flipbook
from bifolio.publishing.errors import (
    FileTooLarge,
    FlipbookIsProcessing,
    FlipbookNotFound,
    HashMisshapen,
    HashTaken,
    TooManyPages,
    UnsupportedFile,
    UploadQuotaSpent,
)
from bifolio.publishing.files import IncomingFile
from bifolio.publishing.models import EditionState, Flipbook, FlipbookStatus
from bifolio.publishing.purge_job import delete_folders
from bifolio.publishing.queries import find_flipbook, item_of, uploads_left
from bifolio.publishing.services import FlipbookDetails
from tests.documents import incoming, make_image, make_pdf

pytestmark = pytest.mark.django_db
Limit = Callable[..., None]


@pytest.fixture
def limited(settings: Settings) -> Limit:
    """Return a function that changes limits for one test."""

    def limit(**values: int | None) -> None:
        settings.BIFOLIO = replace(settings.BIFOLIO, **values)

    return limit


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Committing) -> Committing:
    return django_capture_on_commit_callbacks


def create(
    actor: Actor,
    workspace: Workspace,
    file: IncomingFile,
    details: FlipbookDetails = FlipbookDetails(),  # noqa: B008 (frozen)
    **names: str,
) -> Flipbook:
    return services.create_flipbook(actor=actor, workspace=workspace, file=file, details=details, **names)


def complete(flipbook: Flipbook) -> Flipbook:
    """End the flipbook's conversion as the job does, with one page file."""
    edition = flipbook.shown_edition
    storage().put_immutable(edition.folder + "1-small-x.png", b"page")
    edition.state = EditionState.COMPLETE
    edition.save(update_fields=["state"])
    return find_flipbook(actor=Actor.operator(), flipbook_hash=flipbook.hash)


class TestCreate:
    def test_it_stores_the_document_before_it_records_it(self, flipbook: Flipbook) -> None:
        edition = flipbook.shown_edition
        with storage().open_range(edition.original) as file:
            assert file.read() == make_pdf()
        assert (edition.page_count, edition.kind, edition.state) == (3, "pdf", EditionState.PROCESSING)

    def test_it_enqueues_the_conversion(self, flipbook: Flipbook) -> None:
        assert Job.objects.get().payload == {"edition_id": flipbook.shown_edition.pk}

    def test_a_title_that_is_not_given_comes_from_the_file_name(self, flipbook: Flipbook) -> None:
        assert flipbook.title == "spring catalogue 2026"

    def test_the_same_idempotency_key_gives_the_same_flipbook_and_counts_once(
        self, actor: Actor, workspace: Workspace, arrivals: Path
    ) -> None:
        first = create(actor, workspace, incoming(arrivals, make_pdf()), idempotency_key="order-66")
        second = create(actor, workspace, incoming(arrivals, make_pdf()), idempotency_key="order-66")
        assert first == second
        assert Flipbook.objects.count() == 1
        assert uploads_left(workspace) == 999

    def test_a_retry_after_the_deletion_is_told_so(
        self, actor: Actor, workspace: Workspace, arrivals: Path
    ) -> None:
        first = create(actor, workspace, incoming(arrivals, make_pdf()), idempotency_key="order-66")
        services.delete_flipbook(actor=actor, flipbook=first)
        with pytest.raises(FlipbookNotFound):
            create(actor, workspace, incoming(arrivals, make_pdf()), idempotency_key="order-66")

    def test_two_workspaces_may_use_the_same_idempotency_key(
        self, actor: Actor, workspace: Workspace, arrivals: Path
    ) -> None:
        other = workspace_of_account("OTHERACCNT1")
        first = create(actor, workspace, incoming(arrivals, make_pdf()), idempotency_key="1")
        assert create(actor, other, incoming(arrivals, make_pdf()), idempotency_key="1") != first

    def test_an_old_hash_can_be_given_once(self, actor: Actor, workspace: Workspace, arrivals: Path) -> None:
        book = create(actor, workspace, incoming(arrivals, make_pdf()), wanted_hash="fxh4k89")
        assert book.hash == "fxh4k89"
        with pytest.raises(HashTaken):
            create(actor, workspace, incoming(arrivals, make_pdf()), wanted_hash="fxh4k89")

    @pytest.mark.parametrize("wanted_hash", ["UPPER123", "short", "farfartoolong", ""])
    def test_what_has_not_the_shape_of_a_hash_cannot_be_given(
        self, actor: Actor, workspace: Workspace, arrivals: Path, wanted_hash: str
    ) -> None:
        with pytest.raises(HashMisshapen):
            create(actor, workspace, incoming(arrivals, make_pdf()), wanted_hash=wanted_hash)

    def test_pictures_become_books(self, actor: Actor, workspace: Workspace, arrivals: Path) -> None:
        for kind in ("jpeg", "png"):
            book = create(actor, workspace, incoming(arrivals, make_image(kind), f"photo.{kind}"))
            assert book.shown_edition.page_count == 1

    @pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04", b"x" * 2000 + b"%PDF-1.7"])
    def test_it_refuses_what_is_neither_pdf_nor_picture(
        self, actor: Actor, workspace: Workspace, arrivals: Path, content: bytes
    ) -> None:
        with pytest.raises(UnsupportedFile):
            create(actor, workspace, incoming(arrivals, content))
        assert not Flipbook.objects.exists()

    def test_it_refuses_a_file_that_is_too_large(
        self, actor: Actor, workspace: Workspace, upload: IncomingFile, limited: Limit
    ) -> None:
        limited(max_file_mb=1)
        with pytest.raises(FileTooLarge):
            create(actor, workspace, replace(upload, size_bytes=1024 * 1024 + 1))

    def test_it_refuses_a_document_with_too_many_pages(
        self, actor: Actor, workspace: Workspace, upload: IncomingFile, limited: Limit
    ) -> None:
        limited(max_pages=2)
        with pytest.raises(TooManyPages) as caught:
            create(actor, workspace, upload)
        assert (caught.value.page_count, caught.value.limit) == (3, 2)

    def test_a_document_that_cannot_be_opened_is_accepted_and_left_to_the_conversion(
        self, actor: Actor, workspace: Workspace, arrivals: Path
    ) -> None:
        book = create(actor, workspace, incoming(arrivals, b"%PDF-1.7 and then nothing"))
        assert book.shown_edition.page_count is None

    def test_the_quota_ends_uploads_until_next_month_and_leaves_no_file(
        self, actor: Actor, workspace: Workspace, arrivals: Path, limited: Limit
    ) -> None:
        limited(uploads_per_month=1)
        create(actor, workspace, incoming(arrivals, make_pdf()))
        with pytest.raises(UploadQuotaSpent):
            create(actor, workspace, incoming(arrivals, make_pdf()))
        originals = configuration().data / "files" / "originals"
        assert uploads_left(workspace) == 0
        assert len(list(originals.rglob("*.pdf"))) >= 1
        assert Flipbook.objects.count() == 1

    def test_a_key_of_another_workspace_may_not(self, workspace: Workspace, upload: IncomingFile) -> None:
        with pytest.raises(NotAllowed):
            create(Actor(Role.KEY, workspace.pk + 1), workspace, upload)


class TestUpdate:
    def test_what_is_not_given_stays(self, actor: Actor, flipbook: Flipbook) -> None:
        book = services.update_flipbook(
            actor=actor,
            flipbook=complete(flipbook),
            details=FlipbookDetails(title="New", player_settings={"a": 1}),
        )
        book = services.update_flipbook(
            actor=actor, flipbook=book, details=FlipbookDetails(width=800, player_settings={"b": 2})
        )
        assert (book.title, book.width, book.height, book.status) == ("New", 800, 385, "public")
        assert book.player_settings == {"a": 1, "b": 2}

    def test_it_waits_for_the_conversion(self, actor: Actor, flipbook: Flipbook) -> None:
        with pytest.raises(FlipbookIsProcessing):
            services.update_flipbook(actor=actor, flipbook=flipbook, details=FlipbookDetails(title="New"))

    def test_publishing_a_draft_gives_a_final_hash_and_keeps_the_old_one(
        self,
        actor: Actor,
        workspace: Workspace,
        upload: IncomingFile,
        committed: Committing,
    ) -> None:
        draft = complete(
            create(actor, workspace, upload, details=FlipbookDetails(status=FlipbookStatus.EDITABLE))
        )
        old_hash, old_folder = draft.hash, draft.shown_edition.folder
        with committed(execute=True):
            book = services.update_flipbook(
                actor=actor, flipbook=draft, details=FlipbookDetails(status=FlipbookStatus.PUBLIC)
            )
        assert book.hash != old_hash
        assert find_flipbook(actor=actor, flipbook_hash=old_hash) == book
        assert readable_flipbook(old_hash) == book
        assert old_folder.startswith("guarded/")
        assert book.shown_edition.folder.startswith("pages/")
        assert storage().exists(book.shown_edition.folder + "1-small-x.png")
        assert not storage().exists(old_folder + "1-small-x.png")

    def test_taking_back_and_publishing_again_keeps_the_hash_and_moves_the_pages(
        self,
        actor: Actor,
        flipbook: Flipbook,
        committed: Committing,
    ) -> None:
        book = complete(flipbook)
        first_hash, first_token = book.hash, book.shown_edition.token
        with committed(execute=True):
            for status in (FlipbookStatus.EDITABLE, FlipbookStatus.UNLISTED):
                book = services.update_flipbook(
                    actor=actor, flipbook=book, details=FlipbookDetails(status=status)
                )
        assert book.hash == first_hash
        assert book.shown_edition.token != first_token

    def test_taking_back_ends_the_addresses_of_replaced_editions_too(
        self, actor: Actor, flipbook: Flipbook, arrivals: Path, committed: Committing
    ) -> None:
        first = complete(flipbook)
        book = services.update_flipbook(
            actor=actor, flipbook=first, details=FlipbookDetails(), file=incoming(arrivals, make_pdf())
        )
        book.current_edition, book.next_edition = book.next_edition, None
        book.save()
        book = complete(book)
        with committed(execute=True):
            services.update_flipbook(
                actor=actor, flipbook=book, details=FlipbookDetails(status=FlipbookStatus.EDITABLE)
            )
        assert not storage().exists(first.shown_edition.folder + "1-small-x.png")
        assert all(
            edition.is_guarded and storage().exists(edition.folder + "1-small-x.png")
            for edition in book.editions.all()
        )

    def test_a_new_file_converts_beside_the_shown_edition(
        self, actor: Actor, workspace: Workspace, flipbook: Flipbook, arrivals: Path
    ) -> None:
        book = services.update_flipbook(
            actor=actor,
            flipbook=complete(flipbook),
            details=FlipbookDetails(),
            file=incoming(arrivals, make_pdf(pages=5)),
        )
        item = item_of(book)
        assert (item.state, item.page_count, item.progress) == (EditionState.COMPLETE, 3, 0)
        assert uploads_left(workspace) == 998
        with pytest.raises(FlipbookIsProcessing):
            services.update_flipbook(
                actor=actor, flipbook=book, details=FlipbookDetails(), file=incoming(arrivals, make_pdf())
            )


class TestDelete:
    def test_nobody_finds_it_again_and_its_pages_are_gone(
        self,
        actor: Actor,
        flipbook: Flipbook,
        committed: Committing,
    ) -> None:
        book = complete(flipbook)
        with committed(execute=True):
            services.delete_flipbook(actor=actor, flipbook=book)
        with pytest.raises(FlipbookNotFound):
            find_flipbook(actor=actor, flipbook_hash=book.hash)
        with pytest.raises(FlipbookNotFound):
            readable_flipbook(book.hash)
        assert not storage().exists(book.shown_edition.folder + "1-small-x.png")
        assert storage().exists(book.shown_edition.original)

    def test_its_pages_go_even_when_the_server_dies_after_the_commit(
        self, actor: Actor, flipbook: Flipbook
    ) -> None:
        book = complete(flipbook)
        services.delete_flipbook(actor=actor, flipbook=book)
        assert storage().exists(book.shown_edition.folder + "1-small-x.png")
        left_over = Job.objects.get(name=delete_folders.name)
        delete_folders.function(JobRun(left_over.pk, 1, 1, lambda: None), **left_over.payload)
        assert not storage().exists(book.shown_edition.folder + "1-small-x.png")

    def test_a_change_that_it_overtook_finds_nothing_and_costs_nothing(
        self, actor: Actor, workspace: Workspace, flipbook: Flipbook, arrivals: Path
    ) -> None:
        book = complete(flipbook)
        services.delete_flipbook(actor=actor, flipbook=book)
        with pytest.raises(FlipbookNotFound):
            services.update_flipbook(
                actor=actor, flipbook=book, details=FlipbookDetails(), file=incoming(arrivals, make_pdf())
            )
        assert uploads_left(workspace) == 999
        assert book.editions.count() == 1

    def test_only_one_of_two_deletions_succeeds(self, actor: Actor, flipbook: Flipbook) -> None:
        services.delete_flipbook(actor=actor, flipbook=flipbook)
        with pytest.raises(FlipbookNotFound):
            services.delete_flipbook(actor=actor, flipbook=flipbook)

    def test_its_hash_stays_taken(
        self, actor: Actor, workspace: Workspace, flipbook: Flipbook, arrivals: Path
    ) -> None:
        services.delete_flipbook(actor=actor, flipbook=flipbook)
        with pytest.raises(HashTaken):
            create(actor, workspace, incoming(arrivals, make_pdf()), wanted_hash=flipbook.hash)


def originals() -> list[Path]:
    return list((configuration().data / "files" / "originals").rglob("document.*"))


def test_an_upload_that_cannot_be_recorded_leaves_no_file(
    actor: Actor, flipbook: Flipbook, arrivals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, before = complete(flipbook), originals()

    def spent(_: Workspace) -> None:
        raise UploadQuotaSpent(1)

    monkeypatch.setattr(services, "spend_upload", spent)
    with pytest.raises(UploadQuotaSpent):
        create(actor, book.workspace, incoming(arrivals, make_pdf()))
    with pytest.raises(UploadQuotaSpent):
        services.update_flipbook(
            actor=actor, flipbook=book, details=FlipbookDetails(), file=incoming(arrivals, make_pdf())
        )
    assert originals() == before
