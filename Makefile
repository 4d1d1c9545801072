# „make“ alone shows what there is. Every step is skipped when its inputs have not changed.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
    $$name -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
JOBS ?= 2
PYTEST := $(BIN)/pytest -n $(JOBS) --dist loadfile
SETUP = $(or $(PYTHON),$(error Nötig ist Python 3.11 oder neuer: make PYTHON=/pfad/zu/python3.11)) tools/setup.py

.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev assets test test-fast check check-all lint types contracts bench lock new-area fresh

help:
	@echo 'make run         richtet alles ein und startet das Portal mit Beispieldaten auf http://localhost:8000'
	@echo 'make test        alle Tests          make test-fast  ohne die langen und ohne Browser'
	@echo 'make check       Stil, Typen, Importregeln, Tests (wie .ci/run)   make check-all  dazu die langen Reihen ganz'
	@echo 'make lint | types | contracts       einzelne Prüfungen'
	@echo 'make bench       alle Messungen      (ONLY="rush" wählt aus)'
	@echo 'make setup       nur einrichten      make assets     nur Stile und Skripte bauen'
	@echo 'make new-area NAME=...              legt einen neuen Bereich an'
	@echo 'make lock        erneuert die Sperrdateien der Pakete'
	@echo 'make fresh       löscht alle Daten des Portals in diesem Ordner'

run: setup
	@exec $(BIN)/stadtportal up --demo

setup:
	@$(SETUP) run

setup-dev:
	@$(SETUP) dev

assets: setup
	@$(BIN)/python tools/build_assets.py

test: setup-dev
	$(PYTEST)

test-fast: setup-dev
	$(PYTEST) -m 'not slow and not browser'

check: lint types contracts test

check-all: lint types contracts setup-dev
	CHECK_ALL=1 $(PYTEST)

lint: setup-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: setup-dev
	$(BIN)/mypy

contracts: setup-dev
	$(BIN)/lint-imports

bench: setup-dev
	@$(BIN)/python tools/bench.py $(ONLY)

new-area: setup
	@$(BIN)/stadtportal new-area $(or $(NAME),$(error Aufruf: make new-area NAME=...))
	@$(SETUP) run

lock:
	@tools/lock

fresh: setup
	@$(BIN)/python tools/fresh.py
