"""What a picture costs us, and an index that the overview's figures are read from."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("generator", "0008_project_and_turns_by_owner")]

    operations = [
        migrations.AddField(
            model_name="enginemodel",
            name="provider_cost",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="generation",
            name="provider_cost",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="generation",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False)),
                fields=[
                    "finished_at", "status", "queued_at", "started_at", "delivered", "provider_cost",
                ],
                name="generation_by_day",
            ),
        ),
    ]
