"""换届: seven directors at once, and what goes over to the new ones."""
import glob
import json

import lab
from test_training import s16

TODAY = {"TONGJI_TODAY": "2026-03-02"}
NEW = ["王秀英", "李桂兰", "张玉芳", "刘丽红", "陈艳霞", "杨敏静", "赵燕玲"]


def before(town):
    """Eighteen villages with directors; the first has an account, a home and
    a case in hand."""
    codes = [c for c, in town.sql("SELECT code FROM village WHERE"
                                  " length(code)=12 ORDER BY code LIMIT 18")]
    given = "一二三四五六七八九十甲乙丙丁戊己庚辛"
    rows = [{"name": "高" + given[i], "role": "儿童主任", "village": c,
             "appointed_on": "2021-01-10", "login": "gao" if i == 0 else ""}
            for i, c in enumerate(codes)]
    r = town.import_csv("staff", lab.csv_text(rows))
    assert lab.counts(r) == (18, 0, 0, 0), repr(r)
    town.add_user("gao", "director", "--village", codes[0])
    r = town.import_csv("child", lab.csv_text(lab.children(4, codes[:2])),
                        env=TODAY)
    assert lab.counts(r) == (4, 0, 0, 0), repr(r)
    r = town.import_csv("case", lab.csv_text([
        {"source": "来访", "accepted_at": "2026-02-27 10:00",
         "village": codes[0], "needs": "医疗救助", "handler": "高一"}]),
                        env=TODAY)
    assert lab.counts(r) == (1, 0, 0, 0), repr(r)
    r = town.import_csv("home", lab.csv_text([
        {"name": "一村儿童之家", "kind": "儿童之家", "village": codes[0],
         "keeper": "高一", "keeper_staff": "高一"}]))
    assert lab.counts(r) == (1, 0, 0, 0), repr(r)
    return codes


def open_screen(t):
    t.type("4")
    t.wait("换届（换儿童主任、交接）")
    t.type("6")
    t.wait("现任儿童主任")


def change(t, name, on=None, left=None):
    t.press("enter")
    t.wait("新任姓名", "任职日期")
    t.type(name)
    t.press("enter", "enter", "enter")
    if on:
        t.press("^u")
        t.type(on)
    if left:
        t.press("enter", "^u")
        t.type(left)
    t.press("f2")


def test_seven_at_once(town, open_term):
    codes = before(town)
    t = open_term(town, env=TODAY)
    t.login()
    open_screen(t)
    for i, name in enumerate(NEW):
        change(t, name, "20260301" if i == 0 else None)
        shown = t.wait("已换", "初始密码", "交接清单")
        if i == 0:
            assert "受理单 1 件" in shown and "儿童之家 1 个" in shown
            assert "前任账号 gao 已收回" in shown.replace("\n", "")
        t.press("enter")
        t.wait("现任儿童主任", name)
        t.press("down")
    rows = town.sql(
        "SELECT v.code, n.name, n.appointed_on, o.left_on, o.left_reason"
        " FROM staff n JOIN village v ON v.uid=n.village JOIN staff o"
        " ON o.uid=n.predecessor WHERE n.left_on IS NULL ORDER BY v.code")
    assert [tuple(r) for r in rows] == [
        (codes[i], n, "2026-03-01", "2026-03-01", "换届")
        for i, n in enumerate(NEW)]
    # one director in post everywhere
    assert town.one("SELECT count(*) FROM staff WHERE left_on IS NULL") == 18
    assert town.one("SELECT count(DISTINCT village) FROM staff WHERE"
                    " left_on IS NULL") == 18
    assert town.one("SELECT s.name FROM \"case\" c JOIN staff s ON"
                    " s.uid=c.handler") == "王秀英"
    assert tuple(town.sql("SELECT s.name, h.keeper FROM home h JOIN staff s"
                          " ON s.uid=h.keeper_staff")[0]) == \
        ("王秀英", "王秀英")
    assert town.one("SELECT disabled FROM user WHERE login='gao'") == 1
    got = town.sql("SELECT u.login, u.villages, v.uid FROM user u JOIN staff s"
                   " ON s.login=u.login JOIN village v ON v.uid=s.village"
                   " WHERE NOT u.disabled")
    assert len(got) == 7
    assert all(v == ";%s;" % uid for _, v, uid in got)
    assert "wangxiuying" in [r[0] for r in got]
    # the old ones are not in the denominator
    assert s16(town, "2026-03-02") == (0, 7, 0)
    # the lists, for both to sign
    t.type("p")
    t.wait("打印哪些村")
    t.type("2")
    t.wait("存成文本")
    t.type("3")
    t.wait("放到哪里", "发件箱")
    t.press("end", "pgdn", "enter")
    t.wait("已存好")
    path, = glob.glob(town.path("发件箱", "交接清单-*.txt"))
    text = open(path, encoding="utf-8-sig").read()
    assert text.count("移交人（签名）") == 7
    assert text.count("在册儿童") == 4 and "没办完的受理单" in text
    for word in ("困境", "孤儿", "留守", "流动", "贫困"):
        assert word not in text
    town.run("check", status=0)


def test_what_is_refused(town, open_term):
    """Dates the wrong way round, the future; nothing is half done."""
    before(town)
    t = open_term(town, env=TODAY)
    t.login()
    open_screen(t)
    change(t, "王秀英", "20260301", "20260302")
    t.wait("不能同时有两个儿童主任")
    t.press("esc")
    t.wait("现任儿童主任")
    change(t, "王秀英", "20260401")
    t.wait("晚于今天")
    t.press("esc")
    t.wait("现任儿童主任")
    # a number that is on somebody's record already
    number = lab.id_number("1985-03-02", 2)
    town.sql("UPDATE staff SET id_number=? WHERE name='高二'", number)
    t.press("enter")
    t.wait("新任姓名")
    t.type("王秀英")
    t.press("enter")
    t.type(number)
    t.press("f2")
    t.wait("已登记为工作人员")
    assert town.one("SELECT count(*) FROM staff WHERE left_on IS NOT NULL"
                    " OR name='王秀英'") == 0
    assert town.one("SELECT count(*) FROM user WHERE login LIKE 'wang%'"
                    " AND login<>'wangfang'") == 0
    assert town.one("SELECT disabled FROM user WHERE login='gao'") == 0


def test_a_supervisor_leaves_accounts_alone(town, open_term):
    before(town)
    town.add_user("lisi", "supervisor")
    t = open_term(town, env=TODAY)
    t.login("lisi")
    open_screen(t)
    t.press("enter")
    shown = t.wait("新任姓名", "离任原因")
    assert "新任账号" not in shown
    t.type("王秀英")
    t.press("f2")
    t.wait("已换", "账号请管理员")
    assert town.one("SELECT disabled FROM user WHERE login='gao'") == 0


def test_somebody_of_the_register(town, open_term):
    codes = before(town)
    r = town.import_csv("staff", lab.csv_text([
        {"name": "孙丽红", "role": "妇联主席", "village": codes[2],
         "appointed_on": "2025-03-01"}]), name="more.csv")
    assert lab.counts(r)[0] == 1, repr(r)
    t = open_term(town, env=TODAY)
    t.login()
    open_screen(t)
    t.press("down", "down")
    t.type("g")
    t.wait("新任是谁")
    t.type("slh")
    t.wait("孙丽红", "筛选: slh")
    t.press("enter")
    t.wait("新任 孙丽红", "任职日期")
    t.press("f2")
    t.wait("已换")
    got = town.sql("SELECT role, appointed_on, concurrent FROM staff WHERE"
                   " name='孙丽红'")[0]
    assert tuple(got) == (";director;women_chair;", "2026-03-02", "yes")
    # a vacant seat asks nothing of a predecessor
    t.press("enter")
    t.wait("现任儿童主任")
    t.press("end", "pgdn", "pgdn")
    t.wait("（空缺）")
    t.press("enter")
    shown = t.wait("新任姓名", "新任账号", "前任 （空缺）")
    assert "前任离任" not in shown and "离任原因" not in shown
    # her page names her other post's row; her predecessor's page names her
    t.press("esc")
    t.wait("现任儿童主任")
    t.press("esc", "esc")
    t.wait("0 退出")
    t.type("4")
    t.choose("工作人员")
    t.wait("共19条")
    t.type("f")
    t.type("slh")
    t.wait("共1条")
    t.press("enter")
    shown = t.wait("任职经历", "1 条")
    assert "填它的" not in shown
    t.press("esc")
    t.wait("共1条")
    t.press("^u")
    t.type("高三")
    t.wait("高三", "共1条")
    t.press("enter")
    t.wait("工作人员  高三", "「前任」填它的", "1 条")
    got = town.sql("SELECT role, starts_on, ends_on FROM tenure")[0]
    assert tuple(got) == ("women_chair", "2025-03-01", None)
    town.run("check", status=0)


def rates(town, on):
    """S16, S17 一肩挑 and 津贴, villages with a director."""
    got = {}
    for scheme in ("sichuan", "yiyuan"):
        r = town.run("indicators", "--scheme", scheme, "--format", "json",
                     "--date", on, status=0)
        for x in json.loads(r.out):
            for p in x.get("parts") or [x]:
                got[x["id"], p.get("label")] = (p.get("numerator"),
                                                p.get("denominator"))
    return (s16(town, on)[:2], got["S17", "儿童主任一肩挑"],
            got["S17", "儿童主任有津贴"],
            [v for k, v in got.items() if k[0] == "Y41"][0])


def test_one_of_several_posts_ends(town, open_term):
    """一肩挑: the director's post ends, 妇联主席 goes on; past days are told as
    they were."""
    before(town)
    last, place = town.village(20)
    r = town.import_csv("staff", lab.csv_text([
        {"name": "孙丽红", "role": "儿童主任;妇联主席", "village": last,
         "appointed_on": "2026-01-05", "allowance": "300"}]), name="b.csv")
    assert lab.counts(r)[0] == 1, repr(r)
    assert rates(town, "2026-03-01") == ((0, 1), (1, 19), (1, 19), (19, 55))
    t = open_term(town, env=TODAY)
    t.login()
    open_screen(t)
    t.type("f")
    t.type(place)
    t.wait("孙丽红", "共1条")
    t.press("enter")
    t.wait("前任 孙丽红 还任 妇联主席", "其他职务留任", "各职都离任")
    t.press("enter")
    t.wait("新任姓名", "任职日期")
    t.type("王秀英")
    t.press("f2")
    t.wait("已换", "前任 孙丽红 的其他职务留任")
    t.press("enter")
    t.wait("现任儿童主任", "王秀英")
    got = town.sql("SELECT role, appointed_on, left_on, concurrent, allowance"
                   " FROM staff WHERE name='孙丽红'")[0]
    assert tuple(got) == (";women_chair;", "2026-01-05", None, None, None)
    got = town.sql("SELECT t.role, t.starts_on, t.ends_on, t.reason,"
                   " t.allowance, v.code FROM tenure t JOIN village v ON"
                   " v.uid=t.village")
    assert [tuple(g) for g in got] == [
        ("director", "2026-01-05", "2026-03-02", "换届", 30000, last)]
    # she who left counts on; the day before is told as it was
    assert rates(town, "2026-03-02") == ((0, 2), (0, 19), (0, 19), (19, 55))
    assert rates(town, "2026-03-01") == ((0, 1), (1, 19), (1, 19), (19, 55))
    # the handover list knows when
    t.press("esc")
    t.wait("共55条")
    t.type("p")
    t.wait("打印哪些村")
    t.type("2")
    t.wait("存成文本")
    t.type("3")
    t.wait("放到哪里", "发件箱")
    t.press("end", "pgdn", "enter")
    t.wait("已存好")
    path, = glob.glob(town.path("发件箱", "交接清单-*.txt"))
    assert "前任 孙丽红（2026-03-02 离任）" in open(
        path, encoding="utf-8-sig").read()
    town.run("check", status=0)


def test_all_posts_end_and_one_comes_back(town, open_term):
    """各职都离任; later she is director again: both terms stay on record."""
    codes = before(town)
    r = town.import_csv("staff", lab.csv_text([
        {"name": "孙丽红", "role": "儿童主任;妇联主席", "village": codes[0],
         "appointed_on": "2022-01-05", "left_on": "2026-01-31",
         "left_reason": "换届"}]), name="b.csv")
    assert lab.counts(r)[0] == 1, repr(r)
    t = open_term(town, env=TODAY)
    t.login()
    open_screen(t)
    t.type("g")
    t.wait("新任是谁")
    t.type("slh")
    t.wait("孙丽红", "筛选: slh")
    t.press("enter")
    t.wait("新任 孙丽红", "任职日期")
    t.press("f2")
    t.wait("已换")
    got = town.sql("SELECT role, appointed_on, left_on FROM staff WHERE"
                   " name='孙丽红'")[0]
    assert tuple(got) == (";director;", "2026-03-02", None)
    got = town.sql("SELECT role, starts_on, ends_on FROM tenure ORDER BY role")
    assert [tuple(g) for g in got] == [
        ("director", "2022-01-05", "2026-01-31"),
        ("women_chair", "2022-01-05", "2026-01-31")]
    assert s16(town, "2026-03-02")[1] == 1
    # on a day of her first term it is the first that counts
    assert rates(town, "2025-06-01")[1] == (1, 19)
    assert rates(town, "2026-02-15")[1] == (0, 18)
    # now all of them
    town.sql("UPDATE staff SET role=';director;women_chair;' WHERE"
             " name='孙丽红'")
    t.press("enter")
    t.wait("现任儿童主任")
    t.press("enter")
    t.wait("还任 妇联主席")
    t.type("2")
    t.wait("新任姓名")
    t.type("王秀英")
    t.press("f2")
    t.wait("已换", gone=("留任",))
    assert town.one("SELECT left_on FROM staff WHERE name='孙丽红'") == \
        "2026-03-02"
