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
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        self._span = _SPAN
        if hard != resource.RLIM_INFINITY and hard < soft + _SPAN:
            # No room above: node code gets a lower limit instead.
            self._span = min(_SPAN, soft // 4)
            soft -= self._span
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        self._soft = soft

    def keep(self, fd):
        """A private duplicate of `fd`."""
        lowest = self._soft + int.from_bytes(os.urandom(4), "big") % (self._span // 2)
        limit = self._resource.RLIMIT_NOFILE
        now = self._resource.getrlimit(limit)
        # A descriptor above the limit stays open once the limit is back; closing "all" ends below it.
        self._resource.setrlimit(limit, (self._soft + self._span, now[1]))
        try:
            private = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, lowest)
        finally:
            self._resource.setrlimit(limit, now)
        self._all.append(private)
        return private

    def move(self, fd):
        """Like `keep`, and closes `fd`."""
        private = self.keep(fd)
        os.close(fd)
        return private

    def drop(self, private):
        """Closes one of the private descriptors."""
        self._all.remove(private)
        os.close(private)

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
