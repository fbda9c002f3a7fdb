"""What a person is told of an exception: its hint."""
import importlib.util
import os
import tempfile
import unittest

from nodeloom_runtime.errors import describe_error
from nodeloom_runtime.imports import ProjectImports


def failure_of(text):
    """The NodeError of calling `main()` of a project file with this text."""
    with tempfile.TemporaryDirectory() as project:
        project = os.path.realpath(project)
        path = os.path.join(project, "node.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        spec = importlib.util.spec_from_file_location("node", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        try:
            module.main()
        except Exception as error:
            return describe_error(error, ProjectImports(project))
    raise AssertionError("main() did not fail")


class MissingKeyTest(unittest.TestCase):
    def test_names_the_key_that_is_nearly_it(self):
        made = failure_of("def main():\n    row = {'churned': 1, 'tenure': 2}\n    return row['Churned']\n")
        self.assertEqual((made["type"], made["line"], made.get("hint")), ("KeyError", 3, "Did you mean 'churned'?"))

    def test_says_nothing_where_no_key_is_near(self):
        made = failure_of("def main():\n    row = {'tenure': 2}\n    return row['price']\n")
        self.assertNotIn("hint", made)

    def test_does_not_ask_objects_that_could_run_code(self):
        text = (
            "class Odd(dict):\n    def __iter__(self):\n        raise SystemExit\n    columns = property(__iter__)\n"
            "def main():\n    odd = Odd(name=1)\n    return {}['nama']\n"
        )
        self.assertNotIn("hint", failure_of(text))

    def test_looks_at_the_columns_of_a_table(self):
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("pandas is not here")
        made = failure_of("def main():\n    import pandas\n    t = pandas.DataFrame({'alcohol': [1]})\n    return t['alcohl']\n")
        self.assertEqual(made.get("hint"), "Did you mean 'alcohol'?")


if __name__ == "__main__":
    unittest.main()
