# A fresh machine needs Python 3.11 or newer, make and a place to install packages from. Then: make demo, make test.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
JOBS ?= 2

PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCK := $(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	--generate-hashes --custom-compile-command "make lock" --quiet --output-file requirements.lock
OLD_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo test torture bench lint format lock upgrade clean distclean

help: ## Show this list
	@echo "Usage: make TARGET    (PYTHON=python3.13 make TARGET picks another Python)"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-11s %s\n", $$1, $$2 }'

demo: $(STAMP) ## Harvest the sample federation and show the result
	$(BIN)/harvester demo

test: $(STAMP) ## Run all tests and check the coverage of normalizers and model
	$(BIN)/pytest -n $(JOBS) --cov=normalizers --cov=harvester.model --cov-fail-under=95

torture: $(STAMP) ## Kill, starve and cut off harvests, an hour at most a test; make test has the short form
	HARVESTER_TORTURE=1 $(BIN)/pytest -n $(JOBS) tests/safety/test_torture.py tests/safety/test_fuzz.py tests/safety/test_swaps.py

bench: $(STAMP) ## Run all benchmarks, an hour or two, and write their table to docs/performance.md
	$(BIN)/python -m benchmarks all --peers $(or $(PEERS),build/peers) --write docs/performance.md

lint: $(STAMP) ## Check style, format and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(STAMP) ## Format the code and repair what can be repaired safely
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

install: $(STAMP) ## Make .venv ready for work

lock: $(STAMP) ## Write requirements.lock anew from pyproject.toml; pins that still fit stay
	$(LOCK)

upgrade: $(STAMP) ## Write requirements.lock with the newest versions that pyproject.toml allows
	$(LOCK) --upgrade

clean: ## Remove caches and build results
	rm -rf build dist .coverage .coverage.* htmlcov .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

distclean: clean ## Remove .venv as well; harvested data stays
	rm -rf $(VENV)

# The stamp is touched last, so an installation that broke off is done again.
$(STAMP): requirements.lock pyproject.toml
	@$(BIN)/python -c '$(OLD_ENOUGH)' 2>/dev/null || { \
		command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) not found: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python" >&2; exit 1; }; \
		$(PYTHON) -c '$(OLD_ENOUGH)' || { echo "The harvester needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name a newer one: make PYTHON=python3.13" >&2; exit 1; }; \
		echo "Making $(VENV) with $$($(PYTHON) -V)"; \
		$(PYTHON) -m venv --clear $(VENV) || { echo "Could not make $(VENV); on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }; \
	}
# The lock is whole, so nothing is looked up: older pips would ask for an extra of a pinned package anew, and find a newer one.
	@echo "Installing the packages of requirements.lock"
	@$(PIP) install --quiet --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
