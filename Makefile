# Each target sets up what it needs: a virtual environment in .venv with the pinned packages and fixer itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test coverage lint format bench bench-model causes patterns chaos contract try-real setup clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(READY) ## make the environment

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "fixer needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@$(BIN)/python -m compileall -q src # else each start compiles it, where PYTHONDONTWRITEBYTECODE is set
	@touch $@

demo: $(READY) ## a red project, its CI log, and the verified fix
	@$(BIN)/python scripts/demo.py

test: $(READY) ## every test
	@# Without bytecode each worker compiles every test file again.
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal

coverage: $(READY) ## every test, with branch coverage, which takes half as long again
	$(BIN)/python -m pytest -n auto --cov --cov-report=term

lint: $(READY) ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY) ## let ruff write the format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY) ## the measured figures, each beside its peer or floor; LOGS=FOLDER adds the labelled logs in it
	@$(BIN)/python scripts/bench.py
	@test -z "$(LOGS)" || $(BIN)/python scripts/bench_logs.py $(LOGS)

bench-model: $(READY) ## measure a model on known bugs: BASE_URL=… MODEL=… KIND=gemini|openai_compatible
	@$(BIN)/python scripts/bench_model.py --base-url "$(BASE_URL)" --model "$(MODEL)" --kind "$(KIND)" $(if $(FREE),--free) $(if $(JSON),--json) $(if $(CONTEXT),--context $(CONTEXT)) $(if $(INPUT_PRICE),--input-price $(INPUT_PRICE)) $(if $(OUTPUT_PRICE),--output-price $(OUTPUT_PRICE))

causes: $(READY) ## weigh the labelled wordings of training/causes anew for fixer explain
	@$(BIN)/python scripts/train_causes.py

patterns: $(READY) ## which error patterns match which logs: LOGS=FOLDER, labelled as the bench's
	@$(BIN)/python scripts/patterns_logs.py $(LOGS)

chaos: $(READY) ## the long form of the kill tests: 100 kills and every step boundary
	FIXER_CHAOS_KILLS=100 $(BIN)/python -m pytest -n 2 --timeout 3600 -m chaos tests

contract: $(READY) ## the calls to GitHub and to models against servers that nobody here wrote (needs npm)
	$(BIN)/python -m pytest -q -rs tests/sources/test_github_contract.py tests/llm/test_aimock_contract.py

try-real: $(READY) ## break real projects and let fixer mend them
	@$(BIN)/python scripts/try_real.py

clean: ## remove what the targets made
	rm -rf $(VENV) demo .mypy_cache .ruff_cache .pytest_cache .hypothesis htmlcov .coverage .coverage.*
