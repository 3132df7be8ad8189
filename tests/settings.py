"""The settings of the tests: the real ones, in a throwaway folder, with cheap passwords."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

#: What a developer may have set for their own server must not reach the tests.
_OWN = (
    *("ALLOWED_HOSTS", "BASE_URL", "CELERY_BROKER_URL", "DATABASE_URL", "EMAIL_URL", "FILES_VIA"),
    *("HOST", "PORT", "SECRET_KEY", "SIGN_UP", "STARTING_CREDITS", "STORAGE_URL", "TRANSLATE_URL"),
    *("TRUSTED_PROXIES", "WORKER_ENGINES", "WORKERS"),
)
for _name in _OWN:
    os.environ.pop(_name, None)
# The suite runs on another database when asked: TEST_DATABASE_URL=postgres://…
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
# One folder per process, so that parallel test processes share nothing.
_folder = tempfile.mkdtemp(prefix="limner-tests-")
os.environ["DATA_DIR"] = _folder
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
# What they may share, because it is only copied, is in the folder of the first one.
os.environ.setdefault("LIMNER_TEST_RUN", _folder)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, ENGINES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, because threads of one test must meet the locks that they meet in earnest.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_folder) / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY;"
    )

ENGINES.update(blank="tests.engines.BlankEngine", scripted="tests.engines.ScriptedEngine")
