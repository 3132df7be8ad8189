"""The real settings for processes that tests start, with the engines of the tests."""

from config.settings import *  # noqa: F403
from config.settings import ENGINES, INSTALLED_APPS

ENGINES.update(blank="tests.engines.BlankEngine", scripted="tests.engines.ScriptedEngine")
WORKER_ENGINES = list(ENGINES)
INSTALLED_APPS.append("tests.bench")
