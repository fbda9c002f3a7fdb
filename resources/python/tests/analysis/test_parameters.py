"""Parameters, defaults, and which functions a file has."""

from .support import ProjectCase


class Parameters(ProjectCase):
    def test_kinds_in_order(self):
        main = self.function("def main(a, /, b, *c, d, e=1, **f): ...")
        self.assertEqual(
            [(each["name"], each["kind"], each["optional"], each["collects"]) for each in main["parameters"]],
            [
                ("a", "positional_only", False, "may"),
                ("b", "positional_or_keyword", False, "may"),
                ("c", "var_positional", True, "always"),
                ("d", "keyword_only", False, "may"),
                ("e", "keyword_only", True, "may"),
            ],
        )
        self.assertTrue(main["hasKwargs"])
        self.assertFalse(self.function("def main(*, a): ...")["hasKwargs"])

    def test_lines(self):
        main = self.function("import os\n\ndef main(\n    a,\n    b=1,\n): ...")
        self.assertEqual([main["line"], *(each["line"] for each in main["parameters"])], [3, 4, 5])

    def test_defaults(self):
        for written, json_text in [
            ("1", "1"),
            ("-1", "-1"),
            ("+1", "1"),
            ("3.0", "3.0"),
            ("-0.5", "-0.5"),
            ("1e400", None),
            ("10**3", None),
            ("None", "null"),
            ("True", "true"),
            ("'a\"b'", '"a\\"b"'),
            ("b'x'", None),
            ("1j", None),
            ("()", None),
            ("(1, 2)", None),
            ("[1, [None, -2]]", "[1, [null, -2]]"),
            ("{'a': [1], 'b': {}}", '{"a": [1], "b": {}}'),
            ("{1: 2}", None),
            ("{**x}", None),
            ("{'$a': 1}", '{"$json": {"$a": 1}}'),
            ("{1, 2}", None),
            ("[x]", None),
            ("f'{1}'", None),
            ("os.path", None),
            ("9007199254740993", "9007199254740993"),
            ("...", None),
            ("-True", None),
            ("0x" + "f" * 20, str(0x_FFFF_FFFF_FFFF_FFFF_FFFF)),
        ]:
            with self.subTest(written):
                found = self.parameter(f"def main(x={written}): ...")
                self.assertEqual((found["default"], found["defaultJson"], found["optional"]), (written, json_text, True))

    def test_input_data(self):
        for text, takes, rest in [
            ("input_data", True, []),
            ("input_data, /", True, []),
            ("input_data, b=1", True, ["b"]),
            ("input_data: dict", False, ["input_data"]),
            ("input_data=None", False, ["input_data"]),
            ("a, input_data", False, ["a", "input_data"]),
            ("*, input_data", False, ["input_data"]),
            ("*input_data", False, ["input_data"]),
            ("data", False, ["data"]),
        ]:
            with self.subTest(text):
                main = self.function(f"def main({text}): ...")
                self.assertEqual((main["takesInputData"], [each["name"] for each in main["parameters"]]), (takes, rest))


class Functions(ProjectCase):
    def names(self, text, file="nodes/a.py"):
        return {
            name: [each["name"] for each in found["parameters"]]
            for name, found in self.analyse(text, file)["functions"].items()
        }

    def test_which_definition_counts(self):
        for text, expected in [
            ("def main(a): ...\ndef main(b): ...", {"main": ["b"]}),
            ("if x:\n  def main(a): ...\nelse:\n  def main(b): ...", {"main": ["b"]}),
            ("if TYPE_CHECKING:\n  def main(a): ...\nelse:\n  def main(b): ...", {"main": ["b"]}),
            ("if not TYPE_CHECKING:\n  def main(a): ...\nelse:\n  def main(b): ...", {"main": ["a"]}),
            ("if typing.TYPE_CHECKING:\n  def main(a): ...", {}),
            ("try:\n  import x\n  def main(a): ...\nexcept ImportError:\n  def main(b): ...", {"main": ["b"]}),
            ("with x:\n  def main(a): ...", {"main": ["a"]}),
            ("def main(a): ...\nmain = 3", {}),
            ("def main(a): ...\ndel main", {}),
            ("def main(a): ...\nclass main: ...", {}),
            ("class A:\n  def main(self): ...", {}),
            ("def f():\n  def main(a): ...", {"f": []}),
            ("def f(a): ...\nmain = f", {"f": ["a"], "main": ["a"]}),
            ("def f(a): ...\ng = f\nmain = g", {"f": ["a"], "g": ["a"], "main": ["a"]}),
            ("main = other\nother = main", {}),
            ("main = main", {}),
            ("import functools\ndef f(a): ...\nmain = functools.partial(f, 1)", {"f": ["a"]}),
            ("main = lambda a: a", {}),
            ("@cache\n@other(1)\ndef main(a): ...", {"main": ["a"]}),
            ("async def main(a): ...", {"main": ["a"]}),
            ("for main in x: ...\ndef f(): ...", {"f": []}),
        ]:
            with self.subTest(text):
                self.assertEqual(self.names(text), expected)

    def test_overloads_give_way_to_the_implementation(self):
        for decorator in ["overload", "typing.overload", "ov"]:
            head = "import typing\nfrom typing import overload, overload as ov\n"
            text = f"{head}@{decorator}\ndef main(a: int): ...\n@{decorator}\ndef main(a: str): ...\ndef main(z): ...\n"
            with self.subTest(decorator):
                self.assertEqual(self.names(text), {"main": ["z"]})
        self.assertEqual(self.names("from typing import overload\n@overload\ndef main(a): ..."), {})

    def test_imported_entries(self):
        self.write("nodes/impl.py", "from enum import Enum\nclass K(Enum):\n  A = 1\ndef main(a: K): ...\ndef run(b): ...\n")
        self.write("nodes/pkg/__init__.py", "from .deep import go as main\n")
        self.write("nodes/pkg/deep.py", "from ..impl import run\ndef go(c): ...\n")
        self.write("top.py", "def main(t): ...\n")
        for text, expected in [
            ("from .impl import main", {"main": ["a"]}),
            ("from nodes.impl import run as main", {"main": ["b"]}),
            ("from nodes.pkg import main", {"main": ["c"]}),
            ("from .pkg.deep import run as main", {"main": ["b"]}),
            ("from . import impl\nmain = impl.main", {"main": ["a"]}),
            ("import nodes.impl\nmain = nodes.impl.run", {"main": ["b"]}),
            ("from ..top import main", {}),
            ("from top import main", {"main": ["t"]}),
            ("from os.path import join as main", {}),
            ("from .gone import main", {}),
            ("from .impl import gone as main", {}),
        ]:
            with self.subTest(text):
                self.assertEqual(self.names(text), expected)
        found = self.function("from .impl import main")
        self.assertEqual(found["parameters"][0]["field"]["kind"], "choice")

    def test_import_cycles_end(self):
        self.write("nodes/b.py", "from .c import main\n")
        self.write("nodes/c.py", "from .b import main\n")
        self.assertEqual(self.names("from .b import main"), {})
        self.write("nodes/d.py", "from .a import main as f, T\nfrom .d import *\n")
        self.assertEqual(self.names("from .d import f, T\ndef main(x: T): ..."), {"f": ["x"], "main": ["x"]})

    def test_generators_and_async(self):
        for body, generator in [
            ("def main():\n  yield 1", True),
            ("def main():\n  x = [(yield)]", True),
            ("def main():\n  yield from x", True),
            ("def main():\n  if a:\n    for b in c:\n      yield b", True),
            ("def main():\n  def inner():\n    yield 1\n  return inner", False),
            ("def main():\n  return lambda: (yield)", False),
            ("def main():\n  def inner(x=(yield)): ...", True),
            ("def main():\n  'yield'", False),
            ("async def main():\n  yield 1", True),
            ("async def main():\n  await x", False),
        ]:
            with self.subTest(body):
                main = self.function(body)
                self.assertEqual((main["isGenerator"], main["isAsync"]), (generator, body.startswith("async")))

    def test_doc_is_the_first_paragraph(self):
        for doc, expected in [
            ('"""One\n    two.\n\n    Three."""', "One two."),
            ('"""\n    Later.\n    """', "Later."),
            ('""" """', None),
            ("b'no'", None),
            ("pass", None),
        ]:
            with self.subTest(doc):
                self.assertEqual(self.function(f"def main():\n    {doc}\n")["doc"], expected)

    def test_imports(self):
        self.write("nodes/b.py", "")
        text = """
import numpy as np, os.path
from sklearn.linear_model import Ridge
from . import b, c
from .b import x
from nodes import b
from ... import gone
from ...away import gone
from __future__ import annotations
if TYPE_CHECKING:
    import pandas
else:
    import polars
def main():
    import late
class A:
    import inner
try:
    import ujson
except ImportError:
    import json
"""
        self.assertEqual(
            self.analyse("from __future__ import annotations" + text.replace("from __future__ import annotations", ""))["imports"],
            "__future__ inner json late nodes nodes.b numpy os.path polars sklearn.linear_model ujson".split(),
        )
