/* See wreck.h. */
#include "wreck.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup.h"
#include "db.h"
#include "file.h"
#include "mem.h"
#include "rescue.h"
#include "salvage.h"
#include "site.h"
#include "vault.h"

/* A file and the log beside it, under another name. */
static int
copy_with_log(const char *path, const char *to, struct err *e)
{
	char *wal = xasprintf("%s-wal", path), *to_wal = xasprintf("%s-wal",
	    to);
	int rc = vault_copy(path, to, e);

	if (rc == 0 && file_exists(wal))
		rc = vault_copy(wal, to_wal, e);
	free(wal);
	free(to_wal);
	return rc;
}

static void
remove_with_log(const char *path)
{
	static const char *const tails[] = { "", "-wal", "-shm", "-journal" };
	size_t i;

	for (i = 0; i < COUNT_OF(tails); i++) {
		char *p = xasprintf("%s%s", path, tails[i]);

		unlink(p);
		free(p);
	}
}

/* True when nothing is lost or doubtful. */
static bool
tell(const struct rescue *r, struct str *out)
{
	bool whole = r->entries == 0;
	size_t i;

	for (i = 0; i < r->n; i++) {
		const struct rescue_count *c = &r->v[i];

		if (c->kept + c->rebuilt + c->doubtful + c->lost == 0)
			continue;
		str_addf(out, "%s：读回 %lld 条", c->form->title,
		    (long long)(c->kept + c->doubtful));
		if (c->rebuilt > 0)
			str_addf(out, "，按日志重建 %lld 条",
			    (long long)c->rebuilt);
		if (c->doubtful > 0)
			str_addf(out, "，其中 %lld 条最后的改动没有日志，"
			    "请核对", (long long)c->doubtful);
		if (c->lost > 0)
			str_addf(out, "，丢失 %lld 条", (long long)c->lost);
		str_addc(out, '\n');
		whole &= c->rebuilt + c->doubtful + c->lost == 0;
	}
	if (r->entries > 0)
		str_addf(out, "日志：丢失 %lld 条\n", (long long)r->entries);
	return whole;
}

/* Where else what is lost may be found. */
static void
tell_copy(const char *home, struct str *out)
{
	char day[11];

	backup_last(home, day);
	if (day[0] != '\0')
		str_addf(out, "丢失的内容可到最近的备份里找："
		    "%s/backup/tongji-%s.db\n", home, day);
}

static char *
map_path(const char *home)
{
	return xasprintf("%s/" SALVAGE_MAP, home);
}

static int
fill(const char *home, const char *wreck, const char *fresh,
    struct str *told, struct err *e)
{
	char *map = map_path(home);
	struct rescue r = { .n = 0 };
	struct forms *fs = NULL;
	int rc = site_blank(home, fresh, &fs, e);

	if (rc == 0)
		rc = rescue_run(fs, wreck, map, &r, e);
	if (rc == 0)
		rc = db_exec(forms_db(fs), "PRAGMA wal_checkpoint(TRUNCATE)",
		    e);
	if (rc == 0)
		rc = tell(&r, told);	/* while the forms are there */
	if (rc == 0)
		tell_copy(home, told);
	site_close(fs);
	rescue_done(&r);
	free(map);
	return rc;
}

int
wreck_salvage(const char *home, const char *path, struct str *told,
    char **kept, struct err *e)
{
	char *wreck = xasprintf("%s/.wreck.db", home);
	char *fresh = xasprintf("%s/.salvage.db", home);
	char *own = xasprintf("%s/tongji.db", home);
	int whole = file_mkdirs(home, 0700, e), rc = whole;

	*kept = NULL;
	remove_with_log(wreck);
	remove_with_log(fresh);
	if (rc == 0)
		rc = copy_with_log(path != NULL ? path : own, wreck, e);
	if (rc == 0)
		rc = whole = fill(home, wreck, fresh, told, e);
	if (rc >= 0)
		rc = backup_verify(fresh, e);
	if (rc == 0)
		rc = vault_install(home, fresh, kept, e);
	remove_with_log(wreck);
	remove_with_log(fresh);
	free(wreck);
	free(fresh);
	free(own);
	return rc < 0 ? rc : whole;
}

void
wreck_advice(const char *home, struct str *out)
{
	char day[11];

	backup_last(home, day);
	str_add(out, "先关掉别的童记，再运行 tongji restore --salvage："
	    "能读的都救出来，损坏的文件留着");
	if (day[0] != '\0')
		str_addf(out, "；或者 tongji restore %s/backup/tongji-%s.db，"
		    "回到那一天", home, day);
}

void
wreck_explain(const char *home, struct err *e)
{
	struct str advice = STR_INIT;
	char *why = xstrdup(e->msg);

	wreck_advice(home, &advice);
	err_set(e, E_CORRUPT, "%s\n%s", why, advice.buf);
	free(why);
	str_done(&advice);
}

/* ---- the map ------------------------------------------------------------ */

void
wreck_map(struct db *db, const char *home)
{
	char *path = map_path(home);

	if (!file_exists(path) && salvage_map(db, path, NULL) < 0)
		unlink(path);
	free(path);
}

void
wreck_map_stale(const char *home)
{
	char *path = map_path(home);

	unlink(path);
	free(path);
}
