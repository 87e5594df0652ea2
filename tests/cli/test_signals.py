"""Signals at bad moments: inside an import, where libraries in C can't bear an exception; and at the very end."""

from __future__ import annotations

import signal
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

from tests.cli.running import python

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process that is signalled")

CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}

# Imports a module while a signal is sent at its `count`-th call of a Python function, and then waits for the exception.
_IMPORT = """
import importlib, os, signal, sys, time
from voiceguide.cli import signals

name, number, count = sys.argv[1], getattr(signal, sys.argv[2]), int(sys.argv[3])
calls, sent = 0, False

def watch(frame, event, _argument):
    global calls, sent
    if event == "call":
        calls += 1
        if calls == count:
            sent = True
            os.kill(os.getpid(), number)

signals.listen()
try:
    sys.setprofile(watch)
    importlib.import_module(name)
    sys.setprofile(None)
    print("imported" if sent else "quicker", flush=True)
    while sent:
        time.sleep(0.01)
except signals.Stopped as stopped:
    sys.setprofile(None)
    print(stopped.exit_code)
"""


@pytest.mark.parametrize("count", [20, 150, 400, 900])
@pytest.mark.parametrize(("name", "module"), [("SIGTERM", "soxr"), ("SIGINT", "numpy"), ("SIGHUP", "mutagen.id3")])
def test_an_import_is_never_interrupted(name: str, module: str, count: int) -> None:
    """soxr ends the process for any exception in its beginning, and numpy makes an ImportError of it."""
    ran = python(_IMPORT, module, name, str(count))
    assert (ran.code, ran.err) == (0, "")
    assert "".join(ran.out.split()) in (f"imported{CODES[name]}", "quicker")


@pytest.mark.skipif(Version(version("soxr")) < Version("0.4"), reason="an older soxr makes no enumerations")
def test_the_place_where_soxr_ended_the_process() -> None:
    """An enumeration is made from C++; the exception that a signal raised in there ended the process by SIGABRT."""
    code = """
import enum, os, signal, sys, time
from voiceguide.cli import signals
make = enum.EnumMeta.__call__

def interrupted(*arguments, **more):
    os.kill(os.getpid(), signal.SIGTERM)
    return make(*arguments, **more)

import numpy
signals.listen()
enum.EnumMeta.__call__ = interrupted
try:
    import soxr
    enum.EnumMeta.__call__ = make
    print("imported", flush=True)
    time.sleep(10)
except signals.Stopped as stopped:
    print(stopped.exit_code)
"""
    ran = python(code)
    assert (ran.code, "".join(ran.out.split()), ran.err) == (0, "imported143", "")


def test_an_import_that_does_not_end_is_interrupted_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text("import time\nwhile True:\n    time.sleep(0.01)\n")
    code = f"""
import _thread, os, signal, sys
from voiceguide.cli import signals
signals.MAX_IMPORT = 0.2
signals.listen()
sys.path.insert(0, {str(tmp_path)!r})
_thread.start_new_thread(signals._send_later, (signal.SIGTERM,))
try:
    import endless
except signals.Stopped as stopped:
    print(stopped.exit_code)
"""
    ran = python(code)
    assert (ran.code, ran.out.strip(), ran.err) == (0, "143", "")


_STUCK = """
import os, signal, sys, threading
from pathlib import Path
import click
from voiceguide.cli import group, main, signals
from voiceguide.system import leftovers

signals.MAX_CLEANING = 0.2
held = threading.Lock()
held.acquire()

def wait():
    held.acquire()

def run():
    leftovers.register(Path("unfinished"))
    Path("unfinished").write_text("x")
    try:
        {begin}
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        {finish}

group.run = run
main()
"""


@pytest.mark.parametrize(
    ("begin", "finish"),
    [
        ("pass", "held.acquire()"),  # the main thread is stuck
        ("threading.Thread(target=wait).start()", "pass"),  # a thread is, which the main thread waits for at the end
        ("threading.Thread(target=wait).start()", "held.acquire()"),
    ],
)
def test_cleaning_up_that_gets_stuck_is_ended(begin: str, finish: str) -> None:
    """An exception between the steps of a lock leaves it locked."""
    ran = python(_STUCK.format(begin=begin, finish=finish))
    assert (ran.code, ran.out) == (143, "")
    assert ran.err == "Ended by SIGTERM; no unfinished file is left behind.\n"
    assert not Path("unfinished").exists()


@pytest.mark.parametrize("stopped", [False, True])
@pytest.mark.parametrize("name", CODES)
def test_a_signal_at_the_very_end_changes_nothing(name: str, stopped: bool) -> None:
    """When Python takes itself apart it gives each signal back to the system, which would end the process by it."""
    code = f"""
import os, signal, sys

class Last:
    def __del__(self, kill=os.kill, me=os.getpid()):
        kill(me, signal.{name})

sys.last = Last()
from voiceguide.cli import group, main
if {stopped}:
    group.run = lambda: os.kill(os.getpid(), signal.{name})
sys.argv = ["voiceguide", "--version"]
main()
"""
    ran = python(code)
    assert ran.code == (CODES[name] if stopped else 0)
    assert ran.err.count("\n") == stopped


def test_what_is_ignored_stays_ignored() -> None:
    """As under `nohup`."""
    code = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
from voiceguide.cli import group, main
run = group.run
def signalled():
    os.kill(os.getpid(), signal.SIGHUP)
    return run()
group.run = signalled
sys.argv = ["voiceguide", "--version"]
main()
"""
    assert signal.SIGHUP
    ran = python(code)
    assert ran.code == 0
    assert ran.out.startswith("voiceguide ")
