"""A limit of memory for another process on Windows: a job object, as kernel32 offers it."""

from __future__ import annotations

import ctypes
import subprocess
from typing import Any

_EXTENDED_LIMITS = 9
_PROCESS_MEMORY = 0x100
_KILL_ON_CLOSE = 0x2000


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    )


class _Limits(ctypes.Structure):
    _fields_ = (
        ("basic", _BasicLimits),
        ("counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


def limit(process: subprocess.Popen[str], memory: int) -> Any:
    """Limit the memory of a process, in bytes, and return the handle that keeps the limit; OSError if it fails."""
    kernel: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    limits = _Limits()
    limits.basic.flags = _PROCESS_MEMORY | _KILL_ON_CLOSE
    limits.process_memory = memory
    handle = ctypes.c_void_p(int(process._handle))  # type: ignore[attr-defined,unused-ignore]  # Windows has one
    done = kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
    if not done or not kernel.AssignProcessToJobObject(job, handle):
        raise OSError("the system sets no limit")
    return job
