"""Time limits for blocking calls of one thread; all of them share one watchdog thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Watchdog:
    """Calls `bite` when a call takes longer than its limit. One limit at a time; close it to end its thread.

    Not all systems can read a pipe with a time limit, but on all of them killing the child closes its pipes.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._due: float | None = None
        self._bite: Callable[[], object] | None = None
        self._closed = False
        self.bitten = False

    @contextmanager
    def limit(self, seconds: float, bite: Callable[[], object]) -> Iterator[None]:
        """Call `bite` once if the context takes longer than `seconds`; then `bitten` is true until the next limit."""
        with self._changed:
            self.bitten = False
            self._due, self._bite = time.monotonic() + seconds, bite
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._watch, name="voiceguide watchdog", daemon=True)
                self._thread.start()
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._due = self._bite = None

    def close(self) -> None:
        """End the watchdog thread, if there is one."""
        with self._changed:
            self._closed = True
            thread, self._thread = self._thread, None
            self._changed.notify()
        if thread is not None:
            thread.join()

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                left = None if self._due is None else self._due - time.monotonic()
                if left is not None and left <= 0 and self._bite is not None:
                    self.bitten = True
                    self._bite()
                    self._due = self._bite = left = None
                # It may wake early because of an earlier limit, which does no harm.
                self._changed.wait(left)
