"""Puts back what node code may have changed, so that the next call finds a process in order."""
import builtins
import io
import json
import os
import signal
import sys

from nodeloom_runtime.wire import write_all

_SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGALRM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGPIPE", "SIGQUIT")
    if hasattr(signal, name)
)
_WATCHED_MODULES = (builtins, json, json.decoder, json.encoder, json.scanner, os, io, sys)
_WATCHED_CLASSES = (json.JSONEncoder, json.JSONDecoder)
#: Attributes of these modules that change by themselves or are restored on their own.
_OWN_WAY = {"sys": {"stdin", "stdout", "stderr", "path", "argv", "modules", "meta_path", "path_hooks", "path_importer_cache", "flags"}, "os": {"environ", "environb"}, "builtins": {"_"}}


class Guard:
    """Remembers the state of a fresh worker; `restore` after each call, `reset` between runs."""

    def __init__(self, project_dir, private_out, private_err, private_null, on_interrupt):
        self.project_dir = project_dir
        self._private = (private_null, private_out, private_err)
        signal.signal(signal.SIGINT, on_interrupt)
        self._open_streams()
        self._environ = os.environ
        self._environ_now = dict(os.environ._data)
        self._path = list(sys.path)
        self._argv = list(sys.argv)
        self._signals = {each: signal.getsignal(each) for each in _SIGNALS}
        self._recursion_limit = sys.getrecursionlimit()
        self._switch_interval = sys.getswitchinterval()
        self._umask = os.umask(0o022)
        os.umask(self._umask)
        self._modules = []
        for module in _WATCHED_MODULES:
            skip = _OWN_WAY.get(module.__name__, ())
            names = {name: value for name, value in vars(module).items() if name not in skip}
            self._modules.append((vars(module), names))
        self._classes = [(kind, {n: v for n, v in vars(kind).items() if callable(v)}) for kind in _WATCHED_CLASSES]
        import warnings

        self._warnings = warnings
        self._filters = list(warnings.filters)

    def _open_streams(self):
        # closefd=False: a node that closes sys.stdout must not close the descriptor.
        sys.stdin = sys.__stdin__ = open(0, "r", encoding="utf-8", errors="replace", closefd=False)
        sys.stdout = sys.__stdout__ = self._open_output(1, "<stdout>")
        sys.stderr = sys.__stderr__ = self._open_output(2, "<stderr>")
        self._streams = [sys.stdin, sys.stdout, sys.stderr]

    @staticmethod
    def _open_output(fd, name):
        binary = io.BufferedWriter(io.FileIO(fd, "wb", closefd=False), 65536)
        binary.raw.name = name
        return io.TextIOWrapper(binary, encoding="utf-8", errors="backslashreplace", line_buffering=True)

    def set_environ(self, extra):
        """The variables of user code from now on: the worker's own and `extra`."""
        os.environ.update(extra)
        self._environ_now = dict(os.environ._data)

    def flush(self):
        """Writes out what node code left in buffers: its own replacements first, then the real streams."""
        for stream in (sys.stdout, sys.stderr, self._streams[1], self._streams[2]):
            try:
                stream.flush()
            except BaseException:
                pass
        ctypes = sys.modules.get("ctypes")
        if ctypes is not None:
            try:
                ctypes.CDLL(None).fflush(None)
            except BaseException:
                pass

    def restore(self):
        """After each call. Output is flushed, streams, descriptors 0–2 and the process state are put back."""
        for names, before in self._modules:
            for name, value in before.items():
                if names.get(name, self) is not value:
                    names[name] = value
        for kind, before in self._classes:
            for name, value in before.items():
                if vars(kind).get(name) is not value:
                    setattr(kind, name, value)
        self.flush()
        for fd, private in enumerate(self._private):
            os.dup2(private, fd)
        self._restore_streams()
        self._restore_process()

    def _restore_streams(self):
        stdin, stdout, stderr = self._streams
        healthy = True
        for stream in self._streams:
            try:
                healthy = healthy and not stream.closed and stream.encoding == "utf-8"
            except BaseException:  # detached
                healthy = False
        if not healthy or not stdout.line_buffering or stdout.errors != "backslashreplace":
            self._open_streams()
        else:
            sys.stdin = sys.__stdin__ = stdin
            sys.stdout = sys.__stdout__ = stdout
            sys.stderr = sys.__stderr__ = stderr

    def _restore_process(self):
        try:
            os.chdir(self.project_dir)
        except OSError:
            pass
        os.environ = self._environ
        if os.environ._data != self._environ_now:
            for key in set(os.environ._data) - set(self._environ_now):
                del os.environb[key]
            for key, value in self._environ_now.items():
                if os.environ._data.get(key) != value:
                    os.environb[key] = value
        if sys.path != self._path:
            sys.path[:] = self._path
        if sys.argv != self._argv:
            sys.argv[:] = self._argv
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._signals.items():
            if signal.getsignal(number) is not handler:
                signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if sys.getrecursionlimit() != self._recursion_limit:
            sys.setrecursionlimit(self._recursion_limit)
        helpers = sys.modules.get("matplotlib._pylab_helpers")
        if helpers is not None and helpers.Gcf.figs:
            # Else the next node would draw on this node's current figure. The figure objects live on.
            helpers.Gcf.destroy_all()

    def reset(self):
        """Between runs."""
        self.restore()
        os.umask(self._umask)
        sys.settrace(None)
        sys.setprofile(None)
        sys.setswitchinterval(self._switch_interval)
        sys.excepthook = sys.__excepthook__
        sys.displayhook = sys.__displayhook__
        self._warnings.filters[:] = self._filters
        self._warnings._filters_mutated() if hasattr(self._warnings, "_filters_mutated") else None

    def mark(self, token):
        """Writes a mark on both output pipes, past whatever node code did to descriptors 1 and 2."""
        write_all(self._private[1], token)
        write_all(self._private[2], token)
