"""A project in a temporary folder, and the analysis of files in it."""

import os
import shutil
import sys
import tempfile
import unittest

PYTHON_DIR = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
if PYTHON_DIR not in sys.path:
    sys.path.insert(0, PYTHON_DIR)

from nodeloom_analysis.analysis import Analyser  # noqa: E402

SCRIPT = os.path.join(PYTHON_DIR, "nodeloom_analysis", "__main__.py")
SAMPLES = os.path.join(PYTHON_DIR, "samples", "analysis")


class ProjectCase(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="nodeloom-analysis-")
        self.addCleanup(shutil.rmtree, self.root, True)
        self.analyser = Analyser()

    def write(self, path, content):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as stream:
            stream.write(content if isinstance(content, bytes) else content.encode("utf-8"))
        return full

    def analyse(self, text=None, file="nodes/a.py"):
        return self.analyser.analyse(self.root, file, text)

    def function(self, text, name="main", file="nodes/a.py"):
        analysis = self.analyse(text, file)
        self.assertEqual((analysis["status"], analysis["message"]), ("ok", None))
        return analysis["functions"][name]

    def parameter(self, text, name="x"):
        return {each["name"]: each for each in self.function(text)["parameters"]}[name]

    def ports(self, text):
        """(shape, [(port, type, required)]) of main."""
        main = self.function(text)
        return main["outputShape"], [(port["name"], port["type"], port["required"]) for port in main["outputs"]]
