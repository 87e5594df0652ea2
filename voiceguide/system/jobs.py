"""Work side by side on all cores: in order, with progress, and stopped when one piece fails or is interrupted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many pieces of it are done, and of how many."""


def cores() -> int:
    """How many cores this process may use; at least one."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


Step = Callable[[int, int], None]
"""Told how many pieces of one kind of work are done, and of how many."""


def run_all(
    work: Callable[[T], object],
    items: Iterable[T],
    *,
    workers: int,
    step: Step | None,
    abandon: Callable[[], object] | None = None,
) -> None:
    """Do `work` for each item on `workers` threads; what it returns is dropped, so that nothing piles up in memory.

    `step` is told how many are done, and of how many, in the order of the items. The first error is raised as soon as
    its turn comes; what has not begun by then never does, and what has is waited for.
    `abandon` ends what is under way where that may take long; it is called when all of it is interrupted.
    """
    from concurrent.futures import ThreadPoolExecutor  # only where there is work

    def once(item: T) -> None:
        work(item)

    with ThreadPoolExecutor(max_workers=workers) as threads:
        jobs = [threads.submit(once, item) for item in items]
        try:
            for number, job in enumerate(jobs, 1):
                job.result()
                if step:
                    step(number, len(jobs))
        except BaseException as why:
            threads.shutdown(wait=False, cancel_futures=True)
            if abandon and not isinstance(why, Exception):
                abandon()
            raise
