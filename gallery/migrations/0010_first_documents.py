"""The documents of what is there already, so that searches find it."""

from django.db import migrations

from gallery import documents


def write_documents(apps, schema_editor):
    assets = apps.get_model("gallery", "Asset").objects.order_by("created_at", "pk")
    documents.rewrite(assets.values_list("pk", flat=True), apps)


class Migration(migrations.Migration):
    dependencies = [("gallery", "0009_finding")]

    operations = [migrations.RunPython(write_documents, migrations.RunPython.noop)]
