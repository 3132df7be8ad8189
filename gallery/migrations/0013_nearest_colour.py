"""Lists can begin with the nearest colour, and documents name smaller cells of colours."""

from django.db import migrations, models

from gallery import documents


def write_documents(apps, schema_editor):
    assets = apps.get_model("gallery", "Asset").objects.order_by("created_at", "pk")
    documents.rewrite(assets.values_list("pk", flat=True), apps)


class Migration(migrations.Migration):
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
