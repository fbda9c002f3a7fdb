"""The private descriptors of a worker: its wire to the host, and its own copies of the output pipes.

They live at random numbers above the soft limit of descriptors, with close-on-exec, so that node code
that closes, duplicates over or guesses descriptors does not reach them.
"""
import fcntl
import os

from nodeloom_runtime.protocol import MAX_FRAME_BYTES, MalformedFrame, decode, encode

_read = os.read
_write = os.write
_SPAN = 16384


class PrivateDescriptors:
    """Moves descriptors out of reach, and closes them all in a forked child."""

    def __init__(self):
        import resource

        self._resource = resource
        self._all = []

    def keep(self, fd):
        """A private duplicate of `fd`."""
        resource = self._resource
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        room = hard == resource.RLIM_INFINITY or hard >= soft + 2 * _SPAN
        offset = int.from_bytes(os.urandom(4), "big")
        if room:
            # A descriptor above the limit stays open once the limit is back; closing "all" ends below it.
            lowest = soft + offset % _SPAN
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft + 2 * _SPAN, hard))
        else:
            lowest = soft // 2 + offset % max(1, soft // 2 - 64)
        try:
            private = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, lowest)
        finally:
            if room:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        self._all.append(private)
        return private

    def move(self, fd):
        """Like `keep`, and closes `fd`."""
        private = self.keep(fd)
        os.close(fd)
        return private

    def close_all(self):
        for fd in self._all:
            try:
                os.close(fd)
            except OSError:
                pass
        self._all = []


def write_all(fd, data):
    """Writes all of `data`; blocks while the reader is slow. Raises OSError when the reader is gone."""
    done = _write(fd, data)
    if done < len(data):
        rest = memoryview(data)[done:]
        while rest:
            rest = rest[_write(fd, rest):]


class Wire:
    """Frames over one descriptor. `read` belongs to one thread; `queue` and `flush` to the main thread."""

    def __init__(self, fd):
        self._fd = fd
        self._buffer = bytearray()
        self._pending = []
        os.set_blocking(fd, True)

    def read(self):
        """Waits for the next message; None at the end of the wire. Raises MalformedFrame."""
        buffer = self._buffer
        while True:
            if len(buffer) >= 4:
                length = int.from_bytes(buffer[:4], "big")
                if length > MAX_FRAME_BYTES:
                    raise MalformedFrame("a frame of %d bytes" % length)
                if len(buffer) >= 4 + length:
                    body = buffer[4:4 + length]
                    del buffer[:4 + length]
                    return decode(body)
            chunk = _read(self._fd, 262144)
            if not chunk:
                return None
            buffer += chunk

    def queue(self, message):
        """Keeps a message until the next `flush`."""
        self._pending.append(encode(message))

    def flush(self):
        if self._pending:
            data = b"".join(self._pending)
            self._pending.clear()
            write_all(self._fd, data)

    def send(self, message):
        self.queue(message)
        self.flush()
