"""Number the editions of each flipbook, and give them what history, reconversion and passwords need."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def number_editions(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Number what there is in the order in which it came."""
    editions = apps.get_model("publishing", "Edition")
    flipbooks = apps.get_model("publishing", "Flipbook")
    made: dict[int, int] = {}
    for pk, flipbook_id in editions.objects.order_by("pk").values_list("pk", "flipbook_id"):
        made[flipbook_id] = made.get(flipbook_id, 0) + 1
        editions.objects.filter(pk=pk).update(number=made[flipbook_id])
    for flipbook_id, count in made.items():
        flipbooks.objects.filter(pk=flipbook_id).update(editions_made=count)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]

    operations = [
        migrations.AddField(
            "edition", "number", models.PositiveIntegerField(default=0), preserve_default=False
        ),
        migrations.AddField("edition", "sealed_password", models.BinaryField(default=b"")),
        migrations.AddField("edition", "replaced_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "edition",
            "reconversion_of",
            models.ForeignKey(
                null=True,
                on_delete=models.SET_NULL,
                related_name="reconversions",
                to="publishing.edition",
            ),
        ),
        migrations.AddField("flipbook", "editions_made", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "flipbook",
            "fallback_edition",
            models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="publishing.edition"),
        ),
        migrations.RunPython(number_editions, migrations.RunPython.noop),
        migrations.AddConstraint(
            "edition",
            models.UniqueConstraint(fields=["flipbook", "number"], name="one_edition_a_number"),
        ),
    ]
