# Jiandu. `make help` lists the targets.

CC ?= cc
VERSION := 0.1.0
BUILD ?= build
OPT ?= -O2
SANITIZE ?=
prefix ?= /usr/local
libdir ?= $(prefix)/lib
sysconfdir ?= /etc
unitdir ?= /lib/systemd/system
sysusersdir ?= /usr/lib/sysusers.d
tmpfilesdir ?= /usr/lib/tmpfiles.d
mandir ?= $(prefix)/share/man

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wpointer-arith \
        -Wformat=2 -Wcast-qual -Wundef -Wvla -Wconversion
PKGS := libevent libevent_pthreads libevent_openssl libssl libcrypto hiredis jansson
CPPFLAGS += -I. -I$(BUILD)/generated -D_GNU_SOURCE -DJIANDU_VERSION='"$(VERSION)"' -DJIANDU_DETECTOR_DIR='"$(libdir)/jiandu/detectors"'
CFLAGS += -std=c11 $(OPT) -g -fstack-protector-strong -fno-strict-aliasing -fPIC $(WARN) $(if $(WERROR),-Werror) $(SANITIZE)
CFLAGS += $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LDFLAGS += -Wl,-z,relro,-z,now,-z,noexecstack $(SANITIZE)
CORE_LIBS := $(shell pkg-config --libs jansson 2>/dev/null || echo -ljansson) -ldl
LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null || echo -levent -levent_pthreads -levent_openssl -lssl -lcrypto -lhiredis -ljansson) -ldl

src = $(sort $(wildcard $(addsuffix /*.c,$(1))))
obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

CORE := $(call src,daemon/base daemon/event daemon/state daemon/engine)
SHELL_SRC := $(call src,daemon/stream daemon/ops)
TOOL := $(call src,daemon/ctl daemon/picture daemon/sim)
SUPPORT := $(call src,tests/support)
DETECTORS := $(sort $(notdir $(patsubst %/,%,$(wildcard detectors/*/))))
PLACES := detectors/places.c # what all of them know
PLUGINS := $(DETECTORS:%=$(BUILD)/detectors/%.so)
PROGRAMS := $(BUILD)/jiandud $(BUILD)/jianductl
UNIT := $(patsubst tests/unit/%.c,%,$(call src,tests/unit))
TEST_PLUGINS := $(patsubst tests/support/%.c,$(BUILD)/%.so,$(call src,tests/support/plugins))
INTEGRATION := $(patsubst tests/integration/%.c,%,$(call src,tests/integration))

# `make V=1` shows the commands
Q := $(if $(V),,@)
say = @printf '  %-5s %s\n' $(1) $(2)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all
all: $(PROGRAMS) $(PLUGINS) $(BUILD)/detectors/template.so

# ---- what is built ----
$(BUILD)/libcore.a: $(call obj,$(CORE))
$(BUILD)/libshell.a: $(call obj,$(SHELL_SRC))
$(BUILD)/libtool.a: $(call obj,$(TOOL))
$(BUILD)/libsupport.a: $(call obj,$(SUPPORT))
# the detectors once more, compiled in: for tests that need no loading
$(BUILD)/libdetectors.a: $(patsubst %.c,$(BUILD)/obj/builtin/%.o,$(call src,$(DETECTORS:%=detectors/%)) $(PLACES))
$(BUILD)/lib%.a:
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
# the Redis functions as C strings, a line each
$(BUILD)/generated/%.lua.h: daemon/stream/%.lua
	@mkdir -p $(@D)
	$(Q)sed -e 's/[\\"]/\\&/g' -e 's/.*/"&\\n"/' $< > $@
$(BUILD)/obj/daemon/stream/function_library.o: $(BUILD)/generated/jiandu.lua.h
$(BUILD)/obj/builtin/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) -DJD_BUILTIN $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/jiandud: $(call obj,daemon/jiandud.c daemon/keeper.c) $(BUILD)/libshell.a $(BUILD)/libcore.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/jianductl: $(BUILD)/obj/daemon/jianductl.o $(BUILD)/libtool.a $(BUILD)/libshell.a $(BUILD)/libcore.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) -lm

# a detector sees detector.h and nothing else of ours; it is not loaded if its group may write it, whatever the umask
link_plugin = $(Q)printf '  %-5s %s\n' LD $@ && mkdir -p -m 755 $(@D) && umask 022 && $(CC) $(LDFLAGS) -shared -o $@ $^
define plugin
$(BUILD)/detectors/$(1).so: $(call obj,$(call src,detectors/$(1)) $(PLACES))
	$$(link_plugin)
endef
$(foreach d,$(DETECTORS),$(eval $(call plugin,$(d))))
$(BUILD)/detectors/template.so: $(BUILD)/obj/detectors/template.o
	$(link_plugin)
$(BUILD)/plugins/%.so: $(BUILD)/obj/tests/support/plugins/%.o
	$(link_plugin)

# the manual of the commands is what they say of themselves
$(BUILD)/jianductl.1: daemon/jianductl.1 $(BUILD)/jianductl
	$(call say,MAN,$@)
	$(Q){ sed '/@COMMANDS@/,$$d' $<; \
	$(BUILD)/jianductl --help | sed -n 's/^  \([a-z]*\( [a-z]*\)\{0,1\}\)  .*/\1/p' | while read -r command; do \
	    printf '.Ss %s\n.Bd -literal\n' "$$command"; \
	    $(BUILD)/jianductl $$command --help | sed 's/\\/\\e/g; s/-/\\-/g; s/^[.'"'"']/\\\&&/' ; echo .Ed; done; \
	sed '1,/@COMMANDS@/d' $<; } >$@

# one instance, or one of several
place = sed -e 's|@prefix@|$(prefix)|g; s|@libdir@|$(libdir)|g; s|@sysconfdir@|$(sysconfdir)|g' -e '$(1)'
$(BUILD)/jiandud.service: systemd/jiandud.service.in
	@mkdir -p $(@D)
	$(Q)$(call place,s|@config@|jiandu|; s|@folder@|jiandu|; s|@of@||; s|@unit@|jiandud.service|) $< >$@
$(BUILD)/jiandud@.service: systemd/jiandud.service.in
	@mkdir -p $(@D)
	$(Q)$(call place,s|@config@|%i|; s|@folder@|jiandu-%i|; s|@of@| for %i|; s|@unit@|jiandud@NAME.service|) $< >$@
$(addprefix $(BUILD)/jiandu.,sysusers tmpfiles): $(BUILD)/jiandu.%: systemd/jiandu.%
	@mkdir -p $(@D)
	$(Q)$(call place) $< >$@
UNITS := $(addprefix $(BUILD)/,jiandud.service jiandud@.service jiandu.sysusers jiandu.tmpfiles)
.PHONY: units $(UNITS) # they depend on where it is installed
units: $(UNITS)

# ---- tests ----
$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/libsupport.a $(BUILD)/libdetectors.a $(BUILD)/libtool.a $(BUILD)/libshell.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) -lm
$(BUILD)/unit/plugins $(BUILD)/unit/config: | $(TEST_PLUGINS)
$(BUILD)/unit/write_execute: | $(PLUGINS)
$(BUILD)/unit/disk_faults $(BUILD)/unit/log_faults: $(BUILD)/obj/tests/faults/shim.o
# the core alone: proves that it needs neither libevent nor hiredis
$(BUILD)/unit/core_link: $(BUILD)/obj/tests/unit/core_link.o $(BUILD)/libsupport.a $(BUILD)/libdetectors.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(CORE_LIBS)
$(BUILD)/integration/%: $(BUILD)/obj/tests/integration/%.o $(BUILD)/libsupport.a $(BUILD)/libshell.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# the stream module over a simulated libevent, network and Redis; ours come before the library's functions of the same names
$(BUILD)/simulation/simulation: $(call obj,$(call src,tests/simulation)) $(BUILD)/libsupport.a $(BUILD)/libshell.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/integration/model: $(call obj,tests/integration/model.c $(wildcard tests/simulation/server*.c) tests/simulation/loop.c) $(BUILD)/libsupport.a $(BUILD)/libshell.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/integration/sealed_log: $(BUILD)/obj/tests/faults/shim.o | $(BUILD)/shim.so $(PROGRAMS) $(PLUGINS)
# stands between a whole program and libc, by LD_PRELOAD
$(BUILD)/shim.so: $(BUILD)/obj/tests/faults/shim.o $(BUILD)/obj/tests/faults/shim_memory.o
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -shared -o $@ $^ -ldl
$(BUILD)/integration/watchdog: | $(BUILD)/plugins/stuck.so
$(addprefix $(BUILD)/integration/,processes memory_faults rights storm tls watchdog): $(BUILD)/obj/tests/faults/shim.o | $(BUILD)/shim.so $(PROGRAMS) $(PLUGINS)

# LIBFUZZER=1: with the fuzzer's main, else with one that plays a corpus
$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(if $(LIBFUZZER),,$(BUILD)/obj/tests/fuzz/driver.o) $(BUILD)/libsupport.a $(BUILD)/libdetectors.a $(BUILD)/libtool.a $(BUILD)/libshell.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $(if $(LIBFUZZER),-fsanitize=fuzzer) -o $@ $^ $(LIBS) -lm
# yardsticks and the report of `make quality`
$(BUILD)/quality/%: $(BUILD)/obj/tests/quality/%.o $(BUILD)/obj/tests/quality/baseline.o
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(CORE_LIBS)
BENCH_PARTS := shape bomb stopwatch
# programs that load a configuration look for the detectors beside themselves
$(BUILD)/bench/detectors $(BUILD)/fuzz/detectors: | $(PLUGINS)
	@mkdir -p $(@D)
	$(Q)ln -sfn ../detectors $@
$(BUILD)/bench/sizes $(BUILD)/bench/scale: | $(BUILD)/bench/detectors
$(BUILD)/fuzz/config: | $(BUILD)/fuzz/detectors
$(BUILD)/bench/%.so: $(BUILD)/obj/tests/bench/plugins/%.o
	$(link_plugin)
$(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(BENCH_PARTS:%=$(BUILD)/obj/tests/bench/%.o) $(BUILD)/libtool.a $(BUILD)/libshell.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

FUZZ := $(filter-out driver,$(patsubst tests/fuzz/%.c,%,$(call src,tests/fuzz)))
BENCH := $(filter-out $(BENCH_PARTS),$(patsubst tests/bench/%.c,%,$(call src,tests/bench)))
QUALITY := $(filter-out baseline,$(patsubst tests/quality/%.c,%,$(call src,tests/quality)))
SIMULATION := $(BUILD)/simulation/simulation
UNIT_PROGRAMS := $(UNIT:%=$(BUILD)/unit/%)
INTEGRATION_PROGRAMS := $(INTEGRATION:%=$(BUILD)/integration/%)
FUZZ_PROGRAMS := $(FUZZ:%=$(BUILD)/fuzz/%)
BENCH_PROGRAMS := $(BENCH:%=$(BUILD)/bench/%) $(patsubst tests/bench/plugins/%.c,$(BUILD)/bench/%.so,$(call src,tests/bench/plugins))
SOURCES := $(shell git ls-files '*.c' '*.h' 2>/dev/null)

.PHONY: deps demo test check test-integration test-faults soak fuzz fuzz-long asan ubsan coverage lint format bench bench-peers budget bombs sizes quality install clean help
deps: ## installs the Debian packages that are missing (apt; as root or with sudo)
	@sh tests/support/deps.sh
deps-dev: ## the same with what `make lint` and `make fuzz-long` need
	@sh tests/support/deps.sh --dev

demo: deps ## a simulated month through a private Redis, and the alerts it gives
	@$(MAKE) --no-print-directory all
	@sh tests/demo.sh $(BUILD)

test: deps ## everything: unit, simulation, golden, fuzz corpora, determinism, integration, faults (short)
	@$(MAKE) --no-print-directory -j$(shell nproc) all tests
	@sh tests/run.sh --build $(BUILD) all

.PHONY: tests
tests: $(UNIT_PROGRAMS) $(SIMULATION) $(INTEGRATION_PROGRAMS) $(FUZZ_PROGRAMS) $(TEST_PLUGINS) $(QUALITY:%=$(BUILD)/quality/%)

check: all $(UNIT_PROGRAMS) $(SIMULATION) $(FUZZ_PROGRAMS) $(TEST_PLUGINS) ## the quick ones: unit, simulation, golden, fuzz corpora
	@sh tests/run.sh --build $(BUILD) quick

test-integration: all $(INTEGRATION_PROGRAMS) ## those that need a redis-server
	@sh tests/run.sh --build $(BUILD) integration

test-faults: all $(SIMULATION) $(INTEGRATION_PROGRAMS) $(BUILD)/unit/flood ## the long run: kills, 100,000 simulated histories, each allocation, each byte
	@sh tests/faults/long.sh $(BUILD)

$(BUILD)/faults/feed: $(BUILD)/obj/tests/faults/feed.o $(BUILD)/libshell.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
soak: all $(BUILD)/faults/feed $(BUILD)/bench/lines ## 20 minutes (JIANDU_SOAK=1200 seconds) at 20,000 events a second, both sides killed each minute
	@bash tests/faults/soak.sh $(BUILD)

asan: ## the quick tests with AddressSanitizer
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPT=-O1 SANITIZE="-fsanitize=address -fno-omit-frame-pointer" check
ubsan: ## the quick tests with UndefinedBehaviorSanitizer
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/ubsan OPT=-O1 SANITIZE="-fsanitize=undefined -fno-sanitize-recover=all" check

coverage: ## lines that the tests run, by folder, and functions that none calls (gcov)
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/coverage OPT=-O0 SANITIZE=--coverage all tests
	@find $(BUILD)/coverage -name '*.gcda' -delete
	@sh tests/run.sh --build $(BUILD)/coverage quick integration
	@bash tests/coverage.sh $(BUILD)/coverage

fuzz: $(if $(TARGET),,$(FUZZ_PROGRAMS)) ## replays the fuzz corpora, without a fuzzer; with TARGET=NAME SECONDS=60 fuzzes one
	@$(if $(TARGET),sh tests/fuzz/long.sh $(BUILD) $(or $(SECONDS),60) $(TARGET),sh tests/run.sh --build $(BUILD) fuzz)
fuzz-long: ## fuzzes each target in turn for SECONDS (60) with clang's libFuzzer
	@sh tests/fuzz/long.sh $(BUILD) $(or $(SECONDS),60) $(FUZZ)

lint: $(BUILD)/generated/jiandu.lua.h ## format, house rules, cppcheck and clang-tidy over all sources
	@sh tests/lint.sh $(BUILD)
format: ## formats all sources
	clang-format -i $(SOURCES)

bench: all $(BENCH_PROGRAMS) ## speed and memory, each figure beside its ceiling: a table and build/bench.json
	@bash tests/bench/run.sh $(BUILD)
bench-peers: all $(BENCH_PROGRAMS) ## the same three rules by Jiandu, Node.js, json-rules-engine, Redis Lua, PostgreSQL, sec, syslog-ng
	@bash tests/bench/peers.sh $(BUILD)
budget: all $(BUILD)/bench/decode $(BUILD)/bench/commit ## instructions an event against tests/bench/budget.txt (UPDATE=1 rewrites it)
	@bash tests/bench/budget.sh $(if $(UPDATE),--update,--check) $(BUILD)
bombs: all $(BUILD)/bench/lines ## instructions an event in streams made to cost, against the simulated world: three times at most
	@bash tests/bench/bombs.sh $(BUILD)
sizes: $(BUILD)/bench/sizes ## bytes and cache lines of each state record
	@$< config/jiandu.json
quality: all $(QUALITY:%=$(BUILD)/quality/%) ## precision and recall on simulated months: a table and build/quality.json
	@sh tests/quality.sh $(BUILD)

install: all units $(BUILD)/jianductl.1 ## into DESTDIR$(prefix)
	install -d $(DESTDIR)$(prefix)/bin $(DESTDIR)$(prefix)/sbin $(DESTDIR)$(libdir)/jiandu/detectors
	install -d $(DESTDIR)$(prefix)/share/jiandu
	install -m 644 daemon/stream/jiandu.lua config/acl/users.acl $(DESTDIR)$(prefix)/share/jiandu/
	install -d $(DESTDIR)$(sysconfdir)/jiandu $(DESTDIR)$(unitdir) $(DESTDIR)$(mandir)/man1 $(DESTDIR)$(mandir)/man8
	install -m 755 $(BUILD)/jiandud $(DESTDIR)$(prefix)/sbin/jiandud
	install -m 755 $(BUILD)/jianductl $(DESTDIR)$(prefix)/bin/jianductl
	install -m 644 $(PLUGINS) $(DESTDIR)$(libdir)/jiandu/detectors/
	for f in jiandu.json routes.json; do \
	    test -e $(DESTDIR)$(sysconfdir)/jiandu/$$f || install -m 644 config/$$f $(DESTDIR)$(sysconfdir)/jiandu/$$f; done
	install -m 644 $(BUILD)/jiandud.service $(BUILD)/jiandud@.service $(DESTDIR)$(unitdir)/
	install -d $(DESTDIR)$(sysusersdir) $(DESTDIR)$(tmpfilesdir)
	install -m 644 $(BUILD)/jiandu.sysusers $(DESTDIR)$(sysusersdir)/jiandu.conf
	install -m 644 $(BUILD)/jiandu.tmpfiles $(DESTDIR)$(tmpfilesdir)/jiandu.conf
	$(call place) daemon/jiandud.8 > $(BUILD)/jiandud.8
	install -m 644 $(BUILD)/jiandud.8 $(DESTDIR)$(mandir)/man8/jiandud.8
	install -m 644 $(BUILD)/jianductl.1 $(DESTDIR)$(mandir)/man1/jianductl.1

clean: ## removes all that was built
	rm -rf $(BUILD)
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
