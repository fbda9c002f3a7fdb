"""Constants become what the annotation asks for, or a sentence that names the port."""
import datetime as dt
import enum
import math
import os
import typing
import unittest
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Dict, List, Literal, NewType, Optional, Tuple, TypedDict, Union

from nodeloom_runtime.constants import MISSING, Misfit, read_constant

PROJECT = "/project"


class Color(enum.Enum):
    RED = 1
    BLUE = "b"


class Options(TypedDict):
    depth: int
    color: Color


UserId = NewType("UserId", int)
UTC = dt.timezone.utc

FITS = [
    ("1", MISSING, 1),
    ("3.0", MISSING, 3.0),
    ("12345678901234567890123", MISSING, 12345678901234567890123),
    ("1" * 5000, int, int("1" * 4000) * 10 ** 1000 + int("1" * 1000)),
    ("[1, {\"a\": null}]", MISSING, [1, {"a": None}]),
    ("1", float, 1.0),
    ("2.5", float, 2.5),
    ("1", int, 1),
    ("true", bool, True),
    ('"x"', str, "x"),
    ("1", complex, 1 + 0j),
    ('"aGk="', bytes, b"hi"),
    ('"aGk="', bytearray, bytearray(b"hi")),
    ('"data/a.csv"', Path, Path("/project/data/a.csv")),
    ('"/abs"', Path, Path("/abs")),
    ('"a"', os.PathLike, Path("/project/a")),
    ('"RED"', Color, Color.RED),
    ('"2026-01-02"', dt.date, dt.date(2026, 1, 2)),
    ('"2026-01-02T03:04:05"', dt.datetime, dt.datetime(2026, 1, 2, 3, 4, 5)),
    ('"2026-01-02T03:04:05Z"', dt.datetime, dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ('"03:04:05"', dt.time, dt.time(3, 4, 5)),
    ("[1, 2]", tuple, (1, 2)),
    ("[1, 2]", Tuple[float, ...], (1.0, 2.0)),
    ('[1, "RED"]', Tuple[int, Color], (1, Color.RED)),
    ("[1, 1]", typing.Set[int], {1}),
    ("[1]", frozenset, frozenset({1})),
    ("[1, 2]", List[float], [1.0, 2.0]),
    ("[1]", Sequence, [1]),
    ('{"a": ["RED"]}', Dict[str, List[Color]], {"a": [Color.RED]}),
    ('{"1": "x"}', Dict[int, str], {1: "x"}),
    ('{"a": 1}', Mapping, {"a": 1}),
    ("null", Optional[int], None),
    ("1", Optional[float], 1.0),
    ('"5"', Union[int, str], "5"),
    ('"b"', Literal["a", "b"], "b"),
    ("1", Literal[1, True], 1),
    ('"RED"', Literal[Color.RED], Color.RED),
    ("5", UserId, 5),
    ('{"depth": 2, "color": "RED"}', Options, {"depth": 2, "color": Color.RED}),
    ("5", "int | None", 5),
    ("5", "Optional[float]", 5.0),
    ("[5]", List["float"], [5.0]),
    ("5", "NotThere", 5),
    ("5", Any, 5),
    ("5", object, 5),
    ("[1]", "numpy.ndarray", [1]),
    ('{"$json": {"$env": 1}}', dict, {"$env": 1}),
    ('{"$float": "inf"}', float, math.inf),
    ('{"$env": "NODELOOM_TEST_NUMBER"}', str, "7"),
    ('{"$env": "NODELOOM_TEST_NUMBER"}', int, 7),
    ('{"$secret": "TEST"}', MISSING, "hidden"),
    ('[{"$secret": "NODELOOM_TEST_NUMBER"}]', List[str], ["7"]),
]

MISFITS = [
    ('"x"', int, "node.port: the constant \"x\" does not fit int."),
    ("true", int, "does not fit int"),
    ("1", bool, "does not fit bool"),
    ("1", str, "does not fit str"),
    ("null", int, "does not fit int"),
    ("1.5", int, "does not fit int"),
    ('"GREEN"', Color, "it must be one of RED, BLUE"),
    ('"c"', Literal["a", "b"], "it must be one of 'a', 'b'"),
    ('"%%%"', bytes, "base64"),
    ('"yesterday"', dt.date, "ISO 8601"),
    ("[1]", Tuple[int, int], "it must have 2 items"),
    ('["x"]', List[int], "does not fit List[int]"),
    ("[[]]", typing.Set[list], "cannot be in a set"),
    ("{}", List[int], "does not fit"),
    ("[]", Dict[str, int], "does not fit"),
    ("true", Union[int, str], "does not fit"),
    ('{"depth": 1}', Options, "it lacks color"),
    ('{"$env": "NODELOOM_TEST_ABSENT"}', str, 'the environment variable "NODELOOM_TEST_ABSENT" is not set'),
    ('{"$secret": "NODELOOM_TEST_ABSENT"}', str, 'the secret "NODELOOM_TEST_ABSENT" is not set'),
    ('{"$what": 1}', MISSING, 'the tag "$what" is unknown'),
    ('{"$env": "A", "b": 1}', MISSING, '{"$json": …}'),
    ('{"$float": "many"}', MISSING, "is not a number"),
    ("[" * 20000, MISSING, "node.port"),
    ("{", MISSING, "not readable JSON"),
]


class Constants(unittest.TestCase):
    def setUp(self):
        os.environ["NODELOOM_TEST_NUMBER"] = "7"
        os.environ["NODELOOM_SECRET_TEST"] = "hidden"

    def tearDown(self):
        del os.environ["NODELOOM_TEST_NUMBER"], os.environ["NODELOOM_SECRET_TEST"]

    def read(self, text, annotation):
        return read_constant(text, "node.port", annotation, globals(), PROJECT)

    def test_fits(self):
        for text, annotation, expected in FITS:
            with self.subTest(text=text[:40], annotation=annotation):
                value = self.read(text, annotation)
                self.assertEqual((type(value), value), (type(expected), expected))

    def test_misfits(self):
        for text, annotation, sentence in MISFITS:
            with self.subTest(text=text[:40], annotation=annotation):
                with self.assertRaises(Misfit) as caught:
                    self.read(text, annotation)
                self.assertIn(sentence, str(caught.exception))
                self.assertTrue(str(caught.exception).startswith("node.port: "))

    def test_nan(self):
        self.assertTrue(math.isnan(self.read('{"$float": "nan"}', float)))

    def test_generic_builtins(self):
        self.assertEqual(self.read("[[1, 2]]", "list[tuple[float, int]]"), [(1.0, 2)])
        self.assertEqual(self.read('{"a": [1]}', "dict[str, list[float]]"), {"a": [1.0]})


if __name__ == "__main__":
    unittest.main()
