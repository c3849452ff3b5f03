"""Who publishes: workspaces and the API keys that sign for them."""

from django.db import models
from django.utils import timezone

from bifolio.kernel.ids import new_account_id, new_api_key


class Workspace(models.Model):
    """One publisher: owner of flipbooks, keys, quota and statistics (the API's account).

    ``account_id`` is public and lasting: embeds on the web carry it. ``profile`` is the chosen
    first part of direct links; without one the account id stands there. Days of statistics are
    days of ``time_zone`` (an IANA name).
    """

    account_id = models.CharField(max_length=11, unique=True, default=new_account_id)
    name = models.CharField(max_length=200)
    profile = models.SlugField(max_length=60, unique=True, null=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_workspace"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def link_name(self) -> str:
        """The first part of the workspace's direct links."""
        return self.profile or self.account_id


class ApiKey(models.Model):
    """A pair of key and secret that signs API calls for a workspace.

    The secret must come back to check signatures, so it is kept encrypted, not hashed
    (accounts.secrets). A revoked key stays, so that its name is never given out again.
    """

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="keys")
    key = models.CharField(max_length=100, unique=True, default=new_api_key)
    encrypted_secret = models.BinaryField()
    label = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key
