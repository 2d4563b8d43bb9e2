PYTHON ?= python

.PHONY: accuracy accuracy-full bench changelog coverage docs install lint lock record release test \
	wheels

install:
	$(PYTHON) -m pip install -e ".[dev]"

# Write the versions that CI installs. Those in the file stay; UPGRADE=--upgrade takes the newest.
# uv does not read pip's settings, so it is told the caps that they hold on this machine.
lock:
	UV_CONSTRAINT="$$($(PYTHON) -m pip config --global get global.constraint 2>/dev/null)" \
	UV_CUSTOM_COMPILE_COMMAND="make lock" \
		uv pip compile --quiet --universal --python-version 3.10 --all-extras --no-annotate $(UPGRADE) \
		--output-file requirements/lock.txt setup.cfg > /dev/null

test:
	$(PYTHON) -m pytest

coverage:
	$(PYTHON) -m pytest --cov

lint:
	ruff check .
	ruff format --check .
	lint-imports --no-logo
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

changelog:
	towncrier build

record:
	autograder record

release:
	autograder release

wheels:
	$(PYTHON) -m pip wheel --no-deps --wheel-dir dist .
	GAN_HOMEWORK=staff $(PYTHON) -m pip wheel --no-deps --wheel-dir dist .

docs:
	zensical build --clean --strict
