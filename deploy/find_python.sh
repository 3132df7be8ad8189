#!/bin/sh
# Prints a Python that can run Limner, or says in one line what to install.
for python in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    [ -n "$python" ] || continue
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$python"
        exit 0
    fi
    echo "limner: $python cannot make a virtual environment: sudo apt-get install python3-venv" >&2
    exit 1
done
echo "limner: Python 3.11 or newer is needed (set PYTHON=/path/to/python if it has another name)" >&2
exit 1
