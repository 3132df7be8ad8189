# The commands of Limner. HOST, PORT and all else of docs/operating.md come from the
# environment: `make run PORT=8080` works as well as `PORT=8080 make run`.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.PHONY: help run test check bench bench-gpu diffusion signing sheets screenshots clean

BIN := .venv/bin
UV := env -u VIRTUAL_ENV UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never $(BIN)/uv
# What tests and checks write stays out of the data of a running server.
BUILD := build

help:
	@echo "make run     set up and start Limner on HOST:PORT (127.0.0.1:8000)"
	@echo "make test    all checks and tests"
	@echo "make check   format, lint, types, migrations, architecture, templates, docs"
	@echo "make hammer  call every operation of every API with 200 examples of its description"
	@echo "make bench   measure submit-to-done beside a bare Celery task"
	@echo "make diffusion  install what the diffusion engine needs (several GB on Linux)"
	@echo "make signing install what signs pictures with your certificate (55 MB)"
	@echo "make bench-gpu  measure the diffusion engine beside bare diffusers"
	@echo "make sheets  draw the sheets of the sketch engine"
	@echo "make screenshots  photograph the running application for the documentation"
	@echo "make clean   remove .venv and everything built (your data stays)"

run: .venv/.run
	@exec $(BIN)/python manage.py serve --prepare

test: check
	@$(BIN)/pytest -n auto --dist loadgroup $(ARGS)

check: .venv/.dev
	@$(BIN)/ruff format --check --quiet . || { echo "make check: run $(BIN)/ruff format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@mkdir -p $(BUILD)
	@DATA_DIR=$(BUILD)/check $(BIN)/mypy --no-error-summary
	@DATA_DIR=$(BUILD)/check $(BIN)/python manage.py makemigrations --check --dry-run -v 0 \
		|| { echo "make check: a model changed without a migration"; exit 1; }
	@DATA_DIR=$(BUILD)/check BASE_URL=https://limner.example.org \
		$(BIN)/python -W ignore manage.py check --deploy --fail-level WARNING -v 0
	@$(BIN)/pytest -q -p no:randomly -n0 tests/test_architecture.py tests/test_templates.py \
		tests/test_docs.py

hammer: .venv/.dev
	@EXAMPLES=200 $(BIN)/pytest -n auto -q tests/generator/api/foreign/test_descriptions.py \
		tests/generator/api/test_against_its_description.py $(ARGS)

bench: .venv/.dev
	@$(BIN)/python -m tests.bench $(ARGS)

bench-gpu: .venv/.dev
	@$(BIN)/python -m tests.bench.diffusion $(ARGS)

sheets: .venv/.dev
	@DATA_DIR=$(BUILD)/check $(BIN)/python manage.py make_sheets --to $(BUILD)/sheets $(ARGS)
	@echo "See $(BUILD)/sheets"

diffusion: .venv/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--require-hashes --requirement deploy/diffusion.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--requirement deploy/torch.txt
	@touch .venv/.diffusion

signing: .venv/.run
	@$(UV) sync --frozen --inexact --no-dev --group c2pa --quiet

screenshots: .venv/.dev
	@$(BIN)/python -m tests.browser.screenshots

clean:
	rm -rf .venv staticfiles $(BUILD) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The packages of the lock, and nothing when the lock is what it was.
.venv/.run: $(BIN)/uv uv.lock pyproject.toml
	@echo "Installing packages ..."
	@$(UV) sync --frozen --no-dev --inexact --quiet
	@touch $@

.venv/.dev: $(BIN)/uv uv.lock pyproject.toml
	@echo "Installing packages for tests ..."
	@$(UV) sync --frozen --quiet $(if $(wildcard .venv/.diffusion),--inexact)
	@$(BIN)/python -m tests.clients
	@touch .venv/.run $@

$(BIN)/uv: deploy/uv.txt deploy/find_python.sh
	@python=$$(deploy/find_python.sh) && echo "Setting up .venv ..." && "$$python" -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement deploy/uv.txt
	@touch $@
