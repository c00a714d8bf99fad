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

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wpointer-arith \
        -Wformat=2 -Wcast-qual -Wundef -Wvla -Wconversion
PKGS := libevent libevent_openssl hiredis jansson libcrypto
CPPFLAGS += -I. -I$(BUILD)/generated -D_GNU_SOURCE -DJIANDU_VERSION='"$(VERSION)"' -DJIANDU_DETECTOR_DIR='"$(libdir)/jiandu/detectors"'
CFLAGS += -std=c11 $(OPT) -g -fstack-protector-strong -fno-strict-aliasing -fPIC $(WARN) $(if $(WERROR),-Werror) $(SANITIZE)
CFLAGS += $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LDFLAGS += -Wl,-z,relro,-z,now,-z,noexecstack $(SANITIZE)
CORE_LIBS := $(shell pkg-config --libs jansson 2>/dev/null || echo -ljansson) -ldl
LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null || echo -levent -levent_openssl -lhiredis -ljansson -lcrypto) -ldl

src = $(sort $(wildcard $(addsuffix /*.c,$(1))))
obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

CORE := $(call src,daemon/base daemon/event daemon/state daemon/engine)
SHELL_SRC := $(call src,daemon/stream daemon/ops)
TOOL := $(call src,daemon/ctl daemon/sim)
SUPPORT := $(call src,tests/support)
DETECTORS := $(sort $(notdir $(patsubst %/,%,$(wildcard detectors/*/))))
PLUGINS := $(DETECTORS:%=$(BUILD)/detectors/%.so)
PROGRAMS := $(BUILD)/jiandud $(BUILD)/jianductl
UNIT := $(patsubst tests/unit/%.c,%,$(call src,tests/unit))
TEST_PLUGINS := $(patsubst tests/support/%.c,$(BUILD)/%.so,$(call src,tests/support/plugins))
INTEGRATION := $(patsubst tests/integration/%.c,%,$(call src,tests/integration))

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
$(BUILD)/libdetectors.a: $(patsubst %.c,$(BUILD)/obj/builtin/%.o,$(call src,$(DETECTORS:%=detectors/%)))
$(BUILD)/lib%.a:
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
# the Redis functions as C strings, a line each
$(BUILD)/generated/%.lua.h: daemon/stream/%.lua
	@mkdir -p $(@D)
	sed -e 's/[\\"]/\\&/g' -e 's/.*/"&\\n"/' $< > $@
$(BUILD)/obj/daemon/stream/function_library.o: $(BUILD)/generated/jiandu.lua.h
$(BUILD)/obj/builtin/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -DJD_BUILTIN $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/jiandud: $(BUILD)/obj/daemon/jiandud.o $(BUILD)/libshell.a $(BUILD)/libcore.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/jianductl: $(BUILD)/obj/daemon/jianductl.o $(BUILD)/libtool.a $(BUILD)/libshell.a $(BUILD)/libcore.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# a detector sees detector.h and nothing else of ours; it is not loaded if its group may write it, whatever the umask
link_plugin = mkdir -p -m 755 $(@D) && umask 022 && $(CC) $(LDFLAGS) -shared -o $@ $^
define plugin
$(BUILD)/detectors/$(1).so: $(call obj,$(call src,detectors/$(1)))
	$$(link_plugin)
endef
$(foreach d,$(DETECTORS),$(eval $(call plugin,$(d))))
$(BUILD)/detectors/template.so: $(BUILD)/obj/detectors/template.o
	$(link_plugin)
$(BUILD)/plugins/%.so: $(BUILD)/obj/tests/support/plugins/%.o
	$(link_plugin)

# ---- tests ----
$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/libsupport.a $(BUILD)/libdetectors.a $(BUILD)/libtool.a $(BUILD)/libshell.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) -lm
$(BUILD)/unit/plugins $(BUILD)/unit/config: | $(TEST_PLUGINS)
# the core alone: proves that it needs neither libevent nor hiredis
$(BUILD)/unit/core_link: $(BUILD)/obj/tests/unit/core_link.o $(BUILD)/libsupport.a $(BUILD)/libdetectors.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(CORE_LIBS)
$(BUILD)/integration/%: $(BUILD)/obj/tests/integration/%.o $(BUILD)/libsupport.a $(BUILD)/libshell.a $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
