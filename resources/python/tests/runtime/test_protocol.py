"""The golden samples are messages of the protocol, and nothing else is."""
import json
import unittest
from pathlib import Path

from nodeloom_runtime.protocol import FROM_HOST, TO_HOST, MalformedFrame, check, decode, encode

SAMPLES = Path(__file__).parents[2] / "samples" / "protocol"


def samples(side):
    return {path.stem: path.read_bytes() for path in sorted(SAMPLES.glob(side + "-*.json"))}


class Protocol(unittest.TestCase):
    def test_samples_of_the_host_are_understood_and_each_message_has_one(self):
        seen = {decode(body)["type"] for body in samples("host").values()}
        self.assertEqual(seen, set(FROM_HOST))

    def test_samples_of_the_worker_are_what_it_may_say_and_each_message_has_one(self):
        seen = set()
        for body in samples("worker").values():
            message = json.loads(body)
            check(message, TO_HOST)
            self.assertEqual(json.loads(encode(message)[4:]), message)
            seen.add(message["type"])
        self.assertEqual(seen, set(TO_HOST))

    def test_anything_else_is_malformed(self):
        for body in (b"", b"[]", b"{}", b'{"type":"call"}', b'{"type":"nothing"}', b'{"type":[]}', b"\xff", b"[" * 100000, b'{"type":"store","requestId":"1","handle":"h"}'):
            with self.subTest(body=body[:40]), self.assertRaises(MalformedFrame):
                decode(body)

    def test_lone_surrogates_survive_as_escapes(self):
        self.assertEqual(encode({"a": "\ud800"})[4:], b'{"a":"\\ud800"}')


if __name__ == "__main__":
    unittest.main()
