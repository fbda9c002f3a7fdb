"""Runs one command as a child and guarantees that nothing of its process tree outlives it or the host.

  BASE_PYTHON -I -S supervise.py COMMAND [ARGUMENT]...

Descriptor 4 is the leash. Its end (the host is gone, or wants an end) kills the whole tree; so does the end
of the command itself. On Linux this process is the reaper of orphans below it, so processes that called
setsid or forked twice are still its descendants. Everything else (0–3) is inherited by the command.

On the leash this process writes one line per fact: `pid N`, then `exit CODE` or `signal N`, or `cannot TEXT`
when the command could not be started. It ends with the command's code, or 128 + the signal.
"""
import os
import select
import signal
import sys

LEASH = 4
_LINUX = sys.platform.startswith("linux")
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def load_prctl():
    if not _LINUX:
        return None
    try:
        import ctypes

        return ctypes.CDLL(None).prctl
    except (ImportError, OSError, AttributeError):
        return None


class Wanted(Exception):
    """A signal asked this process to end."""


def on_signal(number, frame):
    raise Wanted


def start(command, prctl):
    """Forks and executes the command; its pid. A command that cannot be executed ends with 127."""
    supervisor = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != supervisor:
                os._exit(1)
        for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.set_inheritable(LEASH, False)
        os.execvp(command[0], command)
    except OSError as error:
        os.write(LEASH, ("cannot %s\n" % error.strerror).encode())
    finally:
        os._exit(127)


def children_of(pid):
    """Direct children by the kernel's own list, or None where it has none."""
    found = []
    try:
        for thread in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/children" % (pid, thread), "rb") as file:
                found.extend(int(each) for each in file.read().split())
    except FileNotFoundError:
        return found if os.path.exists("/proc/self/task/%d/children" % os.getpid()) else None
    except OSError:
        pass
    return found


def parents():
    """Parent of every process, for kernels without lists of children."""
    table = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, "rb") as file:
                    table[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                pass
    return table


def descendants():
    """Every process below this one."""
    me = os.getpid()
    first = children_of(me)
    if first is None:
        table = parents()
        below, grown = {me}, True
        while grown:
            more = {pid for pid, parent in table.items() if parent in below and pid not in below}
            grown = bool(more)
            below |= more
        return below - {me}
    found, queue = set(), first
    while queue:
        pid = queue.pop()
        if pid not in found:
            found.add(pid)
            queue.extend(children_of(pid) or ())
    return found


def send(pid, number):
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def kill_tree(command_pid):
    """Kills until no descendant is left; the command's wait status when it was reaped here, else None."""
    status = None
    while True:
        if _LINUX:
            below = descendants()
            # Stopped first: a tree that forks faster than it is read would outrun the killing.
            for pid in below:
                send(pid, signal.SIGSTOP)
            for pid in below:
                send(pid, signal.SIGKILL)
        else:
            try:
                os.killpg(command_pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        try:
            while True:
                pid, ended = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    break
                if pid == command_pid:
                    status = ended
        except ChildProcessError:
            return status
        select.select([], [], [], 0.001)


def wait_for_end(pid):
    """Waits until the command ends (its wait status) or an end is wanted (None)."""
    try:
        ended = os.pidfd_open(pid)
    except (AttributeError, OSError):
        ended, writing = os.pipe()
        signal.signal(signal.SIGCHLD, lambda number, frame: os.write(writing, b"."))
    poll = select.poll()
    poll.register(LEASH, select.POLLIN | select.POLLHUP)
    poll.register(ended, select.POLLIN)
    while True:
        # A waiting child is also seen here when its signal came before the handler.
        for fd, _ in poll.poll(1000):
            if fd == LEASH and not os.read(LEASH, 4096):
                return None
        while True:
            try:
                reaped, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return None
            if reaped == pid:
                return status
            if reaped == 0:
                break


def close_strays():
    """Closes what this process inherited by accident: only 0–4 are for the command and for here."""
    try:
        for name in os.listdir("/dev/fd"):
            if int(name) > LEASH:
                try:
                    os.close(int(name))
                except OSError:
                    pass
    except OSError:
        pass


def report(text):
    try:
        os.write(LEASH, text.encode())
    except OSError:
        pass


def main():
    command = sys.argv[1:]
    close_strays()
    prctl = load_prctl()
    if prctl is not None:
        prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        # Ctrl+C in the host's terminal is the host's to hear.
        os.setsid()
    except OSError:
        pass
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, on_signal)
    pid = start(command, prctl)
    report("pid %d\n" % pid)
    # The pipes belong to the command; held here too, their end would never be seen.
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2, 3):
        os.dup2(null, fd)
    try:
        status = wait_for_end(pid)
    except Wanted:
        status = None
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    later = kill_tree(pid)
    if status is None:
        status = later
    if status is None:
        code = 1
    elif os.WIFSIGNALED(status):
        report("signal %d\n" % os.WTERMSIG(status))
        code = 128 + os.WTERMSIG(status)
    else:
        report("exit %d\n" % os.WEXITSTATUS(status))
        code = os.WEXITSTATUS(status)
    os._exit(code)


main()
