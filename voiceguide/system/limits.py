"""Limits that a child process sets for itself before it reads untrusted files: memory, processor time, file sizes.

Systems without `resource` (Windows) have none of these; there only the parent's time limit and the size limits apply.
`main` is a child that sets limits and then executes another program, which inherits them.
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

PR_SET_PDEATHSIG = 1  # Linux: the signal that a process gets when its parent ends


def set_limits(*, memory: int | None = None, file_size: int | None = None, core: int = 0) -> None:
    """Limit this process: the bytes of its address space, of each file it writes, and of a core dump."""
    if resource is None:
        return
    for name, bound in (("RLIMIT_AS", memory), ("RLIMIT_FSIZE", file_size), ("RLIMIT_CORE", core)):
        if bound is not None and hasattr(resource, name):
            _lower(getattr(resource, name), bound)


def allow_cpu(seconds: int) -> None:
    """Limit this process to this many more seconds of processor time; then the system ends it."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds)


def _lower(kind: int, bound: int) -> None:
    assert resource is not None
    # macOS rejects some limits; the others still apply.
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard))


def main(parent: str, memory: str, file_size: str, seconds: str, *command: str) -> None:
    """Limit this process, tie its life to process `parent`, and execute `command`."""
    set_limits(memory=int(memory), file_size=int(file_size))
    allow_cpu(int(seconds))
    # Python ignores these signals, and the program would inherit that.
    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    _end_with(int(parent))
    os.execv(command[0], command)


def _end_with(parent: int) -> None:
    """On Linux, make the system kill this process when the parent ends, for any reason."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent ended before the call
        os._exit(1)
