"""A county and its townships for some years, every month on sticks: each
township types its month, delivers, the county receives, answers, and the
township applies the answer.  The same every time."""
import concurrent.futures
import os
import random
import shutil

import lab
import sticks

COUNTY = "211322"               # 建平县: thirty townships
FIRST = 2021 * 12 + 11          # December 2021, in months
WORKERS = 2


def townships():
    with open(os.path.join(lab.TOP, "data", "divisions", "towns.csv"),
              encoding="utf-8") as f:
        return [line.split(",")[0] for line in f if line.startswith(COUNTY)]


def env(month, day=28):
    n = FIRST + month
    return {"TONGJI_TODAY": "%04d-%02d-%02d" % (n // 12, n % 12 + 1, day)}


def put(town, form, head, rows, month):
    """All but the few that the rules refuse (of a child not yet born)."""
    text = "\n".join([head] + [",".join(map(str, r)) for r in rows]) + "\n"
    r = town.import_csv(form, text, env=env(month), limit=600)
    assert lab.counts(r)[0] > len(rows) * .7, r


class Township:
    def __init__(self, folder, code, children, villages):
        self.rng = random.Random(int(code))
        self.code = code
        self.site = lab.site(os.path.join(folder, code), code)
        self.card = os.path.join(folder, code + "-card")
        self.codes = ["%s2%02d" % (code, i) for i in range(villages)]
        self.count = children
        self.stick = None

    def found(self, county):
        """Its villages, homes and children; keys exchanged."""
        s = self.site
        put(s, "village", "code,name", [(c, "第%s村" % c[-2:])
                                        for c in self.codes], 0)
        put(s, "home", "village,name,kind,keeper,opened_on",
            [(c, "%s之家" % c[-2:], "儿童之家", "管理员", "2021-01-01")
             for c in self.codes], 0)
        put(s, "staff", "name,role,village,appointed_on",
            [("主任" + c[-2:], "儿童主任", c, "2021-01-01")
             for c in self.codes], 0)
        head, *lines = sticks.roster(s.home, self.codes, self.count)
        with open(os.path.join(s.home, "roster.csv"), "w") as f:
            f.write(head)
            for i, line in enumerate(lines):    # nobody in two townships
                cells = line.split(",")
                birth = "20%02d-%02d-%02d" % (9 + i % 12, i % 11 + 1,
                                              i % 27 + 1)
                cells[1] = lab.id_number(birth, i % 998 + 1,
                                         COUNTY[:3] + self.code[-3:])
                cells[2] = "12"[i % 998 % 2]
                cells[3] = birth
                cells[12] = max(birth, "2021-12-01")
                f.write(",".join(cells))
        r = s.run("import", "child", os.path.join(s.home, "roster.csv"),
                  env=env(0), limit=600)
        assert lab.counts(r)[0] == self.count, r
        self.ids = [i for i, in s.sql("SELECT id_number FROM child")]
        sticks.enrol(county, s, self.card)

    def day(self, month):
        return env(month, self.rng.randrange(1, 28))["TONGJI_TODAY"]

    def work(self, month):
        """What is typed in a month."""
        s, rng = self.site, self.rng
        put(s, "visit", "child,visit_date,method,seen_child,findings",
            [(c, self.day(month), "入户", "是" if rng.random() < .9 else "否",
              "情况正常%d" % month)
             for c in rng.sample(self.ids, len(self.ids) // 2)], month)
        titles = [("%s之家" % c[-2:], self.day(month), "%s第%d月第%d次" % (
            c[-2:], month, i)) for c in self.codes for i in range(4)]
        put(s, "activity", "home,held_on,kind,title",
            [(h, d, "日常活动", t) for h, d, t in titles], month)
        put(s, "attendance", "activity,child,present",
            [(t, c, "是") for _, _, t in titles
             for c in rng.sample(self.ids, 4)], month)
        put(s, "case", "child,source,needs,urgency,accepted_at",
            [(rng.choice(self.ids), "来访", "教育", "一般",
              self.day(month) + " 09:00") for _ in range(2)], month)

    def deliver(self, month, stick):
        self.work(month)
        self.site.run("bundle", "create", "--to", stick, env=env(month),
                      status=0, limit=600)

    def apply(self, month, stick):
        r = self.site.run("bundle", "apply", stick, env=env(month), limit=600)
        assert r.rc == 0, r


def grow(folder, towns, months, children, villages, said=None):
    """(county, townships) after so many months."""
    county = lab.county(folder, COUNTY)
    all_ = [Township(str(folder), c, children, villages)
            for c in townships()[:towns]]
    for t in all_:              # enrolment writes one list of keys
        t.found(county)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for m in range(months):
            stick = os.path.join(str(folder), "stick")
            os.makedirs(stick)
            list(pool.map(lambda t: t.deliver(m, stick), all_))
            r = county.run("bundle", "receive", stick, "--passphrase-stdin",
                           stdin=county.passphrase + "\n", env=env(m),
                           limit=1800)
            assert r.rc == 0, r
            list(pool.map(lambda t: t.apply(m, stick), all_))
            shutil.rmtree(stick)
            if said is not None:
                said(m, county)
    return county, all_
