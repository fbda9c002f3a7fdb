"""The process: frames, bad requests, deep nesting, golden samples."""

import json
import os
import struct
import subprocess
import sys

from .support import SAMPLES, SCRIPT, ProjectCase


def frame(value):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return struct.pack(">I", len(body)) + body


class Server(ProjectCase):
    def run_frames(self, data, cwd=None):
        """Every answer, the exit code and what went to stderr."""
        done = subprocess.run(
            [sys.executable, "-I", "-S", SCRIPT], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd
        )
        answers, at = [], 0
        while at < len(done.stdout):
            (length,) = struct.unpack(">I", done.stdout[at : at + 4])
            answers.append(json.loads(done.stdout[at + 4 : at + 4 + length]))
            at += 4 + length
        return answers, done.returncode, done.stderr

    def ask(self, number, text, file="a.py"):
        return frame({"id": number, "method": "analyse", "params": {"root": self.root, "file": file, "text": text}})

    def test_answers_in_order_and_ends_with_its_input(self):
        answers, code, stderr = self.run_frames(b"".join(self.ask(i, f"def f{i}(): ...") for i in range(20)) + b"\0\0\0")
        self.assertEqual([(each["id"], list(each["result"]["functions"])) for each in answers], [(i, [f"f{i}"]) for i in range(20)])
        self.assertEqual((code, stderr), (0, b""))

    def test_bad_requests_are_answered(self):
        good = self.ask(9, "def f(): ...")
        bad = [
            b"",
            b"{",
            b"\xff\xfe",
            b"[]",
            b"null",
            b"[" * 100_000,
            {"id": 1, "method": "nope", "params": {}},
            {"id": 1, "method": "analyse", "params": None},
            {"id": 1, "method": "analyse", "params": {"root": 1, "file": "a", "text": None}},
            {"id": 1, "method": "analyse", "params": {"root": "", "file": [], "text": None}},
            {"id": 1, "method": "analyse", "params": {"root": self.root, "file": "a", "text": 1}},
        ]
        answers, code, stderr = self.run_frames(b"".join(frame(each) for each in bad) + good)
        self.assertEqual([("error" in each) for each in answers], [True] * len(bad) + [False])
        self.assertEqual((code, stderr), (0, b""))

    def test_too_long_a_frame_is_skipped(self):
        size = 64 * 1024 * 1024 + 1
        answers, code, _ = self.run_frames(struct.pack(">I", size) + bytes(size) + self.ask(1, "x = 1"))
        self.assertEqual([each["id"] for each in answers], [None, 1])
        self.assertEqual(answers[0]["error"], {"message": "the frame is too long"})
        self.assertEqual(code, 0)

    def test_survives_hostile_texts(self):
        deep = 100_000
        texts = [
            "(" * deep,
            "x = " + "(" * 150 + ")" * 150,
            "x = " + "[" * deep + "]" * deep,
            "x = " + "-" * deep + "1",
            "x = " + "not " * deep + "1",
            "x = " + "1+" * deep + "1",
            "x = " + "a." * deep + "b",
            "x = a" + "()" * deep,
            "x = a" + "[0]" * deep,
            "x = " + "lambda: " * 20_000 + "1",
            "x = " + "f'{" * 200 + "1" + "}'" * 200,
            "def main(x: " + "int | " * 20_000 + "int): ...",
            "def main(x: '" + "list[" * 5_000 + "int" + "]" * 5_000 + "'): ...",
            "def main(x=" + "-" * 5_000 + "1): ...",
            "def main(x=" + "1+" * 20_000 + "1): ...",
            "def main(x=(\n" + "1+" * 20_000 + "1)): ...",
            "if a: pass\n" + "elif b: pass\n" * 20_000,
            "".join(" " * i + "if a:\n" for i in range(90)) + " " * 90 + "pass",
            "".join(" " * i + "def f():\n" for i in range(200)) + " " * 200 + "pass",
            "x = " + "9" * 10_000,
            "x = '\ud800'",
            "\0" * 1000,
            "x = '\\N{nonsense}'",
            "x = '\\d' is 'a'",
            "".join(f"A{i} = A{i + 1}\n" for i in range(5000)) + "def main(x: A0): ...",
            "".join(f"class A{i}(A{i + 1}): ...\n" for i in range(5000)) + "def main(x: A0) -> A0: ...",
            "class A(A, B): ...\nclass B(A, B): ...\ndef main(x: A) -> B: ...",
            "".join(f"def f{i}(): ...\nf{i} = f{i + 1}\n" for i in range(3000)),
        ]
        requests = b"".join(self.ask(index, text) for index, text in enumerate(texts))
        answers, code, stderr = self.run_frames(requests + self.ask(99, "def f(): ..."))
        self.assertEqual((code, stderr), (0, b""))
        self.assertEqual([each["id"] for each in answers], [*range(len(texts)), 99])
        statuses = {each["result"]["status"] for each in answers}
        self.assertLessEqual(statuses, {"ok", "syntax_error"})
        self.assertEqual(answers[-1]["result"]["status"], "ok")

    def test_nothing_of_the_working_directory_is_imported(self):
        for name in ["sitecustomize", "usercustomize", "typing", "json", "ast", "nodeloom_analysis"]:
            self.write(f"{name}.py", "open('canary', 'w').close()")
        answers, code, _ = self.run_frames(self.ask(1, None, "json.py"), cwd=self.root)
        self.assertEqual((code, answers[0]["result"]["status"]), (0, "ok"))
        self.assertFalse(os.path.exists(os.path.join(self.root, "canary")))

    def test_golden_samples(self):
        names = sorted(os.listdir(SAMPLES))
        self.assertGreater(len(names), 3)
        for name in names:
            with self.subTest(name), open(os.path.join(SAMPLES, name), encoding="utf-8") as stream:
                sample = json.load(stream)
                self.setUp()
                for path, text in sample["files"].items():
                    self.write(path, text)
                self.assertEqual(self.analyse(None, sample["file"]), sample["expected"])
