#!/usr/bin/env python3
"""A roster of N children as a county might keep it, the same every time.

    roster.py N VILLAGES.txt > roster.csv

VILLAGES.txt has one village code a line."""
import random
import sys

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = ("子轩梓涵宇航雨桐欣怡浩然思源佳琪嘉懿俊杰明哲晨曦文博诗涵"
         "雅静志强丽娜建国秀英小红小明阿木呷呷日古晓东海燕春生秋菊")
CATEGORIES = ["left_behind", "left_behind;poor", "difficulty;disabled",
              "difficulty;poor", "de_facto_unsupported", "orphan",
              "migrant", "left_behind;ill"]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
HEADER = ("name,id_number,sex,birth_date,ethnicity,village,category,"
          "guardian_name,guardian_relation,guardian_phone,address,"
          "hukou_state,registered_on,study_status,medical_insured")


def id_number(area, birth, sequence):
    text = "%s%s%03d" % (area, birth, sequence)
    total = sum(int(a) * b for a, b in zip(text, WEIGHTS))
    return text + "10X98765432"[total % 11]


def person(rng):
    return rng.choice(SURNAMES) + "".join(
        rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2, 2))))


def main():
    count = int(sys.argv[1])
    villages = open(sys.argv[2], encoding="utf-8").read().split()
    rng = random.Random(20261122)
    used = set()
    out = [HEADER]
    while len(out) <= count:
        birth = "%04d%02d%02d" % (rng.randint(2009, 2024),
                                  rng.randint(1, 12), rng.randint(1, 28))
        sequence = rng.randint(1, 999)
        area = rng.choice(("370323", "370302", "370306", "513437", "370321",
                           "370322", "370305", "370304", "370303"))
        if (area, birth, sequence) in used:
            continue
        used.add((area, birth, sequence))
        out.append(",".join((
            person(rng), id_number(area, birth, sequence),
            "1" if sequence % 2 else "2",
            "%s-%s-%s" % (birth[:4], birth[4:6], birth[6:]), "01",
            rng.choice(villages), rng.choice(CATEGORIES), person(rng),
            rng.choice(("51", "52", "61", "62")),
            "1%s%09d" % (rng.choice("3589"), rng.randrange(10 ** 9)),
            "幸福路%d号" % rng.randint(1, 300), "registered",
            "2026-%02d-%02d" % (rng.randint(1, 10), rng.randint(1, 28)),
            "in_school", "yes")))
    sys.stdout.write("\n".join(out) + "\n")


main()
