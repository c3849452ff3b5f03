"""What is published: flipbooks, their editions and pages."""

from cryptography.fernet import InvalidToken
from django.db import models
from django.utils import timezone

from bifolio.accounts.models import Workspace
from bifolio.accounts.secret_box import unseal
from bifolio.kernel.ids import new_edition_token, new_flipbook_hash


class FlipbookStatus(models.TextChoices):
    """Who may open a flipbook."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    EDITABLE = "editable"


class EditionState(models.TextChoices):
    """How far an edition's conversion is."""

    PROCESSING = "processing"
    COMPLETE = "complete"
    FAILED = "failed"


class Flipbook(models.Model):
    """The lasting thing with the hash, the title, the settings and the statistics.

    ``current_edition`` is what readers see; they keep it until ``next_edition``, a replacement, has
    its first page. From then on the replacement is the current one, and ``fallback_edition``, whole,
    waits for its end: a replacement that fails gives its place back. It becomes ``next_edition``
    again, as the reason, until another is tried. ``editions_made`` numbers the editions.
    ``width`` and ``height`` are the default size of an embed in CSS pixels. A deleted flipbook
    keeps its row, so that its statistics and its hash stay taken.
    """

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="flipbooks")
    hash = models.CharField(max_length=10, unique=True, default=new_flipbook_hash)
    status = models.CharField(max_length=10, choices=FlipbookStatus, default=FlipbookStatus.PUBLIC)
    title = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    width = models.PositiveIntegerField(default=650)
    height = models.PositiveIntegerField(default=385)
    player_settings = models.JSONField(default=dict)
    current_edition = models.ForeignKey("Edition", models.PROTECT, null=True, related_name="+")
    next_edition = models.ForeignKey("Edition", models.PROTECT, null=True, related_name="+")
    fallback_edition = models.ForeignKey("Edition", models.PROTECT, null=True, related_name="+")
    editions_made = models.PositiveIntegerField(default=0)
    title_is_given = models.BooleanField(default=False)
    description_is_given = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-created_at"], name="flipbook_newest"),
            models.Index(fields=["workspace", "title"], name="flipbook_by_title"),
        ]

    def __str__(self) -> str:
        return self.hash

    @property
    def is_guarded(self) -> bool:
        """Whether page files need a signed link: only a draft's do so far."""
        return self.status == FlipbookStatus.EDITABLE

    @property
    def shown_edition(self) -> "Edition":
        """The edition that readers see. Every flipbook has one from its creation on."""
        assert self.current_edition is not None
        return self.current_edition

    @property
    def replacement(self) -> "Edition | None":
        """The edition that is converting to replace a whole one, shown already or not yet."""
        if self.fallback_edition is not None:
            return self.shown_edition
        coming = self.next_edition
        return coming if coming is not None and coming.state == EditionState.PROCESSING else None

    @property
    def edition_ids_in_use(self) -> set[int]:
        """Those that are shown, are to be shown, or would be shown again."""
        in_use = (self.current_edition_id, self.next_edition_id, self.fallback_edition_id)
        return {edition_id for edition_id in in_use if edition_id is not None}


class FlipbookAlias(models.Model):
    """An old hash that keeps working for every method and link."""

    hash = models.CharField(max_length=10, unique=True)
    flipbook = models.ForeignKey(Flipbook, models.CASCADE, related_name="aliases")


class Edition(models.Model):
    """One uploaded file and its pages; immutable once converted.

    ``number`` counts within the flipbook, from 1, and is never given twice. ``token`` is the
    unguessable folder of its page files; taking a flipbook back gives a new one. ``title`` is the
    document's own or else its file's name; empty where neither has been noted.
    ``page_count`` is None until the document has been opened. ``failure`` names why a conversion
    failed (bifolio.conversion's FailureReason). ``outline`` is the manifest's outline.
    ``reconversion_of`` is the edition that the same original made before; both name its file.
    ``sealed_password`` opens a locked original and lives as long as that does. ``replaced_at`` is
    when readers were last shown another instead.
    """

    flipbook = models.ForeignKey(Flipbook, models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    reconversion_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="reconversions")
    token = models.CharField(max_length=24, unique=True, default=new_edition_token)
    is_guarded = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=EditionState, default=EditionState.PROCESSING)
    failure = models.CharField(max_length=40, blank=True)
    original = models.CharField(max_length=200)
    file_name = models.CharField(max_length=255)
    title = models.CharField(max_length=500, blank=True, default="")
    kind = models.CharField(max_length=4)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    sealed_password = models.BinaryField(default=b"")
    page_count = models.PositiveIntegerField(null=True)
    pages_done = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=35, blank=True)
    direction = models.CharField(max_length=3, default="ltr")
    outline = models.JSONField(default=list)
    page_labels = models.JSONField(default=list)
    engine_version = models.CharField(max_length=60, blank=True)
    spent_s = models.FloatField(default=0.0)
    deaths = models.PositiveIntegerField(default=0)
    page_s = models.FloatField(default=0.0)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["flipbook", "number"], name="one_edition_a_number"),
        ]

    def __str__(self) -> str:
        return self.token

    @property
    def password(self) -> str:
        """What opens the original, for the engine alone; empty for one that is not locked.

        Empty too when BIFOLIO_SECRET_KEY has changed since: then the failure asks for the password again.
        """
        try:
            return unseal(self.sealed_password) if self.sealed_password else ""
        except InvalidToken:
            return ""

    @property
    def folder(self) -> str:
        """Where the page files lie in the store."""
        return f"{'guarded' if self.is_guarded else 'pages'}/{self.token}/"

    @property
    def original_folder(self) -> str:
        """Where the uploaded document lies alone in the store."""
        return self.original.rpartition("/")[0] + "/"

    @property
    def progress(self) -> int:
        """Share of pages converted, 0 to 100; 100 only when complete."""
        if self.state == EditionState.COMPLETE:
            return 100
        return min(99, self.pages_done * 100 // self.page_count) if self.page_count else 0


class Page(models.Model):
    """One page of an edition: its size in points as displayed, its files, its text.

    ``small``, ``medium``, ``large`` and ``layers`` are file names in the edition's folder;
    ``layers`` is empty where the page has neither text nor links.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    width_pt = models.FloatField()
    height_pt = models.FloatField()
    small = models.CharField(max_length=60)
    medium = models.CharField(max_length=60)
    large = models.CharField(max_length=60)
    layers = models.CharField(max_length=60, blank=True)
    is_placeholder = models.BooleanField(default=False)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="one_row_a_page")]

    def __str__(self) -> str:
        return f"page {self.number}"


class UploadMonth(models.Model):
    """How many uploads a workspace made in a calendar month (UTC, ``2026-11``)."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    month = models.CharField(max_length=7)
    uploads = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "month"], name="one_row_a_month")]


class IdempotentCreation(models.Model):
    """Remembers which flipbook an Idempotency-Key has made, so that a retry makes no second."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    flipbook = models.ForeignKey(Flipbook, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="one_creation_a_key")]
