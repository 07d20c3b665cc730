#: python.module-not-installed with python
echo 'import requests_of_shop' > app.py; python app.py
#: python.submodule-missing with python
python -c 'import json.encoding'
#: python.tool-module-missing with python
python -m shopcheck --version
#: python.name-not-in-module with python
python -c 'from collections import Mapping'
#: python.circular-import with python
echo 'from cart import total' > prices.py; printf 'from prices import price\ndef total(): pass\n' > cart.py; python -c 'import cart'
#: python.module-attribute with python
python -c 'import time; time.clock()'
#: python.name-not-defined with python
printf 'def total(items):\n    return sum(items) + shiping\n\ntotal([1])\n' > cart.py; python cart.py
#: python.unbound-local with python
printf 'def total(items):\n    for item in items:\n        amount = item\n    return amount\n\ntotal([])\n' > cart.py; python cart.py
#: python.none-attribute with python
python -c 'import re; re.match("a", "b").group()'
#: python.no-attribute with python
python -c '"a".appendd("b")'
#: python.unexpected-keyword with python
printf 'def ship(to): pass\nship(to="a", weight=2)\n' > cart.py; python cart.py
#: python.missing-argument with python
printf 'def ship(to, weight): pass\nship("a")\n' > cart.py; python cart.py
#: python.too-many-arguments with python
printf 'def ship(to): pass\nship("a", 2)\n' > cart.py; python cart.py
#: python.none-not-subscriptable with python
python -c 'import re; re.match("a", "b")[0]'
#: python.print-statement with python
printf 'print "total"\n' > cart.py; python cart.py
#: python.never-closed with python
printf 'total = (1 + 2\nprint(total)\n' > cart.py; python cart.py
#: python.merge-conflict with python
printf '<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n' > cart.py; python cart.py
#: python.syntax with python
printf 'def total(items) return 1\n' > cart.py; python cart.py
#: python.indentation with python
printf 'def total():\nreturn 1\n' > cart.py; python cart.py
#: python.tabs with python
printf 'def total():\n        x = 1\n\treturn x\n' > cart.py; python cart.py
#: python.file-not-found with python
python -c 'open("settings.json")'
#: python.permission-denied with python
setpriv --reuid 65534 --clear-groups /usr/bin/python3 -c 'open("/etc/shadow")'
#: python.not-unicode with python
printf 'caf\351' > menu.txt; python -c 'open("menu.txt", encoding="utf-8").read()'
#: python.ascii-output with python
PYTHONIOENCODING=ascii python -c 'print("café")'
#: python.recursion with python
printf 'def total(n): return total(n)\ntotal(1)\n' > cart.py; python cart.py
#: python.memory with python
ulimit -v 200000; python -c 'x = bytearray(10**9)'
#: python.json with python
python -c 'import json; json.loads("")'
#: python.environment-variable with python
printf 'import os\nurl = os.environ["DATABASE_URL"]\n' > app.py; python app.py
#: python.sqlite-no-table with python
python -c 'import sqlite3; sqlite3.connect(":memory:").execute("select * from orders")'
#: python.sqlite-locked with python
python -c 'import sqlite3; a = sqlite3.connect("s.db"); a.execute("create table t(x)"); a.execute("begin exclusive"); sqlite3.connect("s.db", timeout=0).execute("select * from t")'
#: python.pickle with python
python -c 'import pickle; pickle.dumps(lambda: 1)'
#: python.no-event-loop with python
python -W ignore -c 'import asyncio; asyncio.get_running_loop()'
#: python.await-outside with python
printf 'def load():\n    await fetch()\n' > app.py; python app.py
#: python.numpy-removed with python
pip install -q --disable-pip-version-check --target lib numpy==1.26.4 2>/dev/null; PYTHONPATH=lib python -c 'import numpy as np; np.float(1)'
#: python.numpy-abi with python
pip install -q --disable-pip-version-check --target lib numpy==2.0.2 2>/dev/null; pip install -q --disable-pip-version-check --no-deps --target lib2 pandas==1.5.3 2>/dev/null; pip install -q --disable-pip-version-check --target lib2 python-dateutil pytz 2>/dev/null; PYTHONPATH=lib:lib2 python -W ignore -c 'import pandas' 2>&1 | tail -4
#: python.pkg-resources with python
python -m venv --without-pip e; e/bin/python -c 'import pkg_resources'
#: python.pip-no-version with pip
pip install --disable-pip-version-check 'six==99.0' 2>&1 | grep ERROR
#: python.pip-no-distribution with pip
pip install --disable-pip-version-check six-of-the-shop-of-ada 2>&1 | grep ERROR
#: python.pip-python-version with pip
mkdir s; printf '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.99"\n' > s/pyproject.toml; pip install --disable-pip-version-check ./s 2>&1 | grep ERROR
#: python.pip-conflict with pip
pip install --disable-pip-version-check 'requests==2.31.0' 'urllib3==1.20' 2>&1 | grep -v WARNING | tail -12
#: python.pip-hash with pip
printf 'six==1.16.0 --hash=sha256:%064d\n' 0 > r.txt; pip install --disable-pip-version-check -r r.txt 2>&1 | grep -v WARNING
#: python.pip-hash-missing with pip
printf 'six==1.16.0 --hash=sha256:8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254\niniconfig==2.0.0\n' > r.txt; pip install --disable-pip-version-check -r r.txt 2>&1 | grep -v WARNING
#: python.pip-externally-managed with python
/usr/bin/pip3 install six
#: python.pip-no-requirements-file with pip
pip install --disable-pip-version-check -r requirements-dev.txt
#: python.pip-invalid-requirement with pip
pip install --disable-pip-version-check 'six=1.16'
#: python.pip-not-a-project with pip
pip install --disable-pip-version-check -e .
#: python.pip-metadata-failed with pip
mkdir s; printf 'import shop_of_build_tools\n' > s/setup.py; pip install --disable-pip-version-check --no-build-isolation ./s 2>&1 | grep -v WARNING
#: python.pip-wheel-failed with pip
mkdir s; printf 'from setuptools import setup, Extension\nsetup(name="shop", ext_modules=[Extension("shop", ["shop.c"])])\n' > s/setup.py; printf '#include <shopdb.h>\n' > s/shop.c; pip install --disable-pip-version-check ./s 2>&1 | grep -v WARNING
#: python.pytest-fixture with pytest
printf 'def test_total(cart): pass\n' > test_cart.py; pytest -q
#: python.pytest-no-such-path with pytest
pytest -q tests/unit
#: python.pytest-unrecognized with pytest
pytest -q --cov=shop
#: python.pytest-async with pytest
printf 'async def test_total(): pass\n' > test_cart.py; pytest -q
#: python.pytest-file-mismatch with pytest
mkdir a b; touch a/test_cart.py b/test_cart.py; pytest -q
#: python.pytest-marker with pytest
printf 'import pytest\n@pytest.mark.slow\ndef test_total(): pass\n' > test_cart.py; pytest -q --strict-markers
#: python.pytest-no-tests with pytest
pytest
#: python.coverage-fail-under with coverage
printf 'def test_total(): pass\ndef unused():\n    return 1\n' > test_cart.py; coverage run -m pytest -q >/dev/null; coverage report --fail-under=99
#: python.mypy-stubs with mypy
echo 'import yaml' > app.py; mypy app.py
#: python.mypy-import with mypy
echo 'import shop_of_ada' > app.py; mypy app.py
#: python.mypy-argument with mypy
printf 'def ship(weight: int) -> None: ...\nship("2")\n' > app.py; mypy app.py
#: python.mypy-attribute with mypy
printf '"a".appendd("b")\n' > app.py; mypy app.py
#: python.mypy-untyped with mypy
printf 'def ship(weight): ...\n' > app.py; mypy --strict app.py
#: python.mypy-optional with mypy
printf 'import re\nre.match("a", "b").group()\n' > app.py; mypy app.py
#: python.unused-import with ruff
printf 'import os\n' > app.py; ruff check app.py
#: python.undefined-name with ruff
printf 'print(shiping)\n' > app.py; ruff check app.py
#: python.ruff-format with ruff
printf 'x=1\n' > app.py; ruff format --check app.py
#: python.black with black
printf 'x=1\n' > app.py; black --check app.py
#: python.isort with isort
printf 'import sys\nimport os\n' > app.py; isort --check app.py
#: python.line-too-long with flake8
printf 'x = "%0100d"\n' 0 > app.py; flake8 app.py
#: python.poetry-lock with poetry
printf '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = []\n' > pyproject.toml; poetry lock -q; sed -i 's/dependencies = \[\]/dependencies = ["six"]/' pyproject.toml; poetry install
#: python.uv-lock with uv
printf '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = []\n' > pyproject.toml; uv lock -q; sed -i 's/dependencies = \[\]/dependencies = ["six"]/' pyproject.toml; uv sync --locked
#: python.uv-unsolvable with uv
uv venv -q e; VIRTUAL_ENV=e uv pip install 'requests==2.31.0' 'urllib3==1.20'
#: python.tox-no-interpreter with tox
printf '[tox]\nskip_missing_interpreters = false\n[testenv]\nskip_install = true\ncommands = python -V\n' > tox.ini; tox run -e py399
