"""Puts back what node code may have changed, so that the next call finds a process in order."""
import _signal
import builtins
import io
import json
import os
import signal
import sys

from nodeloom_runtime.wire import write_all

_SIGNALS = tuple(
    int(getattr(signal, name))
    for name in ("SIGINT", "SIGTERM", "SIGALRM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGPIPE", "SIGQUIT")
    if hasattr(signal, name)
)
_WATCHED_MODULES = (builtins, json, json.decoder, json.encoder, json.scanner, os, io, sys)
# Kept apart, for the moment when builtins themselves are broken.
_DICT = dict
_SETATTR = setattr
_WATCHED_CLASSES = (json.JSONEncoder, json.JSONDecoder)
#: Attributes of these modules that change by themselves or are restored on their own.
_OWN_WAY = {"sys": {"stdin", "stdout", "stderr", "path", "argv", "modules", "meta_path", "path_hooks", "path_importer_cache", "flags", "last_exc", "last_type", "last_value", "last_traceback"}, "os": {"environ", "environb"}, "builtins": {"_"}}


class _CallOutput(io.FileIO):
    """Writes for the running call. Threads left over from an ended call write to nobody."""

    #: Threads (threading.Thread) of ended calls.
    late = frozenset()

    def write(self, data):
        if _CallOutput.late and sys.modules["threading"].current_thread() in _CallOutput.late:
            return len(data)
        return super().write(data)


class Guard:
    """Remembers the state of a fresh worker; `restore` after each call, `reset` between runs."""

    def __init__(self, project_dir, private_out, private_err, private_null, on_interrupt):
        self.project_dir = project_dir
        self._private = (private_null, private_out, private_err)
        signal.signal(signal.SIGINT, on_interrupt)
        self._open_streams()
        self._environ = os.environ
        self._environ_now = dict(os.environ._data)
        self._lists = [(name, getattr(sys, name), list(getattr(sys, name))) for name in ("path", "argv")]
        self._finders = (sys.meta_path, sys.path_hooks)
        self._finders_before = (list(sys.meta_path), list(sys.path_hooks))
        self._watched = [(module, module.__name__) for module in _WATCHED_MODULES]
        self._signals = {each: _signal.getsignal(each) for each in _SIGNALS}
        self._recursion_limit = sys.getrecursionlimit()
        self._switch_interval = sys.getswitchinterval()
        self._umask = os.umask(0o022)
        os.umask(self._umask)
        # Per module or class: its names, what they were (`==` on these is quick), and which of them are put back.
        self._names = []
        for owner in _WATCHED_MODULES + _WATCHED_CLASSES:
            skip = _OWN_WAY.get(owner.__name__, ())
            wanted = {n: v for n, v in vars(owner).items() if n not in skip and (owner in _WATCHED_MODULES or callable(v))}
            self._names.append([vars(owner), dict(vars(owner)), wanted, owner])

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
        binary = io.BufferedWriter(_CallOutput(fd, "wb", closefd=False), 65536)
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

    def restore_names(self):
        """Puts back names that the runtime itself needs. Uses none of them before builtins are whole."""
        for entry in self._names:
            names, before, wanted, owner = entry
            if names == before:
                continue
            for name, value in wanted.items():
                if names.get(name, self) is not value:
                    if entry[0].__class__ is _DICT:
                        names[name] = value
                    else:
                        _SETATTR(owner, name, value)
            entry[1] = names.copy()
        for module, name in self._watched:
            if sys.modules.get(name) is not module:
                sys.modules[name] = module
        sys.meta_path, sys.path_hooks = self._finders
        for finders, before in zip(self._finders, self._finders_before):
            # Packages may add finders of their own; those stay unless ours were thrown out.
            if not all(finder in finders for finder in before):
                finders[:] = before

    def restore(self):
        """After each call. Output is flushed, streams, descriptors 0–2 and the process state are put back."""
        self.restore_names()
        self.flush()
        for fd, private in enumerate(self._private):
            os.dup2(private, fd)
            if not os.get_blocking(private):
                os.set_blocking(private, True)
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
        for name, kept, before in self._lists:
            if getattr(sys, name, None) is not kept:
                setattr(sys, name, kept)
            if kept != before:
                kept[:] = before
        _signal.setitimer(_signal.ITIMER_REAL, 0)
        for number, handler in self._signals.items():
            if _signal.getsignal(number) is not handler and handler is not None:
                _signal.signal(number, handler)
        _signal.pthread_sigmask(_signal.SIG_SETMASK, ())
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

    def silence_threads(self):
        """From now on what threads of ended calls print is lost, instead of being taken for the next call's."""
        threading = sys.modules.get("threading")
        if threading is None or len(threading._active) <= 1 and not _CallOutput.late:
            return
        main = threading.main_thread()
        _CallOutput.late = frozenset(each for each in threading.enumerate() if each is not main)

    def replace_output(self, descriptors):
        """New pipes as descriptors 1 and 2, so that processes of ended calls write elsewhere. The read ends."""
        reading = []
        private = [self._private[0]]
        for fd, before in zip((1, 2), self._private[1:]):
            read, write = os.pipe()
            private.append(descriptors.move(write))
            descriptors.drop(before)
            os.dup2(private[-1], fd)
            reading.append(descriptors.move(read))
        self._private = tuple(private)
        return reading

    def mark(self, token):
        """Writes a mark on both output pipes, past whatever node code did to descriptors 1 and 2."""
        write_all(self._private[1], token)
        write_all(self._private[2], token)
