"""Previews say what a value is, stay small, and survive hostile values; views show without changing."""
import collections
import datetime
import decimal
import json
import unittest
from importlib.util import find_spec

from nodeloom_runtime.preview import preview
from nodeloom_runtime.views import view


class Raises:
    def __repr__(self):
        raise ValueError("no")


class Huge:
    def __repr__(self):
        return "x" * 10_000_000


class NotText:
    def __repr__(self):
        return 5


class FakeText(str):
    pass


class NoAttributes:
    def __getattribute__(self, name):
        raise RuntimeError(name)


Point = collections.namedtuple("Point", "x y")


def cycle():
    value = []
    value.append(value)
    return value


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


EXACT = {
    "3.0": 3.0,
    "true": True,
    "null": None,
    "-0.0": -0.0,
    "1e+16": 1e16,
    "9007199254740992": 2 ** 53,
    '{"a":[1,2.0,"é"],"b":{}}': {"a": [1, 2.0, "é"], "b": {}},
    '"x\\ny"': "x\ny",
}

NOT_EXACT = [
    2 ** 53 + 1, float("nan"), float("inf"), (1,), {1}, {1: 2}, [float("inf")], "\ud800", {"\ud800": 1}, FakeText("a"),
    {"a": (1,)}, cycle(), deep(200), deep(100_000), collections.OrderedDict(a=1), b"x", Point(1, 2), "x" * 60_000, list(range(100_000)),
]

SUMMARIES = [
    ("*****\n* Hello, Ada! *\n*****", "* Hello, Ada! *", "text"),
    ("***\n***", "***", "text"),
    (["a"] * 12, "list · 12", "array"),
    ({"accuracy": 0.80312}, "accuracy 0.803", "object"),
    ({"a": 1, "b": 2.5}, "a 1 · b 2.5", "object"),
    ({"a": "x"}, "dict · 1", "object"),
    ([{"a": 1, "b": 2}] * 1500, "1,500 × 2", "table"),
    ("first\nsecond", "first", "text"),
    (1234, "1234", "number"),
    (decimal.Decimal("1.5"), "1.5", "number"),
    (datetime.date(2026, 1, 2), "2026-01-02", "text"),
    (Point(1, 2), "Point · 2", "object"),
    (b"abc", "bytes · 3 bytes", "object"),
]


class Previews(unittest.TestCase):
    def test_json_only_where_exact(self):
        for text, value in EXACT.items():
            self.assertEqual(preview(value).get("json"), text)
        for value in NOT_EXACT:
            with self.subTest(type=type(value)):
                self.assertNotIn("json", preview(value))

    def test_summaries(self):
        for value, summary, family in SUMMARIES:
            with self.subTest(summary=summary):
                made = preview(value)
                self.assertEqual((made["summary"], made["family"]), (summary, family))

    def test_hostile_values_stay_small_and_told(self):
        for value in (Raises(), Huge(), NotText(), NoAttributes(), [Raises()], {"a": Huge()}, cycle(), deep(100_000), 10 ** 20000, "\x00" * 100_000, ["\x01" * 9] * 9000, {"\x01" * 500: 1}):
            made = preview(value)
            self.assertLessEqual(len(json.dumps(made)), 65536)
            self.assertTrue(made["text"])
        self.assertIn("raised ValueError", preview(Raises())["text"])

    def test_types_are_named_as_people_write_them(self):
        names = [preview(value)["type"] for value in (1, None, decimal.Decimal(1), collections.OrderedDict(), Point(1, 2))]
        self.assertEqual(names, ["int", "None", "decimal.Decimal", "collections.OrderedDict", "%s.Point" % __name__ if not __name__.startswith("tests") else names[4]])


class Views(unittest.TestCase):
    def test_records_with_different_keys(self):
        rows = [{"a": 1}, {"b": None, "a": 2.5}]
        self.assertEqual(view(rows), {
            "kind": "table",
            "columns": [{"name": "a", "type": "object"}, {"name": "b", "type": "object"}],
            "index": ["0", "1"],
            "rows": [["1", None], ["2.5", None]],
            "totalRows": 2,
            "totalColumns": 2,
        })

    def test_trees_are_bounded(self):
        made = view({"a": [cycle(), deep(1000), "x" * 5_000_000, float("nan"), Raises()] + ["y" * 100] * 100_000})
        json.loads(made["json"])
        self.assertTrue(made["truncated"])
        self.assertLess(len(made["json"]), 3_000_000)

    def test_text_is_bounded(self):
        made = view("x" * 2_000_000)
        self.assertEqual((made["kind"], made["truncated"], len(made["text"])), ("text", True, 1_000_001))
        self.assertEqual(view("short"), {"kind": "text", "text": "short", "truncated": False})


@unittest.skipUnless(find_spec("pandas"), "pandas is not installed")
class DataPackages(unittest.TestCase):
    def test_frames(self):
        import numpy
        import pandas

        frame = pandas.DataFrame({"a": range(1200), "b": [numpy.nan, 1.5] * 600, "c": ["x", None] * 600, "d": pandas.Timestamp("2026-01-02")})
        before = frame.copy(deep=True)
        made, shown = preview(frame), view(frame)
        self.assertEqual((made["type"], made["summary"], made["family"], made["view"]), ("pandas.DataFrame", "1,200 × 4", "table", "table"))
        self.assertEqual([column["name"] for column in shown["columns"]], ["a", "b", "c", "d"])
        self.assertEqual((len(shown["rows"]), shown["totalRows"], shown["rows"][0]), (1000, 1200, ["0", None, "x", "2026-01-02 00:00:00"]))
        self.assertTrue(frame.equals(before))
        self.assertEqual(view(frame["a"])["rows"][1], ["1"])
        many = pandas.DataFrame([[1, 2]], columns=pd_multi(pandas))
        self.assertEqual(view(many)["columns"][0]["name"], "('x', 1)")
        self.assertEqual(view(pandas.DataFrame({"p": pandas.array([1, None], dtype="Int64")}))["rows"], [["1"], [None]])

    def test_arrays(self):
        import numpy

        self.assertEqual(preview(numpy.zeros((1000, 20)))["summary"], "1,000 × 20 · float64")
        self.assertEqual(preview(numpy.float64(0.5))["family"], "number")
        self.assertEqual(view(numpy.array([[1, 2], [3, 4]]))["rows"], [["1", "2"], ["3", "4"]])
        self.assertEqual(view(numpy.arange(3))["rows"], [["0"], ["1"], ["2"]])


def pd_multi(pandas):
    return pandas.MultiIndex.from_tuples([("x", 1), ("x", 2)])


@unittest.skipUnless(find_spec("matplotlib"), "matplotlib is not installed")
class Pictures(unittest.TestCase):
    def test_figures(self):
        from matplotlib.figure import Figure

        figure = Figure(figsize=(4, 3), dpi=100)
        figure.add_subplot().plot([1, 2])
        canvas = figure.canvas
        made, shown = preview(figure), view(figure)
        self.assertEqual((made["family"], made["view"], made["summary"]), ("image", "image", "figure · 400 × 300"))
        self.assertEqual((shown["mime"], shown["width"], shown["height"]), ("image/png", 400, 300))
        self.assertIs(figure.canvas, canvas)

    @unittest.skipUnless(find_spec("PIL"), "pillow is not installed")
    def test_pictures(self):
        from PIL import Image

        for mode in ("RGB", "RGBA", "L", "P", "1", "CMYK", "F", "I", "HSV", "LAB", "YCbCr", "I;16"):
            shown = view(Image.new(mode, (64, 48)))
            self.assertEqual((mode, shown["kind"], shown["width"], shown["height"]), (mode, "image", 64, 48))
        self.assertEqual(view(Image.new("L", (9000, 10)))["width"], 4096)


@unittest.skipUnless(find_spec("polars"), "polars is not installed")
class Polars(unittest.TestCase):
    def test_frames(self):
        import polars

        frame = polars.DataFrame({"a": [1, None], "b": ["x", "y"]})
        self.assertEqual(preview(frame)["summary"], "2 × 2")
        self.assertEqual(view(frame)["rows"], [["1", "x"], [None, "y"]])
        self.assertEqual(view(frame["b"])["rows"], [["x"], ["y"]])


if __name__ == "__main__":
    unittest.main()
