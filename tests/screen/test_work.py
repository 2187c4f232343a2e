"""Sign-in, look-up, lists, two people at one record, people's limits."""
import glob
import os
import re

import pytest

import lab


def rows_of(town, n=6):
    codes = [town.village(i)[0] for i in range(3)]
    rows = lab.children(n, codes)
    for r in rows:
        r["guardian_relation"] = "祖父"
    return rows


@pytest.fixture
def roster(town):
    rows = rows_of(town)
    names = ("张小明", "欧阳娜娜", "单雄信", "买买提·艾力", "李𠅤", "张三丰")
    for r, name in zip(rows, names):
        r["name"] = name
    r = town.import_csv("child", lab.csv_text(rows))
    assert lab.counts(r) == (6, 0, 0, 0), repr(r)
    return town


def test_look_up(roster, open_term):
    t = open_term(roster)
    t.login()
    t.type("/")
    t.wait("查找", "筛选:")
    for typed, name in (("oynn", "欧阳娜娜"), ("sxx", "单雄信"),
                        ("dxx", "单雄信"), ("ouyang", "欧阳娜娜"),
                        ("李", "李𠅤"), ("13805330003", "买买提·艾力")):
        t.press("^u")
        t.type(typed)
        shown = t.wait(name, "筛选: " + typed)
        assert "儿童台账" in shown
    t.press("enter")
    t.wait("儿童台账  买买提·艾力", "走访记录", "父母及监护人", "委托照护协议",
           "监护评估", "受理单")


def test_lists_say_whose_record_it_is(roster, open_term):
    """All visits in one list: of which child?  All cases: how far?  And the
    last column of the roster, the risk, has room at 80 columns."""
    roster.import_csv("visit", "child,visit_date,method,seen_child\n"
                      "欧阳娜娜,2026-11-01,入户,是\n", 0)
    roster.import_csv("case", "source,accepted_at,child,needs\n"
                      "来访,2026-11-02 09:00,张小明,低保\n", 0)
    t = open_term(roster)
    t.login()
    t.type("1")
    assert "风险等级" in t.wait("共6条")
    t.press("esc")
    t.type("24")
    shown = t.wait("走访记录", "共1条")
    assert re.search("欧阳娜娜 +2026-11-01 +入户 +是", shown), shown
    t.press("esc", "esc")
    t.type("52")
    shown = t.wait("受理单", "共1条")
    assert re.search("SL2026-0001 +张小明 +受理 +低保", shown), shown


def test_list_filter_sort_delete(roster, open_term):
    t = open_term(roster)
    t.login()
    t.type("1")
    t.wait("共6条")
    t.type("f")
    t.type("zxm")
    t.wait("共1条", "张小明")
    t.press("esc")
    t.wait("共6条")
    t.type("s")
    t.wait("姓名+")
    t.type("s")
    t.wait("姓名-")
    t.type("s")
    t.wait("性别+")


def test_marks_and_batch(roster, open_term):
    t = open_term(roster)
    t.login()
    t.type("1")
    t.wait("共6条")
    t.type("  ")
    t.wait("已标记 2 条")
    t.type("b")
    t.wait("批量填哪一项")
    t.type("hjzt")
    t.wait("户籍状态", gone=("儿童类别",))
    t.press("enter")
    t.settle()
    t.type("1")
    t.wait("给 2 条儿童台账的“户籍状态”都填")
    t.press("enter")                    # no is the default
    t.wait("共6条", gone=("都填",))
    assert roster.one("SELECT count(hukou_state) FROM child") == 0
    t.type("b")
    t.wait("批量填哪一项")
    t.type("hjzt")
    t.wait("户籍状态", gone=("儿童类别",))
    t.press("enter")
    t.settle()
    t.type("1")
    t.wait("给 2 条儿童台账的“户籍状态”都填")
    t.type("y")
    t.wait("已改 2 条")
    assert roster.one("SELECT count(hukou_state) FROM child") == 2
    # one that a check refuses stays as it was
    t.type("ab")
    t.wait("批量填哪一项")
    t.type("登记日期")
    t.wait("登记日期", gone=("儿童类别",))
    t.press("enter")
    t.wait("批量填写", "登记日期")
    t.type("20990101\r")
    t.wait("都填")
    t.type("y")
    t.wait("已改 0 条", "晚于今天")
    t.press("esc")
    t.type("g")
    t.wait("第几条")
    t.type("6\r")
    t.wait("共6条", gone=("第几条",))
    roster.run("check", status=0)


def test_walk_along_the_list(roster, open_term):
    t = open_term(roster)
    t.login()
    t.type("1")
    t.wait("共6条")
    t.press("enter")
    t.wait("查看、修改")
    seen = [t.row(0).split()[1]]
    for _ in range(5):
        t.press("pgdn")
        t.wait("查看、修改", gone=("儿童台账  " + seen[-1] + " ",))
        t.settle(0.1)
        seen.append(t.row(0).split()[1])
    assert len(set(seen)) == 6, seen
    t.press("pgdn")
    t.wait("已是最后一条")
    t.press("pgup")
    t.wait("儿童台账  " + seen[4])
    t.press("esc")
    t.wait("共6条")
    assert seen[4] in "".join(t.reversed(y) for y in range(1, 20))


def test_delete_wants_a_reason(roster, open_term):
    r = roster.import_csv("school", "name,kind\n悦庄小学,小学\n悦庄中学,初中\n")
    assert lab.counts(r)[0] == 2, repr(r)
    t = open_term(roster)
    t.login()
    t.type("3")
    t.choose("学校")
    t.wait("学校", "共2条")
    t.type("d")
    t.wait("删除", "原因")
    t.press("enter")                    # without a reason
    t.wait("请填写“原因”")
    t.type("重复登记\r")
    t.wait("已删除", "共1条")
    assert roster.one("SELECT count(*) FROM school WHERE deleted") == 1
    assert roster.one("SELECT count(*) FROM school WHERE NOT deleted") == 1
    roster.run("check", status=0)


def test_sign_in(roster, open_term):
    t = open_term(roster)
    t.login()
    t.type("3")
    t.choose("活动")
    t.wait("活动", "按 N 新增")
    t.type("n")
    t.wait("活动  新增", "类型")
    t.press("enter", "enter", "f4")     # the village
    t.wait("筛选:", "东悦庄村")
    t.press("enter")
    t.wait("新增", "东悦庄村", gone=("筛选:",))
    t.press("enter", "enter", "enter")
    t.type("周六读书")
    t.press("f2")
    t.wait("已存好", "周六读书")
    t.press("enter")
    t.wait("活动签到：逐个点名")
    t.choose("活动签到：逐个点名")
    t.wait("到场 0 / 2 人", "张小明")     # of this village
    t.press("tab")
    shown = t.wait("到场 0 / 6 人", "欧阳娜娜")
    for word in ("留守", "困境", "家庭贫困", "流动"):
        assert word not in shown        # never a category
    t.type("oynn ")
    t.wait("[x] 欧阳娜娜", "到场 1 / 6 人")
    t.type("zs ")
    t.wait("[x] 张三丰", "到场 2 / 6 人")
    t.type("oynn ")
    t.wait("[ ] 欧阳娜娜", "到场 1 / 6 人")
    t.type("oynn　")                    # full-width space
    t.wait("[x] 欧阳娜娜", "到场 2 / 6 人")
    t.press("f5")               # not of the register: one writes the name
    t.wait("活动签到  新增", "姓名")
    t.type("刘奶奶")
    t.press("f2")
    t.wait("已存好", "到场 2 / 6 人")
    assert roster.one("SELECT count(*) FROM attendance WHERE"
                      " person_name='刘奶奶' AND child IS NULL") == 1
    t.press("esc")
    t.wait("到场 2 人", "活动签到")
    got = roster.sql("SELECT c.name FROM attendance a JOIN child c ON"
                     " c.uid=a.child WHERE a.present='yes'"
                     " ORDER BY c.name")
    assert sorted(x[0] for x in got) == ["张三丰", "欧阳娜娜"]
    assert roster.one("SELECT count(*) FROM attendance") == 3
    roster.run("check", status=0)


def test_what_has_a_day_lists_the_latest_first(town, open_term):
    days = ("2026-07-01", "2026-11-20", "2026-09-03")
    town.import_csv("publicity", "日期,种类,名称\n" + "".join(
        "%s,政策宣讲,宣讲%s\n" % (d, d) for d in days), status=0)
    t = open_term(town)
    t.login()
    t.type("3")
    t.choose("政策宣传")
    shown = t.wait("共3条", *("宣讲" + d for d in days))
    assert re.findall("宣讲(20[-0-9]+)", shown) == sorted(days, reverse=True)


def open_child(t, name):
    t.type("/")
    t.wait("筛选:")
    t.type(name)
    t.wait("筛选: " + name)
    t.press("enter")
    t.wait("儿童台账  " + name)


def test_visit_of_a_child_and_same_as_last(roster, open_term):
    t = open_term(roster)
    t.login()
    open_child(t, "张小明")
    t.choose("走访记录")
    t.wait("走访记录  新增  张小明", "方式")
    t.press("enter")
    t.type("2")
    t.press("enter")
    t.wait("电话")
    t.press("f2")
    t.wait("已存好")
    open_child(t, "欧阳娜娜")
    t.choose("走访记录")
    t.wait("走访记录  新增  欧阳娜娜")
    t.press("f5")
    t.wait("同上次：", "方式")
    row = t.row(t.find("方式"))
    assert "电话" in row
    assert roster.one("SELECT count(*) FROM visit") == 1


def test_two_people_at_one_record(roster, open_term):
    roster.add_user("lisi", "supervisor")
    a, b = open_term(roster), open_term(roster)
    a.login()
    b.login("lisi")
    for t in (a, b):
        open_child(t, "张小明")
        t.type("e")
        t.wait("修改  张小明")

    def set_group(t, word):
        t.go_to("村民小组")
        t.type(word)
        t.wait(word)

    set_group(a, "一组")
    a.press("f2")
    a.wait("已存好")
    set_group(b, "二组")
    b.press("f2")
    b.wait("两边都改过", "村民小组", "一组", "二组", "（空）")
    b.type("m")
    b.wait("已存好")
    assert roster.one("SELECT group_name FROM child WHERE name='张小明'") == \
        "二组"
    roster.run("check", status=0)


def test_other_fields_are_merged(roster, open_term):
    roster.add_user("lisi", "supervisor")
    a, b = open_term(roster), open_term(roster)
    a.login()
    b.login("lisi")
    for t in (a, b):
        open_child(t, "张小明")
        t.type("e")
        t.wait("修改  张小明")
    a.go_to("村民小组")
    a.type("一组")
    a.press("f2")
    a.wait("已存好")
    b.go_to("户籍状态")
    b.type("1")
    b.press("f2")
    b.wait("并进来了", "wangfang")
    got = roster.sql("SELECT group_name, hukou_state IS NOT NULL FROM child"
                     " WHERE name='张小明'")[0]
    assert tuple(got) == ("一组", 1)


def test_director_sees_her_villages_only(roster, open_term):
    code, village = roster.village(0)
    roster.add_user("zhao", "director", "--village", code)
    t = open_term(roster)
    t.login("zhao")
    assert "儿童主任" in t.row(0)
    t.type("1")
    t.wait("共2条")
    t.press("esc")
    t.type("9")
    shown = t.wait("改自己的密码")
    assert "用户" not in shown.replace("用户名", "")


def test_reader_cannot_change(roster, open_term):
    roster.add_user("kan", "reader")
    t = open_term(roster)
    t.login("kan")
    t.type("1")
    t.wait("共6条")
    t.type("n")
    t.wait("先查有没有")
    t.press("f2")
    t.wait("不能新增")
    t.press("enter")
    t.wait("儿童台账  ")
    t.type("e")
    t.wait("查看")
    t.type("x")
    t.wait("只能查看")


def test_history(roster, open_term):
    t = open_term(roster)
    t.login()
    open_child(t, "张小明")
    t.type("h")
    t.wait("修改记录", "张小明")
    t.press("esc", "esc")
    t.press("f8")
    t.wait("今日工作")


def test_days_log_is_written_on_kept_and_printed(roster, open_term):
    """F8: made from the day's records, in words; what is written into it
    stays, what is done later is added, and it goes to paper."""
    child = roster.one("SELECT uid FROM child WHERE name='张小明'")
    r = roster.import_csv("visit", lab.csv_text(
        [{"child": child, "visit_date": "2026-11-20", "method": "入户",
          "seen_child": "是", "visitor_name": "王芳", "findings": "在家"}]),
        None, None, env={"TONGJI_TODAY": "2026-11-22"})
    assert lab.counts(r)[0] == 1, repr(r)
    roster.sql("UPDATE journal SET by='wangfang' WHERE form='visit'")
    today = {"TONGJI_TODAY": "2026-11-22"}
    t = open_term(roster, env=today)
    t.login()
    t.press("f8")
    shown = t.wait("今日工作", "走访记录", "F7 打印")
    uid = roster.one("SELECT uid FROM visit")
    assert uid not in shown and "张小明 2026-11-20" in shown
    # nothing is kept by looking
    t.press("esc")
    t.wait("0 退出")
    assert roster.one("SELECT count(*) FROM work_log") == 0
    t.press("f8")
    t.wait("走访记录")
    t.type("下午到县里开会")
    t.press("enter", "f2")
    t.wait("已存好", "下午到县里开会")
    t.press("f12")              # the person changes; it is there again
    t.login()
    t.press("f8")
    t.wait("下午到县里开会")
    t.press("f7")
    t.wait("存成文本")
    t.type("3")
    t.wait("放到哪里", "发件箱")
    t.press("end", "pgdn", "enter")
    t.wait("已存好")
    path, = glob.glob(roster.path("发件箱", "工作日志-*.txt"))
    text = open(path, encoding="utf-8-sig").read()
    assert "下午到县里开会" in text and "不得外传" in text
    assert roster.one("SELECT count(*) FROM work_log WHERE day='2026-11-22'"
                      " AND author='wangfang'") == 1


def test_a_long_text_on_the_whole_screen(roster, open_term):
    """F4 in a note: many lines to see at once, counted, and saved with the
    rest; the line may go meanwhile."""
    t = open_term(roster)
    t.login()
    open_child(t, "张小明")
    t.choose("走访记录")
    t.wait("走访记录  新增", "走访情况")
    for _ in range(40):
        y = t.find("走访情况")
        if y >= 0 and "走访情况" in t.reversed(y):
            break
        t.press("enter")
        t.settle(0.05)
    t.press("f4")
    t.wait("走访情况", "/ 500 字", "F2 写好了")
    for i in range(9):
        t.type("第%d行：孩子在家写作业" % i)
        t.press("enter")
    shown = t.wait("第8行：")
    assert all("第%d行" % i in shown for i in range(9))
    t.press("up", "up", "end")
    t.type("。")
    t.wait("第7行：孩子在家写作业。", "109 / 500 字")
    t.press("f2")
    t.wait("走访记录  新增", gone=("写好了",))
    # the line goes with the whole screen open again
    t.press("f4")
    t.wait("写好了")
    t.type("又记")
    t.settle(0.3)
    t.hang_up()
    t.reap(0)
    kept = " ".join(d for d, in roster.sql("SELECT data FROM draft"))
    assert "第7行：孩子在家写作业。又记" in kept


HOSTILE = "张\x1b[2J\x1b[31m\u202e三\u200b\x07\x9b5A"


def test_hostile_text_in_data(roster, open_term):
    """Whoever writes to the file with other programs can put anything into
    it; on the screen it stays text."""
    roster.sql("UPDATE child SET name=?, guardian_name=?"
               " WHERE name='张小明'", HOSTILE, "\x1b]0;t\x07\x1b[?25l")
    roster.sql("UPDATE meta SET value=? WHERE name='site_name'",
               "悦庄镇\x1b[2J")
    t = open_term(roster)
    t.login()
    assert "童记  悦庄镇〓" in t.row(0)
    t.type("1")
    t.wait("共6条")
    t.settle()
    shown = t.text()
    assert "〓[2J〓[31m" in shown or "张〓" in shown
    assert "\u202e" not in shown and "\x1b" not in shown
    assert t.row(0).startswith(" 儿童台账")
    assert not t.screen.cursor.hidden
    assert t.screen.title == ""
    t.press("enter")
    t.wait("查看、修改")
    t.settle()
    assert t.row(0).startswith(" 儿童台账")


def test_rare_characters(roster, open_term):
    utf8 = open_term(roster)
    utf8.login()
    utf8.type("1")
    utf8.wait("李𠅤")
    gbk = open_term(roster, encoding="gbk")
    gbk.login()
    gbk.type("1")
    gbk.wait("李〓")
    four = open_term(roster, encoding="gb18030")    # answers the probe
    four.login()
    four.type("1")
    four.wait("李𠅤")
    four.type("n")
    four.wait("先查有没有")
    for b in "㐀𠮷".encode("gb18030"):
        four.send(bytes([b]))
        four.settle(0.02)
    four.wait("筛选: 㐀𠮷")
    silent = open_term(roster, encoding="gb18030", answers=False)
    silent.login()
    silent.type("1")
    silent.wait("李〓")


def test_users_screen(town, open_term):
    t = open_term(town)
    t.login()
    t.type("9")
    t.choose("用户")
    t.wait("用户", "wangfang", "管的村")
    t.type("n")
    t.wait("新增用户")
    t.type("赵主任\rzhao\r")
    t.wait("身份", "儿童主任")
    t.type("3")
    t.wait("管哪些村")
    t.press("space", "enter")
    t.wait("给“zhao”设密码")
    t.type("Shan-Shui-27\rShan-Shui-27\r")
    t.wait("已新增“zhao”", "赵主任", "儿童主任")
    t.press("esc")
    t.press("f12")
    t.login("zhao")


def test_own_password(town, open_term):
    t = open_term(town)
    t.login()
    t.type("9")
    t.choose("改自己的密码")
    t.wait("现在的密码")
    t.type("not-my-password\r")
    t.wait("不对")
    t.type(lab.PASSWORD + "\r")
    t.wait("再输一次")
    t.type("Xin-Mi-Ma-26\rXin-Mi-Ma-26\r")
    t.wait("密码已改")
    t.press("f12")
    t.login(password="Xin-Mi-Ma-26")


def test_hangup_is_noticed_where_it_is_ignored(town, open_term):
    """nohup and some shells ignore SIGHUP; a dead line must not spin."""
    t = open_term(town, argv=["/bin/sh", "-c",
                              "trap '' HUP; exec " + lab.BIN])
    t.login()
    t.settle()
    t.hang_up()
    t.reap(0)
    assert t.status == 0


def test_terminal_restored(town, open_term):
    """Leaving gives the terminal back: paste mode off, main screen."""
    t = open_term(town)
    t.login()
    t.type("0")
    t.settle()
    assert t.wait_end() == 0


def test_crash_gives_the_terminal_back(town, open_term):
    import signal
    t = open_term(town)
    t.login()
    t.settle()
    t.kill(signal.SIGSEGV)
    t.wait_end()
    assert t.status == -signal.SIGSEGV
    assert b"\033[?1049l" in t.raw and b"\033[?2004l" in t.raw


def test_suspend_is_ignored(town, open_term):
    import signal
    t = open_term(town)
    t.login()
    t.send(b"\032")
    t.kill(signal.SIGTSTP)
    t.type("1")
    t.wait("儿童台账", "按 N 新增")


def test_bundle_from_the_menu(roster, open_term):
    t = open_term(roster)
    t.login()
    t.type("7")
    t.choose("做上报包")
    t.wait("县里打不开", "先导入县里的公钥")
    t.type("2")
    t.wait("发件箱")
    t.press("end", "pgdn", "enter")
    shown = t.wait("第1包：新增 6 名，变更 0 项", "已读回核对")
    assert "县里打不开" in shown
    box = roster.path("发件箱")
    files = sorted(f for f in os.listdir(box) if f.startswith("tj1-"))
    assert len(files) == 2 and re.match(r"tj1-.*\.age$", files[0])
    roster.run("bundle", "verify", os.path.join(box, files[0]), status=0)
