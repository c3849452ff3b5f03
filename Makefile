# Two commands do all: `make serve` runs Bifolio with a sample magazine, `make test` tests everything.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

# Many short processes run here: without bytecode each of them would compile all of Django anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
STAMPS := .stamps
PLAYER_SOURCES := $(shell find player -type f -not -path '*/node_modules/*' -not -path 'player/dist/*' 2>/dev/null)
SAMPLE_SOURCES := $(shell find sample -type f -not -name '*.pyc' 2>/dev/null)

.PHONY: help setup serve test check faults corpus soak bench bench-conversion lock docs clean

help: ## Show these lines
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

setup: $(STAMPS)/runtime $(STAMPS)/player ## Prepare .venv and the player, so that .venv/bin/bifolio serve works

serve: setup build/sample-magazine.pdf ## Run Bifolio on http://127.0.0.1:8000 with a sample magazine
	@$(BIN)/python scripts/serve.py --port $(PORT) --sample build/sample-magazine.pdf

test: $(STAMPS)/dev $(STAMPS)/player build/sample-magazine.pdf ## Check and test everything, installing what it needs
	@scripts/install-test-packages
	@$(MAKE) --no-print-directory check
	@cd player && npm test --silent
	@$(BIN)/python -m pytest -n auto --dist loadfile

check: $(STAMPS)/dev $(STAMPS)/player ## All static checks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	BIFOLIO_DATA=$(STAMPS)/check-data $(BIN)/mypy src tests bench sample scripts hatch_build.py
	$(BIN)/lint-imports
	BIFOLIO_DATA=$(STAMPS)/check-data $(BIN)/python scripts/generate_docs.py --check
	cd player && npm run --silent check

faults: $(STAMPS)/dev $(STAMPS)/player ## The long fault-injection runs
	$(BIN)/python -m pytest -m faults

corpus: $(STAMPS)/dev ## Convert the whole corpus of real and hostile PDFs (CORPUS names its folder)
	$(BIN)/python -m pytest -m corpus -n auto --dist worksteal

bench: $(STAMPS)/dev $(STAMPS)/player ## Measure against named peers
	for bench in bench/bench_*.py; do echo "== $$bench"; $(BIN)/python -m bench.$$(basename $$bench .py); done

bench-conversion: $(STAMPS)/dev $(STAMPS)/sample ## Measure conversion against pdftoppm, mutool and a bare floor
	$(BIN)/python -m bench.bench_conversion $(BENCH)

docs: $(STAMPS)/dev ## Write the generated parts of the documentation anew
	BIFOLIO_DATA=$(STAMPS)/check-data $(BIN)/python scripts/generate_docs.py

lock: ## Resolve requirements/*.txt anew from pyproject.toml
	@scripts/lock

clean: ## Remove what the build made (never ./data)
	rm -rf .venv .stamps build dist player/node_modules player/dist src/bifolio/reader/static/player

$(STAMPS)/venv: scripts/make-venv
	@mkdir -p $(STAMPS)
	@PYTHON=$(PYTHON) scripts/make-venv .venv
	@touch $@

$(STAMPS)/runtime: $(STAMPS)/venv requirements/runtime.txt requirements/sample.txt pyproject.toml
	@echo "Installing Python packages …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/sample: $(STAMPS)/runtime requirements/sample.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/sample.txt
	@touch $@

$(STAMPS)/dev: $(STAMPS)/runtime requirements/dev.txt
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/player: $(PLAYER_SOURCES)
	@mkdir -p $(STAMPS)
	@echo "Building the player …"
	@cd player && npm ci --loglevel=error --no-audit --no-fund && npm run --silent build >/dev/null
	@touch $@

build/sample-magazine.pdf: $(SAMPLE_SOURCES) $(STAMPS)/sample
	@mkdir -p build
	@echo "Making the sample magazine …"
	@$(BIN)/python sample/make_magazine.py $@
