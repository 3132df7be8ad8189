"""Wrote the first documents; `0013_nearest_colour` writes all of them, so that once is enough."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("gallery", "0009_finding")]

    operations = []
