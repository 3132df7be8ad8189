"""What can be chosen for a picture: the tables of five services merged into one.

One module per kind; each value has one canonical form and keeps its spelling in
every dialect. Lookups raise `contract.InvalidRequest` on the field's own name.
The names below are what forms and lists show, in order of display.
"""

from generator.catalog.languages import LANGUAGES
from generator.catalog.ratios import RATIOS
from generator.catalog.samplers import SAMPLERS
from generator.catalog.styles import STYLES

__all__ = ["LANGUAGES", "RATIOS", "SAMPLERS", "STYLES"]
