/* Power cuts, simulated on a folder: the calls of one delivery are recorded;
 * then every prefix of them is replayed, with any part of what no sync had
 * covered yet missing, torn or still old.
 *
 * The model is harder than vfat: a file's fsync makes its bytes durable but
 * not its name; the folder's fsync makes names durable but no bytes; syncfs
 * makes both.  What is not durable may be there or not, in blocks of 4096
 * bytes, independently. */
#include "stick_help.h"

enum { OPS_MAX = 64, BLOCK = 4096, NAMES = 2, FDS = 256, SEEDS = 24 };

enum kind { CREATE, WRITE, UNLINK, SYNC_FILE, SYNC_DIR, SYNC_FS };

struct op {
	enum kind kind;
	int file;		/* 0 the delivery, 1 its marker */
	size_t at, len;
	unsigned char *p;	/* what was written */
};

static struct op ops[OPS_MAX];
static int nops, file_of[FDS];
static size_t written[NAMES];

static const char *const names[NAMES] = { NAME2, NAME2 ".minisig" };

static struct op *
record(enum kind kind, int file)
{
	assert_true(nops < OPS_MAX);
	ops[nops].kind = kind;
	ops[nops].file = file;
	return &ops[nops++];
}

static int
index_of(const char *name)
{
	assert_true(strcmp(name, names[0]) == 0 ||
	    strcmp(name, names[1]) == 0);
	return strcmp(name, names[0]) != 0;
}

static int
r_openat(int dir, const char *name, int flags, mode_t mode)
{
	int fd = openat(dir, name, flags, mode);

	if (fd >= 0 && (flags & O_CREAT) != 0) {
		assert_true(fd < FDS);
		file_of[fd] = index_of(name);
		written[file_of[fd]] = 0;
		record(CREATE, file_of[fd]);
	}
	return fd;
}

static ssize_t
r_write(int fd, const void *p, size_t len)
{
	struct op *o = record(WRITE, file_of[fd]);

	o->at = written[file_of[fd]];
	o->len = len;
	o->p = xmalloc(len);
	memcpy(o->p, p, len);
	written[file_of[fd]] += len;
	return write(fd, p, len);
}

/* Promises nothing: the model already lets any of it be there. */
static int
r_start(int fd, off_t at, off_t len)
{
	(void)fd;
	(void)at;
	(void)len;
	return 0;
}

static int
r_fsync(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	if (S_ISDIR(st.st_mode))
		record(SYNC_DIR, -1);
	else
		record(SYNC_FILE, file_of[fd]);
	return fsync(fd);
}

static int
r_unlinkat(int dir, const char *name, int flags)
{
	record(UNLINK, index_of(name));
	return unlinkat(dir, name, flags);
}

static int
r_syncfs(int fd)
{
	record(SYNC_FS, -1);
	return syncfs(fd);
}

/* --- what the medium holds after a cut --- */

struct medium {
	bool exists;
	size_t len;
	unsigned char p[SIZE + BLOCK];
};

static struct medium files[NAMES];

/* Is operation `i` covered by a sync before the cut? */
static bool
is_durable(int i, int cut)
{
	bool is_name = ops[i].kind == CREATE || ops[i].kind == UNLINK;
	int j;

	for (j = i + 1; j < cut; j++)
		if (ops[j].kind == SYNC_FS ||
		    (ops[j].kind == SYNC_DIR && is_name) ||
		    (ops[j].kind == SYNC_FILE && !is_name &&
		    ops[j].file == ops[i].file))
			return true;
	return false;
}

static void
apply_write(const struct op *o, bool durable, struct help_rand *r)
{
	struct medium *m = &files[o->file];
	size_t at, n;

	for (at = 0; at < o->len; at += n) {
		n = BLOCK - (o->at + at) % BLOCK;
		if (n > o->len - at)
			n = o->len - at;
		if (!durable && help_rand(r) % 2 == 0)
			continue;
		memcpy(m->p + o->at + at, o->p + at, n);
		if (m->len < o->at + at + n)
			m->len = o->at + at + n;
	}
}

/* The medium after a cut before operation `cut`. */
static void
replay(int cut, uint64_t seed)
{
	struct help_rand r = { seed * 7919 + 1 };
	bool durable;
	int i;

	for (i = 0; i < NAMES; i++) {
		files[i].exists = false;
		files[i].len = 0;
		/* old content of the blocks, or zeros */
		memset(files[i].p, seed % 2 == 0 ? 0 : 0x5A,
		    sizeof files[i].p);
	}
	for (i = 0; i < cut; i++) {
		durable = is_durable(i, cut);
		if (ops[i].kind == WRITE)
			apply_write(&ops[i], durable, &r);
		else if (ops[i].kind == CREATE || ops[i].kind == UNLINK)
			if (durable || help_rand(&r) % 2 == 0)
				files[ops[i].file].exists =
				    ops[i].kind == CREATE;
	}
}

static void
lay_out(const char *dir)
{
	char path[512];
	int i;

	for (i = 0; i < NAMES; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
		if (files[i].exists)
			help_put(path, files[i].p, files[i].len);
	}
}

/* Record one delivery onto a folder that holds an earlier one. */
static const char *
record_delivery(void)
{
	static const struct stick_sys recording = {
		r_openat, r_write, r_start, pread, r_fsync, close, r_unlinkat, fstat,
		fstatvfs, posix_fadvise, r_syncfs
	};
	struct err e = ERR_INIT;
	const char *dir = fresh();

	nops = 0;
	assert_int_equal(deliver(dir, NAME2, second, &recording, &e), 0);
	assert_true(nops >= 10);
	assert_int_equal(ops[nops - 1].kind, SYNC_FS);
	return dir;
}

static void
forget(void)
{
	int i;

	for (i = 0; i < nops; i++)
		free(ops[i].p);
	memset(ops, 0, sizeof ops);
	nops = 0;
}

static void
test_power_cuts(void **state)
{
	const char *dir = record_delivery();
	struct err e = ERR_INIT;
	enum there t;
	int cut, torn = 0, rc;
	uint64_t seed;

	(void)state;
	for (cut = 0; cut <= nops; cut++)
		for (seed = 0; seed < SEEDS; seed++) {
			replay(cut, seed);
			lay_out(dir);
			t = look(dir, NAME2, second);
			if (t == WRONG || (cut == nops && t != WHOLE))
				fail_msg("cut %d seed %llu: %d", cut,
				    (unsigned long long)seed, t);
			torn += t == ABSENT && files[0].exists;
			assert_int_equal(look(dir, NAME1, first), WHOLE);
			/* the next try needs nothing of the last one */
			rc = deliver(dir, NAME2, second, NULL, &e);
			if (rc != 0 && (rc != E_EXISTS || t != WHOLE))
				fail_msg("cut %d seed %llu: again %d: %s", cut,
				    (unsigned long long)seed, rc, e.msg);
			assert_int_equal(look(dir, NAME2, second), WHOLE);
		}
	assert_true(torn > 50);
	forget();
}

/* The marker becomes durable only after the file it speaks for: a whole
 * marker never stands beside a torn file. */
static void
test_marker_last(void **state)
{
	const char *dir = record_delivery();
	struct minisign_sig sig;
	uint64_t seed;
	int cut;

	(void)state;
	for (cut = 0; cut <= nops; cut++)
		for (seed = 0; seed < 4 * SEEDS; seed++) {
			replay(cut, seed);
			if (!files[1].exists || minisign_sig_parse(&sig,
			    (const char *)files[1].p, files[1].len, NULL) < 0)
				continue;
			lay_out(dir);
			if (look(dir, NAME2, second) != WHOLE)
				fail_msg("cut %d seed %llu", cut,
				    (unsigned long long)seed);
		}
	forget();
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
		cmocka_unit_test(test_power_cuts),
		cmocka_unit_test(test_marker_last),
	};

	return cmocka_run_group_tests(tests, setup, help_teardown);
}
