# What a contributor runs. `make` shows the list. PYTHON is the interpreter of the environment that the README sets up.
PYTHON ?= .venv/bin/python

.PHONY: help setup lint format test-fast test made pages golden bench lock wheel release

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## an environment with everything that tests and linters need, in .venv
	python3 -m venv .venv
	.venv/bin/python -m pip install --quiet -e '.[test,dev]'

lint:  ## linters, types, import contracts
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

format:  ## the code in its usual form
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

test-fast:  ## the tests to run after every change: under a minute on two cores
	$(PYTHON) -m pytest -m "not slow"

test:  ## all tests
	$(PYTHON) -m pytest

made:  ## the files of the package that are made from others: certificates of proof, compiled templates
	$(PYTHON) -m symbackprop.ops.certificates
	$(PYTHON) -m symbackprop.render.compiling

pages:  ## the example's pages in output/, made anew
	$(PYTHON) -m tests.pages

golden:  ## which pages of the golden net have changed
	$(PYTHON) -m tests.golden

bench:  ## the figures of docs/speed.md
	$(PYTHON) -m benchmarks.speed

lock:  ## the newest versions of everything, for CI, in .ci/constraints.txt
	$(PYTHON) -m uv pip compile --quiet --extra test --extra dev pyproject.toml --no-header --no-annotate \
	  | grep -vE '^(nvidia|cuda|triton)' > .ci/constraints.txt

wheel:  ## wheel and source distribution, in dist/
	$(PYTHON) -m build --outdir dist .

release:  ## checks that the version, the changelog and the tag agree, then builds what is published
	$(PYTHON) -m scripts.release
	$(MAKE) wheel
