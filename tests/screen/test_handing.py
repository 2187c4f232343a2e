"""Names that go to others: by law with the recipient written down, or only
the children whose consent is valid today."""
import csv

import pytest

import lab
from ledger_help import ENV, TODAY, fill

SHARE, PHOTO = "提供给其他单位", "拍照录像"


def ready(town):
    v = town.village(0)[0]
    kids = {
        # name: birth date, consent (who, when, told the guardian, more)
        "幼同意": ("2016-05-04", "监护人", "2026-01-05", None, {}),
        "幼无": ("2016-06-04", None, None, None, {}),
        "幼拍照": ("2016-07-04", "监护人", "2026-01-05", None,
                 {"scope_of": PHOTO}),
        "幼撤回": ("2016-08-04", "监护人", "2026-01-05", None,
                 {"withdrawn_on": "2026-02-01"}),
        "幼到期": ("2016-09-04", "监护人", "2025-01-05", None,
                 {"ends_on": "2025-12-31"}),
        "幼别家": ("2016-10-04", "监护人", "2026-01-05", None,
                 {"recipient": "县红十字会"}),
        "满十四": ("2012-05-04", "监护人", "2026-01-05", None, {}),
        "大同意": ("2011-05-04", "本人", "2026-01-05", "2026-01-06", {}),
        "大未告": ("2011-06-04", "本人", "2026-01-05", None, {}),
    }
    fill(town, "child", [
        {"name": n, "id_number": lab.id_number(k[0], i + 1), "village": v,
         "category": "孤儿", "registered_on": "2024-09-01"}
        for i, (n, k) in enumerate(kids.items())])
    fill(town, "consent", [
        dict({"child": lab.id_number(k[0], i + 1), "scope_of": SHARE,
              "given_on": k[2], "given_by": k[1],
              "guardian_told_on": k[3] or ""}, **k[4])
        for i, (n, k) in enumerate(kids.items()) if k[1]])
    return list(kids)


def template(t, name):
    t.type("8")
    t.choose("模板、填县里的空表")
    t.wait("模板和空表", "新的模板")
    t.type("1")
    t.wait("给这张表起个名字")
    t.type(name)
    t.press("enter")
    t.wait("要哪些列")
    for what in ("序号", "name"):
        t.type(what)
        t.wait("筛选: " + what)
        t.press("space")
        t.settle(0.1)
        t.press("^u")
        t.wait("空着", gone=("筛选: " + what,))
    t.press("enter")
    t.wait("要哪一类孩子")
    t.type("1")
    t.wait("证件号码怎么写")
    t.type("1")
    t.wait("只要一个村的")
    t.press("enter")
    t.wait("这份名单给谁用")


def recipient(t, to, why):
    t.wait("给谁，做什么用")
    t.type(to)
    t.press("enter")
    t.type(why)
    t.press("enter")


def due_list(t):
    t.login()
    t.type("2")
    t.choose("到期清单（走访、评估、受理单）")
    t.wait("应走访名单")
    t.type("2")
    t.wait("应走访名单", "幼无")


def to_an_association(t):
    """Of nine children two may be on it; into 发件箱."""
    t.wait("这份名单给谁用")
    t.type("3")
    recipient(t, "某协会", "结对")
    t.wait("7 人", "还剩 2 人")
    t.press("enter")
    t.wait("放到哪里")
    t.type("1")
    t.wait("已存好")


def store(t, town, name):
    t.wait("在屏幕上看", "CSV")
    t.type("4")
    t.wait("放到哪里", "发件箱")
    t.type("1")
    t.wait("已存好")
    path = town.path("发件箱", "%s-%s.csv" % (name, TODAY))
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.reader(f))


def names(rows):
    at = rows.index(["序号", "姓名"])
    return [r for r in rows[at + 1:] if len(r) == 2 and r[1]]


def test_only_consented_children_go_to_others(town, open_term):
    ready(town)
    t = open_term(town, env=ENV)
    t.login()
    template(t, "助学名单")
    t.type("3")
    recipient(t, "沂源县助学协会", "助学")
    t.wait("没有列入", "7 人", "还剩 2 人")
    t.press("enter")
    rows = store(t, town, "助学名单")
    # renumbered: the gaps do not tell that somebody was left out
    assert names(rows) == [["1", "大同意"], ["2", "幼同意"]]
    assert any("给沂源县助学协会，用于助学" in r[0] for r in rows if r)
    note = town.one("SELECT vals FROM journal WHERE op='export'")
    for word in ("助学名单", "沂源县助学协会", "提供给其他单位", "7 人未列入"):
        assert word in note
    # the one whose consent names this recipient
    t.wait("模板和空表", "助学名单")
    t.type("3")
    t.wait("用这个模板做什么")
    t.press("enter")
    t.wait("这份名单给谁用")
    t.type("3")
    recipient(t, "县红十字会", "慰问")
    t.wait("6 人", "还剩 3 人")


def test_duty_never_waits_but_is_written_down(town, open_term):
    everybody = ready(town)
    t = open_term(town, env=ENV)
    t.login()
    template(t, "核对名单")
    t.type("2")
    t.wait("依法报送不等同意书")
    t.press("enter", "enter")
    t.wait("给谁，做什么用")        # neither may be empty
    recipient(t, "沂源县民政局", "低保核对")
    rows = store(t, town, "核对名单")
    assert sorted(r[1] for r in names(rows)) == sorted(everybody)
    note = town.one("SELECT vals FROM journal WHERE op='export'")
    assert "给沂源县民政局，用于低保核对，依据：履行法定职责" in note


def test_nobody_consented(town, open_term):
    ready(town)
    t = open_term(town, env=ENV)
    t.login()
    template(t, "慈善名单")
    t.type("4")
    recipient(t, "某基金会", "资助")
    t.wait("还剩 0 人")
    t.press("enter")
    t.wait("模板和空表", "慈善名单", gone=("在屏幕上看",))
    assert town.one("SELECT count(*) FROM journal WHERE op='export'") == 0


def test_a_list_as_a_table_asks_whom_it_is_for(town, open_term):
    ready(town)
    t = open_term(town, env=ENV)
    due_list(t)
    t.type("p")
    t.wait("在屏幕上看")
    t.type("4")
    to_an_association(t)
    path = town.path("发件箱", "入户走访名单-%s.csv" % TODAY)
    with open(path, encoding="utf-8-sig", newline="") as f:
        text = f.read()
    assert "幼同意" in text and "大同意" in text and "幼无" not in text
    # the subtitle does not tell how many were left out
    assert "共 2 条" in text and "共 9 条" not in text


@pytest.mark.parametrize("way, ending", [("3", "txt"), ("6", "html")])
def test_a_list_as_text_or_a_page_asks_too(town, open_term, way, ending):
    ready(town)
    t = open_term(town, env=ENV)
    due_list(t)
    t.type("p")
    t.wait("在屏幕上看")
    t.type(way)
    to_an_association(t)
    path = town.path("发件箱", "入户走访名单-%s.%s" % (TODAY, ending))
    with open(path, encoding="utf-8-sig") as f:
        text = f.read()
    assert "幼同意" in text and "幼无" not in text


def test_a_printed_list_asks_and_looking_does_not(town, open_term):
    ready(town)
    t = open_term(town, env=ENV)
    due_list(t)
    t.type("p")
    t.wait("在屏幕上看")
    t.type("1")
    t.wait("共 9 条", "幼无", gone=("这份名单给谁用",))
    t.press("esc")
    t.wait("应走访名单", gone=("共 9 条，",))
    t.type("p")
    t.wait("在屏幕上看")
    t.type("2")
    t.wait("这份名单给谁用")
    t.press("esc")
    t.wait("应走访名单", gone=("这份名单给谁用",))
    assert town.one("SELECT count(*) FROM journal WHERE op='print'") == 0


def test_a_report_by_command_says_whom_it_is_for(town):
    ready(town)
    env = {"env": {"TONGJI_TODAY": TODAY}}
    # the township's own use: no question, and a line in the journal
    r = town.run("report", "应走访名单", status=0, **env)
    assert "幼无" in r.out and "幼同意" in r.out
    assert "本镇工作用" in town.one(
        "SELECT vals FROM journal WHERE op='export' ORDER BY seq DESC")
    r = town.run("report", "应走访名单", "--for", "share", "--to", "某协会",
                 "--why", "结对", status=0, **env)
    assert "幼同意" in r.out and "大同意" in r.out and "幼无" not in r.out
    assert "共 2 条" in r.out and "含个人信息，给某协会，用于结对" in r.out
    assert "7 人" in r.err
    assert "7 人未列入" in town.one(
        "SELECT vals FROM journal WHERE op='export' ORDER BY seq DESC")
    r = town.run("report", "应走访名单", "--for", "duty", "--to", "县民政局",
                 "--why", "低保核对", status=0, **env)
    assert "幼无" in r.out and "依据：履行法定职责" in r.out
    r = town.run("report", "月报", "--names", "--for", "nobody", "--to", "某",
                 "--why", "看", status=2, **env)
    assert "--for 只能是" in r.err
    for more in (("--for", "share"), ("--to", "某协会"),
                 ("--for", "charity", "--to", "某协会")):
        r = town.run("report", "应走访名单", *more, status=2, **env)
        assert "三项都要写" in r.err and r.out == ""
    # rows that cannot be told apart do not go to others at all
    r = town.run("report", "排查汇总表", "--names", "--for", "share", "--to",
                 "某协会", "--why", "看", **env)
    assert r.rc != 0 and r.out == "" and "不能给外单位" in r.err
