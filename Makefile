# make serve   from nothing to a running server: http://127.0.0.1:8000/
# make test    everything that must pass: style, types, all tests (sets itself up, browser included)
# make lint | types | tests | unit | build | clean
#
# HOST=0.0.0.0 PORT=8080 make serve       listens elsewhere
# make serve PYTHON=/path/to/python3.12   takes another Python (3.11, 3.12 or 3.13)
# make serve TORCH="torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu"
#     takes the CPU build of torch; what PyPI gives on Linux is a CUDA build of several GB

# The first that runs: a version manager may have the name without the program.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3; do \
	"$$name" -c '' 2>/dev/null && command -v "$$name" && break; done)
TORCH ?= torch==2.13.0
HOST ?= 127.0.0.1
PORT ?= 8000
VENV ?= .venv
WORKERS ?= 2

BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
INSTALLED_TYPESCRIPT := node_modules/.installed
# Compiling all that is installed takes longer than compiling what is used when it is.
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-compile

# The weights are installed, no model hub is ever asked; and the encoder, not OpenMP, shares out the cores.
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false
export OMP_NUM_THREADS := 1

.PHONY: serve build test lint types tests unit chromium clean

serve: $(INSTALLED)
	@test -f "$${NKQA_INDEX_DIR:-index}/CURRENT" || $(BIN)/nkqa build
	@exec $(BIN)/nkqa serve --host "$(HOST)" --port "$(PORT)"

build: $(INSTALLED)
	$(BIN)/nkqa build

test: lint tests

# The tests of a file stay together: they share what takes long to make.
tests: $(INSTALLED_DEV) chromium
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Only checks the page's types (JSDoc); the page itself is not built.
types: $(INSTALLED_TYPESCRIPT)
	$(BIN)/node node_modules/typescript/bin/tsc -p .

unit: $(INSTALLED_DEV)
	$(BIN)/python -m pytest tests/unit

clean:
	rm -rf $(VENV) node_modules index dist test-results .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# torch goes first and alone: where it is missing, whatever needs it may pull in another build.
$(INSTALLED) $(INSTALLED_DEV): pyproject.toml
	@test -n "$(PYTHON)" || { echo "nkqa needs Python 3.11, 3.12 or 3.13: install one, or name it: make PYTHON=..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
		echo "nkqa needs Python 3.11, 3.12 or 3.13; $(PYTHON) is $$("$(PYTHON)" --version 2>&1): make PYTHON=..." >&2; exit 1; }
	@echo "Installing into $(VENV); the first time this takes some minutes."
	test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	$(PIP) $(TORCH)
	$(PIP) --editable '.$(if $(filter $(INSTALLED_DEV),$@),[dev])'
	@touch $(sort $(INSTALLED) $@)

# Node is a package of Python here, nothing of the system's: with its folder first, npm finds it.
$(INSTALLED_TYPESCRIPT): package.json | $(INSTALLED_DEV)
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/npm install --no-save --no-package-lock --no-audit --no-fund --loglevel=error
	@touch $@

# The browser without a window is the faster one; who is not root does with the chromium that is there.
chromium:
	@command -v chromium-headless-shell >/dev/null || { test "$$(id -u)" != 0 && command -v chromium >/dev/null; } || { \
		command -v apt-get >/dev/null || { echo "The browser tests need chromium: install it." >&2; exit 1; }; \
		root=$$(test "$$(id -u)" = 0 || echo sudo); \
		install="$$root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends"; \
		$$root apt-get update && $$install fonts-dejavu-core fonts-noto-cjk && \
		{ $$install chromium-headless-shell || $$install chromium; }; }
