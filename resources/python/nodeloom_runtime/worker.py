"""The worker: takes calls from the wire, runs them on the main thread, keeps their values.

  reader thread   wire → inbox; interrupts and the end of the wire take effect while node code runs
  main thread     inbox → call → restore → marks → finished

The end of the wire ends the process at once: without its host a worker has no purpose.
"""
import _thread
import os
import signal
import sys
from _queue import SimpleQueue
from binascii import a2b_base64, b2a_base64
from time import perf_counter, process_time

from nodeloom_runtime.binding import Parameters, finish, take_outputs
from nodeloom_runtime.constants import Misfit, read_constant
from nodeloom_runtime.errors import NodeFailure, describe_error
from nodeloom_runtime.guard import Guard
from nodeloom_runtime.imports import ProjectImports
from nodeloom_runtime.preview import preview
from nodeloom_runtime.protocol import MalformedFrame
from nodeloom_runtime.values import CannotStore, load, pickle_small, store, type_name
from nodeloom_runtime.views import view
from nodeloom_runtime.wire import PrivateDescriptors, Wire

WIRE_FD = 3
EXIT_MALFORMED = 70
_exit = os._exit


class Worker:
    def __init__(self, wire, descriptors, init):
        self.wire = wire
        self.descriptors = descriptors
        self.inbox = SimpleQueue()
        self.values = {}
        self.stored = {}
        self.values_dir = None
        self.store_count = 0
        self.running = None
        self.interruptible = False
        self.interrupted = False
        self.withdrawn = set()
        self.forked = False
        self.upcoming = None
        self.begun = False
        self.pipes = ()
        self.known_children = frozenset()
        self.main_thread = _thread.get_ident()
        self.mark_begin = ("\x00\x1d%s:B\n" % init["markToken"]).encode("ascii")
        self.mark_end = ("\x00\x1d%s:E\n" % init["markToken"]).encode("ascii")
        project_dir = init["projectDir"]
        self.imports = ProjectImports(project_dir)
        self.imports.install()
        os.chdir(project_dir)
        sys.argv[:] = [""]
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        private_null = descriptors.move(null)
        self.guard = Guard(project_dir, descriptors.keep(1), descriptors.keep(2), private_null, self.on_interrupt)
        # Node code that asks for __main__ (multiprocessing does) must not find the runtime there.
        sys.modules["__main__"] = type(sys)("__main__")
        os.register_at_fork(after_in_child=self.after_fork)
        _thread.start_new_thread(self.listen, ())

    # --- reader thread ---

    def listen(self):
        try:
            while True:
                frame = self.wire.read()
                if frame is None:
                    _exit(0)
                if frame["type"] == "interrupt":
                    self.interrupt(frame["callId"])
                else:
                    self.inbox.put(frame)
        except MalformedFrame:
            _exit(EXIT_MALFORMED)
        except BaseException:
            _exit(0)

    def interrupt(self, call_id):
        self.withdrawn.add(call_id)
        if self.running == call_id:
            signal.pthread_kill(self.main_thread, signal.SIGINT)

    # --- main thread ---

    def on_interrupt(self, number, frame):
        if self.interruptible and not self.forked:
            # Once per call, so that the runtime's own handling is not interrupted again.
            self.interruptible = False
            self.interrupted = True
            raise KeyboardInterrupt
        if self.forked:
            raise KeyboardInterrupt

    def after_fork(self):
        self.forked = True
        self.descriptors.close_all()

    def serve(self):
        handlers = {
            "call": self.call,
            "store": self.store,
            "view": self.view,
            "drop": self.drop,
            "begin": self.begin,
            "reset": self.reset,
            "opened": self.opened,
        }
        while True:
            frame = self.upcoming or self.next_frame()
            self.upcoming = None
            if frame["type"] == "shutdown":
                break
            handlers[frame["type"]](frame)
            frame = None
        self.wire.flush()

    def next_frame(self):
        if self.inbox.empty():
            self.wire.flush()
        return self.inbox.get()

    def begin(self, frame):
        self.values_dir = frame["valuesDir"]
        self.guard.set_environ(frame["env"])

    def call(self, call):
        call_id = call["callId"]
        if not self.begun:
            self.guard.mark(self.mark_begin)
        self.wire.send({"type": "started", "callId": call_id})
        self.interrupted = False
        self.running = call_id
        started, cpu = perf_counter(), process_time()
        try:
            try:
                if call_id in self.withdrawn:
                    self.interrupted = True
                    raise KeyboardInterrupt
                self.interruptible = True
                result = {"status": "succeeded", "outputs": self.perform(call)}
            finally:
                self.interruptible = False
        except BaseException as error:
            self.interruptible = False
            self.guard.restore_names()
            result = self.failure(error)
        self.running = None
        if self.forked:
            self.leave_child(result)
        result["durationMs"] = round((perf_counter() - started) * 1000, 3)
        result["cpuMs"] = round((process_time() - cpu) * 1000, 3)
        self.withdrawn.discard(call_id)
        self.guard.restore()
        self.finish_output()
        self.wire.queue({"type": "finished", "callId": call_id, "result": result})

    def finish_output(self):
        """Marks the end of a call, together with the begin of the next where that is waiting."""
        self.guard.silence_threads()
        self.begun = False
        if self.left_processes():
            self.guard.mark(self.mark_end)
            self.pipes = self.guard.replace_output(self.descriptors)
            self.wire.queue({"type": "pipes", "stdout": self.pipes[0], "stderr": self.pipes[1]})
            return
        if not self.inbox.empty():
            self.upcoming = self.inbox.get()
            self.begun = self.upcoming["type"] == "call"
        self.guard.mark(self.mark_end + self.mark_begin if self.begun else self.mark_end)

    def left_processes(self):
        """Whether the call left a child process that was not there before."""
        if not has_children():
            return False
        now = children()
        new = now - self.known_children
        self.known_children = now
        return bool(new)

    def opened(self, frame):
        """The host reads the new pipes; the ends held open for it are no longer needed."""
        for fd in self.pipes:
            self.descriptors.drop(fd)
        self.pipes = ()

    def failure(self, error):
        if self.interrupted and isinstance(error, KeyboardInterrupt):
            return {"status": "interrupted"}
        if isinstance(error, Misfit):
            error = NodeFailure("InvalidConstant", str(error), "Change the constant in the node's inputs.")
        return {"status": "failed", "error": describe_error(error, self.imports)}

    def leave_child(self, result):
        """A process that node code forked came back here: it ends as any forked program would."""
        self.guard.flush()
        if result["status"] == "failed":
            os.write(2, result["error"]["traceback"].encode("utf-8", "replace"))
        _exit(0 if result["status"] == "succeeded" else 1)

    def perform(self, call):
        operation = call["operation"]
        kind = operation["op"]
        function = None
        if kind == "code":
            function = self.function(operation)
            arguments, keywords = self.arguments(call, operation, function)
            try:
                value = finish(function(*arguments, **keywords))
            finally:
                self.guard.restore_names()
            arguments = keywords = None
        elif kind == "value":
            value = read_constant(operation["json"], call["address"])
        elif kind == "view":
            value = self.take(operation["input"], call["address"], "value")
        else:
            raise NodeFailure("Unsupported", "%s: this worker cannot run the operation %s." % (call["address"], kind))
        return {output["port"]: self.keep(output["handle"], each) for output, each in take_outputs(value, call, function)}

    def function(self, operation):
        module = self.imports.load(operation["file"])
        entry = operation["entry"]
        function = vars(module).get(entry)
        if not callable(function):
            raise NodeFailure("EntryMissing", '%s has no function "%s".' % (operation["file"], entry), 'Define "def %s(…)" at the top level of the file.' % entry)
        return function

    def arguments(self, call, operation, function):
        parameters = Parameters(function)
        address = call["address"]
        values = {}
        if "inputData" in operation:
            values["input_data"] = self.input_data(operation["inputData"], address)
        for entry in operation["inputs"]:
            port = entry["port"]
            if not parameters.has(port):
                raise NodeFailure("UnknownInput", '%s: the function "%s" has no parameter "%s".' % (address, operation["entry"], port))
            source = entry["value"]
            if "collect" in source:
                values[port] = [self.take(each, address, port, parameters, True) for each in source["collect"]]
            else:
                values[port] = self.take(source, address, port, parameters)
        return parameters.arguments(values)

    def input_data(self, source, address):
        if source is None:
            return None
        if "bySource" in source:
            return {each["key"]: self.take(each["value"], address, "input_data") for each in source["bySource"]}
        return self.take(source, address, "input_data")

    def take(self, source, address, port, parameters=None, element=False):
        """The value of one source."""
        origin = source["from"]
        if origin == "constant":
            if parameters is None:
                return read_constant(source["json"], source["where"])
            annotation = parameters.element_annotation(port) if element else parameters.annotation(port)
            return read_constant(source["json"], source["where"], annotation, parameters.namespace, self.guard.project_dir)
        handle = source["handle"] if origin == "handle" else source["keepAs"]
        if handle in self.values:
            return self.values[handle]
        if origin == "handle":
            raise NodeFailure("LostInput", "%s.%s: its value is not in this worker." % (address, port), "Run the node before it again.")
        try:
            if origin == "stored":
                value = load(source["stored"])
            else:
                import pickle

                value = pickle.loads(a2b_base64(source["base64"]))
        except Exception as error:
            raise NodeFailure("LostInput", "%s.%s: its stored value could not be read: %s" % (address, port, error), "Run the node before it again.") from None
        self.values[handle] = value
        return value

    def keep(self, handle, value):
        self.values[handle] = value
        pickled = pickle_small(value)
        return {
            "handle": handle,
            "preview": preview(value),
            "pickled": None if pickled is None else str(b2a_base64(pickled, newline=False), "ascii"),
        }

    # --- requests about kept values ---

    def answer(self, frame, work):
        handle = frame["handle"]
        request = frame["requestId"]
        try:
            if handle not in self.values:
                raise CannotStore("The value is no longer in its worker.")
            reply = work(handle, self.values[handle])
        except CannotStore as error:
            reply = {"type": "refused", "message": str(error)}
        except BaseException as error:
            described = describe_error(error, self.imports)
            name = type_name(self.values[handle])
            reply = {"type": "refused", "message": "A value of type %s: %s: %s" % (name, described["type"], described["message"])}
        if self.forked:
            _exit(1)
        self.guard.restore()
        self.wire.queue(dict(reply, requestId=request))

    def store(self, frame):
        self.answer(frame, self._store)

    def _store(self, handle, value):
        stored = self.stored.get(handle)
        if stored is None:
            self.store_count += 1
            stored = store(value, self.values_dir, "%d-%d" % (os.getpid(), self.store_count))
            self.stored[handle] = stored
        return {"type": "stored", "stored": stored}

    def view(self, frame):
        self.answer(frame, lambda handle, value: {"type": "viewed", "view": view(value)})

    def drop(self, frame):
        for handle in frame["handles"]:
            self.values.pop(handle, None)
            self.stored.pop(handle, None)

    def reset(self, frame):
        """Between runs: forgets the values and the project's modules; packages stay imported."""
        self.values.clear()
        self.stored.clear()
        self.imports.forget()
        self.guard.reset()
        why = self.leftovers()
        self.wire.send({"type": "idle", "reusable": why == "", "why": why})

    def leftovers(self):
        """What node code left running, in words; empty when nothing."""
        threading = sys.modules.get("threading")
        if threading is not None and threading.active_count() > 1:
            return "a node left a thread running"
        reap()
        return "a node left a process running" if has_children() else ""


def has_children():
    """Whether this process has children, running or not yet reaped. Quick."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return True
    except ChildProcessError:
        return False
    except AttributeError:  # a system without waitid
        return False


def children():
    """Process ids of the children, whichever thread started them; empty where the system has no list."""
    found = set()
    try:
        for thread in os.listdir("/proc/self/task"):
            with open("/proc/self/task/%s/children" % thread, "rb") as file:
                found.update(file.read().split())
    except OSError:
        pass
    return frozenset(found)


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def main():
    descriptors = PrivateDescriptors()
    wire = Wire(descriptors.move(WIRE_FD))
    try:
        init = wire.read()
    except MalformedFrame:
        _exit(EXIT_MALFORMED)
    if init is None or init["type"] != "init":
        _exit(0 if init is None else EXIT_MALFORMED)
    worker = Worker(wire, descriptors, init)
    wire.send({"type": "ready", "pid": os.getpid(), "pythonVersion": sys.version.split()[0]})
    worker.serve()
    worker.guard.flush()
    _exit(0)
