"""The real settings for processes that tests start, with their engines and cheap passwords."""

from config.settings import *  # noqa: F403
from config.settings import DATA_DIR, ENGINES, INSTALLED_APPS

ENGINES.update(blank="tests.engines.BlankEngine", scripted="tests.engines.ScriptedEngine")
WORKER_ENGINES = list(ENGINES)
INSTALLED_APPS.append("tests.bench")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Of their own, so that tests change nothing under a server that runs from this checkout.
STATIC_ROOT = DATA_DIR / "staticfiles"
