# make run | test | check | bench: nothing else has to be done by hand, a second run needs no network.

PORT ?= 8000
VENV := .venv
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$python && break; done)
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes
MANAGE := $(VENV)/bin/python manage.py
LOCK := cd requirements && ../$(VENV)/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-header --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

OWN_STATIC := $(shell find static -type f -not -path 'static/vendor/*')
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
VENDORED := static/vendor/.built
COLLECTED := staticfiles/staticfiles.json

# What fails runs once more by itself: passing then, it is flaky, which its name in the output says and a person mends.
# $(1): name of the stage, $(2): what to run.
define run-tests
$(VENV)/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 10 -o cache_dir=.pytest_cache/$(1) $(2) || { \
		echo "make: what failed is run once more; whatever passes now is flaky and has to be mended" >&2; \
		$(VENV)/bin/pytest -v --last-failed --last-failed-no-failures none -o cache_dir=.pytest_cache/$(1) $(2); }
endef

# Node from requirements/node.txt is found here, like every other tool of ours.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.PHONY: run site test test-python test-processes test-cluster test-upstreams test-js check check-style \
	check-types check-js check-site audit fuzz format bench chaos screenshots lock env node services clean

run: $(VENV)/base.stamp $(CATALOGUES) $(COLLECTED) | env
	@$(MANAGE) demo --port $(PORT)

# Everything a site is served from, but nothing started: docs/deployment.md.
site: $(VENV)/base.stamp $(CATALOGUES) $(COLLECTED) | env

test: test-python test-processes test-cluster test-upstreams test-js

test-python: $(VENV)/dev.stamp $(CATALOGUES) $(COLLECTED) | env services
	$(call run-tests,python,--ignore tests/browser --ignore tests/faults)

# Real servers, killed ones and a real browser: a file at a time on each of two cores.
test-processes: $(VENV)/dev.stamp $(CATALOGUES) $(COLLECTED) | env services
	CHROMIUM="$$($(VENV)/bin/python -m tests.browser.chromium)" && export CHROMIUM && \
		{ $(call run-tests,processes,tests/faults tests/browser); }

# The same tests on three processes, PostgreSQL and Redis, each request and socket wherever it lands: what a person does
# in a chat, in order of what costs most when it is lost, and what a dead process leaves behind. Not here, because it
# would be the same once more: pages that only read, the console and the admin (one request, one answer), files and
# pictures (one folder for all), and every point of an answer at which a server may die (tests/faults/test_processes.py
# is on several processes anyway, and `make chaos`).
ON_CLUSTER := $(patsubst %,tests/live/test_%.py,asking answers stopping release regenerating branching conversations \
	workflows feedback faults_upstream drafts tasks sessions) tests/faults/test_after_death.py

test-cluster: $(VENV)/dev.stamp $(CATALOGUES) $(COLLECTED) | env services
	STACK=cluster && export STACK && { $(call run-tests,cluster,$(ON_CLUSTER)); }

# Chat, cards and what must hold on every upstream, on those that are not the cloud. What a test needs and a
# dialect has not is declared (tests/upstream.py) and not collected.
ON_UPSTREAMS ?= tests/browser/test_chat.py tests/browser/test_cards.py tests/browser/test_questions.py \
	tests/browser/test_queue.py tests/browser/test_files.py tests/browser/test_versions.py \
	tests/live/test_answers.py tests/live/test_stopping.py tests/faults/test_after_death.py

test-upstreams: $(VENV)/dev.stamp $(CATALOGUES) $(COLLECTED) | env services
	CHROMIUM="$$($(VENV)/bin/python -m tests.browser.chromium)" && export CHROMIUM && export UPSTREAM && \
		{ UPSTREAM=studio; $(call run-tests,studio,$(ON_UPSTREAMS)); } && \
		{ UPSTREAM=assistants; $(call run-tests,assistants,$(ON_UPSTREAMS)); }

# SEED, MINUTES (5), PROCESSES (3), PEOPLE (12), SERVER (daphne): kills, freezes and cuts everything there is for
# that long, then compares every conversation with what the upstream recorded (docs/reliability.md).
chaos: $(VENV)/dev.stamp $(CATALOGUES) $(COLLECTED) | env services
	CHROMIUM="$$($(VENV)/bin/python -m tests.browser.chromium)" && export CHROMIUM && \
		$(VENV)/bin/python -m tests.chaos

test-js: node_modules/.package-lock.json
	npm test

check: check-style check-types check-js check-site

check-style: $(VENV)/dev.stamp
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

check-types: $(VENV)/dev.stamp | env
	$(VENV)/bin/mypy

check-js: node_modules/.package-lock.json $(VENDORED)
	npm run --silent check

# As production has it, so that a missing policy or migration is found here.
check-site: export DEBUG = false
check-site: export HTTPS_ONLY = true
check-site: export DATABASE_URL = sqlite://:memory:
check-site: export ALLOWED_HOSTS = chat.example.com
check-site: $(VENV)/dev.stamp | env
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) catalogues --check
	$(MANAGE) check --deploy --fail-level WARNING

# Known holes in what is installed. Both ask a service; where it cannot be reached that is said and is no failure.
# What needs no network (every package pinned and hashed, no secret in git) is tests/security/test_secrets.py.
audit: $(VENV)/dev.stamp
	@$(VENV)/bin/python -m tests.security.audit

# A long look for bytes, frames and bodies that break something: minutes instead of seconds, other ones each time.
fuzz: $(VENV)/dev.stamp $(CATALOGUES) | env
	FUZZ=long $(VENV)/bin/pytest tests/security/fuzzing

format: $(VENV)/dev.stamp
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(VENV)/dev.stamp $(COLLECTED) | env
	$(VENV)/bin/python -m bench

# Pictures of the running site at 1280 and 390 px, light and dark, in test-results/.
screenshots: $(VENV)/dev.stamp $(CATALOGUES) $(COLLECTED) | env
	CHROMIUM="$$($(VENV)/bin/python -m tests.browser.chromium)" && export CHROMIUM && \
		$(VENV)/bin/pytest tests/browser/screenshots.py

lock: $(VENV)/dev.stamp
	$(LOCK) -o base.txt base.in
	$(LOCK) -o telemetry.txt telemetry.in
	$(LOCK) -o dev.txt dev.in
	$(LOCK) -o node.txt node.in

clean:
	rm -rf $(VENV) node_modules static/vendor staticfiles test-results .ruff_cache .mypy_cache

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Chatweb needs Python 3.11 or newer; none is on the PATH." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python has no venv module here; on Debian: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/base.stamp: requirements/base.txt | $(VENV)/bin/python
	$(PIP) -r requirements/base.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/base.stamp
	$(PIP) -r requirements/base.txt -r requirements/dev.txt
	@touch $@

node: | $(VENV)/bin/python
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null \
		|| $(PIP) -r requirements/node.txt

# PostgreSQL and Redis for the tests that need them: installed when they are missing and root may.
services: | $(VENV)/bin/python
	@$(VENV)/bin/python -m tests.services

node_modules/.package-lock.json: package-lock.json package.json | node
	npm ci --no-audit --no-fund --loglevel error
	@touch $@

$(VENDORED): node_modules/.package-lock.json $(wildcard *.mjs)
	npm run --silent build
	@mkdir -p $(@D) && touch $@

$(COLLECTED): $(OWN_STATIC) $(VENDORED) $(VENV)/base.stamp | env
	$(MANAGE) collectstatic --no-input --verbosity 0
	@touch $@

%.mo: %.po $(VENV)/base.stamp
	$(VENV)/bin/pybabel --quiet compile --input-file $< --output-file $@

env: | $(VENV)/bin/python
	@$(VENV)/bin/python chatweb/management/local_env.py .env
