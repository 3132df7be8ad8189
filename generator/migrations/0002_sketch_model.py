"""The model that everybody has: the sketch engine needs no weights, key or network."""

from django.db import migrations


def add_sketch(apps, schema_editor):
    apps.get_model("generator", "EngineModel").objects.get_or_create(
        slug="sketch",
        defaults={
            "name": "Limner sketch",
            "description": "Paints by rules, at once, without a graphics card. Not an AI model.",
            "engine": "sketch",
            "price": 1,
            "is_default": True,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("generator", "0001_initial")]
    operations = [migrations.RunPython(add_sketch, migrations.RunPython.noop)]
