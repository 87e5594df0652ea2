"""Bounds that a child process sets for itself before it touches what a stranger made: memory, processor time, files.

Systems without `resource` (Windows) have none of these; there the parent's time limit and the bounds on sizes remain.
`main` is a child that limits itself and then becomes another program, which so inherits the limits.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys

try:
    import resource
except ImportError:
    resource = None  # type: ignore[assignment]  # Windows

PR_SET_PDEATHSIG = 1  # Linux: the signal that a process gets when its parent dies


def set_limits(*, memory: int | None = None, file_size: int | None = None, core: int = 0) -> None:
    """Bound this process: bytes of address space, bytes of any file it writes, bytes of a core dump."""
    if resource is None:
        return
    for name, bound in (("RLIMIT_AS", memory), ("RLIMIT_FSIZE", file_size), ("RLIMIT_CORE", core)):
        if bound is not None and hasattr(resource, name):
            _lower(getattr(resource, name), bound)


def allow_cpu(seconds: int) -> None:
    """Let this process use so many more seconds of processor time; then the system ends it."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds)


def _lower(kind: int, bound: int) -> None:
    assert resource is not None
    # macOS refuses some limits; the others still hold.
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))


def main(parent: str, memory: str, file_size: str, seconds: str, *command: str) -> None:
    """Limit this process, see to it that it dies with process `parent`, and become `command`."""
    set_limits(memory=int(memory), file_size=int(file_size))
    allow_cpu(int(seconds))
    # What Python ignores would stay ignored in the program.
    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    _die_with(int(parent))
    os.execv(command[0], command)


def _die_with(parent: int) -> None:
    """On Linux, be killed when the parent is, even by a signal that it can't catch."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before that
        os._exit(1)
