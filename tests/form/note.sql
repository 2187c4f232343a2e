CREATE TABLE main."child"(
uid TEXT PRIMARY KEY NOT NULL, rv TEXT NOT NULL, site TEXT NOT NULL,
created_at TEXT NOT NULL, created_by TEXT NOT NULL, updated_at TEXT NOT NULL, updated_by TEXT NOT NULL,
state TEXT, deleted INTEGER NOT NULL DEFAULT 0,
"name" TEXT,
"id_number" TEXT,
"birth_date" TEXT,
"village" TEXT,
"colour" TEXT,
"colours" TEXT,
"age_now" TEXT,
"height" INTEGER,
"money" INTEGER,
"story" TEXT,
CHECK(deleted OR (trim("name") <> ''))) STRICT;
CREATE INDEX IF NOT EXISTS main."child__id_number" ON "child"("id_number");
CREATE INDEX IF NOT EXISTS main."child__village" ON "child"("village");
CREATE TABLE main."note"(
uid TEXT PRIMARY KEY NOT NULL, rv TEXT NOT NULL, site TEXT NOT NULL,
created_at TEXT NOT NULL, created_by TEXT NOT NULL, updated_at TEXT NOT NULL, updated_by TEXT NOT NULL,
state TEXT, deleted INTEGER NOT NULL DEFAULT 0,
"child" TEXT,
"written_on" TEXT,
"secret" TEXT,
"answer" TEXT,
"told_on" TEXT) STRICT;
CREATE INDEX IF NOT EXISTS main."note__child" ON "note"("child");
CREATE TRIGGER main."note__keep" BEFORE DELETE ON "note" BEGIN
 SELECT RAISE(ABORT, '记录不能直接抹掉，请在程序里删除并写原因');
END;
CREATE TRIGGER main."note__begin" BEFORE INSERT ON "note"
WHEN NEW.site=(SELECT value FROM meta WHERE name='site') AND NEW.state IS NOT 'open' BEGIN
 SELECT RAISE(ABORT, '新记录只能从流程的第一步开始');
END;
CREATE TRIGGER main."note__move" BEFORE UPDATE OF state ON "note"
WHEN NEW.state IS NOT OLD.state AND NEW.site=(SELECT value FROM meta WHERE name='site') BEGIN
 SELECT RAISE(ABORT, '流程里没有这一步，不能这样改变状态') WHERE coalesce(NEW.state, '') NOT IN ('checked','closed');
 SELECT CASE
  WHEN OLD.state IN ('open') THEN RAISE(ABORT, '现在还不能走这一步')
  ELSE RAISE(ABORT, '流程里没有这一步，不能这样改变状态') END
 WHERE NEW.state='checked' AND NOT coalesce(0
  OR OLD.state IN ('open') AND 1, 0);
 SELECT CASE
  WHEN OLD.state IN ('open','checked') THEN RAISE(ABORT, '先写答复')
  ELSE RAISE(ABORT, '流程里没有这一步，不能这样改变状态') END
 WHERE NEW.state='closed' AND NOT coalesce(0
  OR OLD.state IN ('open','checked') AND coalesce((NEW."answer" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM (SELECT * FROM "note" WHERE NOT deleted) n WHERE n.child = NEW."child" AND n.secret = 'yes')),0), 0);
END;
