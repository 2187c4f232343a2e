"""Every state of a case is reached by what it asks for and by nothing less:
by file (which takes the same moves as the screen), and each time without one of
the things it needs."""
import pytest

import lab
from test_case import case, imported, sqlite, village  # noqa: F401

BASE = {"source": "来访", "accepted_at": "2026-11-02 09:00",
        "child": "张晓明", "needs": "教育", "urgency": "一般"}
ASSESSED = {"first_assessment": "情况属实"}
ACTED = dict(ASSESSED, own_action="已联系学校")
ANSWERED = dict(ACTED, feedback="寄宿补助从本学期起")
TOLD = dict(ANSWERED, told_on="2026-11-20", told_how="电话")
UNTOLD = dict(ANSWERED, untold_reason="家里有涉嫌人",
              untold_consent_by="刘镇长")
SPECIAL = {"end_reason": "家庭迁走，联系不上", "end_approved_by": "刘镇长"}

# state, what it takes, and one of those things at a time taken away
WAYS = [
    ("已评估", ASSESSED, ("first_assessment",)),
    ("转介办理中", ACTED, ("own_action",)),
    ("已反馈", ANSWERED, ("feedback",)),
    ("已告知", TOLD, ("told_on", "told_how")),
    ("办结", TOLD, ("feedback",)),
    ("办结", UNTOLD, ("untold_reason", "untold_consent_by")),
    ("办结", SPECIAL, ("end_reason", "end_approved_by")),
    ("已回访", dict(TOLD, followup_on="2026-11-21"), ("followup_on",)),
    ("已归档", dict(TOLD, followup_on="2026-11-21"), ("followup_on",)),
    ("已撤回", {"end_reason": "家庭自己撤回"}, ("end_reason",)),
    ("不符合条件", dict(end_reason="超龄", told_on="2026-11-20",
                    told_how="当面"), ("end_reason", "told_on")),
    ("不符合条件", dict(end_reason="超龄", untold_reason="地址不明",
                    untold_consent_by="刘镇长"), ("untold_consent_by",)),
    ("已移交县里", {"handed_to": "县未保中心 李主任"}, ("handed_to",)),
    ("已重开", {"end_reason": "家庭撤回", "reopen_reason": "又来申请"},
     ("reopen_reason",)),
]


def reach(town, state, fields):
    header = list(dict.fromkeys([*BASE, "state", *fields]))
    return town.import_csv("case", lab.csv_text(
        [dict(BASE, state=state, **fields)], header),
        env={"TONGJI_TODAY": "2026-11-22"})


@pytest.mark.parametrize("state, fields, needed", WAYS)
def test_reached_with_all_and_not_with_less(village, state, fields, needed):
    for one in needed:
        less = {k: v for k, v in fields.items() if k != one}
        r = reach(village, state, less)
        assert lab.counts(r) == (0, 0, 0, 1), (one, repr(r))
        assert village.one('SELECT count(*) FROM "case"') == 0
    r = reach(village, state, fields)
    assert lab.counts(r)[0] == 1, repr(r)
    assert village.one('SELECT count(*) FROM journal WHERE form=\'case\'') > 1
    village.run("check", status=0)


def test_merged_into_another(village):
    into = case(village)
    r = reach(village, "已并案", {"child": "王芳"})
    assert lab.counts(r)[3] == 1, repr(r)
    r = reach(village, "已并案", {"child": "王芳", "merged_into": into})
    assert lab.counts(r)[0] == 1, repr(r)


def test_on_the_spot_and_what_is_too_grave_for_it(village):
    simple = {"feedback": "当场讲清了政策", "told_on": "2026-11-02",
              "told_how": "当面"}
    for grave in ({"urgency": "紧急"}, {"key_case": "是"},
                  {"told_suspect": "是"}):
        r = reach(village, "办结", dict(simple, **grave))
        assert lab.counts(r)[3] == 1, (grave, repr(r))
    r = reach(village, "办结", simple)
    assert lab.counts(r)[0] == 1, repr(r)
    assert village.one('SELECT on_the_spot FROM "case"') == "yes"


def test_an_emergency_is_acted_on_first_and_assessed_after(village):
    r = reach(village, "转介办理中", {"own_action": "已送临时监护"})
    assert lab.counts(r)[3] == 1, repr(r)       # an ordinary one is not
    r = reach(village, "转介办理中", {"own_action": "已送临时监护",
                                 "urgency": "紧急"})
    assert lab.counts(r)[0] == 1, repr(r)
    uid = village.one('SELECT uid FROM "case"')
    row = dict(BASE, uid=uid, urgency="紧急", state="办结",
               feedback="已安置", told_on="2026-11-20", told_how="当面",
               first_assessment="")
    r = imported(village, "case", [row])        # closing wants the assessment
    assert lab.counts(r)[3] == 1, repr(r)
    row["first_assessment"] = "监护缺失，补评估"
    r = imported(village, "case", [row])
    assert lab.counts(r) == (0, 1, 0, 0), repr(r)


def test_consent_is_somebody_elses(village):
    """Who handles the case does not allow herself: not to keep silent, not to
    extend, not to close by exception."""
    code = village.village(0)[0]
    imported(village, "staff", [{"name": "蔡艳", "role": "儿童督导员",
                                 "village": code,
                                 "appointed_on": "2024-03-01"}], 1)
    for fields in (dict(UNTOLD, untold_consent_by="蔡艳"),
                   {"extended_to": "2026-12-20", "extension_reason": "等回执",
                    "extended_by": "蔡艳"},
                   dict(SPECIAL, end_approved_by="蔡艳")):
        r = reach(village, "受理", dict(fields, handler="蔡艳"))
        assert lab.counts(r)[3] == 1, repr(r)
        assert "不能是经手人自己" in r.err
        fields = {k: "刘镇长" if v == "蔡艳" else v for k, v in fields.items()}
        r = reach(village, "受理", dict(fields, handler="蔡艳",
                                      child_note=repr(fields)[-60:], child=""))
        assert lab.counts(r)[0] == 1, repr(r)


def test_a_suspect_is_never_the_one_told(village):
    """Named as suspected with the guardian, or in the sealed part of a report
    that the supervisor cannot read: the database refuses the step, also to
    the sqlite3 program."""
    imported(village, "guardian", [{"child": "张晓明", "name": "张坏人",
                                    "relation": "继父", "suspected": "是"}], 1)
    imported(village, "mandatory_report", [
        {"situation": "4", "found_at": "2026-11-20 14:05", "child": "张晓明",
         "suspect": "王坏人"}], 1)
    village.add_user("lihong", "supervisor")
    uid = case(village, **{k: v for k, v in ANSWERED.items()})
    up = "UPDATE \"case\" SET %s WHERE uid='" + uid + "'"
    for state in ("assessed", "referred", "replied"):
        r = sqlite(village, up % ("state='%s'" % state))
        assert r.returncode == 0, r.stderr
    for name in ("张坏人", "王坏人"):
        row = dict(BASE, uid=uid, state="已告知", told_on="2026-11-21",
                   told_how="电话", told_to=name)
        path = village.path("t.csv")
        with open(path, "w") as f:
            f.write(lab.csv_text([row]))
        r = village.run("import", "case", path, login="lihong",
                        env={"TONGJI_TODAY": "2026-11-22"})
        assert lab.counts(r)[3] == 1, (name, repr(r))
        assert village.one('SELECT told_to FROM "case"') is None
        r = sqlite(village, up % ("told_on='2026-11-21', told_how='phone',"
                                  " told_to='%s', state='told'" % name))
        assert r.returncode != 0 and "不能告知涉嫌人" in r.stderr, r.stderr
    r = sqlite(village, up % ("told_on='2026-11-21', told_how='phone',"
                              " told_to='张奶奶', state='told'"))
    assert r.returncode == 0, r.stderr
    # nor is the name put in after the telling
    r = sqlite(village, up % "told_to='王坏人', state='closed'")
    assert r.returncode != 0, r.stderr
