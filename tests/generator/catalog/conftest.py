"""Which files of this folder are tests here."""

import os

collect_ignore = [] if os.environ.get("ORIGINAL_PAGES") else ["test_original_documents.py"]
