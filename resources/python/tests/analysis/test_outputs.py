"""Return annotation → output ports."""

from .support import ProjectCase

HEAD = """
import collections, typing, typing as t
from collections import namedtuple
from dataclasses import dataclass
from typing import *
from typing_extensions import TypedDict as TD
import nodes.shapes as shapes
from .shapes import Split, Split as Renamed
class Pair(NamedTuple):
    a: int
    b: "list[str]" = []
    def total(self) -> int: ...
class Child(Pair):
    extra: int
class Generic2(NamedTuple, Generic[T]):
    value: T
class Whole(NamedTuple):
    result: int
    other: str
F1 = NamedTuple("F1", [("a", int), ("b", "str")])
F2 = namedtuple("F2", "a, b")
F3 = collections.namedtuple("F3", ["x", "y"])
F4 = namedtuple("F4", "a class a _x", rename=True)
class F5(namedtuple("F5", "p q")):
    pass
class D(TypedDict):
    a: int
    b: NotRequired["str"]
class DTotal(TypedDict, total=False):
    c: int
    d: Required[str]
    e: "NotRequired[ReadOnly[float]]"
class DChild(D, DTotal):
    a: float
    z: bool
class DBack(TD):
    k: int
class Empty(TypedDict): ...
D2 = TypedDict("D2", {"a b": int, "c": NotRequired[str]})
D3 = t.TypedDict("D3", {"a b": int}, total=False)
Alias = Pair
@dataclass
class Data:
    a: int
class Self1(Self1): ...
class Outer:
    class In(NamedTuple):
        deep: int
class Unknown1(mystery.NamedTuple):
    a: int
"""
SHAPES = "from typing import NamedTuple, TypedDict\nclass Split(NamedTuple):\n  train: list\n  test: list\nclass Base(TypedDict):\n  base: int\n"


def fields(*names_types):
    return [(name, type, True) for name, type in names_types]


TABLE = [
    ("Pair", "named_tuple", fields(("a", "int"), ("b", "list[str]"), ("result", "Pair"))),
    ("'Pair'", "named_tuple", fields(("a", "int"), ("b", "list[str]"), ("result", "Pair"))),
    ("Annotated[Pair, 1]", "named_tuple", fields(("a", "int"), ("b", "list[str]"), ("result", "Annotated[Pair, 1]"))),
    ("Alias", "named_tuple", fields(("a", "int"), ("b", "list[str]"), ("result", "Alias"))),
    ("Child", "named_tuple", fields(("a", "int"), ("b", "list[str]"), ("result", "Child"))),
    ("Generic2[int]", "named_tuple", fields(("value", "T"), ("result", "Generic2[int]"))),
    ("Whole", "named_tuple", fields(("result", "int"), ("other", "str"))),
    ("F1", "named_tuple", fields(("a", "int"), ("b", "str"), ("result", "F1"))),
    ("F2", "named_tuple", fields(("a", None), ("b", None), ("result", "F2"))),
    ("F3", "named_tuple", fields(("x", None), ("y", None), ("result", "F3"))),
    ("F4", "named_tuple", fields(("a", None), ("_1", None), ("_2", None), ("_3", None), ("result", "F4"))),
    ("F5", "named_tuple", fields(("p", None), ("q", None), ("result", "F5"))),
    ("Split", "named_tuple", fields(("train", "list"), ("test", "list"), ("result", "Split"))),
    ("Renamed", "named_tuple", fields(("train", "list"), ("test", "list"), ("result", "Renamed"))),
    ("shapes.Split", "named_tuple", fields(("train", "list"), ("test", "list"), ("result", "shapes.Split"))),
    ("Outer.In", "named_tuple", fields(("deep", "int"), ("result", "Outer.In"))),
    ("D", "typed_dict", [("a", "int", True), ("b", "str", False), ("result", "D", True)]),
    ("DTotal", "typed_dict", [("c", "int", False), ("d", "str", True), ("e", "float", False), ("result", "DTotal", True)]),
    (
        "DChild",
        "typed_dict",
        [
            ("a", "float", True),
            ("b", "str", False),
            ("c", "int", False),
            ("d", "str", True),
            ("e", "float", False),
            ("z", "bool", True),
            ("result", "DChild", True),
        ],
    ),
    ("DBack", "typed_dict", fields(("k", "int"), ("result", "DBack"))),
    ("D2", "typed_dict", [("a b", "int", True), ("c", "str", False), ("result", "D2", True)]),
    ("D3", "typed_dict", [("a b", "int", False), ("result", "D3", True)]),
    ("Empty", "whole", fields(("result", "Empty"))),
]
ONE_PORT = [
    "Optional[Pair]", "Pair | None", "Union[Pair, D]", "list[Pair]", "tuple[int, str]", "Data", "Self1", "Unknown1",
    "int", "None", "mystery.Thing", "dict[str, int]", "'('", "NamedTuple", "TypedDict", "Awaitable[Pair]",
]  # fmt: skip


class Outputs(ProjectCase):
    def setUp(self):
        super().setUp()
        self.write("nodes/shapes.py", SHAPES)

    def test_table(self):
        for annotation, shape, expected in TABLE:
            with self.subTest(annotation):
                self.assertEqual(self.ports(f"{HEAD}\ndef main() -> {annotation}: ..."), (shape, expected))

    def test_everything_else_is_one_port(self):
        for annotation in ONE_PORT:
            with self.subTest(annotation):
                expected = ("whole", [("result", annotation.strip("'"), True)])
                self.assertEqual(self.ports(f"{HEAD}\ndef main() -> {annotation}: ..."), expected)

    def test_without_annotation(self):
        self.assertEqual(self.ports("def main(): ..."), ("whole", [("result", None, True)]))

    def test_async_gives_the_fields_and_a_generator_does_not(self):
        self.assertEqual(self.ports(f"{HEAD}\nasync def main() -> Split: ...")[0], "named_tuple")
        self.assertEqual(self.ports(f"{HEAD}\ndef main() -> Split:\n  yield 1"), ("whole", [("result", "Split", True)]))

    def test_bases_in_other_files_count_and_are_named(self):
        text = "from . import shapes\nclass Mine(shapes.Base):\n  own: str\ndef main() -> Mine: ..."
        self.assertEqual(
            self.ports(text), ("typed_dict", [("base", "int", True), ("own", "str", True), ("result", "Mine", True)])
        )
        self.assertEqual(self.analyse(text)["dependsOn"], ["nodes/a.py", "nodes/shapes.py"])
