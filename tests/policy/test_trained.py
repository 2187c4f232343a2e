"""What training counts: revoked certificates, posts that end and begin."""
import lab
from township import board


def part(site, scheme, item, label, day):
    for p in board(site, scheme, day)[item]["parts"]:
        if p["label"] == label:
            return p["numerator"], p["denominator"]
    raise AssertionError(label)


def passed(site, day):
    return part(site, "sichuan", "S16", "新任职人员合格率", day)


def test_a_revoked_certificate_does_not_count(tmp_path):
    site = lab.town(tmp_path)
    code = site.village(0)[0]
    for form, text in (
            ("staff", "name,role,village,appointed_on\n"
             "新甲,儿童主任,%s,2026-03-01\n" % code),
            ("training", "title,level,starts_on,ends_on,hours\n"
             "岗前班,县级,2026-03-20,2026-03-20,8\n"),
            ("trainee", "training,staff,present,result,certificate_no,"
             "issued_on,revoked_on,revoked_reason\n岗前班,新甲,是,合格,"
             "沂民培1,2026-03-25,2026-05-10,替考\n")):
        r = site.import_csv(form, text, env={"TONGJI_TODAY": "2026-06-01"})
        assert lab.counts(r) == (1, 0, 0, 0), repr(r)
    assert passed(site, "2026-03-19") == (0, 1)
    assert passed(site, "2026-05-09") == (1, 1)
    assert passed(site, "2026-05-10") == (0, 1)
    assert part(site, "sichuan", "S16", "新任职人员参训率", "2026-05-10") == \
        (1, 1)
    for day, word in (("2026-05-09", "合格"), ("2026-05-10", "证书作废")):
        r = site.run("report", "新任人员名单", "--date", day, "--format",
                     "csv", "--names", status=0)
        assert ",%s," % word in r.out, repr(r)
    certified = "参加集中培训并取得证书"
    assert part(site, "yiyuan", "Y43", certified, "2026-05-09") == (1, 1)
    assert part(site, "yiyuan", "Y43", certified, "2026-05-10") == (0, 1)


def test_two_posts_with_days_of_their_own(tmp_path):
    """妇联主席 since 2019, director from 2026-02-01 to 05-31 of one village and
    from 07-01 of another: one new director, wherever she was that day."""
    site = lab.town(tmp_path)
    (a, _), (b, _) = site.village(0), site.village(1)
    for form, text, n in (
            ("staff", "name,role,village,appointed_on,allowance\n"
             "孙丽红,儿童主任;妇联主席,%s,2026-07-01,300\n" % b, 1),
            ("tenure", "staff,role,village,starts_on,ends_on,allowance\n"
             "孙丽红,妇联主席,%s,2019-01-01,,\n"
             "孙丽红,儿童主任,%s,2026-02-01,2026-05-31,200\n" % (b, a), 2)):
        r = site.import_csv(form, text, env={"TONGJI_TODAY": "2026-08-01"})
        assert lab.counts(r) == (n, 0, 0, 0), repr(r)

    def told(day):
        directors = board(site, "yiyuan", day)["Y41"]
        return (passed(site, day)[1],
                part(site, "sichuan", "S17", "儿童主任一肩挑", day),
                part(site, "sichuan", "S17", "儿童主任有津贴", day),
                directors["numerator"])

    assert told("2026-01-31") == (0, (0, 0), (0, 0), 0)
    assert told("2026-02-01") == (1, (1, 1), (1, 1), 1)
    assert told("2026-06-15") == (1, (0, 0), (0, 0), 0)
    assert told("2026-07-01") == (1, (1, 1), (1, 1), 1)
    assert told("2027-01-01")[0] == 0
