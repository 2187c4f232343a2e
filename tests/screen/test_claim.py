"""A claim that is confirmed in steps, on the case's page, the board and the
first screen, in the encodings and on the terminals of old PCs."""
import pytest

import lab
from ledger_help import fill
from test_onestop import add_case, box, home, on, to_case_menu


@pytest.fixture
def claim(town):
    code = town.village(0)[0]
    fill(town, "child", [
        {"name": "张晓明", "id_number": lab.id_number("2016-01-15", 1),
         "village": code, "category": "孤儿", "registered_on": "2025-09-01"}])
    add_case(town, needs="基本生活", applied_for="孤儿", cross_province="是",
             entered_on="2026-11-04")
    return town


@pytest.mark.parametrize("encoding, term", (
    ("utf-8", "xterm-256color"), ("gb18030", "vt100"), ("gbk", "putty")))
def test_the_step_that_is_due_comes_first(claim, open_term, encoding, term):
    """Entered on 11-04: the town verifies until 11-25.  On 11-26 it is late."""
    t = open_term(claim, env=on("2026-11-26"), encoding=encoding, term=term)
    t.login()
    t.wait("! 认定步骤逾期", "最久1工作日")
    to_case_menu(t)
    t.choose("受理单")
    t.wait("SL2026-0001")
    t.press("enter")
    shown = t.wait("等谁     镇查验", "不公示；不予确认要书面说明理由",
                   "民办发〔2021〕10号")
    line = next(x for x in shown.splitlines() if "认定" in x)
    assert "! 镇查验 限 2026-11-25 过期1工作日；录入推送 11-04 按时" in line
    home(t)
    to_case_menu(t)
    t.choose("办件看板和办理质量")
    box(t, "办件看板")
    t.wait("!SL2026-0001", "镇查验", "2026-11-25", "过期1工作日")


def test_two_days_before_it_is_announced(claim, open_term):
    for day, word in (("2026-11-20", None), ("2026-11-23", "认定步骤将到期"),
                      ("2026-11-25", "认定步骤将到期")):
        t = open_term(claim, env=on(day))
        t.login()
        assert ("认定步骤" in t.text()) == (word is not None), (day, t.text())
        if word:
            assert word in t.text(), t.text()
        t.close()
