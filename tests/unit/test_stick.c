/* The stick: every system call made to fail in turn, a stick that lies, one
 * that is pulled, a full one; and finding sticks. */
#include "bundle_help.h"

#include <errno.h>

#include "minisign.h"
#include "signer.h"
#include "stick.h"
#include "stick_help.h"
#include "stickoff.h"
#include "sticktext.h"

static void
test_plain(void **state)
{
	const char *dir = fresh();
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(look(dir, NAME1, first), WHOLE);
	assert_int_equal(deliver(dir, NAME2, second, &faulty, &e), 0);
	assert_int_equal(look(dir, NAME2, second), WHOLE);
	assert_int_equal(count_files(dir), 4);
	/* never again under the same name */
	assert_int_equal(deliver(dir, NAME2, first, NULL, &e), E_EXISTS);
	assert_int_equal(look(dir, NAME2, second), WHOLE);
}

/* The order is what makes it safe on vfat: create, write, fsync, close, read
 * back (here without O_DIRECT), fsync the folder; the marker the same; syncfs;
 * and only then the folder is closed. */
static void
test_order(void **state)
{
	struct err e = ERR_INIT;
	const char *dir = fresh();

	(void)state;
	set_fault(SOUND, 0, 0);
	fault.no_direct = true;
	assert_int_equal(deliver(dir, NAME2, second, &faulty, &e), 0);
	assert_string_equal(fault.trace, "o" "Cwfcoarcd" "Cwfcoarcd" "sc");
	set_fault(SOUND, 0, 0);
}

/* The medium is set to work while the rest is made: in whole stretches, never
 * past what was written, and with no say in whether it is there. */
static void
test_early_start(void **state)
{
	enum { LONG = (5 << 20) + 4321 };
	struct content c = { xmalloc(LONG), LONG };
	struct stick_delivery d = { NAME2, LONG, fill, mark, &c };
	struct err e = ERR_INIT;
	struct str got = STR_INIT;
	const char *dir = fresh();
	struct stick s;

	(void)state;
	help_noise((unsigned char *)c.p, LONG, 3);
	set_fault(SOUND, 0, 0);
	memset(&begun, 0, sizeof begun);
	assert_int_equal(stick_open(&s, dir, &faulty, &e), 0);
	assert_int_equal(stick_deliver(&s, &d, &e), 0);
	stick_close(&s);
	assert_int_equal(begun.upto, 5 << 20);
	assert_int_equal(begun.n, 5);
	help_get(&got, help_path("stick/" NAME2));
	assert_int_equal(got.len, LONG);
	assert_memory_equal(got.buf, c.p, LONG);
	str_done(&got);
	free((void *)c.p);
}

/* A file by itself, as a backup or a card: the same way, without a marker. */
static void
test_alone(void **state)
{
	struct content c = { second, SIZE };
	struct stick_delivery d = { "备份 2026-11-22.age", SIZE, fill, NULL,
	    &c };
	struct err e = ERR_INIT;
	const char *dir = fresh();
	struct str card = STR_INIT;
	struct stick s;

	(void)state;
	set_fault(SOUND, 0, 0);
	fault.no_direct = true;
	assert_int_equal(stick_open(&s, dir, &faulty, &e), 0);
	fault.trace[0] = '\0';
	assert_int_equal(stick_deliver(&s, &d, &e), 0);
	assert_string_equal(fault.trace, "Cwfcoarcds");
	assert_int_equal(count_files(dir), 3);
	/* what is there stays, whatever it is */
	c.p = first;
	assert_int_equal(stick_deliver(&s, &d, &e), E_EXISTS);
	assert_int_equal(help_run("cd %s && cp 备份* copy", dir), 0);
	help_get(&card, help_path("stick/copy"));
	assert_memory_equal(card.buf, second, SIZE);
	/* a stick that lies, and a place that is none */
	d.name = "other";
	set_fault(LOST_WRITE, 2, 0);
	assert_int_equal(stick_deliver(&s, &d, &e), E_CORRUPT);
	set_fault(SOUND, 0, 0);
	d.name = "../other";
	assert_int_equal(stick_deliver(&s, &d, &e), E_USAGE);
	assert_int_equal(count_files(dir), 4);
	stick_close(&s);

	str_clear(&card);
	str_add(&card, "kind county\n");
	assert_int_equal(sticktext_put(dir, "county.key", &card, false, &e),
	    0);
	assert_int_equal(sticktext_put(dir, "county.key", &card, false, &e),
	    0);
	str_add(&card, "name 沂源县\n");
	assert_int_equal(sticktext_put(dir, "county.key", &card, false, &e),
	    E_EXISTS);
	assert_int_equal(sticktext_put(dir, "county.key", &card, true, &e), 0);
	assert_int_equal(help_run("grep -q 沂源县 %s/county.key", dir), 0);
	str_done(&card);
}

/* Every n-th call fails, once or for ever, with each error. */
static void
fault_loop(enum mode mode, int error, bool no_direct)
{
	struct err e = ERR_INIT;
	const char *dir;
	enum there t;
	int n = 0, rc, calls;

	do {
		n++;
		dir = fresh();
		set_fault(mode, n, error);
		fault.no_direct = no_direct;
		rc = deliver(dir, NAME2, second, &faulty, &e);
		calls = fault.calls;
		set_fault(SOUND, 0, 0);
		t = look(dir, NAME2, second);
		if (t == WRONG || (rc == 0 && t != WHOLE))
			fail_msg("mode %d error %d call %d: rc %d but %d",
			    mode, error, n, rc, t);
		if (rc < 0)
			assert_true(e.msg[0] != '\0');
		/* a single failure leaves no halves (but one of unlink
		 * itself, which comes only when clearing up) */
		if (mode == ONCE && rc < 0)
			assert_int_equal(count_files(dir), 2);
		assert_int_equal(look(dir, NAME1, first), WHOLE);

		/* the stick is put in again: it works, or it is there */
		rc = deliver(dir, NAME2, second, &faulty, &e);
		if (rc != 0)
			assert_int_equal(rc, E_EXISTS);
		assert_int_equal(look(dir, NAME2, second), WHOLE);
		assert_int_equal(look(dir, NAME1, first), WHOLE);
		assert_int_equal(count_files(dir), 4);
	} while (calls >= n);
	assert_true(n > 20);
}

static void
test_every_call_fails(void **state)
{
	static const int errors[] = { EIO, ENOSPC, EROFS, ENODEV };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(errors); i++) {
		fault_loop(ONCE, errors[i], i % 2 == 1);
		fault_loop(PULLED, errors[i], i % 2 == 1);
	}
	fault_loop(CUT_WRITE, EIO, false);
}

/* Success was claimed for a write that did not happen, or went wrong: only
 * reading back past the cache can tell. */
static void
test_lying_stick(void **state)
{
	struct err e = ERR_INIT;
	const char *dir;
	enum mode mode;
	int n, rc, lies = 0;

	(void)state;
	for (mode = LOST_WRITE; mode <= BAD_WRITE; mode++)
		for (n = 1; n <= 6; n++) {
			dir = fresh();
			set_fault(mode, n, 0);
			rc = deliver(dir, NAME2, second, &faulty, &e);
			if (fault.writes < n) {
				assert_int_equal(rc, 0);
				continue;
			}
			lies++;
			set_fault(SOUND, 0, 0);
			assert_int_equal(rc, E_CORRUPT);
			assert_int_equal(look(dir, NAME2, second), ABSENT);
			assert_int_equal(count_files(dir), 2);
			assert_int_equal(look(dir, NAME1, first), WHOLE);
		}
	assert_true(lies >= 10);
}

static void
test_short_and_interrupted(void **state)
{
	struct err e = ERR_INIT;
	const char *dir = fresh();

	(void)state;
	set_fault(SHORT, 0, 0);
	assert_int_equal(deliver(dir, NAME2, second, &faulty, &e), 0);
	assert_int_equal(look(dir, NAME2, second), WHOLE);
	dir = fresh();
	set_fault(INTERRUPTED, 0, EINTR);
	fault.calls = 1;	/* opening the folder is not repeated */
	assert_int_equal(deliver(dir, NAME2, second, &faulty, &e), 0);
	set_fault(SOUND, 0, 0);
	assert_int_equal(look(dir, NAME2, second), WHOLE);
}

static void
test_room(void **state)
{
	struct err e = ERR_INIT;
	const char *dir = fresh();

	(void)state;
	set_fault(SOUND, 0, 0);
	free_blocks = 1024 + SIZE / 1024;	/* a little less than needed */
	assert_int_equal(deliver(dir, NAME2, second, &faulty, &e), E_FULL);
	assert_int_equal(count_files(dir), 2);
	assert_non_null(strstr(e.msg, "空间不够"));
	free_blocks += 1;
	assert_int_equal(deliver(dir, NAME2, second, &faulty, &e), 0);
	free_blocks = 0;
}

/* --- names, links, leftovers --- */

static void
test_refusals(void **state)
{
	static const char *const bad[] = { "", ".age", "x", "../x.age",
	    "a/b.age", "A.age", "x.age.minisig", "一.age", "-x.age",
	    ".x.age" };
	struct err e = ERR_INIT;
	struct stick s;
	const char *dir = fresh();
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(bad); i++)
		assert_int_equal(deliver(dir, bad[i], second, NULL, &e),
		    E_USAGE);
	assert_int_equal(help_run("cd %s && ln -s /etc/passwd " NAME2, dir),
	    0);
	assert_true(deliver(dir, NAME2, second, NULL, &e) < 0);
	assert_int_equal(help_run("cd %s && test -h " NAME2 " && rm " NAME2
	    " && ln -s /tmp/nowhere-at-all " NAME2 ".minisig", dir), 0);
	assert_true(deliver(dir, NAME2, second, NULL, &e) < 0);
	assert_int_equal(help_run("cd %s && ln -sf %s ../link", dir, dir), 0);
	assert_int_equal(stick_open(&s, help_path("link"), NULL, &e),
	    E_NOTFOUND);
	assert_int_equal(stick_open(&s, help_path("nowhere"), NULL, &e),
	    E_NOTFOUND);
	assert_int_equal(stick_open(&s, "/etc/passwd", NULL, &e),
	    E_NOTFOUND);
}

/* Halves that an earlier crash left: replaced; other people's files stay. */
static void
test_leftovers(void **state)
{
	struct err e = ERR_INIT;
	const char *dir = fresh();

	(void)state;
	assert_int_equal(help_run("cd %s && echo half >" NAME2 " && "
	    "echo other >other.age && echo x >tj1-9.age", dir), 0);
	assert_int_equal(deliver(dir, NAME2, second, NULL, &e), 0);
	assert_int_equal(look(dir, NAME2, second), WHOLE);
	assert_int_equal(count_files(dir), 6);

	/* the crash came while the marker was written */
	dir = fresh();
	assert_int_equal(help_run("cd %s && echo half >" NAME2 " && "
	    ": >" NAME2 ".minisig", dir), 0);
	assert_int_equal(deliver(dir, NAME2, second, NULL, &e), 0);
	dir = fresh();
	assert_int_equal(help_run("cd %s && echo half >" NAME2 " && head -c "
	    "200 " NAME1 ".minisig >" NAME2 ".minisig", dir), 0);
	assert_int_equal(deliver(dir, NAME2, second, NULL, &e), 0);
	assert_int_equal(look(dir, NAME2, second), WHOLE);
	assert_int_equal(look(dir, NAME1, first), WHOLE);
}

/* --- cancelling, failing producers --- */

static int
stop_at(void *ctx, uint64_t done, uint64_t whole)
{
	assert_true(done <= whole);
	return done > *(uint64_t *)ctx ? -1 : 0;
}

static void
test_cancel(void **state)
{
	struct content c = { second, SIZE };
	struct stick_delivery d = { NAME2, SIZE, fill, mark, &c };
	uint64_t at;
	struct err e = ERR_INIT;
	struct stick s;
	const char *dir = fresh();

	(void)state;
	for (at = 0; at < 2 * SIZE; at += SIZE / 4) {
		assert_int_equal(stick_open(&s, dir, NULL, &e), 0);
		s.progress = stop_at;
		s.ctx = &at;
		assert_int_equal(stick_deliver(&s, &d, &e), E_CANCEL);
		stick_close(&s);
		assert_int_equal(count_files(dir), 2);
	}
}

static int
fill_fails(void *ctx, struct flow_out out, struct err *e)
{
	int rc = fill(ctx, out, e);

	return rc < 0 ? rc : err_set(e, E_SQL, "数据库读不出来");
}

static int
mark_fails(void *ctx, const unsigned char *hash, struct str *out,
    struct err *e)
{
	(void)ctx;
	(void)hash;
	(void)out;
	return err_set(e, E_DENIED, "没有签名钥匙");
}

static void
test_producer_fails(void **state)
{
	struct content c = { second, SIZE };
	struct stick_delivery d = { NAME2, SIZE, fill_fails, mark, &c };
	struct err e = ERR_INIT;
	struct stick s;
	const char *dir = fresh();

	(void)state;
	assert_int_equal(stick_open(&s, dir, NULL, &e), 0);
	assert_int_equal(stick_deliver(&s, &d, &e), E_SQL);
	d.fill = fill;
	d.mark = mark_fails;
	assert_int_equal(stick_deliver(&s, &d, &e), E_DENIED);
	assert_string_equal(e.msg, "没有签名钥匙");
	stick_close(&s);
	assert_int_equal(count_files(dir), 2);
}

/* --- earlier deliveries --- */

static void
test_recheck(void **state)
{
	const struct signer mine = { signer.public, "" };
	struct minisign_secret other;
	struct signer both[2];
	struct str bad = STR_INIT;
	struct err e = ERR_INIT;
	struct stick s;
	const char *dir = fresh();
	size_t n;

	(void)state;
	minisign_new(&other);
	assert_int_equal(deliver(dir, NAME2, second, NULL, &e), 0);
	assert_int_equal(help_run("cd %s && echo x >tj1-370323104-half.age && "
	    "echo x >tj1-999.age", dir), 0);
	assert_int_equal(stick_open(&s, dir, NULL, &e), 0);
	assert_int_equal(stick_recheck(&s, "tj1-370323104-", &mine, 1,
	    &n, &bad, &e), 0);
	assert_int_equal(n, 2);
	assert_string_equal(bad.buf, "");
	/* one byte of the older file is gone: a stick of false size */
	assert_int_equal(help_run("cd %s && printf x | dd of=" NAME1
	    " bs=1 seek=150000 conv=notrunc 2>/dev/null", dir), 0);
	assert_int_equal(stick_recheck(&s, "tj1-370323104-", &mine, 1,
	    &n, &bad, &e), 0);
	assert_int_equal(n, 2);
	assert_string_equal(bad.buf, NAME1 "\n");
	/* the file is gone, its marker is not */
	str_clear(&bad);
	assert_int_equal(help_run("cd %s && head -c 100000 " NAME2
	    " >x && mv x " NAME2, dir), 0);
	assert_int_equal(stick_recheck(&s, "tj1-370323104-", &mine, 1,
	    &n, &bad, &e), 0);
	assert_non_null(strstr(bad.buf, NAME2 "\n"));
	/* nothing of a stranger's */
	str_clear(&bad);
	both[0].key = other.public;
	assert_int_equal(stick_recheck(&s, "tj1-370323104-", both, 1,
	    &n, &bad, &e), 0);
	assert_int_equal(n, 0);
	assert_int_equal(bad.len, 0);
	/* what a former key signed is held against that key */
	both[1] = mine;
	assert_int_equal(stick_recheck(&s, "tj1-370323104-", both, 2,
	    &n, &bad, &e), 0);
	assert_int_equal(n, 2);
	stick_close(&s);
	str_done(&bad);
}

/* --- finding --- */

static void
test_find(void **state)
{
	static const char mounts[] =
	    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
	    "30 22 8:17 / /media/li/悦庄\\040U盘 rw,nosuid shared:9 - vfat "
	    "/dev/sdb1 rw,uid=1000\n"
	    "31 22 8:17 / /mnt/again rw - vfat /dev/sdb1 rw\n"
	    "32 22 8:33 / /media/li/hd ro,nosuid - ntfs3 /dev/sdc1 rw\n"
	    "33 22 8:49 / /media/li/card rw shared:3 master:4 - exfat "
	    "/dev/sdd rw\n"
	    "34 22 8:2 / /data rw - ext4 /dev/sda2 rw\n"
	    "35 22 0:30 / /run rw - tmpfs tmpfs rw\n"
	    "36 22 8:17 /sub /mnt/bind rw - vfat /dev/sdb9 rw\n"
	    "37 22 8:65 / /home rw - ext4 /dev/sde1 rw\n"
	    "garbage\n\n38 22 ../../8:17 / /x rw - vfat /dev/x rw\n";
	struct stick_list l = { NULL, 0, 0 };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(help_run("cd %s && mkdir -p sys/dev/block "
	    "sys/devices/pci/usb1/1-2/host/block/sdc/sdc1 "
	    "sys/devices/pci/ata/block/sdb/sdb1 sys/devices/pci/mmc/block/sdd "
	    "sys/devices/pci/ata/block/sda/sda1 "
	    "sys/devices/pci/usb1/1-3/block/sde/sde1 && "
	    "echo 1 >sys/devices/pci/ata/block/sdb/removable && "
	    "echo 0 >sys/devices/pci/usb1/1-2/host/block/sdc/removable && "
	    "echo 1 >sys/devices/pci/mmc/block/sdd/removable && "
	    "echo 0 >sys/devices/pci/ata/block/sda/removable && "
	    "cd sys/dev/block && "
	    "ln -s ../../devices/pci/ata/block/sda/sda1 8:1 && "
	    "ln -s ../../devices/pci/ata/block/sda/sda1 8:2 && "
	    "ln -s ../../devices/pci/ata/block/sdb/sdb1 8:17 && "
	    "ln -s ../../devices/pci/usb1/1-2/host/block/sdc/sdc1 8:33 && "
	    "ln -s ../../devices/pci/usb1/1-3/block/sde/sde1 8:65 && "
	    "ln -s ../../devices/pci/mmc/block/sdd 8:49", help_dir), 0);
	help_put(help_path("mounts"), mounts, sizeof mounts - 1);
	assert_int_equal(stick_find(&l, help_path("mounts"), help_path("sys"),
	    &e), 0);
	assert_int_equal(l.n, 3);
	assert_string_equal(l.v[0].path, "/media/li/悦庄 U盘");
	assert_string_equal(l.v[0].device, "/dev/sdb1");
	assert_string_equal(l.v[0].fs, "vfat");
	assert_false(l.v[0].readonly);
	assert_string_equal(l.v[1].path, "/media/li/hd");
	assert_true(l.v[1].readonly);
	assert_string_equal(l.v[2].path, "/media/li/card");
	stick_list_done(&l);
	assert_int_equal(stick_find(&l, help_path("none"), NULL, &e), E_IO);
	assert_int_equal(stick_find(&l, NULL, NULL, &e), 0);
	stick_list_done(&l);
}

/* A machine whose only stick is help_dir/usb; udisksctl is a script that does
 * as `script` says. */
static void
a_stick(const char *script)
{
	char *line = xasprintf("22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
	    "30 22 8:17 / %s/usb rw - vfat /dev/sdb1 rw\n"
	    "31 22 8:17 /sub %s/bind rw - vfat /dev/sdb1 rw\n", help_dir,
	    help_dir);

	assert_int_equal(help_run("cd %s && mkdir -p bin usb/sub "
	    "sys/dev/block sys/devices/usb1/sdb/sdb1 && "
	    "ln -sfn ../../devices/usb1/sdb/sdb1 sys/dev/block/8:17 && "
	    "printf '#!/bin/sh\ncd %s\necho \"$@\" >>asked\n%s\n' "
	    ">bin/udisksctl && chmod 755 bin/udisksctl && rm -f asked",
	    help_dir, help_dir, script), 0);
	help_put(help_path("mounts"), line, strlen(line));
	free(line);
}

static enum stickoff
off(const char *dir, struct str *words)
{
	char *path = xstrdup(help_path(dir)), *mounts;
	enum stickoff how;

	mounts = xstrdup(help_path("mounts"));
	str_clear(words);
	how = stickoff_run(path, mounts, help_path("sys"), words);
	free(path);
	free(mounts);
	return how;
}

/* 可以安全拔出 only when the stick is gone from the mounts. */
static void
test_take_off(void **state)
{
	char *path = xstrdup(getenv("PATH")), *bin;
	struct str words = STR_INIT;

	(void)state;
	a_stick("true");
	bin = xasprintf("%s:%s", help_path("bin"), path);
	setenv("PATH", bin, 1);
	assert_int_equal(off("bin", &words), STICKOFF_NONE);
	assert_int_equal(words.len, 0);
	/* it says yes and does nothing; it unmounts one of two places */
	assert_int_equal(off("usb/sub", &words), STICKOFF_BUSY);
	assert_null(strstr(words.buf, "可以安全拔出"));
	a_stick("sed -i /usb/d mounts");
	assert_int_equal(off("usb", &words), STICKOFF_BUSY);
	a_stick("exit 1");
	assert_int_equal(off("usb", &words), STICKOFF_BUSY);
	a_stick("case $1 in unmount) sed -i /sdb1/d mounts;; esac");
	assert_int_equal(off("usb/sub", &words), STICKOFF_SAFE);
	assert_non_null(strstr(words.buf, "可以安全拔出"));
	assert_int_equal(help_run("grep -q '^unmount .*-b /dev/sdb1$' "
	    "%s/asked", help_dir), 0);
	a_stick("true");
	setenv("PATH", help_path("none"), 1);
	assert_int_equal(off("usb", &words), STICKOFF_BY_HAND);
	assert_non_null(strstr(words.buf, "请先卸载"));
	assert_null(strstr(words.buf, "可以安全拔出"));
	setenv("PATH", path, 1);
	str_done(&words);
	free(path);
	free(bin);
}

static int
setup(void **state)
{
	minisign_new(&signer);
	help_noise(first, SIZE, 1);
	help_noise(second, SIZE, 2);
	return help_setup(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take_off),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_early_start),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_every_call_fails),
		cmocka_unit_test(test_lying_stick),
		cmocka_unit_test(test_short_and_interrupted),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_leftovers),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_producer_fails),
		cmocka_unit_test(test_recheck),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, setup, help_teardown);
}
