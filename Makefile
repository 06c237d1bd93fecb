# Thin calls to tools that work without make as well. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test suite browser pages asserts check quick lint types fix standin lock migrate migration bench chaos seed seed-large screenshots map fresh-machine clean dist install doctor environment dist-environment tests-environment extra
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
# Servers, workers and children start often: what Python has compiled once is kept, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
PORT ?= 3000
export PORT
# Twice as many as there are cores: tests wait for leases, pages and the disk, and somebody else can use the core meanwhile.
WORKERS ?= $$(($$(getconf _NPROCESSORS_ONLN) * 2))

help: ## list what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:[^#]*## /\t/' | while IFS="$$(printf '\t')" read -r name does; do printf '  make %-15s %s\n' "$$name" "$$does"; done

run: environment ## start from nothing: environment, dependencies, migration, build, server on PORT (3000)
	@exec $(PY) -m pixelstudio serve

test: tests-environment ## lint and every test; T=path runs one file or folder. CI runs it and `make types`
ifdef T
	@$(PY) -m pytest -p no:xdist $(T)
else
	@$(MAKE) -j3 lint asserts suite
endif

# Lint is beside the tests, in what they leave of the cores while they wait; beside the build the tests are made ready.
suite: browser pages
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal

browser: tests-environment
	@$(PY) -m tools.chromium >/dev/null

pages: tests-environment
	@$(PY) -m pixelstudio.cli.build

asserts:
	@$(PY) -m tests.asserts

check: tests-environment ## in about a minute: lint, format, types, import directions, rules, the tests that need no database
	@$(MAKE) -j3 lint types quick

quick:
	@$(PY) -m pytest -q -n $(WORKERS) --dist worksteal -m "not slow" -k "not postgresql and not sqlite"

lint:
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --check --quiet || { echo "Some files want formatting: make fix"; exit 1; }
	@.venv/bin/lint-imports --no-logo

# In 64 MB instead of 16 most of what the type checker makes for a moment is gone before Node clears up: an eighth of its time.
types: tests-environment ## look at the types alone
	@NODE_OPTIONS="--max-semi-space-size=64 $$NODE_OPTIONS" .venv/bin/pyright

fix: tests-environment ## repair what the linter and the formatter can
	@.venv/bin/ruff check --fix --quiet || true
	@.venv/bin/ruff format
	@$(PY) -m tools.map

lock: ## compile requirements/*.txt from *.in, hashed, for every platform (U=--upgrade moves versions)
	@tools/environment lock
	@$(PY) tools/lock.py $(U)

dist: dist-environment ## build the wheel, pages inside: dist/pixelstudio-*.whl
	@$(PY) -m tools.dist

install: ## install that wheel where it runs without checkout and Node: make install TO=/opt/pixelstudio
	@test -n "$(TO)" || { echo "Say where to: make install TO=/opt/pixelstudio"; exit 2; }
	@$(PY) -m tools.install "$(TO)"

extra: ## install an extra into the environment: E=local draws with a model on this machine, E=c2pa puts Content Credentials into downloads
	@test -n "$(E)" || { echo "Say which: make extra E=local, or E=c2pa"; exit 2; }
	@tools/environment "$(E)"

doctor: environment ## say what is configured, what is wrong, and each mend
	@$(PY) -m pixelstudio doctor

migrate: environment ## bring the database up to date
	@$(PY) -m pixelstudio migrate

migration: environment ## write a migration to be read by a human: make migration m="add boards"
	@test -n "$(m)" || { echo 'Say what it does: make migration m="add boards"'; exit 2; }
	@$(PY) -m tools.migration "$(m)"

standin: tests-environment ## a provider without a key on port 8181: speaks OpenAI's image protocol, misbehaves on request
	@$(PY) -m tests.standin

bench: browser pages ## measure, print the table, write build/bench.json; fails when a bound breaks; B=room, B=queue or B=gallery measures a part
	@$(PY) -m tests.benchmarks $(B)

chaos: tests-environment ## kill and freeze workers and databases while pictures are paid for, and prove the books: C="--seed 7 --jobs 10000 --seconds 600"
	@$(PY) -m tests.chaos $(C)

seed: environment ## fill an empty studio with twelve people and four hundred pictures, the same every time
	@$(PY) -m tools.seed

seed-large: tests-environment ## fill an empty studio with a thousand people and a million pictures, rows alone, for measuring; N=10000 makes fewer
	@$(PY) -m tools.seed.large $(N)

screenshots: browser pages ## take every page of a seeded studio, both widths and modes, for docs/images
	@$(PY) -m tools.screenshots

map: tests-environment ## print ARCHITECTURE.md anew from the code's docstrings
	@$(PY) -m tools.map

fresh-machine: ## root only: a bare Debian tree by debootstrap, then make run and make test inside it
	@tools/fresh_machine

clean: ## remove what can be made again; keeps var/, where pictures and the database live
	@rm -rf .venv .web .states build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache assets/external
	@find pixelstudio tests tools alembic -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@tools/environment run

dist-environment:
	@tools/environment dist

tests-environment:
	@tools/environment test
