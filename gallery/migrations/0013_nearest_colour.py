"""Lists can begin with the nearest colour, and documents name smaller cells of colours."""

from django.db import migrations, models

from gallery import documents


def write_documents(apps, schema_editor):
    documents.rewrite_all(apps)


class Migration(migrations.Migration):
    # Each stretch of documents is a transaction of its own.
    atomic = False
    dependencies = [("gallery", "0012_notices")]

    operations = [
        migrations.AlterField(
            model_name="savedsearch",
            name="sort",
            field=models.CharField(
                choices=[
                    ("newest", "Newest"),
                    ("likes", "Most liked"),
                    ("trending", "Trending"),
                    ("color", "Nearest colour"),
                ],
                default="newest",
                max_length=8,
            ),
        ),
        migrations.RunPython(write_documents, migrations.RunPython.noop),
    ]
