# The two commands of the README are `make demo` and `make test`. Both install what is missing first.
.PHONY: demo test build bench soak tck fuzz format tidy clean unit tsan short-fuzz shared pages small-bench micro

SHARED ?= $(wildcard ../shared)
# So that a compile cached in one clone serves another.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
export QIPAN_SHARED := $(if $(SHARED),$(abspath $(SHARED)),)

# Installs, builds, loads a district, plays fifteen days of it, and serves it at http://localhost:8080.
demo: build
	tools/web.sh
	tools/demo.sh

build:
	tools/setup.sh build
	cmake --preset release
	cmake --build --preset release --target qipan

# Everything under the address and undefined-behaviour sanitizers, the threads under the thread sanitizer, each fuzzer briefly.
test:
	tools/setup.sh test
	$(MAKE) --no-print-directory unit
	$(MAKE) --no-print-directory tsan
	$(MAKE) --no-print-directory short-fuzz
	$(MAKE) --no-print-directory shared
	$(MAKE) --no-print-directory pages
	$(MAKE) --no-print-directory small-bench
	@echo "all tests passed"

unit:
	clang-format-16 --dry-run -Werror $$(git ls-files '*.cpp' '*.hpp')
	cmake --preset asan
	cmake --build --preset asan
	ctest --preset asan -j 2
	@grep -hE 'PASSED|SKIPPED|simulator|kills:|deadlines reasoned|vectors' build/asan/Testing/Temporary/LastTest.log
	build/asan/qipan check packs/grid-events packs/jianghai packs/air-quality --refold-each-step
	build/asan/qipan check packs/reports-archive
	build/asan/qipan check examples/packs/lamps packs/base --refold-each-step
	build/asan/qipan check examples/packs/subsidy packs/base

tsan:
	cmake --preset tsan
	cmake --build --preset tsan --target test_board --target test_face
	QIPAN_SEEDS=30 build/tsan/tests/test_board
	build/tsan/tests/test_face

short-fuzz:
	cmake --preset fuzz
	cmake --build --preset fuzz
	FUZZ_SECONDS=10 tools/fuzz.sh

# Ten minutes each.
fuzz:
	tools/setup.sh test
	cmake --preset fuzz
	cmake --build --preset fuzz
	FUZZ_SECONDS=600 tools/fuzz.sh

# Suites that read real data where it lies beside the project; says so where it does not.
shared:
	tools/reports_check.sh build/asan/qipan "$(QIPAN_SHARED)"
	tools/tck_check.sh build/asan/tests/tck "$(QIPAN_SHARED)"
	tools/observations_check.sh build/asan/qipan "$(QIPAN_SHARED)"

# The real pages in Debian's Chromium; screenshots are kept in build/screenshots.
pages:
	tools/web.sh
	PATH="$(CURDIR)/web/node_modules/.bin:$$PATH" node web/tests/run.mjs build/asan/qipan

# Any folder laid out like the DMN TCK; results in the TCK's form in build/tck.csv.
TCK ?= $(if $(SHARED),$(abspath $(SHARED))/vectors/dmn-tck)
tck:
	@test -n "$(TCK)" || { echo "usage: make tck TCK=DIR"; exit 2; }
	@tools/setup.sh build
	@cmake --preset release >/dev/null
	@cmake --build --preset release --target tck
	@build/release/tests/tck "$(TCK)" --csv build/tck.csv --misses

bench: build
	tools/web.sh
	cmake --build --preset release --target decide
	node bench/decide.mjs build/release/bench/decide "$(QIPAN_SHARED)"
	bench/run.sh
	bench/observe.sh
	node bench/board.mjs build/release/qipan

# An hour of 10,000 observations a second, and what the server's memory does.
soak: build
	bench/soak.sh

# The small parts by themselves.
micro:
	tools/setup.sh build
	cmake --preset release
	cmake --build --preset release --target micro
	build/release/bench/micro

# Untimed: that it runs.
small-bench:
	QIPAN=build/asan/qipan SIZES="0 1000" RUNS=1 CASES=300 bench/run.sh
	QIPAN=build/asan/qipan RUNS=1 REQUESTS=20 STREAMS=100 MANY=1000 bench/observe.sh

format:
	clang-format-16 -i $$(git ls-files '*.cpp' '*.hpp')

tidy:
	cmake --preset dev
	clang-tidy-16 -p build/dev --quiet $$(git ls-files 'src/*.cpp')

clean:
	rm -rf build .demo web/dist web/node_modules
