"""Five years of a township's work, the same every time: what the board and
the reports are measured on."""
import csv
import datetime
import random

import lab

TODAY = "2026-11-30"
ENV = {"TONGJI_TODAY": TODAY}
FROM, TO = datetime.date(2021, 12, 1), datetime.date(2026, 11, 29)
DAYS = (TO - FROM).days
HOMES = 20


def day(rng, first=FROM):
    return str(first + datetime.timedelta(rng.randrange((TO - first).days)))


def put(site, form, head, rows):
    """What lies before a birth is refused, and is not missed."""
    text = "\n".join([head] + [",".join(map(str, r)) for r in rows]) + "\n"
    r = site.import_csv(form, text, env=ENV, limit=900)
    assert lab.counts(r)[0] > len(rows) * .7, r


def early(roster):
    """The roster's children have been in the ledger from the beginning."""
    with open(roster, encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    for r in rows:
        r["registered_on"] = max(str(FROM), r["birth_date"])
    with open(roster, "w", encoding="utf-8") as f:
        out = csv.DictWriter(f, rows[0])
        out.writeheader()
        out.writerows(rows)
    return roster


def fill(site):
    """On top of the roster."""
    rng = random.Random(20261130)
    ids = [r[0] for r in site.sql("SELECT id_number FROM child")]
    codes = [site.village(i)[0] for i in range(HOMES)]
    put(site, "visit", "child,visit_date,method,seen_child,findings",
        [(c, day(rng), "入户", "是" if rng.random() < .9 else "否",
          "情况正常%d" % i) for i, c in enumerate(ids * 60)])
    put(site, "assessment", "child,assessed_on,level",
        {(c, day(rng), rng.choice(("较好", "一般", "差")))
         for c in ids * 6})
    put(site, "counselling", "child,held_on,kind",
        {(c, day(rng), "心理疏导") for c in ids * 2})
    put(site, "benefit", "child,kind,starts_on,amount",
        {(c, k, day(rng), 300) for c in ids[::2]
         for k in ("低保", "教育资助")})
    put(site, "agreement", "child,carer,signed_on,ends_on",
        [(c, "受托人", "%d-01-01" % y, "%d-12-31" % y) for c in ids[::2]
         for y in range(2022, 2027)])
    put(site, "medical_bill", "child,billed_on,total,insured,aid",
        [(c, day(rng), 1000 + i, 500, 300) for i, c in enumerate(ids[::2])])
    put(site, "home", "village,name,kind,keeper,opened_on",
        [(c, "第%d之家" % i, "儿童之家", "管理员", "2021-01-01")
         for i, c in enumerate(codes)])
    put(site, "activity", "home,held_on,kind,title",
        [("第%d之家" % h, str(FROM + datetime.timedelta(d)),
          "家庭教育" if d % 91 == 0 else "日常活动", "第%d天活动" % d)
         for h in range(HOMES) for d in range(h % 3, DAYS, 4)])
    put(site, "staff", "name,role,village,appointed_on",
        [("主任%d" % i, "儿童主任", c, day(rng)) for i, c in
         enumerate(codes)] + [("督导员", "儿童督导员", "", "2021-01-01")])
    put(site, "training", "title,level,starts_on,hours",
        [("第%d班" % i, "县级", day(rng), 8) for i in range(30)])
    put(site, "trainee", "training,staff,person_name,present,result",
        {("第%d班" % i, "", "学员%d" % s, "是", "合格") for i in range(30)
         for s in range(20)})
    put(site, "case", "child,source,needs,urgency,accepted_at",
        [(rng.choice(ids), "来访", "教育", "一般", day(rng) + " 09:00")
         for _ in range(500)])
    put(site, "mandatory_report", "situation,found_at,village",
        [("脱离监护独居或失踪", day(rng) + " 1%d:%02d" % (i % 10, i % 60),
          codes[i % HOMES]) for i in range(50)])
    put(site, "publicity", "title,kind,held_on,village",
        [("宣讲%d" % i, "政策宣讲", day(rng), codes[i % HOMES])
         for i in range(300)])
    put(site, "meeting", "title,kind,held_on,minutes_no",
        [("会议%d" % i, "党委政府专题会", day(rng), "纪要%d" % i)
         for i in range(60)])
    put(site, "evidence", "title,held_on,kind,indicator",
        [("材料%d" % i, day(rng), "文件", "S%d" % (1 + i % 25))
         for i in range(300)])
