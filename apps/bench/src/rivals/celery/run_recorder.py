"""Counts every execution over all processes of a worker's pool, in memory that they share."""

import array
import mmap
import multiprocessing
import os
import resource
import time

from line_server import base64_of

STARTED, COMPLETED, STRAYS, BODY_RESULTS = range(4)
FIRST_START, LAST_END = range(2)


class RunRecorder:
    """Made before the pool forks."""

    def __init__(self, kind, jobs, time_starts):
        self._kind = kind
        self._jobs = jobs
        self._lock = multiprocessing.Lock()
        self._runs = mmap.mmap(-1, max(1, jobs))
        self._counts = multiprocessing.RawArray('q', 4)
        self._times = multiprocessing.RawArray('d', [float('nan')] * 2)
        self._start_times = multiprocessing.RawArray('d', [float('nan')] * jobs) if time_starts else None

    def run(self, x, results):
        now = time.time() * 1000
        with self._lock:
            if self._counts[STARTED] == 0:
                self._times[FIRST_START] = now
            self._counts[STARTED] += 1
            if results is not None:
                self._counts[BODY_RESULTS] = len(set(results))
            if not 0 <= x < self._jobs:
                self._counts[STRAYS] += 1
                return x
            runs = self._runs[x]
            self._runs[x] = min(255, runs + 1)
            if runs == 0 and self._start_times is not None:
                self._start_times[x] = now
        if runs == 0 and self._kind == 'fail-once':
            raise RuntimeError('the first attempt fails')
        with self._lock:
            self._counts[COMPLETED] += 1
            self._times[LAST_END] = time.time() * 1000
        return x

    def progress(self):
        return {'started': self._counts[STARTED], 'completed': self._counts[COMPLETED]}

    def snapshot(self):
        starts = self._start_times
        return {
            **self.progress(),
            'runs': base64_of(self._runs[: self._jobs]),
            'strays': self._counts[STRAYS],
            'firstStart': number_or_none(self._times[FIRST_START]),
            'lastEnd': number_or_none(self._times[LAST_END]),
            'startTimes': None if starts is None else base64_of(array.array('d', starts).tobytes()),
            'bodyResults': self._counts[BODY_RESULTS],
            'rssBytes': group_rss(),
        }


def number_or_none(value):
    """JSON knows no NaN."""
    return value if value == value else None


def group_rss():
    """Resident bytes of this process and its pool."""
    pids = [os.getpid()]
    for pid in pids:
        with open(f'/proc/{pid}/task/{pid}/children') as children:
            pids.extend(int(child) for child in children.read().split())
    return sum(rss_of(pid) for pid in pids)


def rss_of(pid):
    with open(f'/proc/{pid}/statm') as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()
