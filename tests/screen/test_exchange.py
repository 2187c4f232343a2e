"""Story 9 from the screens, on two databases and more: a township reports on
a stick, the county enrols it, looks, takes, answers; sends back, corrects,
hands a child on; the township takes the answer and mends."""
import glob
import os
import re
import shutil
import sys
import time

import pytest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import lab  # noqa: E402

TOWN2 = "370323102"


@pytest.fixture
def stick(tmp_path):
    d = str(tmp_path / "stick")
    os.makedirs(d)
    return d


def fill(town, n=4, start=0):
    names = [town.village(i)[0] for i in range(3)]
    r = town.import_csv("child", lab.csv_text(lab.children(n, names, start)))
    assert lab.counts(r) == (n, 0, 0, 0), repr(r)


def reports(t):
    """From the first screen into 汇总上报."""
    t.wait("待办", "0 退出")
    t.type("7")
    t.wait("汇总上报", "月报")


def home(t):
    """Back to the first screen from wherever."""
    for _ in range(12):
        t.settle(0.1)
        before = t.text()
        if "0 退出" in before:
            return
        t.press("esc")
        end = time.monotonic() + 20
        while t.text() == before and time.monotonic() < end:
            t.feed(0.1)
    raise AssertionError(t.text())


def send(t, town, stick):
    """做上报包 into 发件箱, and carry it to the stick."""
    reports(t)
    t.choose("做上报包")
    t.wait("上报包放到哪里", "发件箱", "  " + town.home[:12])
    t.press("enter")
    t.wait("包已做好")
    out = town.path("发件箱")
    for name in os.listdir(out):
        shutil.move(os.path.join(out, name), os.path.join(stick, name))
    home(t)


def look(t, stick, first=False):
    """收上报包 up to the list of bundles."""
    reports(t)
    t.choose("收上报包")
    t.wait("从哪里收", "收件箱")
    t.type(stick)
    t.wait(">", stick[:30])
    t.press("enter")
    if first:
        t.wait("县级密钥的口令", "只问一次")
        t.type(lab.PASSWORD)
        t.press("enter")
    t.wait("F2 收", "说明")


def take(t, stick, first=False):
    look(t, stick, first)
    t.wait("第")
    t.press("f2")
    t.wait("并入这", "写到同一个")
    t.press("enter")
    t.wait("县回执已写好并读回核对")
    home(t)


def apply(t, stick):
    reports(t)
    t.choose("用县回执")
    t.wait("县回执在哪里", "收件箱", "  " + stick[:12])
    t.type(stick)
    t.wait(">", stick[:30])
    t.press("enter")
    t.wait("用上这张县回执吗", "县里已收到")
    t.press("enter")
    t.wait("县回执已用上")
    t.press("esc")
    cleared(t, stick)


def cleared(t, stick):
    """The stick's old deliveries: asked about only if there are any."""
    kinds = ["-".join(f.split("-")[:2 if f.startswith("tj1r-") else 3])
             for f in os.listdir(stick) if re.match(r"tj1r?-.*\.age$", f)]
    if len(kinds) > len(set(kinds)):
        t.wait("清理U盘")
        t.press("enter")
    else:
        t.wait(gone=("县回执已用上",))
        t.settle()
        assert "清理U盘" not in t.text()


def enrol(county, town):
    """What both would do by telephone, through the command line."""
    town.run("key", "import", county.card, "--fingerprint",
             lab.fingerprint(county), status=0)
    path = os.path.join(county.home, "e-" + os.path.basename(town.home))
    os.makedirs(path)
    town.run("bundle", "create", "--to", path, status=0)
    county.run("key", "enrol", glob.glob(path + "/enrol-*")[0],
               "--fingerprint", lab.fingerprint(town), status=0)


def test_story_nine(county, town, stick, open_term):
    fill(town)
    # the township takes the county's key, typing what the telephone says
    t = open_term(town)
    t.login()
    t.type("9")
    t.choose("导入县里的公钥")
    t.wait("核对码")
    t.type(county.card)
    t.press("enter")
    t.type(lab.fingerprint(county))
    t.press("enter")
    t.wait("已记下县里的公钥")
    home(t)
    send(t, town, stick)

    # the county does not know it yet: nothing is taken
    c = open_term(county)
    c.login()
    look(c, stick, first=True)
    c.wait("未登记", "悦庄镇 还没有登记公钥", "按 F5 登记")
    c.press("f5")
    c.wait("登记乡镇的公钥", "核对码")
    c.type("111111 " * 5)
    c.press("enter")
    c.wait("核对码不一致")
    c.press("^u")
    c.type(lab.fingerprint(town))
    c.press("enter")
    c.wait("可以收", "悦庄镇 第1包：新增 4 名", gone=("未登记",))
    assert county.one("SELECT count(*) FROM child") == 0
    c.press("f2")
    c.wait("并入这 1 个包")
    c.press("enter")
    c.wait("县回执已写好并读回核对", "第1包", "接下来：把U盘交回乡镇")
    c.press("esc")
    c.wait("已并入")
    home(c)
    assert county.one("SELECT count(*) FROM child") == 4
    assert len(glob.glob(stick + "/tj1r-*.minisig")) == 1

    # whose record it is stands beside it
    c.type("/")
    c.wait("查找")
    c.type(county.one("SELECT name FROM child ORDER BY uid"))
    c.wait("儿童台账     悦庄镇     ")
    c.press("esc")
    home(c)

    # one is sent back, one corrected, one passed
    names = [r[0] for r in county.sql(
        "SELECT name FROM child ORDER BY uid")]
    reports(c)
    c.choose("待审核")
    c.wait("待审核", "悦庄镇", "F7 退回")
    c.type("/" + names[0])
    c.wait(names[0], gone=(names[1],))
    c.press("f7")
    c.wait("退回", "原因")
    c.type("监护人电话不对，请核实")
    c.press("enter")
    c.wait("1 条记录：退回，随下一张县回执带给乡镇")
    uid = county.one("SELECT uid FROM child WHERE name=?", names[0])
    assert county.sql("SELECT status, by, reason FROM review WHERE uid=?",
                      uid)[0][:2] == ("退回", "wangfang")
    home(c)

    # the next stick brings it home
    take(c, stick)
    apply(t, stick)
    t.wait("县里退回和待定的", "退回", names[0], "监护人电话不对")
    t.press("enter")
    t.wait("儿童台账", names[0])
    assert t.field() == "监护人电话", t.text()
    t.press("^u")
    t.type("13805339999")
    t.press("f2")
    t.wait("已改好，下一个上报包会带上", "没有退回和待定的")
    home(t)

    # only what changed travels back
    send(t, town, stick)
    look(c, stick)
    c.wait("可以收", "第2包：新增 0 名", "退回 0")
    home(c)
    take(c, stick)
    assert county.one("SELECT status FROM review WHERE uid=?", uid) == "待审"
    assert county.one("SELECT guardian_phone FROM child WHERE uid=?",
                      uid) == "13805339999"
    county.run("check", status=0)
    town.run("check", status=0)


def test_damage_and_cancel(county, town, stick, open_term):
    enrol(county, town)
    fill(town, 2)
    town.run("bundle", "create", "--to", stick, status=0)
    path = glob.glob(stick + "/*.age")[0]
    with open(path, "rb") as f:
        good = f.read()
    bad = bytearray(good)
    bad[len(bad) // 2] ^= 1
    with open(path, "wb") as f:
        f.write(bad)
    c = open_term(county)
    c.login()
    reports(c)
    c.choose("收上报包")
    c.wait("从哪里收")
    c.type(stick)
    c.press("enter")
    c.wait("县级密钥的口令")
    c.type("wrong words")
    c.press("enter")
    c.wait("口令不对")
    c.type(lab.PASSWORD)
    c.press("enter")
    c.wait("不能收")
    c.press("enter")
    c.wait("校验不符")
    c.press("esc")
    c.press("f2")
    c.wait("没有可以收的包")
    assert county.one("SELECT count(*) FROM child") == 0
    assert not glob.glob(stick + "/tj1r-*")
    home(c)
    with open(path, "wb") as f:
        f.write(good)
    look(c, stick)                      # no second question
    c.wait("可以收", "新增 2 名")
    c.press("f2")
    c.wait("并入这")
    c.press("esc")
    c.wait("可以收")
    assert county.one("SELECT count(*) FROM child") == 0
    home(c)


def test_who_has_not_reported(county, town, stick, open_term):
    enrol(county, town)
    fill(town, 1)
    r = town.import_csv("agreement", lab.csv_text([{
        "child": town.one("SELECT name FROM child"), "carer": "张三",
        "signed_on": "2026-11-02", "ends_on": "2027-11-01"}]))
    assert lab.counts(r) == (1, 0, 0, 0), repr(r)
    r = town.import_csv("activity", lab.csv_text([
        {"held_on": "2026-11-0%d" % d, "kind": "日常活动", "title": "周末活动",
         "village": town.village()[0]} for d in (3, 5)]))
    assert lab.counts(r) == (2, 0, 0, 0), repr(r)
    town.run("bundle", "create", "--to", stick, status=0)
    c = open_term(county)
    c.login()
    take(c, stick, first=True)
    known = county.one("SELECT count(*) FROM village WHERE length(code) = 12"
                       " AND site = ?", lab.TOWN)
    # the villages that reported without a director, as the board has them;
    # of the other townships' nothing is known
    c.wait("待审核", "本月未报", "缺儿童主任", " %d 村" % known)
    reports(c)
    c.choose("排查汇总表")
    # the others stand in no number, and the page says so
    c.wait("农村留守儿童", "东悦庄村", "合计", "11 个乡镇未报，不计")
    home(c)
    c.type("6")
    c.choose("各项指标")
    c.wait("哪个方案")
    c.type("1")
    c.wait("指标看板", "11 个乡镇未报，不计  共", "0/%d 0.0%%" % known)
    home(c)
    reports(c)
    c.choose("各乡镇上报情况")
    text = c.wait("悦庄镇", "还没有报过", "第2包", "说明")
    n = county.one("SELECT count(*) FROM division WHERE level='town'")
    assert "%d 个乡镇，本月未报 %d 个" % (n, n - 1) in text
    c.type("n")
    c.wait("只看本月未报的", gone=("悦庄镇",))
    c.type("n")
    c.wait("悦庄镇")
    c.type("/悦庄")
    c.wait("悦庄镇", "共1条")
    c.press("enter")
    c.wait("待审核", "儿童台账", "委托照护协议", "F5 已审",
           "2026-11-03 周末活动", "2026-11-05 周末活动")
    assert c.find("儿童台账") < c.find("委托照护协议")   # the child first
    c.type("a")
    c.wait("已标记")
    c.press("f5")
    c.wait("没有这样的记录", "条记录：已审")
    assert county.one("SELECT count(*) FROM review WHERE status='待审'") == 0
    # 已审 → 已上报, with who and when; and no short cut
    n = county.one("SELECT count(*) FROM review WHERE status='已审'")
    c.type("t")
    c.wait("看哪些")
    c.type("3")
    c.wait("已审", "wangfang", "共%d条" % n)
    c.type("u")
    c.wait("1 条记录：已上报")
    c.type("t")
    c.wait("看哪些")
    c.type("4")
    c.wait("已上报", "wangfang", "共1条")
    c.type("u")
    c.wait("先审")
    home(c)
    c.wait("本月未报", "本月已报 1/")
    reports(c)
    c.choose("各乡镇上报情况")
    c.wait("Q 质量")
    c.type("q")
    text = c.wait("各乡镇数据质量", "要先改", "久未更新", "悦庄镇", "历山街道")
    line = {k: ln for ln in text.splitlines() for k in ("悦庄镇", "历山街道")
            if k in ln}
    assert "未报" in line["历山街道"] and "0" not in line["历山街道"]
    assert "未报" not in line["悦庄镇"] and "0" in line["悦庄镇"]


def test_more_than_a_list_holds(county, town, stick, open_term):
    """Numbers as they grow in a county are told whole."""
    enrol(county, town)
    fill(town, 1)
    town.run("bundle", "create", "--to", stick, status=0)
    county.run("bundle", "receive", stick, "--passphrase-stdin",
               stdin=county.passphrase + "\n", status=0)
    county.sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
               " WHERE i < 12345) INSERT INTO review(uid, form, status)"
               " SELECT 'u' || i, 'child', '待审' FROM n")
    county.sql("INSERT INTO held(uid, form, rv, incarnation, upto) SELECT"
               " uid, form, 'x', (SELECT id FROM incarnation), 0 FROM review"
               " WHERE uid LIKE 'u%'")
    n = county.one("SELECT count(*) FROM review WHERE status='待审'")
    c = open_term(county)
    c.login()
    reports(c)
    c.choose("各乡镇上报情况")
    c.wait("悦庄镇", " %d" % n)
    c.type("/悦庄")
    c.wait("悦庄镇", "共1条")
    c.press("enter")
    c.wait("全部 %d 条，先办这些  共2000条" % n)


def test_correction_and_transfer(county, town, tmp_path, stick, open_term):
    other = lab.site(tmp_path / "other", TOWN2)
    enrol(county, town)
    enrol(county, other)
    fill(town, 2)
    name = town.one("SELECT name FROM child ORDER BY name")
    row = town.sql("SELECT id_number, birth_date FROM child WHERE name=?",
                   name)[0]
    r = town.import_csv("child", lab.csv_text([{
        "name": name, "id_number": row[0], "birth_date": row[1],
        "left_on": "2026-11-01", "left_reason": "moved",
        "left_to": "南麻街道"}]))
    assert lab.counts(r) == (0, 1, 0, 0), repr(r)
    town.run("bundle", "create", "--to", stick, status=0)
    s2 = str(tmp_path / "stick2")
    os.makedirs(s2)
    other.run("bundle", "create", "--to", s2, status=0)
    c = open_term(county)
    c.login()
    take(c, stick, first=True)
    # the transfer desk
    reports(c)
    c.choose("转出转入")
    c.wait(name, "待核", "南麻街道")
    c.press("enter")
    c.wait("转到哪个乡镇")
    c.type(TOWN2)
    c.wait(TOWN2)
    c.press("enter")
    c.wait("已记下，随下一张县回执带给那个乡镇")
    home(c)
    take(c, s2)
    t = open_term(other)
    t.login()
    apply(t, s2)
    t.wait("转入待接收", name)
    t.press("enter")
    t.wait("接收，记到本单位")
    t.press("enter")
    t.wait("已接收", "没有退回和待定的")
    assert other.one("SELECT count(*) FROM child WHERE name=?", name) == 1
    other.run("check", status=0)
    county.run("check", status=0)


def test_correction_that_came_too_late(county, town, stick, open_term):
    enrol(county, town)
    fill(town, 1)
    town.run("bundle", "create", "--to", stick, status=0)
    c = open_term(county)
    c.login()
    take(c, stick, first=True)
    name = town.one("SELECT name FROM child")
    reports(c)
    c.choose("待审核")
    c.type("/" + name)
    c.wait("共1条")
    c.press("f7")
    c.wait("退回", "原因")
    c.press("esc")                      # thought better of it
    c.wait(name, "F7 退回")
    c.press("esc")
    c.wait("F7 退回", gone=("筛选  " + name,))
    c.type("/儿童台账")
    c.wait("共1条")
    c.press("enter")
    c.wait("查看、修改儿童台账")
    c.press("esc")
    c.wait("F5 已审")
    c.press("f6")
    c.wait("更正哪一项")
    c.type("监护人电话")
    c.wait(">", "监护人电话")
    c.press("enter")
    c.wait("更正建议：监护人电话", "应当是")
    c.type("13905331111")
    c.press("enter")
    c.type("村里说换号了")
    c.press("enter")
    c.wait("已记下，随下一张县回执带给乡镇")
    home(c)
    take(c, stick)
    # meanwhile the township has changed it itself
    row = town.sql("SELECT id_number, birth_date FROM child")[0]
    r = town.import_csv("child", lab.csv_text([{
        "name": name, "id_number": row[0], "birth_date": row[1],
        "guardian_phone": "13705332222"}]))
    assert lab.counts(r) == (0, 1, 0, 0), repr(r)
    t = open_term(town)
    t.login()
    apply(t, stick)
    t.wait("更正建议", "监护人电话", "本机已经改成")
    home(t)
    t.wait("县里待定的", "1 项")
    reports(t)
    t.choose("县里退回和待定")
    t.wait("更正建议", "监护人电话", "本机已经改成")
    t.press("enter")
    t.wait("本机：", "县里：", "村里说换号了", "用县里的")
    t.press("enter")
    t.wait("已照县里的改", "没有退回和待定的")
    assert town.one("SELECT guardian_phone FROM child") == "13905331111"
    town.run("check", status=0)


def test_same_child_in_two_towns(county, town, tmp_path, stick, open_term):
    other = lab.site(tmp_path / "other", TOWN2)
    for site in (town, other):
        enrol(county, site)
        fill(site, 1)
        site.run("bundle", "create", "--to", stick, status=0)
    c = open_term(county)
    c.login()
    look(c, stick, first=True)
    c.wait("可以收", "悦庄镇 第")
    c.press("f2")
    c.wait("并入这 2 个包")
    c.press("enter")
    c.wait("县回执已写好并读回核对")
    assert len(glob.glob(stick + "/tj1r-*.minisig")) == 2
    home(c)
    reports(c)
    c.choose("可能重复")
    c.wait("证件号码相同", "悦庄镇", "待核对")
    c.press("enter")
    c.wait("对照两条", "不是同一人")
    c.press("enter")
    c.wait("姓名：", " / ")
    c.press("esc")
    c.wait("回车 办")
    c.press("enter")
    c.wait("是同一人")
    c.type("4")
    c.wait("同一人", gone=("待核对",))
    assert county.sql("SELECT decision, decided_by FROM twin") == \
        [("同一人", "wangfang")]
    county.run("check", status=0)


def test_receiving_from_a_disc(county, town, stick, open_term):
    """What cannot be written takes no receipt: it lies in 发件箱."""
    fill(town)
    enrol(county, town)
    town.run("bundle", "create", "--to", stick, status=0)
    os.chmod(stick, 0o555)
    c = open_term(county, argv=lab.ORDINARY + [lab.BIN])
    c.login()
    look(c, stick, first=True)
    c.wait("第")
    c.press("f2")
    c.wait("并入这", "写到发件箱")
    c.press("enter")
    c.wait("县回执已写好并读回核对", "发件箱")
    assert len(glob.glob(county.path("发件箱", "tj1r-*.age"))) == 1
    os.chmod(stick, 0o755)


def test_why_no_bundle_is_told_whole(roster, county, stick, open_term):
    """Why a bundle was not made is read whole, whatever its length."""
    roster.run("key", "import", county.card, "--fingerprint",
               lab.fingerprint(county), status=0)
    machine = lab.Stick(stick)
    os.chmod(machine.path, 0o555)
    t = open_term(roster, env=machine.env, argv=lab.ORDINARY + [lab.BIN])
    t.login()
    reports(t)
    t.choose("做上报包")
    t.wait("上报包放到哪里", "U盘 ")
    t.press("enter")
    shown = t.wait("上报包没有做成", "知道了")
    assert "不能往" in shown.replace(" ", "") and "没有权限" in shown
    os.chmod(machine.path, 0o755)


def test_county_keys_from_the_screen(tmp_path, open_term):
    county = lab.site(tmp_path / "c", lab.COUNTY)
    t = open_term(county)
    t.login()
    reports(t)
    t.choose("收上报包")
    t.wait("从哪里收")
    t.press("enter")
    t.wait("还没有县级密钥")
    home(t)
    t.type("9")
    t.choose("密钥：登记乡镇、建县级密钥")
    t.wait("登记乡镇的公钥")
    t.choose("建县级密钥")
    t.wait("再输一次")
    t.type("short")
    t.press("enter")
    t.type("short")
    t.press("enter")
    t.wait("至少8个字母数字")
    t.type(lab.PASSWORD)
    t.press("enter")
    t.type(lab.PASSWORD)
    t.press("enter")
    t.wait("给乡镇的公钥文件放到哪里", "发件箱")
    t.press("enter")
    t.wait("县级密钥已建好", "存档钥匙", "AGE-SECRET-KEY-")
    assert os.path.exists(county.path("发件箱", "county.key"))
    assert lab.fingerprint(county) in t.text()
    # it does not go before it is on paper
    t.press("esc")
    t.wait("抄好了吗", "还没有抄好")
    t.press("enter")
    t.wait("AGE-SECRET-KEY-", gone=("抄好了吗",))
    t.press("esc")
    t.wait("抄好了吗")
    t.type("y")
    t.wait("再写一份公钥文件", gone=("AGE-SECRET-KEY-",))
    t.choose("建县级密钥")
    t.wait("县级密钥已经有了")
    t.press("enter")
    # the public file again, for the township whose stick was lost
    os.unlink(county.path("发件箱", "county.key"))
    t.choose("再写一份公钥文件")
    t.wait("放到哪里")
    t.press("enter")
    t.wait("已写好")
    assert os.path.exists(county.path("发件箱", "county.key"))
    home(t)
    # what is read out to townships is the county's code, not the site's own
    t.type("9")
    t.choose("核对码")
    shown = t.wait("乡镇打电话来时念给他们听")
    assert lab.fingerprint(county) in shown
    own = open(county.keys("county.key")).read()
    assert lab.fingerprint(county) in own


def test_another_passphrase(county, town, stick, open_term):
    """Old one, new one twice; the keys stay; what follows asks the new one."""
    enrol(county, town)
    fill(town, 1)
    town.run("bundle", "create", "--to", stick, status=0)
    digits = lab.fingerprint(county)
    new = "高山流水知音"
    c = open_term(county)
    c.login()
    c.type("9")
    c.choose("密钥：登记乡镇、建县级密钥")
    c.choose("改县级密钥的口令")
    c.wait("现在的口令", "乡镇不用做什么")
    for words, said in ((("wrong-one", new, new), "口令不对"),
                        ((lab.PASSWORD, new, new + "x"), "不一样"),
                        ((lab.PASSWORD, "短", "短"), "至少8个")):
        for w in words:
            c.type(w)
            c.press("enter")
        c.wait(said, "现在的口令")
    for w in (lab.PASSWORD, new, new):
        c.type(w)
        c.press("enter")
    c.wait("口令已改", "存档钥匙没有变", "仍是旧口令")
    home(c)
    assert lab.fingerprint(county) == digits
    reports(c)
    c.choose("收上报包")
    c.wait("从哪里收")
    c.type(stick)
    c.press("enter")
    c.wait("县级密钥的口令")
    c.type(lab.PASSWORD)
    c.press("enter")
    c.wait("口令不对")
    c.type(new)
    c.press("enter")
    c.wait("可以收", "新增 1 名")


def test_keys_are_for_administrators(county, town, stick, open_term):
    """A county clerk is told before she has typed thirty digits."""
    county.add_user("lina", "county")
    town.run("key", "import", county.card, "--fingerprint",
             lab.fingerprint(county), status=0)
    town.run("bundle", "create", "--to", stick, status=0)
    c = open_term(county)
    c.login("lina")
    look(c, stick, first=True)
    c.wait("未登记", "按 F5 登记")
    c.press("f5")
    c.wait("要管理员来做")
    c.press("enter")
    c.wait("未登记", gone=("要管理员来做",))


def test_files_are_found(county, town, open_term):
    """county.key and enrol-CODE.txt are found where they lie; F4 chooses."""
    inbox = town.path("收件箱")
    os.makedirs(inbox)
    shutil.copy(county.card, inbox)
    t = open_term(town)
    t.login()
    t.type("9")
    t.choose("导入县里的公钥")
    t.wait("收件箱/county.key", "三十位数字")
    t.press("up", "^u", "f4")
    t.wait("县里给的 county.key", "收件箱")
    t.press("enter")
    t.wait("导入县里的公钥", "收件箱/county.key")
    t.press("enter")
    digits = lab.fingerprint(county)
    t.type(digits[:-1])
    t.press("enter")
    t.wait("这里是 29 位")
    t.type(digits[-1])
    t.press("enter")
    t.wait("已记下县里的公钥")
    assert os.path.exists(town.keys("county.key"))


def test_changed_on_both_sides(county, town, tmp_path, stick, open_term):
    """A copied folder goes on beside its original: base, theirs, mine."""
    enrol(county, town)
    fill(town, 1)
    town.run("bundle", "create", "--to", stick, status=0)
    county.run("bundle", "receive", stick, "--passphrase-stdin",
               stdin=lab.PASSWORD + "\n", status=0)
    town.run("bundle", "apply", stick, status=0)
    twin = lab.Site(tmp_path / "twin")
    shutil.copytree(town.home, twin.home)
    assert "拷来" in twin.run("check", status=0).err
    name, no, birth, was = town.sql(
        "SELECT name, id_number, birth_date, guardian_phone FROM child")[0]
    for site, phone in ((town, "13905330001"), (twin, "13905330002")):
        r = site.import_csv("child", lab.csv_text([{
            "name": name, "id_number": no, "birth_date": birth,
            "guardian_phone": phone}]))
        assert lab.counts(r) == (0, 1, 0, 0), repr(r)
        site.run("bundle", "create", "--to", stick, status=0)
    c = open_term(county)
    c.login()
    look(c, stick, first=True)
    c.press("f2")
    c.wait("写到同一个")
    c.press("enter")
    c.wait("县回执已写好并读回核对", "两边都改过  儿童台账 " + name)
    home(c)
    reports(c)
    c.choose("待核对、两边都改过")
    c.wait("两边都改过", name)
    home(c)
    t = open_term(twin)
    t.login()
    reports(t)
    t.choose("用县回执")
    t.wait("县回执在哪里", "收件箱")
    t.type(stick)
    t.wait(">", stick[:30])
    t.press("enter")
    t.wait("用上这张县回执吗", "逐条看")
    t.type("l")
    t.wait("县回执：逐条", "待定  儿童台账 " + name)
    t.press("esc")
    t.wait("用上这张县回执吗")
    t.press("enter")
    t.wait("县回执已用上", "待定  儿童台账 " + name)
    t.press("esc")
    cleared(t, stick)
    t.wait("县里退回和待定的", "两边都改过", name)
    t.type("/儿童台账")
    t.wait("共1条")
    t.press("enter")
    t.wait("对照：原来、县里、本机")
    t.press("enter")
    text = t.wait("监护人电话", "原来：", "县里：", "本机：")
    part = text[text.index("监护人电话"):]
    ends = [part[part.index(w):].splitlines()[0][-4:]
            for w in ("原来：", "县里：", "本机：")]
    assert ends == [was[-4:], "0001", "0002"], text
    t.press("esc")
    t.wait("用县里的")
    t.type("2")
    t.wait("已用县里的")
    assert twin.one("SELECT guardian_phone FROM child") == "13905330001"
    twin.run("check", status=0)


def test_new_forms_from_the_county(county, town, stick, open_term):
    """下发资料: published on the county's screen, seen, taken and in use on the
    township's, with what comes back to do still there."""
    enrol(county, town)
    fill(town, 1)
    town.run("bundle", "create", "--to", stick, status=0)
    c = open_term(county)
    c.login()
    reports(c)
    c.choose("下发资料")
    c.wait("悦庄镇", "程序自带的")
    c.press("f2")
    c.wait("第1版要带给各乡镇的")     # as shipped: still an edition
    c.press("esc")
    c.wait("文号", "生效日期")
    c.press("esc")
    c.wait("F2 下发")
    for name in ("forms", "data"):
        shutil.copytree(os.path.join(lab.TOP, name), county.path(name))
    with open(county.path("forms", "school.form"), "a") as f:
        f.write("\n[bell]\ntype = text 1..20\nlabel = 铃声\n")
    home(c)
    c.type("0")
    c.close()
    c = open_term(county)
    c.login()
    reports(c)
    c.choose("下发资料")
    c.press("f2")
    c.wait("第1版要带给各乡镇的")
    c.press("esc")
    c.wait("文号")
    c.type("沂民〔2026〕9号")
    c.press("enter")
    c.type("加一项铃声")
    c.press("f2")
    c.wait("第1版已定", "现在是第1版", "随下一张县回执带去")
    home(c)
    take(c, stick, first=True)

    t = open_term(town)
    t.login()
    apply(t, stick)
    t.wait("县里下发了新资料", "看改了什么")
    t.press("enter")
    t.wait("第1版资料", "文号：沂民〔2026〕9号", "表单 学校：新增 铃声")
    t.press("esc")
    t.wait("换上")
    t.type("y")
    t.wait("资料已换上", "请再登录")
    t.press("enter")
    t.login()
    t.type("3")
    t.choose("学校")
    t.wait("学校", "按 N 新增")
    t.type("n")
    t.wait("先查有没有")
    t.press("f2")
    t.wait("校名", "宣讲与社工站")
    t.press("pgdn")
    t.wait("铃声")
    town.run("check", status=0)


def trouble(t):
    t.wait("0 退出")
    t.type("9")
    t.choose("密钥、换新电脑、优盘丢了")
    t.wait("优盘丢了怎么办")


def test_the_township_pc_died(county, town, tmp_path, stick, open_term):
    """换新电脑 from the screens: the database is gone, the county gives back
    what it holds, the township goes on and the next bundle is accepted."""
    enrol(county, town)
    fill(town, 3)
    town.run("bundle", "create", "--to", stick, status=0)
    county.run("bundle", "receive", stick, "--passphrase-stdin",
               stdin=lab.PASSWORD + "\n", status=0)
    want = town.sql("SELECT uid, rv, name FROM child ORDER BY uid")
    shutil.rmtree(town.home)
    for name in os.listdir(stick):
        os.unlink(os.path.join(stick, name))

    # the new PC: what to do is said; the key is imported; a stick is made
    town = lab.town(tmp_path)
    town.run("key", "import", county.card, "--fingerprint",
             lab.fingerprint(county), status=0)
    t = open_term(town)
    t.login()
    trouble(t)
    t.choose("电脑坏了怎么办")
    t.wait("没有备份", "取回记录")
    t.press("esc")
    home(t)
    send(t, town, stick)

    # the county: enrols the new key by telephone, gives the records back
    c = open_term(county)
    c.login()
    trouble(c)
    c.choose("乡镇换新电脑：还回记录")
    c.wait("哪个乡镇换了新电脑")
    c.type("yuezhuang")
    c.wait("悦庄镇", gone=("鲁村镇",))
    c.press("enter")
    c.wait("登记文件", "收件箱")
    c.type(stick)
    c.wait(">", stick[:30])
    c.press("enter")
    c.wait("登记乡镇的公钥", "核对码")
    c.type(lab.fingerprint(town))
    c.press("enter")
    c.wait("县级密钥的口令")
    c.type(lab.PASSWORD)
    c.press("enter")
    c.wait("已写入并读回核对", "tj1g-")
    home(c)

    # the township: its records again, and the next report is accepted
    trouble(t)
    t.choose("换新电脑：取回记录")
    t.wait("县里还回的记录在哪里")
    t.type(stick)
    t.wait(">", stick[:30])
    t.press("enter")
    t.wait("取回到这台电脑")
    t.press("enter")
    t.wait("已取回", "上报包")
    assert town.sql("SELECT uid, rv, name FROM child ORDER BY uid") == want
    home(t)
    send(t, town, stick)
    take(c, stick, first=False)
    assert county.one("SELECT count(*) FROM conflict") == 0
    apply(t, stick)
    home(t)
    t.wait("县里已收到")
    town.run("check", status=0)
    county.run("check", status=0)


def test_new_keys_on_both_sides(county, town, stick, open_term):
    """换密钥 from the screens; the former keys vouch, nobody telephones."""
    enrol(county, town)
    fill(town, 1)
    t = open_term(town)
    t.login()
    was = lab.fingerprint(town)
    trouble(t)
    t.choose("换密钥（每年一次）")
    t.wait("换上一对新的密钥")
    t.type("y")
    t.wait("已换新密钥", "作保")
    assert lab.fingerprint(town) != was
    home(t)
    send(t, town, stick)
    c = open_term(county)
    c.login()
    trouble(c)
    c.choose("换县级密钥（每年一次）")
    c.wait("口令")
    c.type("wrong-passphrase")
    c.press("enter")
    c.wait("口令", gone=("正在换密钥",))
    c.type(lab.PASSWORD)
    c.press("enter")
    c.wait("已换新密钥", "county.key")
    home(c)
    look(c, stick, first=True)
    c.wait("换了密钥", "按 F5 登记")
    c.press("f5")
    c.wait("新的公钥", "不用打电话核对")
    c.press("enter")
    c.wait("可以收", "新增 1 名")
    c.press("f2")
    c.wait("写到同一个")
    c.press("enter")
    c.wait("县回执已写好并读回核对")
    home(c)
    # the county's new key comes with its answer, and is taken at a word
    reports(t)
    t.choose("用县回执")
    t.wait("县回执在哪里", "收件箱")
    t.type(stick)
    t.wait(">", stick[:30])
    t.press("enter")
    t.wait("沂源县换了新的公钥", "不用打电话核对")
    t.press("enter")
    t.wait("用上这张县回执吗", "县里已收到")
    assert open(town.keys("county.key")).read() == \
        open(county.keys("county.key")).read()


def test_esc_stops_a_merge_without_a_question(county, town, stick, open_term):
    """Nobody else waits for an answer: the work goes on until the second Esc,
    and then nothing of it is left."""
    enrol(county, town)
    fill(town, 6000)    # a merge that is not over before it is seen
    town.run("bundle", "create", "--to", stick, status=0)
    c = open_term(county)
    c.login()
    look(c, stick, first=True)
    c.wait("可以收", "新增 6000 名", limit=60)
    c.press("f2")
    c.wait("写到同一个")
    c.press("enter")
    c.wait("并入第 1/1 个包", "Esc 停止")
    c.press("esc")
    c.wait("再按 Esc 停下")
    c.press("esc")
    c.wait("停下了：这个包没有并入")
    assert county.one("SELECT count(*) FROM child") == 0
    assert county.one("SELECT count(*) FROM bundle") == 0
    county.run("check", status=0)
    home(c)
