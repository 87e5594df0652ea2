"""A progress bar for `make` and `show`, on standard error, only if that is a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from voiceguide.cli import console
from voiceguide.errors import visible

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

    from voiceguide.system.jobs import Progress


@contextmanager
def show_progress(title: str, *, quiet: bool = False) -> Iterator[Progress | None]:
    """Show the pipeline's progress as a bar that disappears at the end; None if no bar is shown."""
    if quiet or not console.watched():
        yield None
        return
    bar = _Bar(title)
    try:
        yield bar.update
    finally:
        bar.stop()


class _Bar:
    """A bar that appears with the first step of work, because a cached session takes less time than importing rich."""

    def __init__(self, title: str) -> None:
        self._title = visible(title, keep="")
        self._broken = False
        self._rich: RichProgress | None = None
        self._task: TaskID | None = None

    def update(self, what: str, done: int, total: int) -> None:
        from rich.markup import escape

        if self._broken:
            return
        described = escape(f"{self._title}: {what.lower()}")
        try:
            if self._rich is None or self._task is None:
                self._rich, self._task = self._start(described)
            self._rich.update(self._task, description=described, completed=done, total=total)
        except OSError:  # the terminal was closed; the session continues
            self._broken = True

    def stop(self) -> None:
        if self._rich is not None:
            with suppress(OSError):
                self._rich.stop()

    @staticmethod
    def _start(described: str) -> tuple[RichProgress, TaskID]:
        from rich.console import Console
        from rich.progress import Progress

        rich = Progress(console=Console(stderr=True), transient=True)
        rich.start()
        return rich, rich.add_task(described, total=None)
