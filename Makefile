# baozhi: `make extract` and `make test` set up what they need; `make help` lists the rest.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INPUT ?= seeds
OUTPUT ?= output
CONFIG ?= configs/default.cfg
GOLD ?= annotations/articles.jsonl

.PHONY: setup extract test check evaluate train annotate benchmark clean help
.DEFAULT_GOAL := help

$(BIN)/.base: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(BIN)/.test: $(BIN)/.base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	touch $@

setup: $(BIN)/.base ## make the environment in .venv

extract: setup ## read INPUT (seeds) and write OUTPUT/records.jsonl
	$(BIN)/baozhi extract $(INPUT) --config $(CONFIG) --output $(OUTPUT)

test: $(BIN)/.test ## run all tests
	$(BIN)/python -m pytest -n 2

check: $(BIN)/.test ## lint, types, import directions
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

evaluate: extract ## score the records of the seeds against the hand annotations
	$(BIN)/baozhi evaluate $(GOLD) $(OUTPUT)/records.jsonl --output $(OUTPUT)/evaluation

train: $(BIN)/.test ## train the word segmenter (set the corpora in the config)
	$(BIN)/baozhi train configs/train/segmenter.cfg

annotate: setup ## check the hand annotations and print the agreement of their two passes
	$(BIN)/baozhi annotate check $(GOLD) && $(BIN)/baozhi annotate agreement annotations/passes/a.jsonl annotations/passes/b.jsonl

benchmark: setup ## measure segmenters and the pipeline, beside others
	$(BIN)/baozhi benchmark words

clean: ## remove the environment and all output
	rm -rf .venv $(OUTPUT) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20
