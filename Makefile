# De twee opdrachten van de README zijn `make report` en `make test`. Elk doet zelf alles wat nodig is.
GEMEENTE ?= diemen
JAAR     ?= 2023
NEW      := -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))'
PYTHON   ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
              if "$$name" $(NEW) 2>/dev/null; then echo "$$name"; break; fi; done)
BIN      := .venv/bin
PIP      := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input

.PHONY: report lab check strip hooks test test-long fuzz bench docs pictures pins clean

## report: maak de pagina (GEMEENTE en JAAR zijn te kiezen) en zeg waar zij staat
report: .venv/.report
	$(BIN)/bedrijfsvoering build $(GEMEENTE) $(JAAR)

## lab: open de hoofdstukken in JupyterLab, op de beginpagina; met Ctrl-C stopt het
lab: .venv/.report
	$(BIN)/bedrijfsvoering lab

## test: alle controles en alle toetsen
test: check .venv/.browser
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

## test-long: de toetsen die anders een steekproef nemen, nu helemaal (200 afgebroken builds; ongeveer een half uur)
test-long: .venv/.test
	BEDRIJFSVOERING_LONG=1 $(BIN)/python -m pytest -m long --numprocesses auto

## check: opmaak, types, en notebooks zonder uitvoer en zonder logica
check: .venv/.test
	$(BIN)/ruff format --check --quiet src tests bench docs notebooks
	$(BIN)/ruff check --quiet src tests bench docs notebooks
	$(BIN)/mypy --no-error-summary
	$(BIN)/nbstripout --verify --keep-id notebooks/*.ipynb
	$(BIN)/python tests/notebook_rules.py notebooks/*.ipynb

## strip: haal de uitvoer uit de notebooks
strip: .venv/.test
	$(BIN)/python tests/staged_notebooks.py notebooks/*.ipynb

## hooks: laat git bij elke commit de notebooks opschonen en nakijken
hooks: .venv/.test
	git config core.hooksPath .githooks

## fuzz: beschadig bestanden op goed geluk en lees ze, een minuut lang (FUZZ_SECONDS)
fuzz: .venv/.test
	$(BIN)/python tests/fuzz.py

## bench: een uitgave naast papermill en nbconvert (enkele minuten), en hoe goed getypte getallen worden herkend
bench: .venv/.test
	$(BIN)/python bench/tijden.py
	$(BIN)/python bench/zinnen.py

## docs: maak van het handboek (docs/*.md) pagina's die een browser opent
docs: .venv/.test
	$(BIN)/python docs/make.py

## pictures: maak de beelden van het handboek, van de echte pagina en de echte JupyterLab
pictures: .venv/.browser
	$(BIN)/python docs/pictures.py

## pins: leg de versies opnieuw vast, uit pyproject.toml alleen
pins: .venv/.test
	$(BIN)/python tests/pins.py

.venv/.python:
	@$(or $(PYTHON),false) $(NEW) 2>/dev/null || { echo "Python 3.11 of nieuwer is nodig. Installeer het, of noem het: make $(MAKECMDGOALS) PYTHON=/pad/naar/python3"; exit 2; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.report: .venv/.python requirements.txt pyproject.toml
	@echo "Pakketten ophalen en installeren; de eerste keer duurt dat een paar minuten."
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.test: .venv/.report requirements-dev.txt
	$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

.venv/.browser: .venv/.test
	$(BIN)/python tests/browser.py
	@touch $@

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache
