# 童记 tongji.  `make run` and `make test` do everything on a fresh Debian.
# Floors look only down: each floor's files see the headers of their own and
# lower floors, nothing else (-iquote; `make floors` compiles every header
# alone).

PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= gcc
B       ?= build

STD     := -std=c11 -D_GNU_SOURCE
WARN    := -Wall -Wextra -Wconversion -Wshadow -Werror
OPT     ?= -O2 -g
SAN     ?=
CFLAGS  ?= $(OPT)
ALL_CFLAGS = $(STD) $(WARN) $(CFLAGS) $(SAN) \
	-DTONGJI_SHARE='"$(PREFIX)/share/tongji"'
LIBS    := -lncursesw -ltinfo -lsqlite3 -lsodium -lnettle -ljansson -ldl -lm

FLOORS  := base text db form policy report bundle cli ui
see_base   := base
see_text   := base text
see_db     := $(see_text) db
see_form   := $(see_db) form
see_policy := $(see_form) policy
see_report := $(see_policy) report
see_bundle := $(see_report) bundle
see_cli    := $(see_bundle) cli
see_ui     := $(see_bundle) ui
see_main   := $(see_bundle) cli ui

quote    = $(addprefix -iquote src/,$(1))
SRC     := $(foreach f,$(FLOORS),$(wildcard src/$(f)/*.c))
OBJ     := $(SRC:src/%.c=$(B)/%.o)
LIBOBJ  := $(OBJ)

.DEFAULT_GOAL := all
.PHONY: all run test deps install clean bench demo soak floors divisions check-deps

all: $(B)/tongji

$(B)/tongji: $(B)/main.o $(OBJ)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -rdynamic -o $@ $^ $(LIBS)

define floor_rule
$(B)/$(1)/%.o: src/$(1)/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_CFLAGS) $(call quote,$(see_$(1))) -MMD -MP -c -o $$@ $$<
endef
$(foreach f,$(FLOORS),$(eval $(call floor_rule,$(f))))

$(B)/main.o: src/main.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(call quote,$(see_main)) -MMD -MP -c -o $@ $<

floors:
	@for f in $(FLOORS); do :; done
	@$(foreach f,$(FLOORS),$(foreach h,$(wildcard src/$(f)/*.h),\
	$(CC) $(STD) $(WARN) $(call quote,$(see_$(f))) -fsyntax-only -x c $(h) &&)) true

clean:
	rm -rf $(B)

-include $(OBJ:.o=.d) $(B)/main.d
