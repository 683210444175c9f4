# make demo   letters for the sample recipients, in out/demo
# make test   every test, and what keeps the code in order
# make bench  PDF letters against the other ways of making them, into docs/performance.md
.PHONY: demo test bench docs pictures lock clean

DEMO = out/demo

demo:
	@scripts/setup.sh run
	@rm -rf $(DEMO)
	@.venv/bin/letter-kit batch un2020 sample --from examples/sender.toml --date 2019-09-03 \
	  --format markdown --format html --format pdf --out $(DEMO)
	@echo "Open these first:"
	@echo "  $(DEMO)/00001-SN-Mariama-Exemple.pdf   a letter in French, ready for a window envelope"
	@echo "  $(DEMO)/00006-GH-Kwame-Sample.html     a letter in English, in the browser"
	@echo "  $(DEMO)/manifest.csv                   what was made for whom"

test:
	@scripts/setup.sh dev
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check .
	@.venv/bin/mypy
	@.venv/bin/pytest -n 2 --dist loadgroup

bench:
	@scripts/setup.sh dev
	@scripts/setup.sh bench
	@.venv/bin/python benchmarks/pdf.py --write
	@.venv/bin/python benchmarks/supporters.py --write

# The pages of docs/ that are made from the code.
docs:
	@scripts/setup.sh dev
	@.venv/bin/python scripts/make_docs.py

# The pictures of the README.
pictures:
	@scripts/setup.sh dev
	@.venv/bin/python scripts/make_pictures.py

# The locked versions anew, with uv from PyPI.
lock:
	@scripts/setup.sh dev
	@.venv/bin/python -m pip install -q uv
	@for kind in 'run --group build' 'dev --group dev --all-extras'; do \
	  .venv/bin/uv pip compile -q pyproject.toml --upgrade $${kind#* } --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  -o requirements/$${kind%% *}.lock; done
	@.venv/bin/uv pip compile -q benchmarks/peers/requirements.in --upgrade --universal \
	  --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements/bench.lock

clean:
	rm -rf .venv out dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
