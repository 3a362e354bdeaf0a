# make run · make test · make chat: each brings what it needs.
SHELL := /bin/bash
UV := .tools/bin/uv
COACH := .venv/bin/coach
NPM := .venv/bin/npm

.PHONY: run chat test lint format bench install clean

run: install
	@$(COACH) start

chat: install
	@$(COACH) chat

test: install
	@tests/run

lint: install
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

format: install
	.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

install: .venv/ready bot/.venv/ready web/static/dist/ready

.tools/bin/uv:
	@echo "Bringing uv …"
	@command -v git >/dev/null || { echo "git is missing: install it first"; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed, as python3"; exit 1; }
	@python3 -m venv .tools && .tools/bin/python -m pip install --quiet uv==0.13.9

.venv/ready: .tools/bin/uv requirements.lock pyproject.toml
	@echo "Installing the coach (Python 3.11 or newer) …"
	@[ -x .venv/bin/python ] || $(UV) venv --quiet --python '>=3.11' .venv
	@$(UV) pip sync --python .venv requirements.lock
	@$(UV) pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
	@touch $@

bot/.venv/ready: .tools/bin/uv bot/requirements.lock
	@echo "Installing the engine (Python 3.10, about 3 GB) …"
	@[ -x bot/.venv/bin/python ] || $(UV) venv --quiet --python 3.10 bot/.venv
	@$(UV) pip sync --python bot/.venv bot/requirements.lock
	@touch $@

web/static/dist/ready: .venv/ready package-lock.json $(wildcard web/widget/*)
	@echo "Building the widget …"
	@PATH="$(CURDIR)/.venv/bin:$$PATH" $(NPM) ci --ignore-scripts --no-audit --no-fund --silent --prefer-offline
	@PATH="$(CURDIR)/.venv/bin:$$PATH" $(NPM) run --silent build
	@touch $@

clean:
	rm -rf .venv .tools bot/.venv node_modules web/static/dist var models/*.tar.gz
