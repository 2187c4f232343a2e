"""A township's delivery taken apart and put together again, with the
township's own keys: what a hostile one, or a broken program, could send."""
import copy
import hashlib
import io
import json
import os
import tarfile

import lab

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def member(name, data=b"", **more):
    m = tarfile.TarInfo(name)
    m.size = len(data)
    for k, v in more.items():
        setattr(m, k, v)
    return m, data


def digests(files):
    return "".join("%s  %s\n" % (hashlib.sha256(files[n]).hexdigest(), n)
                   for n in sorted(files)).encode()


def sealed(tar, path, to, signer):
    """Encrypt for `to` and sign, as the age and minisign programs do."""
    name = os.path.basename(path)
    lab.run(["age", *sum((["-r", r] for r in to), []), "-o", path],
            stdin=tar, status=0)
    lab.run(["minisign", "-S", "-W", "-s", signer, "-m", path, "-t",
             "file:" + name], stdin="\n", status=0)
    return path


class Forger:
    """One delivery in parts: `head` a dict, `lines` of bytes, `files` what
    else is in the bag, `tail` more members behind it."""

    def __init__(self, town, county, delivery, work):
        self.town, self.county = town, county
        self.to = [s.run("key", "show", status=0).out.split()[0]
                   for s in (county, town)]
        self.signer = town.keys("site.minisign")
        plain = os.path.join(str(work), "plain.tar")
        lab.run(["age", "-d", "-i", town.keys("site.age"), "-o", plain,
                 delivery], status=0)
        with tarfile.open(plain) as tar:
            files = {m.name.split("/", 1)[1]: tar.extractfile(m).read()
                     for m in tar}
        os.unlink(plain)
        self.head = json.loads(files.pop("data/header.json"))
        self.lines = files.pop("data/rows.jsonl").splitlines()
        self.files = {}
        self.tail, self.end = [], b"\0" * 1024
        self.name = None        # of the file and the bag's folder
        self.manifest = self.tags = lambda text: text

    def copy(self, step=0):
        """Another like it, so many entries later."""
        new = copy.copy(self)
        new.head = dict(self.head, to=self.head["to"] + step)
        new.lines, new.files = list(self.lines), dict(self.files)
        new.tail = list(self.tail)
        return new

    def row(self, form, n=0):
        """The n-th row of a kind, as a dict of its own."""
        rows = [r for r in map(json.loads, self.lines) if r["form"] == form]
        return rows[n]

    def put(self, *rows):
        """Send these alone."""
        self.lines = [r if isinstance(r, bytes) else
                      json.dumps(r, ensure_ascii=False).encode()
                      for r in rows]
        self.head["rows"] = len(self.lines)
        return self

    def called(self):
        h = self.head
        return self.name or "tj1-%s-%s-%s-%s" % (
            h["site"], h["incarnation"][:8], h["base"], h["to"])

    def tar(self):
        files = {"data/rows.jsonl": b"".join(x + b"\n" for x in self.lines),
                 "data/header.json": json.dumps(
                     self.head, ensure_ascii=False).encode()}
        files.update(self.files)
        files = {n: t for n, t in files.items() if t is not None}
        tags = {"bagit.txt": BAGIT,
                "manifest-sha256.txt": self.manifest(digests(
                    {n: t for n, t in files.items()
                     if n.startswith("data/")}))}
        files.update({n: t for n, t in tags.items() if n not in files})
        files["tagmanifest-sha256.txt"] = self.tags(digests(tags))
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w",
                          format=tarfile.USTAR_FORMAT) as tar:
            for n, t in files.items():
                m, data = member(self.called() + "/" + n, t)
                tar.addfile(m, io.BytesIO(data))
        whole = out.getvalue().rstrip(b"\0")     # without its end
        whole += b"\0" * (-len(whole) % 512)
        for m, data in self.tail:
            whole += m if isinstance(m, bytes) else m.tobuf(
                tarfile.USTAR_FORMAT)
            whole += data + b"\0" * (-len(data) % 512)
        return whole + self.end

    def deliver(self, folder):
        return sealed(self.tar(), os.path.join(str(folder), self.called() +
                                               ".age"), self.to, self.signer)
