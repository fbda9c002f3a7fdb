"""Annotation → field, nullable, collects."""

from .support import ProjectCase

HEAD = """
import collections.abc, enum, os, pathlib, typing, typing as t
import collections.abc as cabc
import nodes.modes
from nodes import modes as m
from enum import Enum, IntEnum
from pathlib import Path as P, PurePath
from typing import *
from .modes import Mode, Mode as Renamed
from .again import Passed
Rows = list[dict]
Text: "TypeAlias" = "str"
MaybeInt = Optional[int]
Loop = Optional["Loop"]
A = B
B = A
UserId = NewType("UserId", int)
How = Literal["a", "b"]
Fun = Enum("Fun", "X Y")
Listed = IntEnum("Listed", [("ONE", 1), ("TWO", 2)])
class Own(str, Enum):
    first = "1"
    second: str = "2"
    THIRD, FOURTH = 3, 4
    _hidden = 5
    later: int
    helper = lambda self: 1
    def method(self): return 1
class Outer:
    class Inner(Enum):
        IN = 1
class list_like(list): ...
class NotEnum:
    A = 1
"""
MODES = "from enum import Enum\nclass Base(Enum):\n  def label(self): return 1\nclass Mode(Base):\n  FAST = 1\n  GOOD = 2\n"


def choice(*names):
    return {"kind": "choice", "options": [{"label": name, "json": '"%s"' % name} for name in names]}


def kind(name):
    return {"kind": name}


MODE = choice("FAST", "GOOD")

# annotation → (field, nullable, collects)
TABLE = [
    ("str", kind("text"), False, "never"),
    ("int", kind("int"), False, "never"),
    ("float", kind("float"), False, "never"),
    ("bool", kind("bool"), False, "never"),
    ("bytes", kind("json"), False, "never"),
    ("None", kind("json"), True, "never"),
    ("Any", kind("json"), True, "never"),
    ("object", kind("json"), True, "never"),
    ("'str'", kind("text"), False, "never"),
    ("'  int '", kind("int"), False, "never"),
    ("'not valid ('", kind("json"), False, "never"),
    ("Optional[int]", kind("int"), True, "never"),
    ("t.Optional[int]", kind("int"), True, "never"),
    ("typing.Optional['int']", kind("int"), True, "never"),
    ("'Optional[int]'", kind("int"), True, "never"),
    ("int | None", kind("int"), True, "never"),
    ("None | str", kind("text"), True, "never"),
    ("Union[int, None]", kind("int"), True, "never"),
    ("Union[int, str]", kind("json"), False, "never"),
    ("int | str | None", kind("json"), True, "never"),
    ("int | float", kind("float"), False, "never"),
    ("Optional[Optional[bool]]", kind("bool"), True, "never"),
    ("Annotated[int, 'note']", kind("int"), False, "never"),
    ("Annotated[Optional[Mode], 1, 2]", MODE, True, "never"),
    ("Path", kind("json"), False, "never"),
    ("P", kind("path"), False, "never"),
    ("PurePath", kind("path"), False, "never"),
    ("pathlib.Path", kind("path"), False, "never"),
    ("os.PathLike", kind("path"), False, "never"),
    ("os.PathLike[str]", kind("path"), False, "never"),
    ("str | os.PathLike", kind("path"), False, "never"),
    ("Mode", MODE, False, "never"),
    ("Renamed", MODE, False, "never"),
    ("m.Mode", MODE, False, "never"),
    ("nodes.modes.Mode", MODE, False, "never"),
    ("Passed", MODE, False, "never"),
    ("Mode | None", MODE, True, "never"),
    ("Own", choice("first", "second", "THIRD", "FOURTH"), False, "never"),
    ("Outer.Inner", choice("IN"), False, "never"),
    ("Fun", choice("X", "Y"), False, "never"),
    ("Listed", choice("ONE", "TWO"), False, "never"),
    ("NotEnum", kind("json"), False, "never"),
    ("Literal['a', 'b']", choice("a", "b"), False, "never"),
    ("t.Literal['a', None]", choice("a"), True, "never"),
    ("How", choice("a", "b"), False, "never"),
    ("Literal[How, 'c']", choice("a", "b", "c"), False, "never"),
    ("Literal['a'] | Literal['b', 'a']", choice("a", "b"), False, "never"),
    ("Literal[Mode.FAST]", choice("FAST"), False, "never"),
    ("Literal[b'x']", kind("json"), False, "never"),
    (
        "Literal[-1, True, 'é']",
        {
            "kind": "choice",
            "options": [
                {"label": "-1", "json": "-1"},
                {"label": "True", "json": "true"},
                {"label": "é", "json": '"\\u00e9"'},
            ],
        },
        False,
        "never",
    ),
    ("list", kind("json"), False, "may"),
    ("list[int]", kind("json"), False, "may"),
    ("List[int]", kind("json"), False, "may"),
    ("t.List", kind("json"), False, "may"),
    ("Sequence[int]", kind("json"), False, "may"),
    ("collections.abc.Sequence[int]", kind("json"), False, "may"),
    ("cabc.Sequence", kind("json"), False, "may"),
    ("'list[int]'", kind("json"), False, "may"),
    ("Rows", kind("json"), False, "may"),
    ("Annotated[list[int], 1]", kind("json"), False, "may"),
    ("Optional[list[int]]", kind("json"), True, "may"),
    ("list[int] | int", kind("json"), False, "never"),
    ("tuple[int, ...]", kind("json"), False, "never"),
    ("set[int]", kind("json"), False, "never"),
    ("Iterable[int]", kind("json"), False, "never"),
    ("MutableSequence[int]", kind("json"), False, "never"),
    ("dict[str, int]", kind("json"), False, "never"),
    ("list_like", kind("json"), False, "never"),
    ("Text", kind("text"), False, "never"),
    ("MaybeInt", kind("int"), True, "never"),
    ("Loop", kind("json"), True, "never"),
    ("A", kind("json"), False, "never"),
    ("UserId", kind("int"), False, "never"),
    ("Unknown", kind("json"), False, "never"),
    ("unknown.Thing[int]", kind("json"), False, "never"),
    ("(lambda: 1)()", kind("json"), False, "never"),
]


class Fields(ProjectCase):
    def setUp(self):
        super().setUp()
        self.write("nodes/modes.py", MODES)
        self.write("nodes/again.py", "from nodes.modes import Mode as Passed\n")

    def test_table(self):
        for annotation, field, nullable, collects in TABLE:
            with self.subTest(annotation):
                found = self.parameter(f"{HEAD}\ndef main(x: {annotation}): ...\n")
                self.assertEqual((found["field"], found["nullable"], found["collects"]), (field, nullable, collects))

    def test_unannotated_takes_anything(self):
        found = self.parameter("def main(x): ...")
        self.assertEqual((found["field"], found["nullable"], found["collects"]), (kind("json"), True, "may"))
        self.assertIsNone(found["annotation"])

    def test_annotation_as_written(self):
        for written, shown in [
            ("int|None", "int|None"),
            ("'pd.DataFrame'", "pd.DataFrame"),
            ("Optional['pd.DataFrame']", "Optional['pd.DataFrame']"),
            ("  dict[ str,int ]", "dict[ str,int ]"),
            ("Größe[int]", "Größe[int]"),
            ("dict[\n  str,  # comment\n  int,\n]", "dict[str, int]"),
        ]:
            with self.subTest(written):
                self.assertEqual(self.parameter(f"def main(é, x: {written}): ...")["annotation"], shown)

    def test_names_of_the_project_shadow_builtins(self):
        self.assertEqual(self.parameter("class int: ...\ndef main(x: int): ...")["field"], kind("json"))
        self.assertEqual(self.parameter("str = make()\ndef main(x: str): ...")["field"], kind("json"))

    def test_what_only_type_checkers_see(self):
        text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .modes import Mode\ndef main(x: 'Mode'): ..."
        self.assertEqual(self.parameter(text)["field"], MODE)

    def test_a_fallback_does_not_hide_the_import(self):
        text = "try:\n    from .modes import Mode\nexcept ImportError:\n    Mode = None\ndef main(x: Mode): ..."
        self.assertEqual(self.parameter(text)["field"], MODE)

    def test_a_type_statement_is_followed(self):
        text = "type Rows = list[dict]\ndef main(x: Rows): ..."
        if self.analyse(text)["status"] == "syntax_error":
            self.skipTest("this Python has no type statement")
        self.assertEqual(self.parameter(text)["collects"], "may")
