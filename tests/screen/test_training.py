"""Training classes: the sign-in at the door and what follows from it."""
import json
import random

import lab

SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗"
GIVEN = "秀英桂兰玉芳丽红艳霞敏静燕玲凤梅春花云珍"
INITIALS = {
    "王": "w", "李": "l", "张": "z", "刘": "l", "陈": "c", "杨": "y",
    "赵": "z", "黄": "h", "周": "z", "吴": "w", "徐": "x", "孙": "s",
    "马": "m", "朱": "z", "胡": "h", "郭": "g", "何": "h", "高": "g",
    "林": "l", "罗": "l", "秀": "x", "英": "y", "桂": "g", "兰": "l",
    "玉": "y", "芳": "f", "丽": "l", "红": "h", "艳": "y", "霞": "x",
    "敏": "m", "静": "j", "燕": "y", "玲": "l", "凤": "f", "梅": "m",
    "春": "c", "花": "h", "云": "y", "珍": "z"}


def names(n, seed=7):
    rnd = random.Random(seed)
    out = []
    while len(out) < n:
        name = rnd.choice(SURNAMES) + rnd.choice(GIVEN) + rnd.choice(GIVEN)
        if name not in out:
            out.append(name)
    return out


def register(town, people, on="2026-03-01", **more):
    codes = [c for c, in town.sql("SELECT code FROM village"
                                  " WHERE length(code)=12 ORDER BY code")]
    rows = [{"name": p, "role": "儿童主任", "appointed_on": on,
             "village": codes[i % len(codes)], **more}
            for i, p in enumerate(people)]
    r = town.import_csv("staff", lab.csv_text(rows))
    assert lab.counts(r)[0] == len(people), repr(r)


def a_class(town, title="岗前培训", on="2026-03-20", **more):
    row = {"title": title, "starts_on": on, "ends_on": on, "level": "县级",
           "hours": "6", "invited": "全部新任", **more}
    r = town.import_csv("training", lab.csv_text([row]))
    assert lab.counts(r)[0] == 1, repr(r)


def open_class(t, title):
    t.type("4")
    t.wait("培训签到", "培训班")
    t.type("1")
    t.wait(title)
    t.type("f")
    t.type(title)
    t.wait("共1条")
    t.press("enter")
    t.wait("培训班  " + title, "签到（逐个点名）")


def cursor_name(t):
    """The name in reverse video."""
    for y in range(2, t.screen.lines - 3):
        text = t.reversed(y)
        if "]" in text:
            return text.split("]", 1)[1].strip()
    return ""


def here(t, done, total):
    return t.wait("到场 %d / %d 人" % (done, total))


def test_thirty_people_in_ninety_keys(town, open_term):
    """They come in any order; the operator types initials until the cursor
    stands on the one in front of him, then Space."""
    people = names(30)
    register(town, people)
    a_class(town)
    t = open_term(town, env={"TONGJI_TODAY": "2026-03-20"})
    t.login()
    open_class(t, "岗前培训")
    t.type("2")
    here(t, 0, 30)
    keys = 0
    random.Random(3).shuffle(people)
    for n, who in enumerate(people):
        for c in who:
            t.type(INITIALS[c])
            keys += 1
            t.settle(0.05)
            if cursor_name(t) == who:
                break
        for _ in range(5):
            if cursor_name(t) == who:
                break
            t.press("down")             # the next with these initials
            keys += 1
            t.settle(0.05)
        assert cursor_name(t) == who, t.text()
        t.press("space")
        keys += 1
        here(t, n + 1, 30)
    assert keys <= 90, keys
    t.press("esc")
    t.wait("已存好，到场 30 人")
    got = town.sql("SELECT count(*), min(signed_at LIKE '2026-03-20 __:__'),"
                   " min(sessions=';1;'), min(invited='yes') FROM trainee"
                   " WHERE present='yes'")[0]
    assert tuple(got) == (30, 1, 1, 1)
    town.run("check", status=0)


def test_two_operators_at_one_class_of_sixty(town, open_term):
    """By turns, the same person too, two half-days: no mark is lost."""
    town.add_user("lisi", "supervisor")
    people = names(60)
    register(town, people)
    a_class(town, sessions="2")
    today = {"TONGJI_TODAY": "2026-03-20"}
    a, b = open_term(town, env=today), open_term(town, env=today)
    a.login()
    open_class(a, "岗前培训")
    a.type("2")
    here(a, 0, 60)
    b.login("lisi")
    open_class(b, "岗前培训")
    b.type("2")
    here(b, 0, 60)
    order = [r for r, in town.sql(
        "SELECT s.name FROM trainee t JOIN staff s ON s.uid=t.staff")]
    assert sorted(order) == sorted(people)
    # numbers of the sheet; both without waiting for each other
    for i in range(30):
        a.type("%d" % (2 * i + 1) + " ")
        b.type("%d" % (2 * i + 2) + " ")
    a.wait("到场 60 / 60 人")
    b.wait("到场 60 / 60 人")
    # the same person in the two half-days
    b.press("tab")
    b.wait("第2/2场  到场 0 / 60 人")
    for i in range(20):
        a.type("%d" % (i + 1))
        a.press("f6")
        b.type("%d" % (i + 1) + " ")
        a.press("^u")
    b.wait("第2/2场  到场 20 / 60 人")
    a.settle(0.5)
    a.press("esc")
    b.press("esc")
    a.wait("已存好")
    b.wait("已存好")
    assert town.one("SELECT count(*) FROM trainee") == 60
    assert town.one("SELECT count(*) FROM trainee WHERE present='yes'") == 60
    got = town.one("SELECT count(*) FROM trainee WHERE sessions=';1;2;'"
                   " AND punctuality='late'")
    assert got == 20
    assert town.one("SELECT count(*) FROM trainee WHERE sessions=';1;'") == 40
    by = dict(town.sql("SELECT updated_by, count(*) FROM trainee"
                       " GROUP BY 1"))
    assert set(by) == {"wangfang", "lisi"}
    town.run("check", status=0)


def test_late_in_one_half_day_only(town, open_term):
    """Late in the morning, there in the afternoon, left early on the second
    day: each half-day has its own mark and time; the sheet shows them."""
    register(town, ["王秀英", "李桂兰"])
    a_class(town, sessions="3", ends_on="2026-03-21")
    t = open_term(town, env={"TONGJI_TODAY": "2026-03-20"})
    t.login()
    open_class(t, "岗前培训")
    t.type("2")
    here(t, 0, 2)
    t.type("wxy ")
    here(t, 1, 2)
    t.press("f6")
    t.wait("[迟]王秀英")
    t.press("tab")
    t.wait("第2/3场", "[. ]王秀英", "未到")
    t.type("wxy ")
    t.wait("[x ]王秀英")
    t.press("tab")
    t.wait("第3/3场")
    t.press("f6")
    t.wait("这一场还没有签到")
    t.type("wxy ")
    t.wait("[x ]王秀英")
    t.press("f6", "f6")
    t.wait("[早]王秀英")
    t.press("tab")
    t.wait("第1/3场", "[迟]王秀英")
    row = town.sql("SELECT sessions, late_at, early_at, punctuality,"
                   " session_times FROM trainee WHERE present='yes'")[0]
    assert tuple(row[:4]) == (";1;2;3;", ";1;", ";3;", "both")
    assert row[4].count("2026-03-20 ") == 3 and row[4].startswith("第1场 ")
    # taken back: the mark of one half-day only
    t.press("tab")
    t.wait("第2/3场")
    t.type("wxy ")
    t.wait("[. ]王秀英")
    row = town.sql("SELECT sessions, late_at, early_at FROM trainee WHERE"
                   " present='yes'")[0]
    assert tuple(row) == (";1;3;", ";1;", ";3;")
    r = town.import_csv("trainee", lab.csv_text(
        [{"training": "岗前培训", "staff": "李桂兰", "present": "是",
          "sessions": "1", "late_at": "2"}]))
    assert lab.counts(r)[3] == 1 and "不能算迟到" in r.err + open(
        town.path("trainee.csv.rejects.csv"), encoding="utf-8-sig").read()
    town.run("check", status=0)


def test_walk_in_substitute_late_undo(town, open_term):
    register(town, ["王秀英", "李桂兰", "张玉芳"])
    r = town.import_csv("staff", lab.csv_text([
        {"name": "孙丽红", "role": "童伴妈妈", "appointed_on": "2025-03-01",
         "village": town.village(1)[0]}]), name="more.csv")
    assert lab.counts(r)[0] == 1
    a_class(town)
    t = open_term(town, env={"TONGJI_TODAY": "2026-03-20"})
    t.login()
    open_class(t, "岗前培训")
    t.type("2")
    here(t, 0, 3)
    t.type("wxy ")
    here(t, 1, 3)
    t.press("f6")
    t.wait("[迟]王秀英")
    t.press("f9")
    t.wait("[x ]王秀英", "已撤销")
    t.press("f9")
    here(t, 0, 3)
    # a person of the register who was not called
    t.press("f5")
    t.wait("谁来了")
    t.type("slh")
    t.wait("孙丽红", "筛选: slh")
    t.press("enter")
    t.wait("[x ]孙丽红+", "到场 1 / 4 人")
    # somebody who is in no register
    t.press("f5")
    t.wait("谁来了")
    t.type("周大同")
    t.wait("筛选: 周大同")
    t.press("f2")
    t.wait("单位", "周大同")
    t.press("enter")
    t.type("派出所")
    t.press("enter")
    t.wait("[x ]周大同+", "到场 2 / 5 人", "派出所")
    # the same once more is the same person; of another unit another
    for unit, total in (("派出所", 5), ("司法所", 6)):
        t.press("f5")
        t.wait("谁来了")
        t.type("周大同")
        t.wait("筛选: 周大同")
        t.press("f2")
        t.wait("单位", gone=("筛选",))
        t.press("enter")
        t.type(unit)
        t.press("enter")
        t.wait("找人:", "/ %d 人" % total)
    t.wait("周大同+ 派出所", "周大同+ 司法所")
    t.press("f9")
    t.wait("/ 5 人")
    # one in another's place
    t.type("lgl")
    t.press("f7")
    t.wait("谁代 李桂兰 来")
    t.type("高云霞")
    t.press("f2")
    t.wait("姓名", "高云霞")
    t.press("f2")
    t.wait("高云霞(代)", "代 李桂兰")
    assert town.one("SELECT absent_reason FROM trainee t JOIN staff s"
                    " ON s.uid=t.staff WHERE s.name='李桂兰'") == "由高云霞代"
    t.press("f9")
    t.wait("已撤销", gone=("高云霞",))
    assert town.one("SELECT absent_reason FROM trainee t JOIN staff s"
                    " ON s.uid=t.staff WHERE s.name='李桂兰'") is None
    town.run("check", status=0)


def test_called_one_by_one(town, open_term):
    """Before the class begins; nobody twice."""
    register(town, ["王秀英", "李桂兰"])
    a_class(town, invited="自选")
    t = open_term(town, env={"TONGJI_TODAY": "2026-03-10"})
    t.login()
    open_class(t, "岗前培训")
    t.type("7")
    t.wait("请谁参加")
    for typed, said in (("wxy", "王秀英 已加"), ("wxy", "已在名单上"),
                        ("lgl", "李桂兰 已加，共加 2 人")):
        t.type(typed)
        t.wait("筛选: " + typed)
        t.settle(0.1)
        t.press("enter")
        t.wait(said)
    t.press("esc")
    t.wait("名单加了 2 人")
    assert town.one("SELECT count(*) FROM trainee WHERE invited='yes'") == 2


def test_not_begun(town, open_term):
    register(town, ["王秀英"])
    a_class(town)
    t = open_term(town, env={"TONGJI_TODAY": "2026-03-19"})
    t.login()
    open_class(t, "岗前培训")
    t.type("2")
    here(t, 0, 1)
    t.press("space")
    t.wait("2026-03-20 才开", "还不能签到")
    here(t, 0, 1)
    assert town.one("SELECT count(*) FROM trainee WHERE present='yes'") == 0


def test_a_director_sees_her_own_record(town, open_term):
    """Not her predecessor's, nor the rest of the class; and writes none."""
    code = town.village(1)[0]
    for i, name in enumerate(("王秀英", "李桂兰")):
        register(town, [name], village=code, login="wxy" if i == 0 else "")
    register(town, ["张玉芳"])
    a_class(town)
    r = town.import_csv("trainee", lab.csv_text(
        [{"training": "岗前培训", "staff": n, "present": "是"}
         for n in ("王秀英", "李桂兰", "张玉芳")]))
    assert lab.counts(r) == (3, 0, 0, 0), repr(r)
    town.add_user("wxy", "director", "--village", code, "--name", "王主任")
    town.add_user("lgl", "director", "--village", code, "--name", "李桂兰")
    town.add_user("other", "director", "--village", code, "--name", "别人")
    for login, n in (("wxy", 1), ("lgl", 1), ("other", 0)):
        r = town.run("export", "trainee", login=login, status=0)
        assert len(r.out.strip().splitlines()) == n + 1, repr(r)
        assert "张玉芳" not in r.out
    r = town.run("import", "trainee", town.path("trainee.csv"), login="wxy")
    assert r.rc != 0, repr(r)
    t = open_term(town, env={"TONGJI_TODAY": "2026-03-20"})
    t.login("wxy")
    open_class(t, "岗前培训")
    t.type("2")
    t.wait("到场 1 / 1 人", "王秀英")
    t.press("space")
    t.wait("您只能查看")


def s16(town, on):
    r = town.run("indicators", "--scheme", "sichuan", "--format", "json",
                 "--date", on, status=0)
    x = [x for x in json.loads(r.out) if x["id"] == "S16"][0]
    came = [p for p in x["parts"] if p["label"] == "新任职人员参训率"][0]
    return x["numerator"], x["denominator"], came["numerator"]


def fill(t, label, *keys):
    """Go to a field of the entry screen and type into it."""
    for _ in range(40):
        y = t.find(label)
        if y >= 0 and label in t.reversed(y):
            break
        t.press("enter")
        t.settle(0.08)
    else:
        raise AssertionError(label + "\n" + t.text())
    for k in keys:
        if k in ("enter", "^u", "space"):
            t.press(k)
        else:
            t.type(k)
    t.settle(0.08)


def new_class(t, title, on, rule, prior=None):
    t.type("4")
    t.wait("培训签到", "培训班")
    t.type("1")
    t.wait("培训班", "N 新增")
    t.type("n")
    t.wait("先查有没有")
    t.type(title)
    t.wait("筛选: " + title)
    t.press("f2")
    t.wait("班名", "级别")
    fill(t, "班名", "^u", title)
    fill(t, "开始日期", "^u", on)
    fill(t, "结束日期", on)
    fill(t, "学时", "6")
    fill(t, "有考试", "1")
    fill(t, "合格分", "60")
    if prior:
        fill(t, "补哪个班", prior)
        t.press("enter")
        t.settle(0.1)
    fill(t, "参训范围", rule)
    t.press("enter")
    t.press("f2")
    t.wait("已存好")
    t.press("esc", "esc")
    t.wait("0 退出")


def rates(t):
    for _ in range(6):
        if t.find("0 退出") >= 0:
            break
        t.press("esc")
        t.settle(0.1)
    t.type("4")
    t.wait("参训率、合格率、该训的人")
    t.type("4")
    t.wait("培训和队伍情况")
    t.type("1")


def test_story_seven(town, open_term):
    """七个新任，六个到场，五个合格；补训之后百分之百。"""
    old = ["高%s%s" % (a, b) for a in GIVEN[:4] for b in GIVEN[4:7]][:11]
    new = ["王秀英", "李桂兰", "张玉芳", "刘丽红", "陈艳霞", "杨敏静", "赵燕玲"]
    codes = [c for c, in town.sql("SELECT code FROM village WHERE"
                                  " length(code)=12 ORDER BY code LIMIT 18")]
    rows = [{"name": n, "role": "儿童主任", "village": codes[i],
             "appointed_on": "2022-05-10", "left_on": ""}
            for i, n in enumerate(old)]
    for i, n in enumerate(new):
        rows.append({"name": "郭" + n[1:], "role": "儿童主任",
                     "village": codes[11 + i], "appointed_on": "2019-01-01",
                     "left_on": "2026-02-28"})
        rows.append({"name": n, "role": "儿童主任", "village": codes[11 + i],
                     "appointed_on": "2026-03-01", "left_on": ""})
    r = town.import_csv("staff", lab.csv_text(rows))
    assert lab.counts(r) == (25, 0, 0, 0), repr(r)
    t = open_term(town, env={"TONGJI_TODAY": "2026-03-20"})
    t.login()
    assert s16(town, "2026-03-19") == (0, 7, 0)
    new_class(t, "新任岗前班", "2026-03-20", "1")
    open_class(t, "新任岗前班")
    t.type("2")
    here(t, 0, 7)
    for n in range(6):
        t.type("%d " % (n + 1))
        here(t, n + 1, 7)
    t.press("esc")
    t.wait("签到（逐个点名）")
    t.type("3")
    t.wait("合格分 60", "未到")
    for score in ("88", "91", "59", "60", "75", "100"):
        t.type(score)
        t.press("enter")
        t.settle(0.1)
    t.wait("合格 5 / 已定 6", "不合格")
    # one was read wrongly: again, by initials, with one decimal
    t.press("up")
    t.type("wxy")
    t.settle(0.1)
    old = town.one("SELECT score FROM trainee t JOIN staff s ON"
                   " s.uid=t.staff WHERE s.name='王秀英'")
    t.type("61.5")
    t.press("enter")
    t.wait("61.5")
    assert town.one("SELECT score FROM trainee t JOIN staff s ON s.uid="
                    "t.staff WHERE s.name='王秀英'") == 61.5
    t.type("wxy")
    t.settle(0.1)
    t.type("%g" % old)
    t.press("enter")
    t.wait("合格 5 / 已定 6", gone=("61.5",))
    t.press("esc")
    assert s16(town, "2026-03-20") == (5, 7, 6)
    # the same on the screen, and the two to chase by name
    rates(t)
    shown = t.wait("新任参训率", "无对象")
    for line in ("新任参训率 6/7 85.7% 1 再训1人到100%",
                 "新任合格率 5/7 71.4% 2 再训2人到100%",
                 "有儿童主任的村 18/55 32.7% 37 再配37村到100%",
                 "其中督导员合格率 0/0 无对象"):
        assert line in " ".join(shown.split()), shown
    t.press("down")                 # the names behind 合格率
    t.press("enter")
    shown = t.wait("任职日期", "未合格", "未参训")
    chase = [x for x in shown.splitlines() if x.strip().startswith("!")]
    assert len(chase) == 2
    t.close()
    t = open_term(town, env={"TONGJI_TODAY": "2026-04-10"})
    t.login()
    new_class(t, "补训班", "2026-04-10", "6", "新任岗前班")
    open_class(t, "补训班")
    t.type("2")
    here(t, 0, 2)
    t.type("1 2 ")
    here(t, 2, 2)
    t.press("esc")
    t.wait("签到（逐个点名）")
    t.type("3")
    t.wait("合格分 60")
    t.type("80")
    t.press("enter")
    t.type("101")
    t.press("enter")
    t.wait("成绩超过满分")
    t.press("^u")
    t.type("81")
    t.press("enter")
    t.wait("合格 2 / 已定 2")
    t.press("esc")
    assert s16(town, "2026-04-10") == (7, 7, 7)
    assert s16(town, "2026-03-20") == (5, 7, 6)
    town.run("check", status=0)


def test_doubtful_dates_are_said_where_they_stand(town, open_term):
    """A class without an end, a director whose predecessor is still there, a
    certificate for somebody who left: a warning at the field, with the
    reason; then the first screen and the audit say it again."""
    code = town.village(1)[0]
    for name, on in (("高云霞", "2020-01-10"), ("王秀英", "2026-03-01")):
        register(town, [name], on=on, village=code)
    register(town, ["李桂兰"], on="2026-01-05", left_on="2026-04-01",
             village=town.village(2)[0])
    uid = town.one("SELECT uid FROM staff WHERE name='高云霞'")
    r = town.import_csv("staff", lab.csv_text(
        [{"uid": town.one("SELECT uid FROM staff WHERE name='王秀英'"),
          "predecessor": uid}]), env={"TONGJI_TODAY": "2026-04-10"})
    assert "前任还在任，没有填离任日期；换届请到 4 培训签到" in r.err, repr(r)
    a_class(town)
    town.import_csv("training", lab.csv_text(
        [{"title": "没有尾的班", "starts_on": "2026-03-25", "ends_on": ""},
         {"title": "关爱保护政策骨干培训班", "starts_on": "2026-03-26",
          "ends_on": "2026-03-26"}]),
        env={"TONGJI_TODAY": "2026-04-10"})
    r = town.import_csv("trainee", lab.csv_text(
        [{"training": "岗前培训", "staff": "李桂兰", "present": "是",
          "result": "合格", "certificate_no": "沂1",
          "issued_on": "2026-04-02"}]), env={"TONGJI_TODAY": "2026-04-10"})
    assert "此人发证前已经离任，请核对证书还发不发" in r.err, repr(r)
    t = open_term(town, env={"TONGJI_TODAY": "2026-04-10"})
    t.login()
    t.wait("一村两个主任", "1 村")
    t.type("4")
    t.wait("培训签到", "培训班")
    t.type("1")
    t.wait("没有尾的班", "关爱保护政策骨干培训班")
    t.type("f")
    t.type("没有尾的班")
    t.wait("共1条")
    t.press("enter")
    t.wait("培训班  没有尾的班")
    t.type("e")
    t.wait("班名", "?结束日期")
    fill(t, "结束日期")
    t.wait("提醒：没填结束日期")
    t.press("esc", "esc")
    t.close()
    t = open_term(town, env={"TONGJI_TODAY": "2026-04-10"})
    t.login()
    t.type("8")
    t.choose("核查：数据问题、疑似重复")
    t.wait("数据核查", "疑似重复")
    t.type("1")
    t.wait("一村两个儿童主任", "与王秀英同时在任", "培训班没有结束日期",
           "离任后发的证书", "沂1 2026-04-02 发")
    t.press("enter")                # to the field; what is wrong is marked
    t.wait("工作人员  修改", "?村（社区）")
