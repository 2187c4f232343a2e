# 童记 tongji.  `make run` and `make test` do everything on a fresh Debian.
# Floors look only down: each floor's files see the headers of their own and
# lower floors, nothing else (-iquote; `make floors` compiles every header
# alone).

PREFIX  ?= /usr/local
DESTDIR ?=
B       ?= build
V       ?= @

STD     := -std=c11 -D_GNU_SOURCE
WARN    := -Wall -Wextra -Wconversion -Wshadow -Werror
CFLAGS  ?= -O2 -g
SAN     ?=
ALL_CFLAGS = $(STD) $(WARN) $(CFLAGS) $(SAN) -fPIC \
	-DTONGJI_SHARE='"$(PREFIX)/share/tongji"'
# From the archives of Debian's -dev packages: a process at the first screen
# holds 0.6 MB less than with the shared ones (tests/wire counts it).
LIBS    := -Wl,-Bstatic -lncursesw -ltinfo -lsqlite3 -lsodium -lnettle \
	-Wl,-Bdynamic -ljansson -ldl -lm
# Relocations as bits: the loader reads all of them, 130 KB otherwise.
PACKED  := -Wl,-z,pack-relative-relocs

# --- what is needed from Debian -------------------------------------------
DEB_BUILD := gcc libc6-dev libncurses-dev libsqlite3-dev libsodium-dev \
	nettle-dev libjansson-dev ncurses-bin ncurses-term
DEB_RUN   := libxlsxwriter4 libminizip1 libexpat1
DEB_TEST  := clang libcmocka-dev python3 python3-pytest python3-pexpect \
	python3-pyte python3-openpyxl age minisign sqlite3 locales valgrind \
	strace libclang-rt-14-dev groff-base dosfstools mtools

# certificates are looked at as a browser prints them; sticks are pulled under
# User-Mode Linux
DEB_SOAK  := chromium fonts-noto-cjk libreoffice-calc poppler-utils \
	user-mode-linux kmod dmsetup xorriso

DEB_BENCH := git openssl tig

# Install the packages of $(1) that are missing: say which, use apt-get.
define need
@missing=; for p in $(1); do \
	s=$$(dpkg-query -W -f '$${Status}' $$p 2>/dev/null); \
	case "$$s" in *"ok installed"*) ;; *) missing="$$missing $$p";; esac; \
done; \
if [ -n "$$missing" ]; then \
	echo "缺少这些软件包，正在安装：$$missing"; \
	run=; [ "$$(id -u)" = 0 ] || run=sudo; \
	$$run apt-get update -q && \
	$$run env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
		--no-install-recommends $$missing; \
fi
endef

# --- floors ----------------------------------------------------------------
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
OBJ     := $(patsubst src/%.c,$(B)/%.o,$(foreach f,$(FLOORS),$(wildcard src/$(f)/*.c)))
TESTS   := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/test_*.c))

.DEFAULT_GOAL := all
.PHONY: all run test unit deps install clean bench demo soak floors divisions

all: $(B)/tongji $(B)/tongji_sql.so $(B)/terminfo/stamp

$(B)/tongji: $(B)/main.o $(OBJ)
	@echo "  LD    $@"
	$(V)$(CC) $(ALL_CFLAGS) $(PACKED) $(LDFLAGS) -o $@ $^ $(LIBS)

# People are slower than any screen: the floors that wait for them are built
# small, which the first screen's memory feels.
small_cli := -Os
small_ui  := -Os

define floor_rule
$(B)/$(1)/%.o: src/$(1)/%.c
	@mkdir -p $$(@D)
	@echo "  CC    $$<"
	$$(V)$$(CC) $$(ALL_CFLAGS) $$(if $$(filter -O2,$$(CFLAGS)),$(small_$(1))) \
		$(call quote,$(see_$(1))) -MMD -MP -c -o $$@ $$<
endef
$(foreach f,$(FLOORS),$(eval $(call floor_rule,$(f))))

$(B)/main.o: src/main.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(V)$(CC) $(ALL_CFLAGS) $(call quote,$(see_main)) -MMD -MP -c -o $@ $<

# Our SQL functions for the plain sqlite3 program.  Only the entry point is
# visible: libreadline, which sqlite3 may be linked with, has an xrealloc of
# its own.
EXT := src/extension.c src/db/func.c src/form/calendar.c \
	src/policy/rules.c src/policy/csvline.c src/text/cut.c \
	src/text/idcard.c src/text/number.c src/text/pinyin.c src/text/utf8.c \
	src/text/width.c src/text/safe.c src/text/codec.c \
	$(wildcard src/base/*.c)
$(B)/tongji_sql.so: $(EXT)
	@mkdir -p $(@D)
	@echo "  LD    $@"
	$(V)$(CC) $(ALL_CFLAGS) -DTONGJI_EXTENSION -shared -fvisibility=hidden \
		$(call quote,$(see_policy)) -o $@ $(EXT)

# Terminal descriptions without `rep` for GBK and GB18030 sessions.
$(B)/terminfo/stamp: data/terminfo/tongji.src
	@mkdir -p $(@D)
	@echo "  TIC   $<"
	$(V)tic -x -o $(@D) $< 2>$(B)/tic.log || { cat $(B)/tic.log; exit 1; }
	@touch $@

floors:
	@$(foreach f,$(FLOORS),$(foreach h,$(wildcard src/$(f)/*.h),\
	$(CC) $(STD) $(WARN) $(call quote,$(see_$(f))) -fsyntax-only -x c $(h) &&)) true

# --- people's targets --------------------------------------------------------
deps:
	$(call need,$(DEB_BUILD) $(DEB_RUN))

run: deps
	@$(MAKE) --no-print-directory all
	@exec $(B)/tongji

demo: deps
	@$(MAKE) --no-print-directory all
	@exec $(B)/tongji demo

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/tongji \
		$(DESTDIR)$(PREFIX)/share/tongji $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(B)/tongji $(DESTDIR)$(PREFIX)/bin/tongji
	install -m 644 $(B)/tongji_sql.so $(DESTDIR)$(PREFIX)/lib/tongji/
	install -m 644 src/tongji.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	cp -R forms data $(DESTDIR)$(PREFIX)/share/tongji/
	rm -rf $(DESTDIR)$(PREFIX)/share/tongji/terminfo
	cp -R $(B)/terminfo $(DESTDIR)$(PREFIX)/share/tongji/terminfo

divisions:
	@test -n "$(COUNTY)" || { echo "用法：make divisions COUNTY=六位县代码"; exit 2; }
	data/divisions/cut $(COUNTY)

clean:
	rm -rf $(B)

# --- tests -------------------------------------------------------------------
$(B)/tests/%: tests/unit/%.c $(OBJ)
	@mkdir -p $(@D)
	@echo "  TEST  $@"
	$(V)$(CC) $(ALL_CFLAGS) $(call quote,$(see_ui)) -iquote tests/unit \
		-o $@ $< $(OBJ) $(LIBS) -lcmocka

unit: $(TESTS)

test:
	$(call need,$(DEB_BUILD) $(DEB_RUN) $(DEB_TEST))
	@$(MAKE) --no-print-directory -j2 all unit floors
	@$(MAKE) --no-print-directory -j2 unit B=build/san CC=clang \
		CFLAGS="-O1 -g" SAN="-fsanitize=address,undefined -fno-sanitize-recover=undefined"
	@python3 tests/run.py

soak: all unit
	$(call need,$(DEB_SOAK))
	@python3 tests/run.py --soak

bench:
	$(call need,$(DEB_BUILD) $(DEB_RUN) $(DEB_TEST) $(DEB_BENCH))
	@$(MAKE) --no-print-directory -j2 all
	@/usr/bin/python3 tests/bench/run.py

-include $(OBJ:.o=.d) $(B)/main.d
