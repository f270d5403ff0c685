# Everything that is done with Tendon, from a fresh clone on. `make run` and `make test` make .venv themselves.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test check setup bench soak pictures slides migration lock readme

run: $(READY)  ## the bot in a local Slack workspace; PLAN=folder shows a plan in it
	@$(BIN)/python -m playground $(if $(PLAN),--plan "$(PLAN)")

test: $(READY)
	@$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest tests/bot/test_migrations.py

setup: $(READY)

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Tendon needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Say which to use: make PYTHON=python3.11 ...")'
	@$(PYTHON) -m venv $(VENV)
	@echo "Installing what Tendon needs into $(VENV); this happens once, and when the requirements change."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

bench: $(READY)
	@$(BIN)/python -m benchmarks

soak: $(READY)
	@$(BIN)/python -m pytest -m soak

pictures: $(READY)  ## the README's pictures, taken anew; needs Chromium
	@$(BIN)/python -m tests.playground.pictures docs/pictures

slides: $(READY)  ## a made-up deck as a file in build/slides, and as pictures where LibreOffice is installed
	@$(BIN)/python -m tests.slides build/slides

# make migration m="Remember who asked"
migration: $(READY)
	@test -n "$(m)" || { echo 'Say what it does: make migration m="Remember who asked"'; exit 2; }
	@new=$$(mktemp -d) && trap 'rm -rf "$$new"' EXIT && export DATABASE_URL="sqlite+aiosqlite:///$$new/tendon.db" \
	&& $(BIN)/alembic upgrade head \
	&& $(BIN)/alembic revision --autogenerate --message "$(m)" --rev-id "$$(printf '%04d' $$(($$(ls migrations/versions/*.py | wc -l) + 1)))"

# The addresses of package indexes stay out of the files.
LOCK := $(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links
lock: $(READY)
	@$(LOCK) --output-file=requirements.txt pyproject.toml
	@$(LOCK) --extra=dev --output-file=requirements-dev.txt pyproject.toml

# Brings the README's tables up to date with the code.
readme: $(READY)
	@$(BIN)/python -m tests.readme
