"""Stored values come back equal and private; what cannot be stored is refused by its type."""
import os
import pickle
import tempfile
import threading
import unittest
from importlib.util import find_spec

from nodeloom_runtime.values import PICKLED_LIMIT, CannotStore, load, pickle_small, store

has_numpy = unittest.skipUnless(find_spec("numpy"), "numpy is not installed")


class Buffered:
    """Pickles with its bytes out of band, as arrays do."""

    def __init__(self, data):
        self.data = data

    def __reduce_ex__(self, protocol):
        return Buffered, (pickle.PickleBuffer(self.data),)


class Slow:
    pickled = 0

    def __reduce__(self):
        Slow.pickled += 1
        return str, ("x" * 1000 + str(Slow.pickled),)


class Values(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_plain_values_come_back(self):
        value = {"a": [1, 2.5, None], (1, 2): {3}, "b": b"x" * 100000}
        stored = store(value, self.folder, "1")
        self.assertEqual((stored["format"], stored["bytes"]), ("pickle5", os.path.getsize(stored["path"])))
        self.assertEqual(load(stored), value)

    def test_buffers_come_back_writable_and_private(self):
        stored = store([Buffered(bytearray(b"a" * 1000)), Buffered(bytearray(b"")), Buffered(bytearray(b"b" * 7))], self.folder, "1")
        first, empty, last = load(stored)
        memoryview(first.data)[0] = 0
        again = load(stored)
        self.assertEqual([bytes(each.data) for each in again], [b"a" * 1000, b"", b"b" * 7])
        self.assertEqual(bytes(last.data), b"b" * 7)

    def test_what_cannot_be_pickled_names_its_type(self):
        for value, name in ((threading.Lock(), "_thread.lock"), (lambda: 1, "function"), ((x for x in ()), "generator")):
            with self.assertRaises(CannotStore) as caught:
                store(value, self.folder, "1")
            self.assertIn("type %s cannot leave" % name, str(caught.exception))
        self.assertEqual(os.listdir(self.folder), [])

    def test_small_pickles_are_bounded(self):
        self.assertEqual(pickle.loads(pickle_small([1, "a"])), [1, "a"])
        self.assertIsNone(pickle_small("x" * PICKLED_LIMIT))
        self.assertIsNone(pickle_small(b"x" * (PICKLED_LIMIT + 1)))
        self.assertIsNone(pickle_small(threading.Lock()))

    def test_pickling_of_something_big_stops_early(self):
        Slow.pickled = 0
        self.assertIsNone(pickle_small([Slow() for _ in range(50000)]))
        self.assertLess(Slow.pickled, 1000)

    @has_numpy
    def test_arrays_are_npy_mapped_and_private(self):
        import numpy

        value = numpy.arange(20000, dtype="float64").reshape(100, 200)
        stored = store(value, self.folder, "1")
        first = load(stored)
        first[0, 0] = -1
        again = load(stored)
        self.assertEqual((stored["format"], type(again), again[0, 0], first[0, 0]), ("npy", numpy.ndarray, 0.0, -1.0))
        self.assertTrue((again == value).all())

    @has_numpy
    def test_other_arrays_come_back_too(self):
        import numpy

        for value in (numpy.array([]), numpy.array(5), numpy.array([{1}, None], dtype=object), numpy.asfortranarray(numpy.ones((3, 4))), numpy.arange(10)[::3], numpy.array(["2026-01-01"], dtype="datetime64[D]")):
            loaded = load(store(value, self.folder, "1"))
            self.assertEqual((loaded.dtype, loaded.shape, loaded.tolist()), (value.dtype, value.shape, value.tolist()))

    @unittest.skipUnless(find_spec("pandas"), "pandas is not installed")
    def test_frames_are_writable_private_copies(self):
        import pandas

        value = pandas.DataFrame({"a": range(50000), "b": [1.5] * 50000, "c": ["x"] * 50000})
        stored = store(value, self.folder, "1")
        loaded = load(stored)
        loaded.loc[0, "a"] = 99
        self.assertTrue(load(stored).equals(value))
        self.assertEqual(loaded.loc[0, "a"], 99)


if __name__ == "__main__":
    unittest.main()
