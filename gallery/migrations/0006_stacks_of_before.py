"""Say of every picture which stack it is in."""

import hashlib
import json

from django.db import migrations

BATCH = 500
VARYING = {"seed", "count", "output_format"}


def stack_of(owner_id, made):
    """`gallery.stacking.stack_of` as it was."""
    asked = made.get("request")
    if not isinstance(asked, dict) or not asked:
        return None
    wish = {name: value for name, value in asked.items() if name not in VARYING}
    same = [owner_id, made.get("model", ""), wish]
    text = json.dumps(same, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def fill(apps, schema_editor):
    asset = apps.get_model("gallery", "Asset")
    rows = asset.objects.using(schema_editor.connection.alias).filter(stack=None).order_by("pk")
    rows = rows.only("pk", "owner_id", "recipe")
    batch = list(rows[:BATCH])
    while batch:
        for each in batch:
            each.stack = stack_of(each.owner_id, each.recipe)
        asset.objects.bulk_update([each for each in batch if each.stack is not None], ["stack"])
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:BATCH])


class Migration(migrations.Migration):

    dependencies = [
        ('gallery', '0005_collections_and_stacks'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
