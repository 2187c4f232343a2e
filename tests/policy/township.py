"""A township small enough to count by hand, on Monday 2026-11-30.

Every number that test_indicators.py expects is counted in the comments here.
悦庄镇 has 55 villages; four of them, A to D, have something in them.
"""
import json

import lab

TODAY = "2026-11-30"
ENV = {"TONGJI_TODAY": TODAY}
A, B, C, D, E = (None,) * 5     # codes of villages, set by make()


def imported(site, form, text, n):
    head, *rows = [line.strip() for line in text.strip().splitlines()]
    for name, code in zip("ABCDE", (A, B, C, D, E)):
        rows = [("," + r + ",").replace(",%s," % name, ",%s," % code)[1:-1]
                for r in rows]
    r = site.import_csv(form, "\n".join([head] + rows) + "\n", env=ENV)
    assert lab.counts(r) == (n, 0, 0, 0), "%s\n%r" % (form, r)


# Left-behind on 11-30: 甲二 甲三 甲四 丁一 (甲一 turns 16 that day, 丁二 left on
# 06-30).  In the ledger: 10 (丁二 gone).  Under 18: 9 (乙二 is 19).
# Difficulty: 甲三 poor, 乙一, 乙三, 丙一, 丙二 = 5 (乙二 is too old).
CHILD = """
name,no_id_reason,sex,birth_date,village,category,registered_on,left_on,left_reason,hukou_state,guardian_name,guardian_relation,guardian_phone,risk,lives_alone,care_kind,health,study_status,stage,disability_level,rehab_need,tomorrow_plan,medical_insured,accident_insured,unenrolled_verified_on,teaching_mode,service_fee_waived,study_proof_on,placement,boarding_need,transport_need,nutrition_need,national_state
甲一,不详,男,2010-11-30,A,留守,2025-01-01,,,已登记,甲爷,祖父,13000000001,一般,否,祖辈,健康,在学,初中,,,,是,是,,,,,,,,,已录
甲二,不详,女,2010-12-01,A,留守,2026-11-01,,,已登记,甲奶,祖母,13000000002,高风险,否,祖辈,健康,在学,初中,,,,是,否,,,,,,已满足,未满足,,已录
甲三,不详,男,2016-05-01,A,留守;家庭贫困,2025-01-01,,,已登记,甲叔,叔父,13000000003,一般,否,亲友,健康,在学,小学,,,,否,否,,,,,,,,已满足,待录
甲四,不详,女,2017-01-01,B,留守,2025-01-01,,,已登记,甲姨,姨母,,一般,否,亲友,健康,辍学,,,,,是,是,,,,,,,,,待录
乙一,不详,男,2012-02-29,B,孤儿,2025-01-01,,,已登记,乙奶,祖母,13000000005,一般,否,祖辈,健康,在学,小学,,,已满足,是,是,,,是,,亲属抚养,,,,已录
乙二,不详,女,2007-03-01,C,孤儿,2025-01-01,,,已登记,乙伯,伯父,13000000006,一般,否,亲友,健康,在学,中专及以上,,,,是,否,,,否,2026-09-01,,,,,已录
乙三,不详,男,2014-06-01,C,事实无人抚养,2025-01-01,,,已登记,,,,一般,否,祖辈,健康,在学,小学,,,未满足,是,是,,,是,,,,,,待录
丙一,不详,女,2022-01-15,D,残疾,2025-01-01,,,已登记,丙父,父亲,13000000008,一般,否,父母,残疾,未到入学年龄,,一级,已满足,,是,是,,,,,,,,,待录
丙二,不详,男,2015-09-01,D,残疾,2025-01-01,,,已登记,丙母,母亲,13000000009,一般,否,父母,残疾,适龄未入学,,三级,,,是,是,2026-05-01,送教上门,,,,,,,待录
丁一,不详,女,2018-08-08,D,留守,2025-01-01,,,无户口,丁舅,舅父,13000000010,一般,是,亲友,健康,在学,小学,,,,否,否,,,,,,,,,待录
丁二,不详,男,2015-03-03,B,留守,2025-01-01,2026-06-30,迁出本镇,已登记,丁父,父亲,13000000011,一般,否,父母,健康,在学,小学,,,,是,是,,,,,,,,,已录
"""

# 甲二, high risk, in the ledger since 11-01, due every 7 days.  Seen 11-05
# (due 11-08: done; next 11-12), 11-14 (11-12 missed, 11-19 done; next 11-21
# missed: on 11-18 she was not seen), 11-27 (11-28 done; next 12-04).
# November: 5 due, 3 done.
# 甲三, ordinary: 01-01 missed, seen 02-10 (04-01 done; then 05-10, 08-10 and
# 11-10 missed): year 5 due, 1 done; November 1 due, 0 done.
# The other eight (registered 2025-01-01, never visited) are due on 01-01,
# 04-01, 07-01, 10-01: year 32 due, 0 done; November nothing.
# November 6 due, 3 done.  Year 42 due, 4 done.
VISIT = """
child,visit_date,method,seen_child,not_seen_reason,visitor_name,findings
甲二,2026-11-05,入户,是,,王芳,写作业
甲二,2026-11-14,入户,是,,王芳,在奶奶家
甲二,2026-11-18,入户,否,走亲戚,王芳,没见到
甲二,2026-11-27,学校,是,,王芳,在校
甲三,2026-02-10,入户,是,,王芳,过年
"""

# 甲二's is in force, 甲四's ran out on 10-31, 丁一's was ended.
AGREEMENT = """
child,carer,carer_relation,signed_on,ends_on,terminated_on
甲二,甲奶,祖母,2026-11-01,2027-10-31,
甲四,甲姨,姨母,2025-11-01,2026-10-31,
丁一,丁舅,舅父,2026-01-10,2027-01-09,2026-08-01
"""

BENEFIT = """
child,kind,status,starts_on,ends_on,end_reason,amount,confirmed_on
乙一,孤儿基本生活费,享受中,2024-02-01,,,1400,2024-01-10
乙二,孤儿基本生活费,已停发,2024-02-01,2026-08-31,年满,1400,2024-01-10
甲三,低保,享受中,2025-01-01,,,300,2024-12-20
甲三,教育资助,享受中,2026-09-01,,,500,
丙一,残疾人护理补贴,享受中,2025-06-01,,,120,2025-05-20
丙二,残疾人生活补贴,申请中,,,,,
"""

# In force: good 12 months, fair 6, poor 3; first within 3 months.
# 甲三 2026-03-01 fair → 09-01 overdue; 甲四 2026-06-01 good → fine; 甲二 was
# registered on 11-01 → first due 2027-02-01, fine; 乙二 is 19: not asked.
# The other six are overdue since 2025-04-01: 9 in all, 2 fine.
ASSESSMENT = """
child,assessed_on,level
甲三,2026-03-01,一般
甲四,2026-06-01,较好
"""

COUNSELLING = """
child,held_on,kind,counsellor_name
甲二,2026-11-10,心理疏导,李静
甲三,2025-12-30,心理疏导,李静
"""

# Only bills of the four kinds of household in this year:
# 1000 of 2000 (50 %) and 900 of 1000 (90 %): 1900 of 3000 = 63.3 %; 1 of 2
# bills reaches 70 %.
BILL = """
child,billed_on,total,insured,serious_illness,self_paid,aid,household
丙一,2026-03-05,10000,6000,2000,2000,1000,低保家庭
丙一,2026-07-01,5000,4000,0,1000,900,特困供养
甲三,2026-08-01,9000,1000,0,8000,0,一般家庭
丙一,2025-12-31,4000,1000,0,3000,0,低保家庭
"""

# 2 schools, 1 kindergarten: 法治副校长 1/2; station 1 of 3.
SCHOOL = """
name,kind,village,legal_vice_principal,social_work_station,linked,law_talks
悦庄小学,小学,A,是,是,是,2
悦庄中学,初中,B,否,否,否,0
悦庄幼儿园,幼儿园,A,否,否,否,
"""

# A: own home; B: joint home that covers C and D; E: a social work station.
# A has 120 children, B 40, C 110.  Villages of 100 and more: A (own home and
# keeper), C (only covered): 1/2.  Covered: A B C D of 55.
HOME = """
village,name,kind,keeper,opened_on,covers,running_cost
A,甲村儿童之家,儿童之家,甲管,2026-10-01,,5000
B,乙村联合儿童之家,联合儿童之家,乙管,2026-10-01,"C_NAME；D",
E,戊村社工站,儿童社工站,戊管,2026-01-01,,
"""

STATED = """
indicator,period,village,value,source
村内儿童总数,2026,A,120,派出所
村内儿童总数,2025,B,400,派出所
村内儿童总数,2026,B,40,派出所
村内儿童总数,2026,C,110,派出所
市平均辍学率,2026,,0.6,市教育局
省平均辍学率,2026,,0.9,省教育厅
救助保护热线已开通,2026,,1,县民政局
"""

# Weeks that are over on 11-30 (Monday) and lie in open time (the home opened
# on Thursday 10-01, so the week of 09-28 does not count): Mondays 10-05, 10-12,
# 10-19, 10-26, 11-02, 11-09, 11-16, 11-23 = 8, less the closed week of 10-05.
# A: 10-12 has 2 (Monday and Sunday), 10-19 has 1, 10-26 has 1 (the other was
# on Sunday 11-01: 2), so 10-26 has 2; 11-02 none; 11-09 has 3; 11-16 none;
# 11-23 has 2: of 7 weeks 4.  November (Thursdays 11-05, 11-12, 11-19, 11-26):
# 4 weeks, 2 good.  The joint home (village of 40) is not asked for weeks; all
# homes: 8 more weeks, none good: 4/15; November 2/8.
ACTIVITY = """
home,village,held_on,kind,title,other_children
甲村儿童之家,,2026-10-12,日常活动,周一活动,
甲村儿童之家,,2026-10-18,日常活动,周日活动,
甲村儿童之家,,2026-10-19,日常活动,又一周一,
甲村儿童之家,,2026-10-26,家庭教育,家长课一,
甲村儿童之家,,2026-11-01,家庭教育,家长课二,
甲村儿童之家,,2026-11-09,家庭教育,家长课三,
甲村儿童之家,,2026-11-10,家庭教育,家长课四,
甲村儿童之家,,2026-11-15,日常活动,周日再来,
甲村儿童之家,,2026-11-23,日常活动,一,
甲村儿童之家,,2026-11-24,日常活动,二,
甲村儿童之家,,2026-11-30,日常活动,本周还没完,
,B,2026-06-01,六一活动,六一在乙村,30
,C,2026-07-20,亲情团聚,去苏州,12
,A,2025-06-01,六一活动,去年六一,50
,D,2026-03-03,家教公益讲座,讲座,
"""

CLOSED = """
home,starts_on,ends_on,reason
甲村儿童之家,2026-10-05,2026-10-08,法定节假日
"""

# Active on 11-30: 主任 A and C (B left on 10-31), 督导员, 社工, 童伴妈妈.
# New since 01-01: 新甲 新乙 新丙 (left 10-31, counted all the same): attended
# 新甲 新乙, passed 新甲.  老丁 was appointed in 2020.
STAFF = """
name,role,village,appointed_on,left_on,allowance,vetted_on,touches_children
督一,儿童督导员,,2021-05-01,,,2024-01-01,是
新甲,儿童主任;妇联主席,A,2026-03-01,,300,2026-03-02,是
新乙,儿童主任,C,2026-03-01,,0,,是
新丙,儿童主任,B,2026-01-01,2026-10-31,300,,是
老丁,社工,,2020-01-01,,,2023-01-01,是
童妈,童伴妈妈,A,2022-01-01,,,,否
"""

TRAINING = """
title,level,starts_on,ends_on,hours,topics,cost
县级岗前班,县级,2026-03-20,2026-03-20,8,政策法规;强制报告,2000
去年的班,县级,2025-09-30,2025-09-30,8,,
"""

TRAINEE = """
training,staff,present,score,result,certificate_no
县级岗前班,新甲,是,,合格,沂民培001
县级岗前班,新乙,是,,不合格,
县级岗前班,新丙,否,,,
县级岗前班,督一,是,,合格,沂民培002
去年的班,新丙,是,,合格,
"""

# Deadlines: 教育 10 working days, 医疗 15, 紧急 1.
# 一: accepted Mon 11-02, 10 working days → Mon 11-16, closed 11-16: in time.
# 二: accepted Tue 11-03 → 11-17, closed 11-20: late.
# 三: accepted Fri 11-06, 医疗 → 11-27, open: overdue.
# 四: urgent, accepted Fri 11-27 → Mon 11-30, open, due today.
# 五: hotline, accepted 11-25, its slip says 11-30, closed 11-26: in time.
# 六: accepted Mon 11-30 → later: not due.
# Due in the year: 一 二 三 四 五 = 5, in time 2.  Hotline 1/1.
CASES = [
    ("来访", "教育", "一般", "2026-11-02 09:00", None, "2026-11-16"),
    ("来访", "教育", "一般", "2026-11-03 09:00", None, "2026-11-20"),
    ("村报", "医疗救助", "一般", "2026-11-06 09:00", None, None),
    ("学校", "基本生活", "紧急", "2026-11-27 09:00", None, None),
    ("12345热线", "低保", "一般", "2026-11-25 09:00", "2026-11-30",
     "2026-11-26"),
    ("来访", "教育", "一般", "2026-11-30 09:00", None, None),
]

# Of case 三: 医保局 (5 working days): 11-09 → 11-16, answered 11-16: in time;
# 教体局: 11-09 → 11-16, not answered: late; 司法局 for legal aid, 7 days:
# 11-20 → 11-27, answered 11-30, granted: late; 儿童福利机构 sent 11-27 (5
# working days, 12-04): not due yet.  Due 3, in time 1.
REFERRAL = """
case,department,need,sent_on,replied_on,outcome
三,医保局,医疗救助,2026-11-09,2026-11-16,已落实
三,教体局,教育,2026-11-09,,
三,司法局,法律援助,2026-11-20,2026-11-30,已落实
三,儿童福利机构,临时监护,2026-11-27,,
"""

# Called after 7 and after 90 minutes; one has a number; the third is of the
# restricted kind and counts all the same (not called yet).
REPORT = """
situation,found_at,called_at,town_told_at,receipt_no,village
多处损伤或严重营养不良,2026-05-06 14:05,2026-05-06 14:12,2026-05-06 15:00,回执1,A
脱离监护独居或失踪,2026-06-07 10:00,2026-06-07 11:30,,,B
隐私部位异常损伤,2026-07-08 10:00,,,,B
"""

MEETING = """
title,kind,level,held_on,minutes_no,key_cases
党委会,党委政府专题会,镇,2026-04-01,会1号,2
没有纪要的会,党委政府专题会,镇,2026-05-01,,
联席会,联席会议,县,2026-06-01,县1号,
去年的会,党委政府专题会,镇,2025-06-01,会0号,
"""

# Law: 06-30 is the first half-year, 07-01 the second.
PUBLICITY = """
title,kind,held_on,village,school,venue_kind,level,company
法律进校园,法治宣传,2026-06-30,,悦庄小学,学校,镇,
法治进社区,法治宣传,2026-07-01,A,,村（社区）,镇,
政策宣讲甲,政策宣讲,2026-03-01,A,,村（社区）,镇,
政策宣讲校,政策宣讲,2026-03-02,,悦庄中学,学校,县,
政策宣讲企,政策宣讲,2026-03-03,,,企业单位,镇,某厂
强制报告宣传,强制报告宣传,2026-08-01,B,,村（社区）,村,
"""

PROJECT = """
title,kind,held_on,provider,provider_kind,times,children,hours,purchased,money,lottery_share,evaluated,visits_done
百镇,百镇千村助爱牵手,2026-02-01,某社工中心,社工机构,6,80,120,否,,,是,
购买,购买服务,2026-03-01,某社工中心,社工机构,10,40,60.5,是,50000,20000,否,33
"""


def case_rows(site):
    """Cases are closed on the screen, move by move; here the closing day is
    written the way a merge writes it (triggers guard only our own rows)."""
    head = "child_note,source,slip_no,needs,urgency,accepted_at,slip_due\n"
    rows = "".join("%s,%s,%s,%s,%s,%s,%s\n" % (
        name, c[0], "热线1号" if c[4] else "", c[1], c[2], c[3], c[4] or "")
        for name, c in zip("一二三四五六", CASES))
    imported(site, "case", head + rows, len(CASES))
    for name, c in zip("一二三四五六", CASES):
        if c[5] is not None:
            site.sql('UPDATE "case" SET site = \'x\' WHERE child_note = ?',
                     name)
            site.sql('UPDATE "case" SET state = \'closed\', closed_on = ?,'
                     ' feedback = \'办好了\', told_on = ? WHERE child_note = ?',
                     c[5], c[5], name)
            site.sql('UPDATE "case" SET site = ? WHERE child_note = ?',
                     lab.TOWN, name)


def make(folder):
    global A, B, C, D, E
    site = lab.Site(folder / "town")
    site.run("init", "--division", lab.TOWN, "--admin", "wangfang",
             "--password-stdin", stdin=lab.PASSWORD + "\n", env=ENV, status=0)
    A, B, C, D, E = (site.village(i)[0] for i in range(5))
    imported(site, "child", CHILD, 11)
    imported(site, "visit", VISIT, 5)
    imported(site, "agreement", AGREEMENT, 3)
    imported(site, "benefit", BENEFIT, 6)
    imported(site, "assessment", ASSESSMENT, 2)
    imported(site, "counselling", COUNSELLING, 2)
    imported(site, "medical_bill", BILL, 4)
    imported(site, "school", SCHOOL, 3)
    covers = HOME.replace("C_NAME", site.village(2)[1]).replace(
        "；D\"", "；%s\"" % D)
    imported(site, "home", covers, 3)
    imported(site, "stated_value", STATED, 7)
    imported(site, "activity", ACTIVITY, 15)
    imported(site, "closed_week", CLOSED, 1)
    imported(site, "staff", STAFF, 6)
    imported(site, "training", TRAINING, 2)
    imported(site, "trainee", TRAINEE, 5)
    case_rows(site)
    no = site.one('SELECT case_no FROM "case" WHERE child_note = ?', "三")
    imported(site, "referral", REFERRAL.replace("三,", no + ","), 4)
    imported(site, "mandatory_report", REPORT, 3)
    imported(site, "meeting", MEETING, 4)
    imported(site, "publicity", PUBLICITY, 6)
    imported(site, "project", PROJECT, 2)
    return site


def board(site, scheme, date=TODAY, login=None):
    r = site.run("indicators", "--scheme", scheme, "--format", "json",
                 "--date", date, status=0, env=ENV, login=login)
    return {i["id"]: i for i in json.loads(r.out)}


def numbers(board_items):
    """(numerator, denominator) by id, parts as S16.attended."""
    out = {}
    for item in board_items.values():
        out[item["id"]] = (item["numerator"], item["denominator"])
        for p in item["parts"]:
            out[p["id"]] = (p["numerator"], p["denominator"])
    return out
