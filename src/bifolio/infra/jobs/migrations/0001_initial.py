import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("owner", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("queues", models.CharField(max_length=200)),
                ("last_seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("queue", models.CharField(max_length=40)),
                ("payload", models.JSONField(default=dict)),
                ("priority", models.IntegerField(default=0)),
                ("not_before", models.DateTimeField(null=True)),
                ("unique_key", models.CharField(max_length=200, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "Queued"), ("running", "Running"), ("failed", "Failed")],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("times_given_back", models.PositiveIntegerField(default=0)),
                ("owner", models.CharField(blank=True, max_length=120)),
                ("lease_token", models.CharField(blank=True, max_length=32)),
                ("beats", models.BigIntegerField(default=0)),
                ("last_error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("failed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["state", "queue", "-priority", "id"], name="job_next")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("queued", "running"))),
                        fields=("unique_key",),
                        name="one_live_job_a_key",
                    )
                ],
            },
        ),
    ]
