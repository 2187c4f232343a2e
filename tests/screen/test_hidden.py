"""The restricted class on the screens of those who are not 专办人员: search,
drafts, history, the day's work, the conflict of two operators; and whoever
writes such a record is told who sees it."""
import pytest

import lab
from ledger_help import ENV, fill
from test_onestop import case_page, fill_fields, go, home, text, tick, \
    to_case_menu


@pytest.fixture
def village(town):
    code = town.village(0)[0]
    fill(town, "child", [
        {"name": n, "id_number": lab.id_number("2016-0%d-15" % (i + 1), i + 1),
         "village": code, "category": "留守", "registered_on": "2025-09-01"}
        for i, n in enumerate(("张晓明", "王芳"))])
    town.add_user("cunli", "director", "--village", code)
    town.add_user("lihong", "supervisor")
    return town


def one_case(town, **more):
    row = {"source": "村报", "accepted_at": "2026-11-20 09:00",
           "child": "张晓明", "needs": "人身安全"}
    row.update(more)
    fill(town, "case", [row])
    return town.one('SELECT uid FROM "case" ORDER BY rowid DESC LIMIT 1')


def search(t, word):
    """What F3 shows for a word."""
    t.press("f3")
    t.wait("查找")
    t.type(word)
    t.wait("筛选: " + word)
    t.settle(0.4)
    shown = t.text()
    t.press("esc", "esc")
    return shown


def take_in(t, note):
    """A restricted case, from the first screen, saved."""
    to_case_menu(t)
    t.choose("受理一件")
    fill_fields(t, [("未确认儿童", text(note)), ("需求", tick("rsaq")),
                    ("专办", text("1"))], "受理单  新增")


def type_secret_case(t, note="疁甲"):
    """A new case, 专办 yes, as far as the screen goes."""
    to_case_menu(t)
    t.choose("受理一件")
    t.wait("受理单  新增")
    for label, keys in (("专办", text("1")), ("未确认儿童", text(note))):
        go(t, label)
        keys(t)
        t.press("enter")
        t.press("pgup")
        t.settle(0.1)


def test_the_author_is_told_who_sees_it(village, open_term):
    """Without a 专办人员, with one, and as one."""
    t = open_term(village, env=ENV)
    t.login("lihong")
    take_in(t, "疁甲")
    t.wait("已归专办", "没有专办人员", "请管理员设一位")
    village.add_user("zb", "special", "--name", "周专办")
    home(t)
    take_in(t, "疁乙")
    shown = t.wait("已存好 SL2026-0002", "只有周专办能看，您以后看不到")
    assert "找不到" not in shown
    home(t)
    t.press("f9")
    t.wait("先打110")
    t.type("1")
    t.wait("强制报告", "报案时间")
    t.press("esc")
    t.wait("只有周专办能看")
    t.close()
    t = open_term(village, env=ENV)
    t.login("zb")
    take_in(t, "疁丙")
    t.wait("SL2026-0003", "只有专办人员能看", "期限")


@pytest.mark.parametrize("who", ("lihong", "cunli"))
def test_search_lists_history_and_the_days_work(village, open_term, who):
    village.add_user("zb", "special")
    one_case(village, confidential="是", child_note="", request="疁甲")
    uid = one_case(village, child="", child_note="疁乙", confidential="是")
    fill(village, "mandatory_report", [
        {"situation": "1", "found_at": "2026-11-20 14:05",
         "child_note": "疁丙", "receipt_no": "疁丁8812"}])
    fill(village, "evidence", [
        {"held_on": "2026-11-20", "kind": "document", "title": "疁戊",
         "related_case": uid}])
    fill(village, "visit", [
        {"child": "张晓明", "visit_date": "2026-11-20", "seen_child": "是",
         "findings": "疁己", "danger_signs": "1"}])
    t = open_term(village, env=ENV)
    t.login(who)
    for word in ("疁甲", "疁乙", "疁丙", "疁丁", "疁戊", "8812", "SL2026"):
        shown = search(t, word).replace("筛选: " + word, "")
        assert "疁" not in shown and "SL2026" not in shown, shown
    home(t)
    for menu, entry, kind in (("5", "受理单", "受理单"),
                              ("5", "强制报告", "强制报告")):
        t.type(menu)
        t.choose(entry)
        t.wait("还没有")
        home(t)
    # the child's page: the case and the visit are not even counted there
    t.press("f3")
    t.wait("查找")
    t.type("zxm")
    t.wait("张晓明")
    t.press("enter")
    shown = t.wait("儿童台账  张晓明", "走访记录")
    assert "疁" not in shown and "SL2026" not in shown
    t.type("h")
    t.settle(0.4)
    assert "疁" not in t.text()
    home(t)
    t.press("f8")
    t.wait("今日工作")
    assert "疁" not in t.text()


def test_a_draft_is_found_by_its_author_only(village, open_term):
    village.add_user("zb", "special")
    t = open_term(village, env=ENV)
    t.login("zb")
    type_secret_case(t)
    assert village.one("SELECT count(*) FROM draft") == 1
    assert village.sql("SELECT key FROM lookup WHERE key LIKE '疁%'") == []
    b = open_term(village, env=ENV)
    b.login("lihong")
    shown = search(b, "疁甲").replace("筛选: 疁甲", "")
    assert "疁" not in shown and "草稿" not in shown, shown
    b.close()
    t.close()
    # the line dropped: nothing of it is lost to her
    t = open_term(village, env=ENV)
    t.wait("用户名", "密码")
    t.type("zb")
    t.press("enter")
    t.type(lab.PASSWORD)
    t.press("enter")
    t.wait("受理单")
    assert "草稿" in t.text() or "没存" in t.text(), t.text()


def test_an_open_form_does_not_show_what_became_restricted(village,
                                                           open_term):
    """The supervisor has the case open; 专办 takes it over and writes in it;
    her save is refused, shows nothing of it and changes nothing."""
    village.add_user("zb", "special")
    one_case(village)
    a, b = open_term(village, env=ENV), open_term(village, env=ENV)
    a.login("lihong")
    b.login("zb")
    case_page(a)
    a.type("e")
    a.wait("受理单  修改")
    go(a, "诉求")
    a.type("我听说的")
    case_page(b)
    b.type("e")
    fill_fields(b, [("诉求", text("疁甲")), ("专办", text("1"))])
    a.press("f2")
    shown = a.wait("已归专办，只有专办人员能看能改")
    assert "疁" not in shown
    assert village.sql('SELECT request, confidential FROM "case"') == [
        ("疁甲", "yes")]
