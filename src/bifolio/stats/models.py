"""What is counted (stats.md): one row a visit, day rollups, running totals.

The collector writes these tables without Django (bifolio.collector); their columns are its contract.
"""

from django.db import models


class Visit(models.Model):
    """One load of a player, and what it has been granted so far.

    Instants are Unix seconds. ``seq`` is the highest beacon applied; ``pages`` is JSON
    ``[[page, seconds, views, clicks], …]`` in whole seconds. ``dropped`` names why a visit
    does not count (empty: it counts).
    """

    visit_id = models.CharField(max_length=22, primary_key=True)
    workspace_id = models.BigIntegerField()
    flipbook_id = models.BigIntegerField()
    edition_id = models.BigIntegerField()
    issued_at = models.FloatField()
    first_beacon_at = models.FloatField(null=True)
    last_beacon_at = models.FloatField(null=True)
    seq = models.IntegerField(default=0)
    active_s = models.IntegerField(default=0)
    views = models.IntegerField(default=0)
    downloads = models.IntegerField(default=0)
    pages = models.TextField(default="[]")
    dropped = models.CharField(max_length=20, default="")

    class Meta:
        indexes = [models.Index(fields=["flipbook_id", "issued_at"], name="visit_by_flipbook")]


class Counts(models.Model):
    """The four numbers of the API."""

    impressions = models.BigIntegerField(default=0)
    views = models.BigIntegerField(default=0)
    time_spent_s = models.BigIntegerField(default=0)
    downloads = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class PageCounts(models.Model):
    """The three numbers of a page."""

    views = models.BigIntegerField(default=0)
    clicks = models.BigIntegerField(default=0)
    time_spent_s = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class WorkspaceTotal(Counts):
    """Running totals of a workspace, deleted flipbooks included."""

    workspace_id = models.BigIntegerField(primary_key=True)


class FlipbookTotal(Counts):
    """Running totals of a flipbook."""

    flipbook_id = models.BigIntegerField(primary_key=True)
    workspace_id = models.BigIntegerField()


class FlipbookDay(Counts):
    """A flipbook's counts of one day of its workspace's time zone."""

    pk = models.CompositePrimaryKey("flipbook_id", "day")
    flipbook_id = models.BigIntegerField()
    day = models.DateField()
    workspace_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["workspace_id", "day"], name="day_by_workspace")]


class PageTotal(PageCounts):
    """Running totals of one page number of a flipbook, over all editions."""

    pk = models.CompositePrimaryKey("flipbook_id", "page")
    flipbook_id = models.BigIntegerField()
    page = models.IntegerField()


class PageDay(PageCounts):
    """A page's counts of one day."""

    pk = models.CompositePrimaryKey("flipbook_id", "day", "page")
    flipbook_id = models.BigIntegerField()
    day = models.DateField()
    page = models.IntegerField()
