# Two commands for a fresh clone: `make run` and `make test`. Python 3.11 or newer and make are all they need.
# Written for GNU make 3.81 (macOS) and later.

.DEFAULT_GOAL := help
.PHONY: help run install test check words faults sabotage lock clean \
	bench bench-hops bench-texts bench-confirmations bench-start bench-memory bench-expanding bench-sending \
	bench-sizes bench-postgres bench-growth bench-plans bench-queue soak
.DELETE_ON_ERROR:

BIN := .venv/bin
# 3.12 and 3.11 first: for them a Redis comes in a wheel. Say `make run PYTHON=python3.14` for another one.
PYTHONS := $(PYTHON) python3.12 python3.11 python3.13 python3.14 python3
SUITABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
# What `make check` proves with tests beside style, types and arrows; a line more is a proof more.
PROOFS := \
	tests/test_guards.py \
	tests/test_migrations.py \
	tests/menus/test_catalogues.py \
	tests/handlers/test_console_catalogue.py

# A stamp is written last, so an environment without one is half-made, and so is one whose Python has gone away.
ifeq ($(shell test -x $(BIN)/python && $(BIN)/python -c "import pip" 2>/dev/null && echo whole),)
$(shell rm -f .venv/*.stamp)
endif
# A developer's environment holds all that a run needs.
ENVIRONMENT := $(if $(wildcard .venv/dev.stamp),.venv/dev.stamp,.venv/run.stamp)

help: ## says what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-20s %s\n", $$1, $$2 }' Makefile

run: $(ENVIRONMENT) ## starts the gateway with all it needs; Ctrl-C stops it
	@$(BIN)/python -m workers.supervise

install: .venv/run.stamp ## what a host needs before its services start: the packages, and the compiled catalogues
	@$(BIN)/python -c "from gateway import catalogues; from handlers import words; \
		catalogues.compile_complete(); catalogues.compile_complete(words.LOCALE)"

test: .venv/dev.stamp ## runs every test on a real PostgreSQL and a real Redis; ARGS go to pytest
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: .venv/dev.stamp ## style, types, arrows between packages, translations, migrations
	@$(BIN)/python -m ruff check
	@$(BIN)/python -m ruff format --check
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest $(PROOFS)

# What rules say to staff; the console says it in the language of the reader.
REFUSALS := -k Refused -k Stale -k NoSuchTicket -k BadAccount -k BadSheet

words: .venv/dev.stamp ## brings new sentences of the console into its catalogue, to be translated there by hand
	@mkdir -p var
	@$(BIN)/pybabel -q extract -F pyproject.toml -k translated -k N_ -k numbered:1,2 $(REFUSALS) --no-location --sort-output \
		-o var/console.pot handlers gateway
	@$(BIN)/pybabel -q update -D console -i var/console.pot -d handlers/locale -w 120 --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date
	@$(BIN)/python -m pytest --no-header tests/handlers/test_console_catalogue.py

bench: .venv/dev.stamp ## measures the gateway beside baselines, about 10 minutes on a quiet machine; writes var/bench.json
	@$(BIN)/python -m bench

bench-hops: .venv/dev.stamp ## a USSD hop; ARGS may be --rounds N, --seconds N, --steady N
bench-texts: .venv/dev.stamp ## an SMS from a citizen; ARGS may be --rounds N, --seconds N
bench-confirmations: .venv/dev.stamp ## from the last key to the carrier; ARGS may be --cases N
bench-start: .venv/dev.stamp ## the start of make run; ARGS may be --starts N
bench-memory: .venv/dev.stamp ## what each process holds; ARGS may be --hops N
bench-expanding: .venv/dev.stamp ## a campaign's recipients; ARGS may be --citizens N
bench-sizes: .venv/dev.stamp ## other numbers of web processes and threads; ARGS may be --rounds N, --seconds N
bench-postgres: .venv/dev.stamp ## some of PostgreSQL's settings; ARGS may be --rounds N, --seconds N, --citizens N
bench-sending: .venv/dev.stamp ## a campaign's way out, about 4 minutes; ARGS may be --recipients N
bench-hops bench-texts bench-confirmations bench-start bench-memory bench-expanding bench-sending \
bench-sizes bench-postgres:
	@$(BIN)/python -m bench $(@:bench-%=%) $(ARGS)

bench-growth: .venv/dev.stamp ## 1,000,000 tickets beside 10,000, about half an hour; ARGS may be --tickets N --messages N
	@$(BIN)/python -m bench.growth $(ARGS)

bench-plans: .venv/dev.stamp ## writes the query plans of the hot paths into bench/plans
	@$(BIN)/python -m bench.plans

bench-queue: .venv/dev.stamp ## every page of the queue of 1,000,000 tickets; ARGS may be --tickets N
	@$(BIN)/python -m bench.queue_page $(ARGS)

soak: .venv/dev.stamp ## an hour of mixed load; ARGS may be --minutes N
	@$(BIN)/python -m bench.soak $(ARGS)

faults: .venv/dev.stamp ## breaks the whole house on purpose, about half an hour; ARGS may name checks, such as R02
	@$(BIN)/python -m tests.faults $(ARGS)

sabotage: .venv/dev.stamp ## puts known bugs into a copy, one at a time, and wants each to be noticed
	@$(BIN)/python -m tests.faults.sabotage $(ARGS)

lock: .venv/dev.stamp ## writes the requirement files anew from pyproject.toml
	@$(BIN)/python -m uv $(LOCK) pyproject.toml -o requirements.txt
	@$(BIN)/python -m uv $(LOCK) pyproject.toml -o requirements-dev.txt --extra dev -c requirements.txt

LOCK := pip compile -q --universal --generate-hashes --python-version 3.11 --custom-compile-command "make lock"

clean: ## removes the environment and the tools' caches; what the gateway remembers, in var/, stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/run.stamp: requirements.txt
	$(call install,requirements.txt)

.venv/dev.stamp: requirements.txt requirements-dev.txt
	$(call install,requirements-dev.txt)

define install
	@test -n "$(wildcard .venv/*.stamp)" || { $(new_environment); }
	@rm -f .venv/*.stamp
	@echo "Installing $(1) into .venv; a minute or so"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r $(1)
	@touch $@
endef

define new_environment
rm -rf .venv; \
for python in $(PYTHONS); do \
	if $$python -c '$(SUITABLE)' >/dev/null 2>&1; then exec $$python -m venv .venv; fi; \
done; \
echo "Python 3.11 or newer with venv is needed (Debian: apt install python3-venv); `python3 --version 2>&1` is here" >&2; \
exit 1
endef
