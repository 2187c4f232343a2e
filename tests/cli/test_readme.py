"""README.md keeps its word: its command blocks run as they stand, in order,
in one home, after the screens' part is done by `init`."""
import os
import re
import shutil

import lab

README = os.path.join(lab.TOP, "README.md")


def blocks():
    with open(README, encoding="utf-8") as f:
        return re.findall(r"^```sh\n(.*?)^```$", f.read(), re.M | re.S)


def test_the_first_day(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    top = tmp_path / "tree"         # the reader's clone
    top.mkdir()
    for name in ("forms", "data", "src"):
        os.symlink(os.path.join(lab.TOP, name), str(top / name))
    (top / "build").mkdir()
    shutil.copy2(lab.BIN, str(top / "build" / "tongji"))
    env = {"HOME": str(home)}
    lab.run([str(top / "build" / "tongji"), "init", "--division", lab.TOWN,
             "--admin", "wangfang", "--password-stdin"],
            stdin=lab.PASSWORD + "\n", env=env, status=0)
    found = blocks()
    assert len(found) == 5
    out = ""
    for text in found:
        r = lab.run(["bash", "-eu", "-o", "pipefail", "-c", text],
                    cwd=str(top), env=env, status=0)
        out += r.err + r.out
    assert "新增 2 更新 0 未变 0 退回 0" in out
    assert "完好" in out and "已记下沂源县的公钥" in out
    assert "data/rows.jsonl" in out
    assert "县回执已写好" in out and "县里已收到 第1包" in out


def test_every_key_and_command_it_names_is_there():
    with open(README, encoding="utf-8") as f:
        text = f.read()
    known = lab.tongji("--help", status=0).out
    for word in set(re.findall(r"`(?:build/)?tongji ([a-z]+)", text)):
        assert "tongji " + word in known, word
    for target in set(re.findall(r"`make ([a-z]+)", text)):
        with open(os.path.join(lab.TOP, "Makefile")) as f:
            assert re.search(r"^%s:" % target, f.read(), re.M), target
    for path in re.findall(r"`((?:data|forms|tests)/[\w./]+)`", text):
        assert os.path.exists(os.path.join(lab.TOP, path)), path
