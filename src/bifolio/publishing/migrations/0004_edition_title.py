"""Note each edition's own title, which its flipbook has while it is shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0003_conversion_budget"),
    ]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="title",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
    ]
