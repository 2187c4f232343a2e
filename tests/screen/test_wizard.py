"""From an empty folder to the first login."""
import re

import lab


def test_first_run(tmp_path, open_term):
    site = lab.Site(tmp_path / "new")
    t = open_term(site)
    t.wait("第一步", "山东省")
    t.type("sd")
    t.wait("筛选: sd", gone=("河北省",))
    t.press("enter")
    t.wait("第二步：山东省的哪个县")       # a wrong province is seen here
    t.type("nosuch")
    t.wait("这里没有", "Esc")
    t.press("^u")
    t.type("yiyuan")
    t.wait("沂源县", gone=("历下区",))
    t.press("enter")
    t.wait("第三步：沂源县的哪个乡镇", "鲁村镇")
    t.press("esc")                      # one step back
    t.wait("第二步")
    t.type("沂源")
    t.wait("筛选: 沂源")
    t.press("enter")
    t.wait("第三步")
    t.type("370323104")
    t.wait("悦庄镇", gone=("鲁村镇",))
    t.press("enter")
    t.wait("给“悦庄镇”（370323104）新建台账？", "各考核方案都用",
           "四川省实施方案（征求意见稿）")
    t.type("2")
    t.wait("第一位管理员", "再输一次")
    t.type("王芳\r王芳\rabc\rabc\r")
    t.wait("密码", "第一位管理员")      # too short: refused, stays
    assert "abc" not in t.text()
    assert "第二位" not in t.text()
    t.type("Shan-Shui-27\rShan-Shui-28\r")
    t.wait("不一样")
    t.type("Shan-Shui-27\rShan-Shui-27\r")
    t.wait("第二位管理员")
    t.type("李四\rlisi\rHe-Shan-2026\rHe-Shan-2026\r")
    shown = t.wait("恢复码", "只显示这一次")
    code = re.search(r"([0-9A-Z]{5}-){4}[0-9A-Z]{5}", shown).group(0)
    t.press("enter")                    # not copied yet: it stays
    t.wait(code)
    t.press("esc")
    t.wait(code)
    t.type("y")
    t.wait("用户名", "密码", gone=(code,))
    t.login("王芳", "Shan-Shui-27")
    assert "悦庄镇" in t.row(0)
    assert site.one("SELECT count(*) FROM village") > 20
    # the first one sees what is restricted, the other does not
    assert site.sql("SELECT login, roles & 8 FROM user ORDER BY 1") == [
        ("lisi", 0), ("王芳", 8)]
    # judged by the plan that was chosen
    assert site.one("SELECT value FROM meta WHERE name = 'schemes'") == (
        ";yiyuan;")
    # the code resets a password
    t.press("f12")
    t.wait("用户名")
    t.press("f9")
    t.wait("用恢复码重设密码")
    t.type(code + "\rlisi\rXin-Mi-Ma-26\rXin-Mi-Ma-26\r")
    t.wait("密码已重设")
    t.login("lisi", "Xin-Mi-Ma-26")


def test_leaving_the_wizard_leaves_nothing(tmp_path, open_term):
    site = lab.Site(tmp_path / "new")
    t = open_term(site)
    t.wait("第一步")
    t.press("f1")
    shown = t.wait("帮助", "到处都能用")
    assert "强制报告" not in shown and "今日工作" not in shown
    t.press("esc")
    t.wait("第一步")
    t.press("esc")
    assert t.wait_end() == 0
    assert "没有新建台账" in t.text()
    assert site.run("check").rc == 3


def test_no_and_leaving_are_answered(tmp_path, open_term):
    site = lab.Site(tmp_path / "new")
    t = open_term(site)
    t.wait("第一步")
    t.type("sd")
    t.wait("筛选: sd", gone=("河北省",))
    t.press("enter")
    t.wait("第二步")
    t.type("370323")
    t.wait("沂源县", gone=("历下区",))
    t.press("enter")
    t.wait("第三步")
    t.type("370323104")
    t.wait("悦庄镇", gone=("鲁村镇",))
    t.press("enter")
    t.wait("给“悦庄镇”")
    t.type("n")
    t.wait("第一步", "还没有新建，请重新选")
    t.type("sd")
    t.wait("筛选: sd", gone=("河北省",))
    t.press("enter")
    t.wait("第二步")
    t.type("370323")
    t.wait("沂源县", gone=("历下区",))
    t.press("enter")
    t.wait("第三步")
    t.type("370323104")
    t.wait("悦庄镇", gone=("鲁村镇",))
    t.press("enter")
    t.wait("给“悦庄镇”")
    t.press("enter")
    t.wait("第一位管理员", "专办人员")
    t.press("esc")
    assert t.wait_end() == 0
    assert "还没有设管理员" in t.text()


def test_county(tmp_path, open_term):
    site = lab.Site(tmp_path / "new")
    t = open_term(site)
    t.wait("第一步")
    t.type("37")
    t.wait("山东省", gone=("河北省",))
    t.press("enter")
    t.wait("第二步")
    t.type("370323")
    t.wait("沂源县", gone=("历下区",))
    t.press("enter")
    t.wait("第三步")
    t.press("end", "up")
    t.press("pgdn", "pgdn")
    t.wait("本机给县里用")
    t.press("enter")
    t.wait("给“沂源县”（370323）新建台账？")
    t.press("enter")
    t.wait("第一位管理员")
    assert site.one("SELECT value FROM meta WHERE name='level'") == "county"


def test_a_pc_in_place_of_a_dead_one(tmp_path, open_term):
    """The wizard asks; the steps stand there at each login until the records
    are back or somebody says no."""
    site = lab.Site(tmp_path / "new")
    t = open_term(site)
    t.wait("第一步")
    for what, step in (("sd", "第二步"), ("370323", "第三步"),
                       (lab.TOWN, "这台电脑是换来的")):
        t.type(what)
        t.wait("筛选: " + what)
        t.press("enter")
        t.wait(step)
    t.type("h")
    t.wait("第一位管理员")
    for text in ("王芳", "wangfang", lab.PASSWORD, lab.PASSWORD):
        t.type(text)
        t.press("enter")
    t.wait("第二位管理员")
    t.press("esc")
    t.wait("恢复码：")
    t.type("y")
    for login in (1, 2):
        t.wait("用户名", "密码")
        t.type("wangfang")
        t.press("enter")
        t.type(lab.PASSWORD)
        t.press("enter")
        t.wait("换新电脑：记录还没有取回", "第一步：导入县里的公钥",
               "第三步：县里还回后，取回记录")
        if login == 2:
            t.choose("不再提这件事")
            t.wait("仍可以取回记录")
            t.type("y")
            t.wait("以后登录不再提")
        t.press("esc")
        t.wait("待办", "0 退出", gone=("第一步",))
        t.type("0")
        if login == 2:
            break
        t.wait_end()
        t = open_term(site)
    t.wait_end()
    t = open_term(site)
    t.login()
