# baozhi: `make extract` and `make test` set up what they need; `make help` lists the rest.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := -m pip install --quiet --disable-pip-version-check
INPUT ?= seeds
OUTPUT ?= output
CONFIG ?= configs/default.cfg
GOLD ?= annotations/articles.jsonl
DATA ?= data
TEXTS ?= $(OUTPUT)/revised.jsonl
MODEL ?= models/news-own
DOCCANO := $(OUTPUT)/doccano
DOCCANO_URL ?= http://127.0.0.1:8000
DOCCANO_AS = --url $(DOCCANO_URL) --state $(DOCCANO) --password-file $(DOCCANO)/server/password

.PHONY: setup setup-doccano extract test check evaluate agreement train annotate annotate-pull benchmark pictures audit clean help
.DEFAULT_GOAL := help

.venv/.base: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python $(PIP) --constraint constraints.txt --editable .
	touch $@

.venv/.train: .venv/.base
	$(BIN)/python $(PIP) --constraint constraints.txt --editable '.[train]'
	touch $@

.venv-test/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-test
	.venv-test/bin/python $(PIP) --constraint constraints.txt --editable '.[test,train,hanlp,transformers,generation,graph]'
	touch $@

.venv-doccano/.ready: requirements/doccano-server.txt
	python3.11 -m venv .venv-doccano
	.venv-doccano/bin/python $(PIP) --requirement $<
	touch $@

.venv-doccano-client/.ready: requirements/doccano-client.txt
	$(PYTHON) -m venv .venv-doccano-client
	.venv-doccano-client/bin/python $(PIP) --requirement $<
	touch $@

setup: .venv/.base ## make the environment in .venv

setup-doccano: .venv-doccano/.ready .venv-doccano-client/.ready ## make the environments of doccano and its client

extract: setup ## read INPUT (seeds) and write OUTPUT/records.jsonl
	$(BIN)/baozhi extract $(INPUT) --config $(CONFIG) --output $(OUTPUT)

test: .venv-test/.ready $(if $(shell command -v python3.11),setup-doccano) ## run all tests, in an environment that holds every backend
	OMP_NUM_THREADS=1 .venv-test/bin/python -m pytest -n 2 --dist loadgroup

check: .venv-test/.ready ## lint, types, import directions
	.venv-test/bin/ruff check . && .venv-test/bin/ruff format --check . && .venv-test/bin/mypy && .venv-test/bin/lint-imports

evaluate: extract ## score the records of INPUT against the hand annotations in GOLD
	$(BIN)/baozhi evaluate $(GOLD) $(OUTPUT)/records.jsonl --output $(OUTPUT)/evaluation

agreement: setup ## check the hand annotations, and print how far their two passes agree
	$(BIN)/baozhi annotate check $(GOLD) && $(BIN)/baozhi annotate agreement annotations/passes/a.jsonl annotations/passes/b.jsonl

train: .venv/.train ## go on training the shipped model on the revised annotations in TEXTS; writes the folder MODEL
	$(BIN)/baozhi train configs/train/retrain.cfg --set paths.texts=$(abspath $(TEXTS)) --set paths.model=$(abspath $(MODEL))

annotate: extract setup-doccano ## start doccano on this machine and push the records of INPUT
	$(BIN)/baozhi annotate start --state $(DOCCANO)
	$(BIN)/baozhi annotate setup $(DOCCANO_AS) --person annotator
	$(BIN)/baozhi annotate push $(OUTPUT)/records.jsonl $(DOCCANO_AS)

annotate-pull: setup-doccano ## bring the annotators' work back, with what changed and the new scores
	$(BIN)/baozhi annotate pull $(DOCCANO_AS) --output $(OUTPUT)/revised.jsonl
	@test ! -s $(OUTPUT)/revised.jsonl || $(BIN)/baozhi evaluate $(OUTPUT)/revised.jsonl $(OUTPUT)/records.jsonl --output $(OUTPUT)/evaluation-revised

benchmark: setup ## measure the page reader on the composed pages, the speed of the whole, and the segmenters on the word corpora in DATA
	$(BIN)/baozhi benchmark pages tests/pages/corpus/test
	$(BIN)/baozhi benchmark pipeline --subject pipeline --subject jieba --subject 'spaCy char'
	$(BIN)/baozhi benchmark words $(DATA)/open/gsdsimp_test.seg.gz $(wildcard $(DATA)/benchmark/*_test.seg.gz)

pictures: extract .venv-test/.ready ## take the pictures in docs of the reader and the report (needs Chromium)
	.venv-test/bin/python tests/browser/take_pictures.py $(OUTPUT)/records.jsonl docs

.venv-audit/.ready:
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python $(PIP) pip-audit
	touch $@

audit: .venv-audit/.ready ## compare the tested versions of all packages with the published advisories
	.venv-audit/bin/pip-audit --strict --no-deps --disable-pip --requirement constraints.txt

clean: ## remove the environments and all output
	rm -rf .venv .venv-test .venv-audit .venv-doccano .venv-doccano-client $(OUTPUT) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22
