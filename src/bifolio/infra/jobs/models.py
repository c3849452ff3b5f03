"""The tables of the job engine."""

from django.db import models
from django.utils import timezone


class JobState(models.TextChoices):
    """Where a job is. A finished one has no row."""

    QUEUED = "queued"
    RUNNING = "running"
    FAILED = "failed"


class Job(models.Model):
    """A job that is not finished.

    ``not_before`` is None for a job that may start at once, so that no step of the clock can
    delay it. ``lease_token`` is new with each claim: whoever has it is the one run that may write.
    ``beats`` rises while the run lives. ``times_given_back`` counts shutdowns without an attempt.
    """

    name = models.CharField(max_length=100)
    queue = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    priority = models.IntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    unique_key = models.CharField(max_length=200, null=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    times_given_back = models.PositiveIntegerField(default=0)
    owner = models.CharField(max_length=120, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    beats = models.BigIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "queue", "-priority", "id"], name="job_next"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=models.Q(state__in=("queued", "running")),
                name="one_live_job_a_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class Worker(models.Model):
    """A worker that has said a sign of life. ``queues`` is comma-separated."""

    owner = models.CharField(max_length=120, primary_key=True)
    queues = models.CharField(max_length=200)
    last_seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.owner
