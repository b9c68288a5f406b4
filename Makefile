# Everything a person or a machine does here. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
HOST ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet
# Which tests `make test` runs: make test TESTS=tests/registry
TESTS ?= tests

.PHONY: help setup run test test-sqlite test-postgres test-stories test-properties test-mutation test-powercut check types fix messages \
	spark bench bench-smoke docs lock clean rules-check

help:  ## List the commands
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- set-up: a virtual environment of our own, from pinned and hashed requirements; nothing to do when nothing changed

$(VENV)/pyvenv.cfg:
	@python=$$(.ci/python) && echo "setup: building $(VENV) with $$python (once, about a minute)" && "$$python" -m venv $(VENV) \
		|| { echo "setup: no virtual environment could be built. On Debian: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(VENV)/pyvenv.cfg
	@$(PIP) install --require-hashes --prefer-binary -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	@echo "setup: installing what the tests and checks need (once)"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/run.stamp  ## Build .venv with the `qingmiao` command in it

spark: $(VENV)/run.stamp  ## Add Apache Spark to .venv (about 450 MB; needs Java 17), for `schedule forecast --engine spark`
	@$(PIP) install --require-hashes --prefer-binary -r requirements/spark.txt

# --- use

run: setup  ## Start Qingmiao with a demo world: http://127.0.0.1:8000 (PORT=8001 for another port)
	@exec $(BIN)/qingmiao serve --host $(HOST) --port $(PORT) --demo bureau

# --- tests

test: $(VENV)/dev.stamp  ## Run all tests: on SQLite, then on PostgreSQL where one is found
	@$(BIN)/python -m tests.run $(TESTS)

test-sqlite: $(VENV)/dev.stamp  ## Run all tests on SQLite only
	@$(BIN)/python -m tests.run --on sqlite $(TESTS)

test-postgres: $(VENV)/dev.stamp  ## Run all tests on a throw-away PostgreSQL only
	@$(BIN)/python -m tests.run --on postgres $(TESTS)

test-stories: $(VENV)/dev.stamp  ## Click through the stories in a real browser
	@$(BIN)/python -m tests.run --on sqlite --stories tests/stories

test-properties: $(VENV)/dev.stamp  ## Run the invented-data tests for longer (EXAMPLES=2000)
	@HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -m hypothesis tests

test-mutation: $(VENV)/dev.stamp  ## Change every number of the rule files, one at a time: how many turn a case red
	@$(BIN)/python -m tests.engine.mutate_rules $(MUTATE)

test-powercut: $(VENV)/dev.stamp  ## Replay power cuts on a recorded database (CUTS=5000)
	@QINGMIAO_CUTS=$${CUTS:-5000} $(BIN)/python -m pytest tests/config/test_power_cut.py

# --- checks

check: $(VENV)/dev.stamp  ## Style, types, layers, message catalogues, nothing foreign in the files
	@bad=; try() { echo "--- $$*"; "$$@" || bad="$$bad $${1##*/}"; }; \
	try $(BIN)/ruff check --quiet .; \
	try $(BIN)/ruff format --quiet --check .; \
	try $(BIN)/lint-imports --no-cache; \
	try $(BIN)/mypy --no-error-summary; \
	try $(BIN)/python -m qingmiao.locale.extract --check; \
	try $(BIN)/python -m pytest -q tests/architecture; \
	try $(BIN)/python -m tests.measures; \
	if [ -n "$$bad" ]; then echo "make check found something:$$bad" >&2; exit 1; fi

fix: $(VENV)/dev.stamp  ## Put style right where a machine can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

messages: $(VENV)/dev.stamp  ## Collect strings for translation and compile the catalogues
	@$(BIN)/python -m qingmiao.locale.extract

rules-check: $(VENV)/dev.stamp  ## Check the rule files and their cases
	@$(BIN)/qingmiao rules check

docs: $(VENV)/dev.stamp  ## Rebuild the pages under docs/reference that are made from code
	@$(BIN)/python -m docs.manual.build

# --- measurements

bench: $(VENV)/dev.stamp  ## Print the README's figures, each beside its floor from the same run
	@$(BIN)/python -m benchmarks

bench-smoke: $(VENV)/dev.stamp  ## Run every measurement on little data, to see that it runs
	@$(BIN)/python -m benchmarks --smoke

bench-%: $(VENV)/dev.stamp  ## Run one of them: bench-pages, bench-import, …
	@$(BIN)/python -m benchmarks.$*

# --- housekeeping

lock: $(VENV)/dev.stamp  ## Pin the dependencies anew, with hashes and without addresses
	@$(COMPILE) --group build -o requirements/run.txt
	@$(COMPILE) --extra pg --group build --group dev -c requirements/run.txt -o requirements/dev.txt
	@$(COMPILE) --extra spark -c requirements/dev.txt -o requirements/spark.txt

clean:  ## Remove what was built; the data under var/ stay
	@rm -rf $(VENV) build src/*.egg-info .mypy_cache .ruff_cache
