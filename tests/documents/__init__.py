"""What the five API documents state, as facts: ids, names, limits.

Each file is one table of one document. Columns called `id`, `name`, `label`,
`family` and `service` are the document's own; the others say where the value
must land in an `ImageRequest`. `request_fields` and `answer_fields` are the documents' tables of
fields, those of objects inside written with a dot; their `kind`, `required` and `default` are the
document's (wider where another page or a client needs it), cells of `default`, `sample` and
`value` hold JSON.
"""

import csv
from pathlib import Path

HERE = Path(__file__).parent

Row = dict[str, str]


def table(name: str) -> list[Row]:
    """The rows of one table, by column title."""
    with (HERE / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))


def table_names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.tsv"))
