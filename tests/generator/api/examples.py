"""How often a described operation is called with what its description allows, and does not."""

from __future__ import annotations

import os

#: `make hammer` sets 200 for all of them, as releases want; each run of the suite tries fewer
#: where operations are many, or it would take an hour.
ALL = int(os.environ.get("EXAMPLES", "0"))


def examples(usual: int) -> int:
    """`usual` examples of each operation, unless somebody asked for another number."""
    return ALL or usual
