# Two commands, on a machine with Python 3.10 or newer and make:
#   make session   set up, and make an MP3 of a bundled routine
#   make test      set up, and pass the tests
# CONTRIBUTING.md names the others. Everything is installed by pip, at the versions that requirements/ pins.

PYTHON ?= python3
ROUTINE ?= hip-reset
LOWEST_PYTHON ?= python3.10
SAMPLE ?= 300
SEED ?= 1
UV ?= uv
VENV := .venv
BIN := $(VENV)/bin
LOWEST := build/lowest
INSTALL := python -m pip install --quiet --disable-pip-version-check

.PHONY: session test long lint types check coverage mutants lowest docs hooks lock benchmark clean

session: $(VENV)/.natural
	$(BIN)/voiceguide make $(ROUTINE)

test: $(VENV)/.tested
	$(BIN)/python -m pytest

# The long tests, and every property with fresh random examples; a failure prints how to repeat it.
long: $(VENV)/.tested
	HYPOTHESIS_PROFILE=random $(BIN)/python -m pytest -m "long or hypothesis"

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.tested
	$(BIN)/mypy

check: lint types test

coverage: $(VENV)/.tested
	rm -rf build/coverage && mkdir -p build/coverage
	$(BIN)/python -m pytest --cov --cov-report=term --cov-report=html
	@echo "line by line: build/coverage/html/index.html"

mutants: $(VENV)/.mutants
	$(BIN)/python -m tools.mutants --sample $(SAMPLE) --seed $(SEED)

# The tests at the lowest versions that pyproject.toml allows, on the oldest Python; `make test` asks the type checker.
lowest: $(LOWEST)/.installed
	$(LOWEST)/bin/python -m pytest -p no:cacheprovider --ignore tests/typing

docs: $(VENV)/.docs
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet --conf-dir docs/site . build/site
	@echo "the pages: build/site/index.html"

# Runs the hooks of .pre-commit-config.yaml before every commit from now on.
hooks: $(VENV)/.tested
	$(BIN)/pre-commit install

# Pins anew what pyproject.toml asks for, with hashes; LOCK=--upgrade takes the newest of everything. It needs uv:
# pip install uv
COMPILE := pip compile --quiet --no-header --no-annotate --universal --python-version 3.10
lock:
	$(UV) $(COMPILE) --generate-hashes $(LOCK) --output-file requirements/run.txt pyproject.toml
	$(UV) $(COMPILE) --generate-hashes $(LOCK) --extra natural --output-file requirements/natural.txt pyproject.toml
	for group in dev docs mutants; do $(UV) $(COMPILE) --generate-hashes $(LOCK) --group $$group \
	  --output-file requirements/$$group.txt pyproject.toml || exit 1; done
	$(UV) $(COMPILE) --resolution lowest-direct --group test --output-file requirements/lowest.txt pyproject.toml
	$(PYTHON) -m tools.plain_markers requirements/*.txt

benchmark: $(VENV)/.tested
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build dist mutants *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 10) else \
	  f"voiceguide needs Python 3.10 or newer; this is {sys.version.split()[0]}. Try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml requirements/run.txt
	$(BIN)/$(INSTALL) -r requirements/run.txt
	$(BIN)/$(INSTALL) --no-deps -e .
	@touch $@

# The natural voice, where there are wheels for this Python and computer. If not, a note says so, and espeak speaks.
$(VENV)/.natural: $(VENV)/.installed requirements/natural.txt
	@echo "installing the natural voice: 42 MB, once"
	@$(BIN)/$(INSTALL) --only-binary hibari-tts,onnxruntime -r requirements/natural.txt && touch $@ || \
	  echo "note: the natural voice could not be installed here (see above), so espeak-ng speaks"

$(VENV)/.tested: $(VENV)/.installed requirements/dev.txt
	$(BIN)/$(INSTALL) -r requirements/dev.txt
	@touch $@

$(VENV)/.docs: $(VENV)/.installed requirements/docs.txt
	$(BIN)/$(INSTALL) -r requirements/docs.txt
	@touch $@

$(VENV)/.mutants: $(VENV)/.tested requirements/mutants.txt
	$(BIN)/$(INSTALL) -r requirements/mutants.txt
	@touch $@

$(LOWEST)/.installed: pyproject.toml requirements/lowest.txt
	$(LOWEST_PYTHON) -m venv --clear $(LOWEST)
	$(LOWEST)/bin/$(INSTALL) -r requirements/lowest.txt
	$(LOWEST)/bin/$(INSTALL) --no-deps -e .
	@touch $@
