# The front door: a few lines over the CMake presets. `make` alone lists the targets.
PREFIX ?= /usr/local
JOBS   ?= $(shell nproc 2>/dev/null || echo 1)
CI     ?=

# Warnings are errors where a machine is looking.
WERROR := $(if $(filter-out 0 false no off,$(CI)),ON,OFF)
export FO_CONFIGURE := -DFO_WERROR=$(WERROR) -DCMAKE_INSTALL_PREFIX=$(PREFIX)
export FO_JOBS := $(JOBS)

SOURCES = git ls-files -- '*.c' '*.h'

.DEFAULT_GOAL := help
.PHONY: help deps build test asan tsan demo bench interop chaos sim sim-long sim-mutants sweep model fuzz \
    fuzz-long coverage lint format install clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | \
	    while IFS='|' read -r target what; do printf '%-18s%s\n' "$$target" "$$what"; done

deps: ## install the Debian packages that building and testing need
	@scripts/deps.sh build test

build: ## build everything into build/
	@scripts/deps.sh build
	cmake --preset release $(FO_CONFIGURE)
	cmake --build --preset release --parallel $(FO_JOBS)

test: deps ## all tests, then the fast ones again under the address and UB sanitizers
	@scripts/test.sh release asan

asan: deps ## the fast tests under the address and undefined-behaviour sanitizers
	@scripts/test.sh asan

tsan: deps ## the fast tests under the thread sanitizer
	@scripts/test.sh tsan

demo: deps build ## show a pair at work
	@scripts/demo.sh

bench: build ## measure failover throughput, latency and resync
	build/fobench

interop: deps build ## every interoperability test against ISC dhcpd, and its table (needs root)
	@tests/interop/run.sh --all --write-table

chaos: deps build ## two real pairs under random faults: SECONDS=n (120) each, SEED=n (needs root)
	@tests/chaos/run.sh fod $(or $(SECONDS),120) $(SEED)
	@tests/chaos/run.sh dhcpd $(or $(SECONDS),120) $(SEED)

sim: deps build ## simulated pairs: SEEDS=n (1400) runs with faults, clients and an operator
	build/fosim --seeds $(or $(SEEDS),1400) --years $(or $(YEARS),10) \
	    --faults $(or $(FAULTS),100000) --jobs $(JOBS)

sim-long: deps build ## the same until YEARS=n (1000) and FAULTS=n (10000000), or for SEEDS=n
	build/fosim $(if $(SEEDS),--seeds $(SEEDS)) --years $(or $(YEARS),$(if $(SEEDS),0,1000)) \
	    --faults $(or $(FAULTS),$(if $(SEEDS),0,10000000)) --jobs $(JOBS)

sweep: deps build ## fail each allocation, store call and socket call once
	ctest --test-dir build --output-on-failure --no-tests=error -R '^(sweep|e2e-sockets)'

model: deps build ## every state of a small pair, and mutants that must be caught (spin)
	@FO_BUILD=$(CURDIR)/build tests/model/run.sh

sim-mutants: ## break the engine in many ways, one at a time: the simulator has to notice each
	@scripts/deps.sh build test
	@scripts/sim-mutants.sh

fuzz: ## feed every outside input with fuzzed bytes, a minute each (clang)
	@scripts/deps.sh build fuzz
	@scripts/fuzz.sh 60

fuzz-long: ## the same, SECONDS=n (1800) or RUNS=n executions for each input, TARGETS="…" (all)
	@scripts/deps.sh build fuzz
	@RUNS=$(RUNS) scripts/fuzz.sh $(or $(SECONDS),$(if $(RUNS),0,1800)) $(TARGETS)

coverage: ## what the fast tests reach: lines, rows and cells of the tables
	@scripts/deps.sh build test coverage
	@scripts/coverage.sh

lint: ## check formatting and run cppcheck over our sources
	@scripts/deps.sh build lint
	$(SOURCES) | xargs clang-format --dry-run -Werror
	cmake --preset release $(FO_CONFIGURE) >/dev/null
	git ls-files -- '*.c' ':!tests' | xargs cppcheck --quiet --error-exitcode=1 --std=c11 \
	    --enable=warning,portability --inline-suppr --suppress=missingIncludeSystem \
	    --suppress=uninitvar -D_GNU_SOURCE -I. -Ibuild # uninitvar: gcc sees it without false alarms

format: ## let clang-format rewrite our sources
	@scripts/deps.sh lint
	$(SOURCES) | xargs clang-format -i

install: build ## install under PREFIX (/usr/local), DESTDIR is honoured
	cmake --install build

clean: ## remove what was built
	rm -rf build build-debug build-asan build-tsan build-fuzz build-coverage
