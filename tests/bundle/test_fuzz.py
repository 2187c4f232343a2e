"""The fuzz targets, bounded: each seed and the same changed copies of it every
time, under the address and undefined-behaviour sanitisers.

TONGJI_SOAK=1 makes it fifty times as many, and lets libFuzzer, which follows
the branches, loose on each target for TONGJI_SOAK_SECONDS, five minutes if
nothing is said.
"""
import glob
import json
import os
import shutil
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
HERE = os.path.join(TOP, "tests", "bundle")
VECTORS = os.path.join(HERE, "vectors")
SOAK = 50 if os.environ.get("TONGJI_SOAK") else 1

SOURCES = {
    "age": "age agehead agekey armor base64 bech32 flow",
    "tar": "tar names bagit bagcheck bagtag norm digest flow",
    "minisig": "minisign minikey agekey age agehead armor base64 bech32 flow",
    "manifest": "bagtag norm",
    "header": "header ../db/uid",
    "receipt": "receipt lines flow",
    "rows": "rowshape rowscan rowtext lines flow ../db/uid",
    "csv": "../form/csv",
}


def build(tmp, name, *how):
    """Compile a target with what it needs; the path of the program."""
    program = os.path.join(tmp, "fuzz_" + name)
    files = [os.path.join(HERE, "fuzz_%s.c" % name)]
    files += [os.path.join(TOP, "src/bundle/%s.c" % x)
              for x in SOURCES[name].split()]
    for floor in ("base", "text"):
        files += sorted(glob.glob(os.path.join(TOP, "src", floor, "*.c")))
    subprocess.run(
        [*how, "-std=c11", "-D_GNU_SOURCE", "-O1", "-g", "-w",
         "-fno-sanitize-recover=undefined", "-iquote", os.path.join(TOP, "src/base"),
         "-iquote", os.path.join(TOP, "src/text"),
         "-iquote", os.path.join(TOP, "src/db"),
         "-iquote", os.path.join(TOP, "src/form"),
         "-iquote", os.path.join(TOP, "src/bundle"), "-iquote", HERE,
         "-o", program] + files + ["-lsodium", "-lnettle", "-ljansson", "-lm"],
        check=True)
    return program


def small(paths):
    return [p for p in sorted(paths) if 0 < os.path.getsize(p) < 20000]


def seeds(tmp, name):
    """Files to start from."""
    if name == "age":
        out = []
        for path in small(glob.glob(os.path.join(VECTORS, "age", "*"))):
            with open(path, "rb") as f:
                head, _, body = f.read().partition(b"\n\n")
            if b"compressed" in head or not body:
                continue
            out.append(os.path.join(tmp, os.path.basename(path)))
            with open(out[-1], "wb") as f:
                f.write(body)
        return out
    if name == "tar":
        out = []
        for i, bag in enumerate(("v0.97/valid/basic-bag",
                                 "v0.96/valid/bag-with-space")):
            out.append(os.path.join(tmp, "%d.tar" % i))
            subprocess.run(["tar", "cf", out[-1], "--format=ustar", "-C",
                            os.path.join(VECTORS, "bagit", bag, ".."),
                            os.path.basename(bag)], check=True)
        return out
    if name == "minisig":
        subprocess.run("echo x >f && minisign -GW -p k.pub -s k.key "
                       ">/dev/null && minisign -Sm f -s k.key >/dev/null && "
                       "minisign -Slm f -s k.key -x old.minisig >/dev/null",
                       shell=True, cwd=tmp, check=True)
        return [os.path.join(tmp, x)
                for x in ("f.minisig", "old.minisig", "k.pub", "k.key")]
    if name == "receipt":
        path = os.path.join(tmp, "receipt.json")
        with open(path, "w") as f:
            json.dump({
                "format": "tj1r", "site": "370323104", "county": "370323",
                "county_name": "沂源县", "incarnation": "0a" * 16,
                "chain": "1b" * 32, "created": "2026-11-22 15:04:00",
                "reason": "", "status": "ok", "applied": 57, "number": 7,
                "serial": 3,
                "returns": [{"form": "child", "uid": "u", "rv": "r",
                             "reason": "类别不对"}],
                "proposals": [{"id": "1", "form": "child", "uid": "u",
                               "field": "name", "old": None, "new": "张三",
                               "reason": None}],
                "duplicates": [{"form": "child", "uid": "u",
                                "other": "鲁村镇 张三", "why": "号码"}],
            }, f, ensure_ascii=False, indent=1)
        return [path]
    if name == "header":
        head = {
            "format": "tj1", "suite": "age-v1+minisign", "schema": "5a" * 32,
            "site": "370323104", "site_name": "悦庄镇",
            "incarnation": "0a" * 16, "parent": ["1b" * 16, 5, "2c" * 32],
            "base": 57, "to": 76, "base_chain": "3d" * 32,
            "previous": "4e" * 32, "lineage": ["4e" * 32, "3d" * 32],
            "county": "370323", "rows": 9, "journal_seq": 76,
            "journal_hash": "6f" * 32, "edition": 2,
            "series": {"case.case_no SL2026-": 12},
            "created": "2026-11-28 14:38:27"}
        out = []
        for i, h in enumerate((head, dict(head, parent=None, lineage=[]))):
            out.append(os.path.join(tmp, "%d.json" % i))
            with open(out[-1], "w") as f:
                json.dump(h, f, ensure_ascii=False, indent=1)
        return out
    if name == "rows":
        uid = "01a22030-3f9a-77de-b7c7-21ddb769941a"
        row = {"form": "child", "uid": uid, "rv": "0badcafe0badcafe",
               "sup": ["1badcafe0badcafe"], "site": "370323104",
               "created": ["2026-11-22 15:04:00", "wangfang"],
               "updated": ["2026-11-22 15:04:00", "wangfang"],
               "v": {"name": "张三", "sex": "1"}}
        gone = {k: row[k] for k in ("form", "uid", "rv", "sup", "site")}
        text = [json.dumps(row, ensure_ascii=False),
                json.dumps(dict(gone, deleted=True)),
                json.dumps(dict(gone, created=["d", "u"], updated=["d", None],
                                state=None, v=row["v"]), ensure_ascii=False,
                           separators=(",", ":")),
                json.dumps(row)[:-1] + ',"uid":"%s"}' % uid,
                json.dumps(dict(row, v=["["] * 50)),
                '{"v":' * 5000 + "1" + "}" * 5000,
                json.dumps(dict(row, v={"name": "长" * 20000}))]
        out = []
        for i, t in enumerate(text):
            out.append(os.path.join(tmp, "%d.jsonl" % i))
            with open(out[-1], "w") as f:
                f.write(t + "\n")
        return out
    if name == "csv":
        out = []
        for i, t in enumerate((
                "姓名,证件号码,村\r\n张三,370323201201010017,东村\r\n",
                'a,"b,""c""\nd",e\n\n"x"y,z\n', "a\tb\t\n\"\t\"\n",
                "," * 5000, '"' + "长" * 3000)):
            out.append(os.path.join(tmp, "%d.csv" % i))
            with open(out[-1], "w", newline="") as f:
                f.write(t)
        return out
    return small(glob.glob(os.path.join(VECTORS, "bagit/*/*/*/*.txt")))[:30]


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_fuzz(name, tmp_path):
    tmp = str(tmp_path)
    files = seeds(tmp, name)
    assert files
    count = SOAK * 6000 // len(files)
    program = build(tmp, name, "gcc", "-DFUZZ_MAIN",
                    "-fsanitize=address,undefined")
    done = subprocess.run([program, str(count)] + files,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=1200 * SOAK)
    assert done.returncode == 0, done.stdout[-3000:]
    assert done.stdout.strip() == "%d files" % len(files)


if os.environ.get("TONGJI_SOAK"):
    @pytest.mark.parametrize("name", sorted(SOURCES))
    def test_libfuzzer(name, tmp_path):
        tmp = str(tmp_path)
        corpus = os.path.join(tmp, "corpus")
        os.mkdir(corpus)
        for i, path in enumerate(seeds(tmp, name)):
            shutil.copy(path, os.path.join(corpus, str(i)))
        seconds = int(os.environ.get("TONGJI_SOAK_SECONDS", "300"))
        program = build(tmp, name, "clang",
                        "-fsanitize=fuzzer,address,undefined")
        done = subprocess.run(
            [program, "-max_total_time=%d" % seconds, "-max_len=65536",
             "-timeout=20", "-rss_limit_mb=2000", "-artifact_prefix=" + tmp +
             "/", corpus], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", timeout=seconds + 300)
        assert done.returncode == 0, done.stdout[-3000:]
        print(done.stdout.splitlines()[-1])
