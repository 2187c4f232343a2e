"""The pages that leave the house: each as text on the screen, with what must
be on it and what must not."""
import pytest

import lab
from ledger_help import fill
from test_onestop import add_case, home, on, to_case_menu

DAY = on("2026-11-27")


@pytest.fixture
def village(town):
    code = town.village(0)[0]
    fill(town, "child", [
        {"name": "张晓明", "id_number": lab.id_number("2016-01-15", 1),
         "village": code, "category": "留守", "risk": "高",
         "registered_on": "2025-09-01"}])
    return town


def opened(t, kind, words):
    to_case_menu(t)
    t.choose(kind)
    t.wait(*words)
    t.press("enter")


def page(t, act, *words, keep=()):
    """The whole page as text, scrolled through."""
    t.choose(act)
    for ask in keep:
        t.wait(ask)
        t.press("enter")
    t.wait("在屏幕上看")
    t.type("1")
    shown = t.wait(*words[:1])
    for _ in range(3):
        t.press("pgdn")
        t.settle(0.2)
        shown += t.text()
    for w in words:
        assert w in shown, (w, shown)
    t.press("esc")
    return shown


def test_written_report_has_no_reporter_and_no_suspect(village, open_term):
    """Also printed by one who sees both; its day is written down."""
    village.add_user("zb", "special")
    fill(village, "mandatory_report", [
        {"situation": "4", "found_at": "2026-11-20 14:05",
         "called_at": "2026-11-20 14:12", "child": "张晓明",
         "police_station": "悦庄派出所", "description": "胳膊多处淤青",
         "reporter_name": "疁报告", "reporter_unit": "疁单位",
         "suspect": "疁涉嫌"}])
    t = open_term(village, env=DAY)
    t.login("zb")
    t.wait("强制报告待补")
    opened(t, "强制报告", ("多处损伤",))
    t.wait("强制报告  2026-11-20 14:05")
    shown = page(t, "书面报告", "侵害未成年人案件强制报告", "发现时间",
                 "2026-11-20 14:12", "7 分钟", "悦庄派出所", "胳膊多处淤青",
                 "报告单位（盖章）", keep=("记下今天出了书面报告",))
    assert "疁" not in shown and "留守" not in shown
    assert village.one("SELECT written_on FROM mandatory_report") == \
        "2026-11-27"


def test_refusal_is_told_in_writing(village, open_term):
    uid = add_case(village, needs="基本生活", applied_for="孤儿",
                   verified_on="2026-11-10", sent_county_on="2026-11-10",
                   county_decided_on="2026-11-20", county_decision="不予确认",
                   refusal_reason="父亲有抚养能力")
    assert uid
    add_case(village, child="", child_note="另一个")
    t = open_term(village, env=DAY)
    t.login()
    opened(t, "受理单", ("SL2026-0001",))
    t.wait("受理单  SL2026-000", "期限")
    if "SL2026-0001" not in t.row(0):
        assert "不予确认告知书" not in t.text()
        t.press("pgdn")
        t.wait("受理单  SL2026-0001")
        t.press("^r")           # pyte does not scroll regions well
    t.wait("受理单  SL2026-0001", "县里不予确认", "不予确认告知书")
    shown = page(t, "不予确认告知书", "不予确认告知书", "SL2026-0001",
                 "孤儿基本生活费", "父亲有抚养能力", "行政复议",
                 "告知单位（盖章）", "签收")
    assert "留守" not in shown


def test_receipt_and_referral_are_stamped(village, open_term):
    uid = add_case(village)
    fill(village, "referral", [{"case": uid, "department": "教体局",
                                "sent_on": "2026-11-19"}])
    t = open_term(village, env=DAY)
    t.login()
    opened(t, "受理单", ("SL2026-0001",))
    t.wait("受理单  SL2026-0001", "期限")
    shown = page(t, "受理回执", "受理回执", "SL2026-0001", "2026-11-16",
                 "查问电话", "接下来", "受理单位（盖章）")
    assert "留守" not in shown and "高风险" not in shown
    home(t)
    opened(t, "转办单", ("ZB2026-0001",))
    t.wait("转办单  ZB2026-0001")
    shown = page(t, "转办单", "转办单", "教体局", "应回复日期", "2026-11-26",
                 "转出单位（盖章）", "回复联")
    assert "留守" not in shown and "高风险" not in shown
