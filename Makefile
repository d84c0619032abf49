# Every target works as the first command in a fresh clone. It needs Python 3.11 to 3.13, make and a package registry.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
# Packages come uncompiled; where Python may not keep what it compiles, every start would compile them again.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
RUNTIME := .venv/.runtime
DEV := .venv/.dev
INDEX := var/.index
LAW := $(shell find watchlists -not -name '.*' 2>/dev/null) $(shell find app/domain app/chemistry app/watchlist app/screening -name '*.py' 2>/dev/null)

PYTHON ?=
WORKERS ?= 2
ARGS ?=
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
LOCK := UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --generate-hashes --universal \
	--python-version 3.11 $(if $(UPGRADE),--upgrade) pyproject.toml
NO_PACKAGES := { echo "setup: the packages could not be installed; pip says why above. Where it speaks of connections, the" \
	"package registry cannot be reached: check the network, or point pip at your mirror (PIP_INDEX_URL)." >&2; exit 1; }

.PHONY: help setup run test stores check eval bench load fuzz lock settings sbom names quality clean \
	format lint types imports container migrations watchlist regenerated fuzzed

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(RUNTIME) $(INDEX) ## make the environment; leaves .venv/bin/precursor-watch ready to screen

run: setup ## serve on 127.0.0.1:8000 (ARGS="--port 9000" for another port)
	@exec $(BIN)/precursor-watch serve $(ARGS)

test: $(DEV) $(INDEX) ## run every test (ARGS="tests/domain -k words" for some)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(ARGS)

stores: $(DEV) $(INDEX) ## run on PostgreSQL what `make test` runs on SQLite only
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder --store postgresql $(ARGS)

check: format lint types imports container watchlist migrations regenerated fuzzed test stores ## all that CI runs

eval: setup ## recall and alarm rate on the frozen sets
	@$(BIN)/precursor-watch evaluate $(ARGS)

bench: $(DEV) $(INDEX) ## the benchmarks
	@$(BIN)/python -m benchmarks $(ARGS)

load: $(DEV) $(INDEX) ## the service under load, ten minutes on each database (ARGS="--seconds 60" for less)
	@$(BIN)/python -m benchmarks.load $(ARGS)

fuzz: $(DEV) ## the readers of outside input, a minute each on bytes nobody wrote (ARGS="--seconds 600 file" for more)
	@$(BIN)/python -m fuzz $(ARGS)

lock: $(DEV) ## resolve the dependencies again (UPGRADE=1 for newer versions)
	$(LOCK) --group build --output-file requirements.lock
	$(LOCK) --group build --group dev --constraint requirements.lock --output-file requirements-dev.lock

settings: $(RUNTIME) ## regenerate docs/settings.md
	$(BIN)/python tools/settings_page.py

sbom: $(DEV) ## list what is shipped as CycloneDX, in var/sbom.json
	@mkdir -p var
	$(BIN)/python tools/bill_of_materials.py

names: $(RUNTIME) ## regenerate the names taken from the chemicals package
	$(BIN)/python tools/names_from_chemicals.py

quality: $(RUNTIME) ## regenerate the public quality set
	$(BIN)/python tools/build_quality_set.py

clean: ## remove the environment, the compiled index and all caches; keeps the database in var/
	rm -rf .venv var/index var/bench var/fuzz $(INDEX) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache \
		.hypothesis .schemathesis
	find app tests tools migrations benchmarks fuzz -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The single checks.

format: $(DEV)
	$(BIN)/ruff format --check .

lint: $(DEV)
	$(BIN)/ruff check .

types: $(DEV)
	$(BIN)/mypy

imports: $(DEV)
	$(BIN)/lint-imports

container: $(DEV)
	$(BIN)/hadolint Dockerfile

watchlist: $(RUNTIME)
	$(BIN)/precursor-watch watchlist check

migrations: $(DEV)
	@rm -rf var/migrations-check && mkdir -p var/migrations-check
	PW_DATABASE_URL=sqlite:///var/migrations-check/fresh.sqlite $(BIN)/alembic upgrade head
	PW_DATABASE_URL=sqlite:///var/migrations-check/fresh.sqlite $(BIN)/alembic check

# Each reader for as long as a change can wait; `make fuzz` is for longer.
fuzzed: $(DEV)
	@$(BIN)/python -m fuzz --seconds 5

# What is drawn from other files is what drawing it again gives. Names and quality sets are made
# twice, with two seeds of Python's hashes: nothing may rest on the order of a set.
regenerated: $(RUNTIME)
	@rm -rf var/regenerated && mkdir -p var/regenerated
	@$(BIN)/python tools/settings_page.py --out var/regenerated/settings.md && cmp var/regenerated/settings.md docs/settings.md || \
		{ echo "regenerated: docs/settings.md is not what \`make settings\` makes" >&2; exit 1; }
	@for seed in 1 2; do \
		made=var/regenerated/$$seed && mkdir -p $$made/names $$made/quality && export PYTHONHASHSEED=$$seed && \
		$(BIN)/python tools/names_from_chemicals.py --out $$made/names/chemicals.csv && \
		$(BIN)/python tools/build_quality_set.py quality $$made/quality >$$made/counts || exit 1; \
		for file in names/chemicals.csv quality/names.csv quality/structures.csv; do \
			case $$file in names/*) kept=watchlists/$$file again=names ;; *) kept=$$file again=quality ;; esac; \
			cmp $$made/$$file $$kept || { echo "regenerated: $$kept is not what \`make $$again\` makes" >&2; exit 1; }; \
		done || exit 1; \
	done

# What the targets stand on. A stamp is renewed only when a lock, the project or the watchlist has changed.

$(BIN)/python:
	@python=$$(sh tools/find_python.sh $(PYTHON)) && echo "setup: $$($$python --version) into .venv" && "$$python" -m venv --clear .venv

$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/python
	@echo "setup: installing the locked packages (about 200 MB to fetch the first time)"
	@$(PIP) --no-deps --require-hashes -r requirements.lock || $(NO_PACKAGES)
	@$(PIP) --no-index --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c 'import app.main, app.cli' # compiles what serves, and no more
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@echo "setup: installing the locked development packages"
	@$(PIP) --no-deps --require-hashes -r requirements-dev.lock || $(NO_PACKAGES)
	@touch $@

$(INDEX): $(RUNTIME) $(LAW)
	@$(BIN)/precursor-watch watchlist compile
	@mkdir -p $(@D) && touch $@
