# Everything a newcomer types: `make report` and `make test` on a machine with Python 3.11+ and make. Each installs what it
# needs below this folder (.venv, node_modules), once; a stamp remembers that, until a lock file changes.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
JOBS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() or 1)')
# The product's tests that are left for the end wait for real time, on benches of their own.
WAITING := $(shell expr 2 \* $(JOBS))
# The environment's own Node, where it was installed, comes before the machine's.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help report test served check bench qualify clean chromium

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

report: .venv/ready node_modules/ready ## run every procedure on the emulated bench, try the seeded faults, make the report
	@code=0; hil run || code=$$?; [ $$code != 2 ] || exit 2; \
	  hil qualify || true; \
	  hil report; \
	  exit $$code

test: .venv/ready node_modules/ready chromium ## every procedure emulated, some over real wires, one fault a clause, then the product's own tests
	JOBS=$(JOBS) .ci/procedures
	pytest -n $(WAITING) --dist worksteal -m "not simulated and not alone"
	pytest -m alone

served: .venv/ready ## the chosen procedures on a served bench, over real wires and on wall time: some minutes
	.ci/served

check: .venv/ready ## lint, format, types, floors, Robot lint; a warning is an error
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	robocop check robot
	robocop format --check --diff robot

bench: .venv/ready ## how fast simulated time runs, beside plain python-can and cantools
	python -m tests.benchmarks

qualify: .venv/ready ## break the car on purpose, clause by clause, and see whether the procedures notice
	hil qualify

clean: ## remove what was made or installed here
	rm -rf .venv node_modules out build *.egg-info .mypy_cache .ruff_cache .import_linter_cache

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.11 ..." >&2; exit 1; }
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv || \
	  { echo "The venv module is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

# Node 22 or newer: the machine's, or else the one that PyPI carries as a wheel.
.venv/node: requirements-node.lock .venv/ready
	@if ! node --version 2>/dev/null | grep -qE '^v(2[2-9]|[3-9][0-9])\.'; then \
	  $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock; fi
	@touch $@

node_modules/ready: package.json package-lock.json .venv/node
	npm ci --no-progress --loglevel=error
	@touch $@

# The browser of the report's test. Playwright drives Debian's own; it downloads nothing.
chromium:
	@if ! command -v chromium >/dev/null; then \
	  root=; [ "$$(id -u)" = 0 ] || root="sudo -n"; \
	  command -v apt-get >/dev/null && $$root true 2>/dev/null || \
	    { echo "The report's test needs Chromium. As root on Debian: apt-get install chromium" >&2; exit 1; }; \
	  echo "Installing Debian's chromium ..."; \
	  $$root apt-get update -qq && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; fi
