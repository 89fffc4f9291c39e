# Everything a person does with this checkout. `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST ?= $(BIN)/pytest
export PYTHON
# Processes that tests start read compiled code; without it each compiles all that it imports.
unexport PYTHONDONTWRITEBYTECODE

# The environment is made again when the lock, the project file or the interpreter changes.
version := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
runtime := $(VENV)/.runtime-$(version)
dev := $(VENV)/.dev-$(version)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-dev services demo test check long crash bench bench-pages bench-payroll bench-designer bench-attribution-engines docs lock format clean
.PHONY: format-check lint types imports licences audit

help: ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(runtime) ## .venv with the onefunnel command in it (PYTHON=python3.12 chooses another interpreter)

setup-dev: $(dev) ## the same with what tests and checks need

$(runtime): pyproject.toml requirements.lock requirements-bootstrap.lock tools/setup.sh tools/environment.sh
	@tools/setup.sh runtime
	@touch $@

$(dev): $(runtime) requirements-dev.lock
	@tools/setup.sh dev
	@touch $@

demo: setup ## build the demonstration company and open it in the browser
	$(BIN)/onefunnel demo

services: ## PostgreSQL, Java and Chromium from the system's packages, where they are missing
	@tools/install-services.sh

test: setup-dev services ## all tests but the long ones; make test PYTEST_ARGS="-k funnel" runs some
	$(PYTEST) $(PYTEST_ARGS)

check: format-check lint types imports licences docs test ## everything a change must pass

format-check: setup-dev
	$(BIN)/ruff format --check .

lint: setup-dev
	$(BIN)/ruff check .

types: setup-dev
	$(BIN)/mypy

imports: setup-dev
	$(BIN)/lint-imports --no-cache

licences: setup-dev ## licences of what onefunnel needs to run: no GPL or AGPL
	$(BIN)/python -m tools.licences

audit: setup-dev ## known vulnerabilities in what is locked (needs the network)
	@tools/audit.sh

long: setup-dev services ## the long runs: many generated companies, every engine at size
	HYPOTHESIS_PROFILE=long $(PYTEST) -m long --timeout 3600 $(PYTEST_ARGS)

crash: setup-dev services ## kill it at every point, look what is left
	$(PYTEST) -m crash --timeout 3600 $(PYTEST_ARGS)

bench: setup-dev ## measured comparisons with peers; make bench BENCH_ARGS="--touches 1 --only steps" runs some
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

bench-pages: setup-dev ## how long pages take, at ten thousand leads and at a million
	$(BIN)/python -m benchmarks.pages $(BENCH_ARGS)

bench-payroll: setup-dev ## how long a year of pay takes, up to a million order lines
	$(BIN)/python -m benchmarks.payroll $(BENCH_ARGS)

bench-designer: setup-dev ## how long the designer of pay plans takes, up to 500 people and 50 segments
	$(BIN)/python -m benchmarks.designer $(BENCH_ARGS)

bench-attribution-engines: setup-dev services ## how long attribution takes on PostgreSQL and Spark, up to 320,000 touches
	$(BIN)/python -m benchmarks.engines $(BENCH_ARGS)

docs: setup-dev ## the manual, in build/docs; any warning is an error
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet --builder html \
		--doctree-dir build/doctrees docs build/docs
	@echo "docs: build/docs/index.html"

lock: setup-dev ## write the lock files from pyproject.toml (UPGRADE=1: newest versions)
	@tools/lock.sh

format: setup-dev ## put the code into the house format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

clean: ## remove what was built; .venv stays
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
