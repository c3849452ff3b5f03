"""Note what a conversion has used of its limits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0002_edition_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="deaths",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="edition",
            name="page_s",
            field=models.FloatField(default=0.0),
        ),
        migrations.AddField(
            model_name="edition",
            name="spent_s",
            field=models.FloatField(default=0.0),
        ),
    ]
