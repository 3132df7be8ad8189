"""Move where a model is, and of which family, out of its options into the columns for it."""

from django.db import migrations

#: The diffusion engine's word for an architecture -> the row's family.
FAMILIES = {"sd": "sd1", "sdxl": "sdxl", "sd3": "sd3", "flux": "flux"}


def move(apps, schema_editor):
    models = apps.get_model("generator", "EngineModel").objects
    models.filter(engine="sketch").update(family="sketch")
    for model in models.filter(engine__in=["diffusion", "remote"], address=""):
        if not isinstance(model.options, dict):
            continue  # the admin says what is wrong with it
        options = dict(model.options)
        if model.engine == "remote":
            model.address = _taken(options, "url")
        else:
            hub = _taken(options, "hub")
            model.address = f"hub:{hub}" if hub else _taken(options, "path")
            model.family = FAMILIES.get(options.get("family"), "other")
            if model.family != "other":
                del options["family"]
        model.options = options
        model.save(update_fields=["address", "family", "options"])


def _taken(options, name):
    """The text, taken out; "" and left where it is when it is none that fits the column."""
    value = options.get(name)
    if isinstance(value, str) and len(value) <= 390:
        return options.pop(name)
    return ""


def put_back(apps, schema_editor):
    kinds = {family: kind for kind, family in FAMILIES.items()}
    for model in apps.get_model("generator", "EngineModel").objects.exclude(address=""):
        options = dict(model.options)
        if model.engine == "remote":
            options["url"] = model.address
        elif model.address.startswith("hub:"):
            options["hub"] = model.address.removeprefix("hub:")
        else:
            options["path"] = model.address
        if model.family in kinds:
            options["family"] = kinds[model.family]
        model.options, model.address = options, ""
        model.save(update_fields=["address", "options"])


class Migration(migrations.Migration):
    dependencies = [("generator", "0004_models_as_data")]
    operations = [migrations.RunPython(move, put_back)]
