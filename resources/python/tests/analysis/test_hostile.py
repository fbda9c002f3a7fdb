"""Files that are no Python, or try to harm."""

import os

from .support import ProjectCase


class Hostile(ProjectCase):
    def status(self, content, file="nodes/a.py"):
        self.write(file, content)
        found = self.analyse(None, file)
        return found["status"], found["message"], found["line"], found["column"]

    def test_syntax_errors_have_a_place_and_a_plain_sentence(self):
        for text, line, column in [
            ("x = 1\ndef main(:\n", 2, 10),
            ("def f():\nreturn 1\n", 2, 1),
            ("x = (\n", 1, 5),
            ("é = é é\n", 1, 7),
            ("if x:\n\ty\n        z\n", 3, None),
            ("\ufeffx = = 1", 1, 5),
            ("a\r\nb\r\nc c\r\n", 3, None),
            ("x = 1\0\n", 1, 6),
            ("x\ny\0", 2, 2),
        ]:
            with self.subTest(text):
                found = self.analyse(text)
                self.assertEqual((found["status"], found["line"], found["stale"]), ("syntax_error", line, True))
                if column is not None and os.sys.version_info >= (3, 10):
                    self.assertEqual(found["column"], column)
                self.assertGreaterEqual(found["column"], 1)
                self.assertRegex(found["message"], r"^[A-Z'(].*[.?!]$")
                self.assertNotIn("<unknown>", found["message"])

    def test_the_last_known_functions_stay(self):
        good = self.analyse("def main(x): ...")
        for content in ["def main(x", b"\xff\xfe\x00\x00"]:
            self.write("nodes/a.py", content)
            found = self.analyse()
            self.assertEqual((found["functions"], found["stale"]), (good["functions"], True))
        os.remove(os.path.join(self.root, "nodes/a.py"))
        found = self.analyse()
        self.assertEqual((found["status"], found["functions"], found["stale"]), ("missing", good["functions"], True))
        self.assertEqual(self.analyse("def main(y): ...")["stale"], False)

    def test_encodings(self):
        source = "def main(x='é'): ...\n"
        for name, content, status in [
            ("utf-8", source.encode(), "ok"),
            ("mark", b"\xef\xbb\xbf" + source.encode(), "ok"),
            ("latin-1 named", b"# -*- coding: latin-1 -*-\n" + source.encode("latin-1"), "ok"),
            ("second line", b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n" + source.encode("cp1252"), "ok"),
            ("third line", b"#\n#\n# coding: latin-1\n" + source.encode("latin-1"), "unreadable"),
            ("behind code", b"x = 1\n# coding: latin-1\n" + source.encode("latin-1"), "unreadable"),
            ("latin-1 unnamed", source.encode("latin-1"), "unreadable"),
            ("unknown", b"# coding: nonsense\n" + source.encode(), "unreadable"),
            ("not a text encoding", b"# coding: zlib\n" + source.encode(), "unreadable"),
            ("hex", b"# coding: hex\n00", "unreadable"),
            ("path", b"# coding: ../../x\n", "unreadable"),
            ("utf-16", source.encode("utf-16"), "unreadable"),
            ("binary", bytes(range(256)), "unreadable"),
            ("old line ends", source.replace("\n", "\r").encode(), "ok"),
            ("empty", b"", "ok"),
        ]:
            with self.subTest(name):
                self.assertEqual(self.status(content)[0], status)
                if status == "ok" and name != "empty":
                    main = self.analyse()["functions"]["main"]
                    self.assertEqual(main["parameters"][0]["default"], "'é'")
        self.write("nodes/a.py", b"x\ny = '\xe9'")
        self.assertIn("line 2", self.analyse()["message"])

    def test_what_is_no_file(self):
        os.makedirs(os.path.join(self.root, "nodes", "a.py"))
        self.assertEqual(self.analyse()["status"], "unreadable")
        os.mkfifo(os.path.join(self.root, "pipe.py"))
        self.assertEqual(self.analyse(None, "pipe.py")["status"], "unreadable")
        self.assertEqual(self.analyse(None, "nodes/a.py/b.py")["status"], "missing")
        self.assertEqual(self.analyse(None, "n" * 300 + ".py")["status"], "unreadable")

    def test_too_long_a_file(self):
        self.assertEqual(self.status(b"#" * (4 * 1024 * 1024 + 1))[0], "unreadable")
        self.assertEqual(self.analyse("#" * (4 * 1024 * 1024 + 1))["status"], "unreadable")

    def test_long_and_wide_files(self):
        body = "".join(f"def f{index}(a: int = {index}, *b) -> list[int]:\n    x = a\n    return [x]\n" for index in range(7000))
        self.assertEqual(len(self.analyse(body)["functions"]), 7000)
        chain = "if a: ...\n" + "elif b: ...\n" * 3000 + "else:\n  def main(x): ...\n"
        self.assertIn(self.analyse(chain)["status"], ("ok", "syntax_error"))
        self.assertEqual(len(self.function(f"def main({', '.join(f'a{i}' for i in range(2000))}): ...")["parameters"]), 2000)

    def test_payloads_do_not_run(self):
        canary = os.path.join(self.root, "canary")
        bang = f"open({canary!r}, 'w').close()"
        self.write("nodes/evil.py", f"{bang}\nfrom typing import NamedTuple\nclass S(NamedTuple):\n  a: ({bang})\n")
        self.write("sitecustomize.py", bang)
        self.write("typing.py", bang)
        self.write("conftest.py", bang)
        text = f"""
{bang}
from .evil import *
from .evil import S
import nodes.evil
@({bang})
def main(x: ({bang}) = ({bang}), *y: "{bang}", z: Literal[{bang}] = {bang}) -> S:
    {bang}
class C({bang}, metaclass={bang}):
    x: {bang} = {bang}
E = Enum("E", {bang})
main = main if {bang} else main
def main(x: E = f"{{{bang}}}") -> "S": ...
"""
        found = self.analyse(text)
        self.assertEqual((found["status"], found["functions"]["main"]["outputShape"]), ("ok", "named_tuple"))
        self.assertFalse(os.path.exists(canary))
