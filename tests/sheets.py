"""`make sheets`: contact sheets of the sketch engine, written to `build/sheets`.

python -m tests.sheets [prompts-1 styles-fox ...] [--size 320] [--to FOLDER]
"""

from __future__ import annotations

import os
import sys

import django
from django.core.management import call_command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    call_command("make_sheets", *sys.argv[1:])
