PYTHON ?= python

.PHONY: docs install test lint accuracy accuracy-full bench record release wheels

install:
	$(PYTHON) -m pip install -e ".[dev]"

test:
	$(PYTHON) -m pytest

lint:
	ruff check .
	ruff format --check .
	mypy --python-version 3.10
	mypy --python-version 3.13
	MYPYPATH=benchmarks:benchmarks/peers mypy --config-file= --ignore-missing-imports \
		--check-untyped-defs --follow-imports=silent benchmarks/*.py docs/*.py benchmarks/peers

accuracy:
	autograder accuracy

accuracy-full:
	autograder accuracy --full

bench:
	$(PYTHON) benchmarks/run.py

record:
	autograder record

release:
	autograder release

wheels:
	$(PYTHON) -m pip wheel --no-deps --wheel-dir dist .
	GAN_HOMEWORK=staff $(PYTHON) -m pip wheel --no-deps --wheel-dir dist .

docs:
	mkdocs build --strict
