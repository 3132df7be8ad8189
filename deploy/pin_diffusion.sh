#!/bin/sh
# Writes deploy/diffusion.txt: every package that `make diffusion` adds to those of uv.lock, with
# hashes. torch and what only torch needs are left out; deploy/torch.txt says why.
# Needs the network and .venv (`make check` sets it up). Run it from the repository's root.
set -eu
uv=.venv/bin/uv
locked=$(mktemp)
trap 'rm -f "$locked"' EXIT
export UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never

# Where a package is in uv.lock too, both must agree; what always comes from there is left out.
"$uv" export --quiet --frozen --no-hashes --no-annotate --no-header >"$locked"
ours=$("$uv" export --quiet --frozen --no-dev --no-hashes --no-annotate --no-header |
	sed -n 's/^\([a-z0-9._-]*\).*/\1/p')
torchs="torch triton cuda-bindings cuda-pathfinder cuda-toolkit $(
	"$uv" pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header \
		deploy/torch.txt | sed -n 's/^\(nvidia-[a-z0-9-]*\).*/\1/p'
)"

set --
for name in $ours $torchs; do set -- "$@" --no-emit-package "$name"; done
{
	echo "# Made by deploy/pin_diffusion.sh from deploy/diffusion.in and uv.lock; do not edit."
	"$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --constraint "$locked" "$@" deploy/diffusion.in
} >"$locked.new"
mv "$locked.new" deploy/diffusion.txt
