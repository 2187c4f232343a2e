"""Where the database must not live: a stick's or a network's file system.
The kernel here has none of them, so a small library tells the program that it
is on one (statfs's f_type)."""
import subprocess

import pytest

import lab

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/vfs.h>

int
statfs(const char *path, struct statfs *out)
{
	int (*real)(const char *, struct statfs *) =
	    (int (*)(const char *, struct statfs *))dlsym(RTLD_NEXT, "statfs");
	int rc = real(path, out);

	if (rc == 0)
		out->f_type = (long)strtoul(getenv("FAKE_FS"), NULL, 16);
	return rc;
}
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    d = tmp_path_factory.mktemp("shim")
    (d / "s.c").write_text(SHIM)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(d / "s.so"),
                    str(d / "s.c"), "-ldl"], check=True)
    return str(d / "s.so")


def under(shim, magic):
    return {"LD_PRELOAD": shim, "FAKE_FS": magic}


@pytest.mark.parametrize("magic, name", [
    ("4d44", "FAT"), ("2011bab0", "exFAT"), ("6969", "NFS"),
    ("ff534d42", "CIFS"), ("fe534d42", "SMB"), ("01021997", "9p"),
    ("65735546", "FUSE"), ("5346544e", "NTFS")])
def test_refused(tmp_path, shim, magic, name):
    s = lab.Site(tmp_path / "h")
    r = s.run("init", "--division", lab.TOWN, env=under(shim, magic),
              status=1)
    assert name in r.err and "本机硬盘" in r.err
    assert not (tmp_path / "h" / "tongji.db").exists()


@pytest.mark.parametrize("magic", ["ef53", "58465342", "9123683e", "01021994",
                                   "794c7630"])
def test_ordinary_ones_are_not(tmp_path, shim, magic):
    s = lab.Site(tmp_path / "h")
    s.run("init", "--division", lab.TOWN, env=under(shim, magic), status=0)
    s.run("check", env=under(shim, magic), status=0)


def test_a_database_that_was_moved_there(town, shim):
    r = town.run("check", env=under(shim, "4d44"))
    assert r.rc in (1, 3) and "FAT" in r.err
    town.run("check", status=0)
