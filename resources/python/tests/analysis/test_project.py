"""Modules, unsaved text, caches, and the border of the project folder."""

import os
from unittest import mock

from nodeloom_analysis import project as project_module

from .support import ProjectCase

USE = "from .b import Row\ndef main(x: Row): ..."


class Project(ProjectCase):
    def field(self, text=USE):
        return self.parameter(text)["field"]["kind"]

    def test_a_file_is_read_from_disk_unless_text_is_given(self):
        self.write("nodes/a.py", "def disk(): ...")
        self.assertEqual(list(self.analyse()["functions"]), ["disk"])
        self.assertEqual(list(self.analyse("def given(): ...")["functions"]), ["given"])
        self.assertEqual(list(self.analyse()["functions"]), ["disk"])

    def test_a_change_on_disk_is_seen_even_at_the_same_size_and_time(self):
        path = self.write("nodes/b.py", "Row = int")
        self.assertEqual(self.field(), "int")
        before = os.stat(path)
        self.write("nodes/b.py", "Row = str")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        self.assertEqual(self.field(), "text")
        os.remove(path)
        self.assertEqual(self.field(), "json")
        self.write("nodes/b/__init__.py", "Row = bool")
        self.assertEqual(self.field(), "bool")

    def test_an_old_unchanged_file_is_not_read_again(self):
        path = self.write("nodes/b.py", "Row = int")
        os.utime(path, (1_000_000_000, 1_000_000_000))
        self.assertEqual(self.field(), "int")
        with mock.patch.object(project_module.Project, "_read", side_effect=AssertionError("read again")):
            self.assertEqual(self.field(USE + "\n"), "int")

    def test_an_unchanged_analysis_is_not_made_again(self):
        self.write("nodes/b.py", "Row = int")
        first = self.analyse(USE)
        self.assertIs(self.analyse(USE), first)
        self.write("nodes/b.py", "Row = str")
        self.assertIsNot(self.analyse(USE), first)

    def test_unsaved_text(self):
        self.write("nodes/b.py", "Row = int")
        self.analyser.overlay(self.root, "nodes/b.py", "Row = str")
        self.assertEqual(self.field(), "text")
        self.analyser.overlay(self.root, "nodes/b.py", None)
        self.assertEqual(self.field(), "int")
        self.analyser.overlay(self.root, "new/c.py", "Row = bool")
        self.assertEqual(self.field("from new.c import Row\ndef main(x: Row): ..."), "bool")
        self.analyser.overlay(self.root, "nodes/a.py", "def own(): ...")
        self.assertEqual(list(self.analyse()["functions"]), ["own"])
        self.analyser.forget(self.root)
        self.assertEqual(self.analyse()["status"], "missing")
        self.analyser.overlay(self.root, "../out.py", "x = 1")

    def test_a_dependency_with_an_error_keeps_its_last_good_text(self):
        self.write("nodes/b.py", "Row = int")
        self.assertEqual(self.field(), "int")
        self.write("nodes/b.py", "Row = int\ndef broken(")
        self.assertEqual(self.field(), "int")

    def test_imports_resolve_as_python_does(self):
        self.write("nodes/b.py", "Row = int")
        self.write("pkg/__init__.py", "from .inner.rows import *\nfrom .inner import rows\n")
        self.write("pkg/inner/rows.py", "from ...nodes import gone\nRow = bool\n_Hidden = int\n__all__ = ['Row']\nExtra = str\n")
        self.write("both.py", "Row = int")
        self.write("both/__init__.py", "Row = str")
        self.write("typing.py", "Optional = int")
        for head, annotation, expected in [
            ("from nodes.b import Row", "Row", "int"),
            ("import nodes.b", "nodes.b.Row", "int"),
            ("import nodes.b as nb", "nb.Row", "int"),
            ("from nodes import b", "b.Row", "int"),
            ("from . import b as other", "other.Row", "int"),
            ("from .b import *", "Row", "int"),
            ("from pkg import Row", "Row", "bool"),
            ("from pkg import Extra", "Extra", "json"),
            ("import pkg", "pkg.Row", "bool"),
            ("from pkg import rows", "rows.Row", "bool"),
            ("from pkg.inner import rows", "rows.Extra", "text"),
            ("import pkg.inner.rows", "pkg.inner.rows.Row", "bool"),
            ("from ..pkg import Row", "Row", "json"),
            ("from .......b import Row", "Row", "json"),
            ("from both import Row", "Row", "text"),
            ("from typing import Optional", "Optional[bool]", "bool"),
            ("import b", "b.Row", "json"),
        ]:
            with self.subTest(head):
                self.assertEqual(self.field(f"{head}\ndef main(x: {annotation}): ..."), expected)

    def test_two_dots_lead_one_package_up(self):
        self.write("deep/b.py", "Row = int")
        main = self.function("from ..b import Row\ndef main(x: Row): ...", file="deep/er/a.py")
        self.assertEqual(main["parameters"][0]["field"]["kind"], "int")

    def test_no_path_leaves_the_project(self):
        outside = ProjectCase()
        outside.setUp()
        self.addCleanup(outside.doCleanups)
        secret = outside.write("secret.py", "Row = int\ndef main(): ...")
        self.write("nodes/keep.py", "")
        os.symlink(secret, os.path.join(self.root, "nodes", "link.py"))
        os.symlink(outside.root, os.path.join(self.root, "linked"))
        os.symlink("loop.py", os.path.join(self.root, "loop.py"))
        relative = os.path.relpath(secret, self.root)
        for file in [secret, relative, "nodes/../../x.py", "..", ".", "", "nodes/link.py", "linked/secret.py", "a\0b.py"]:
            with self.subTest(file):
                found = self.analyse(None, file)
                self.assertEqual((found["status"], found["functions"]), ("unreadable", {}))
                self.assertIn("out of the project", found["message"])
        self.assertNotEqual(self.analyse(None, "loop.py")["status"], "ok")
        self.assertEqual(self.field("from .link import Row\ndef main(x: Row): ..."), "json")
        self.assertEqual(self.field("from linked.secret import Row\ndef main(x: Row): ..."), "json")
        found = self.analyse("from linked.secret import Row\ndef main(x: Row): ...")
        self.assertEqual(found["dependsOn"], ["nodes/a.py"])

    def test_a_link_inside_the_project_is_followed(self):
        self.write("real/b.py", "Row = int")
        os.symlink(os.path.join(self.root, "real"), os.path.join(self.root, "alias"))
        self.assertEqual(self.field("from alias.b import Row\ndef main(x: Row): ..."), "int")

    def test_a_root_reached_by_a_link(self):
        self.write("nodes/a.py", "def main(): ...")
        link = self.root + "-link"
        os.symlink(self.root, link)
        self.addCleanup(os.remove, link)
        self.assertEqual(self.analyser.analyse(link, "nodes/a.py", None)["status"], "ok")
