"""Rows for the models that the documented services name, switched off until somebody has them.

Sources: PicFinder, Text to image, "Model IDs" (the seven); Stubber, Generate Image, "model"
(dall-e-3); AIThriving, Basic Text To Image (SD 1.6); ModelsLab, Enterprise (flux). The slugs are
those of generator.catalog.models.
"""

from django.db import migrations

SD1 = {"engine": "diffusion", "family": "sd1", "max_side": 1024}
#: What each is pointed at is a suggestion: a folder of its name, the hub, or its service.
ROWS = {
    "sdxl-1.0": {
        "name": "SDXL 1.0",
        "engine": "diffusion",
        "family": "sdxl",
        "address": "hub:stabilityai/stable-diffusion-xl-base-1.0",
        "options": {"variant": "fp16"},
        "default_steps": 30,
    },
    "rev-animated-1.2.2": {"name": "ReV Animated 1.2.2", **SD1},
    "absolutereality-1.8.1": {"name": "AbsoluteReality 1.8.1", **SD1},
    "cyberrealistic-3.2": {"name": "CyberRealistic 3.2", **SD1},
    "dreamshaper-7.0": {"name": "DreamShaper 7.0", **SD1},
    "ghostmix-2.0": {"name": "GhostMix 2.0", **SD1},
    "samaritan-3d-3.0": {"name": "Samaritan 3D Cartoon 3.0", **SD1},
    "sd-1.6": {
        "name": "Stable Diffusion 1.6",
        "engine": "remote",
        "options": {"provider": "aithriving", "key_env": "LIMNER_KEY_AITHRIVING"},
        "min_side": 320,
        "max_side": 1536,
        "default_steps": 30,
    },
    "flux": {
        "name": "Flux.1 schnell",
        "engine": "diffusion",
        "family": "flux",
        "address": "hub:black-forest-labs/FLUX.1-schnell",
        "default_steps": 4,
    },
    "dall-e-3": {
        "name": "DALL·E 3",
        "engine": "remote",
        "options": {"provider": "openai", "model": "dall-e-3", "key_env": "LIMNER_KEY_OPENAI"},
    },
}


def add(apps, schema_editor):
    models = apps.get_model("generator", "EngineModel").objects
    for slug, row in ROWS.items():
        folder = slug if row["engine"] == "diffusion" else ""
        fields = {"address": folder, "enabled": False, **row}
        models.get_or_create(slug=slug, defaults=fields)


def remove(apps, schema_editor):
    """Those that nobody switched on or painted with."""
    generations = apps.get_model("generator", "Generation").objects
    models = apps.get_model("generator", "EngineModel").objects.filter(slug__in=ROWS)
    used = generations.filter(model__in=models).values("model")
    models.filter(enabled=False).exclude(pk__in=used).delete()


class Migration(migrations.Migration):
    dependencies = [("generator", "0005_addresses")]
    operations = [migrations.RunPython(add, remove)]
