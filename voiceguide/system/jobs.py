"""Parallel work on all cores: in order, with progress, and stopped if one job fails or is interrupted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

Progress = Callable[[str, int, int], None]
"""Called with the name of the work, the number of jobs done, and their total."""


def cores() -> int:
    """The number of cores that this process may use; at least one."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


Step = Callable[[int, int], None]
"""Called with the number of jobs done, and their total."""


def run_all(
    work: Callable[[T], object],
    items: Iterable[T],
    *,
    workers: int,
    step: Step | None,
    abandon: Callable[[], object] | None = None,
) -> None:
    """Do `work` for each item on `workers` threads. Results are dropped, so that they don't use memory.

    `step` is called in the order of the items. The first error, in that order, is raised; jobs that have not started
    by then are cancelled, and running ones are waited for. `abandon` ends running jobs that may take long; it is
    called if this thread is interrupted.
    """
    from concurrent.futures import ThreadPoolExecutor  # slow to import

    def once(item: T) -> None:
        work(item)

    with ThreadPoolExecutor(max_workers=workers) as threads:
        try:
            jobs = [threads.submit(once, item) for item in items]
            for number, job in enumerate(jobs, 1):
                job.result()
                if step:
                    step(number, len(jobs))
        except BaseException as why:
            threads.shutdown(wait=False, cancel_futures=True)
            if abandon and not isinstance(why, Exception):
                abandon()
            raise
