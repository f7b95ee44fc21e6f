# Two commands matter: `make demo` and `make test`. Everything lives in .venv; no root, no server to install.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BENCHMARKS := pipeline classifier dedup indicators

.PHONY: setup demo test test-slow check lint types bench docs docs-check clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[embedded,report,dev]'
	touch $@

demo: setup
	$(BIN)/dsi demo

test: setup
	$(BIN)/python -m pytest -m "not slow"

test-slow: setup
	$(BIN)/python -m pytest -m slow

lint: setup
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

check: lint types test docs-check

bench: setup
	set -e; for name in $(BENCHMARKS); do $(BIN)/python benchmarks/$$name.py; done

docs: setup
	$(BIN)/python docs/build_docs.py

docs-check: setup
	$(BIN)/python docs/build_docs.py --check

clean:
	rm -rf $(VENV) build demo-output
