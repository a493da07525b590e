# The two commands of the README are `make demo` and `make test`. Both install what is missing first.
.PHONY: demo test check build bench soak tck fuzz format tidy clean unit packs threads shared pages micro

SHARED ?= $(wildcard ../shared)
# So that a compile cached in one clone serves another.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
export QIPAN_SHARED := $(if $(SHARED),$(abspath $(SHARED)),)

# Installs, builds, loads a district, plays fifteen days of it, and serves it at http://localhost:8080. The pages are made beside the program.
demo:
	tools/setup.sh build
	@mkdir -p build
	@tools/web.sh >build/web.log 2>&1 & web=$$!; \
	cmake --preset release && cmake --build --preset release --target qipan && { wait $$web || { cat build/web.log; exit 1; }; }
	tools/demo.sh

build:
	tools/setup.sh build
	cmake --preset release
	cmake --build --preset release --target qipan

# Everything: one build under the address and undefined-behaviour sanitizers serves tests, fuzzers and pages; threads under the thread sanitizer.
test:
	tools/setup.sh test
	tools/test.sh

# One part of it by itself, say `make unit`; `build` there is the sanitized one.
unit packs threads shared pages:
	tools/setup.sh test
	tools/test.sh build $@

# What a change touches, in minutes.
check:
	tools/setup.sh test
	tools/check.sh

# Ten minutes each.
fuzz:
	tools/setup.sh test
	FRESH=1 FUZZ_SECONDS=$${FUZZ_SECONDS:-600} tools/test.sh build fuzz

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
	cmake --build --preset release --target timers search
	build/release/bench/timers
	folder=$$(mktemp -d) && build/release/bench/search "$$folder"; rm -rf "$$folder"
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then bench/query.sh; else echo "bench/query.sh: no PostgreSQL here to stand beside (apt-get install postgresql)"; fi

# An hour of 10,000 observations a second, and what the server's memory does.
soak: build
	bench/soak.sh

# The small parts by themselves.
micro:
	tools/setup.sh build
	cmake --preset release
	cmake --build --preset release --target micro
	build/release/bench/micro

format:
	clang-format-16 -i $$(git ls-files '*.cpp' '*.hpp')

tidy:
	cmake --preset dev
	clang-tidy-16 -p build/dev --quiet $$(git ls-files 'src/*.cpp')

clean:
	rm -rf build .demo web/dist web/node_modules
