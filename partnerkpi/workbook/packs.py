"""A workbook for each partner, one after the other: what they have in common is worked out once.

The bytes are those that `write_workbook` gives for each partner alone. Many workbooks are written by several processes,
each of which writes some partners after each other.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import field, replace
from multiprocessing import get_context, parent_process
from pathlib import Path

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import PartnerKpiError
from partnerkpi.files import atomic_write
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import for_partner
from partnerkpi.signing import Signer
from partnerkpi.workbook.build import Sheets, written
from partnerkpi.workbook.writer.writer import Writer

_WAITING = 2  # workbooks that are done and not yet on the disk
_WORTH = 50  # workbooks for each process: to start one takes as long as ten
_MOST = 8  # processes; each takes 150 MB
_SHARE = 5  # workbooks that a process is given at a time: after Ctrl+C those are finished

Pack = tuple[str, Path]


def write_packs(
    card: Scorecard,
    packs: Iterable[Pack],
    *,
    sheets: Sheets = "all",
    processes: int | None = None,
    signer: Signer | None = None,
) -> Iterator[str]:
    """Write the workbook of each partner to its file, and yield the partner's name once it is there, in their order.

    `signer` signs each of them. Each file is written whole or not at all; the first that cannot be written ends the
    work, with FileProblem. Without a number of `processes`, it follows from how many workbooks and processors there
    are. UsageError for an unknown partner.
    """
    wanted = list(packs)
    if processes is None:
        processes = min(len(wanted) // _WORTH, _processors(), _MOST)
    if processes > 1:
        yield from _side_by_side(card, wanted, sheets, processes, signer)
    else:
        yield from _PackWriter(card, sheets, signer).write(wanted)


@dataclass(frozen=True)
class _PackWriter:
    """Where workbooks are made in turn, with all that they have in common."""

    card: Scorecard
    sheets: Sheets
    signer: Signer | None = None
    writer: Writer = field(default_factory=Writer)

    def write(self, packs: Iterable[Pack]) -> Iterator[str]:
        """Write some packs, as `write_packs` does."""
        waiting = deque[tuple[str, Future[None]]]()
        # To wait for the disk takes as long as a fifth of a workbook; the next one is laid out meanwhile.
        with ThreadPoolExecutor(1) as disk:
            for partner, target in packs:
                try:
                    own = for_partner(self.card, partner)
                    data, _ = written(own, self.writer, sheets=self.sheets, signer=self.signer)
                except BaseException:
                    yield from map(_written, waiting)  # an earlier failure is told first
                    raise
                waiting.append((partner, disk.submit(atomic_write, target, data, option="--per-partner")))
                if len(waiting) > _WAITING:
                    yield _written(waiting.popleft())
            yield from map(_written, waiting)


def _written(pack: tuple[str, Future[None]]) -> str:
    partner, done = pack
    done.result()
    return partner


_at_work: list[_PackWriter] = []  # that of this process, where it is one of several


def _side_by_side(
    card: Scorecard, packs: Sequence[Pack], sheets: Sheets, processes: int, signer: Signer | None
) -> Iterator[str]:
    """Let processes write the packs; where the system refuses or ends one, write the rest here."""
    card = replace(card, benchmarks=dict(card.benchmarks))  # the usual ones cannot be handed to a process as they are
    shares = [packs[start : start + _SHARE] for start in range(0, len(packs), _SHARE)]
    done = 0
    try:
        # Fresh processes: one that is forked inherits locks of threads that it does not have.
        pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin, initargs=(card, sheets, signer))
        try:
            for found in [pool.submit(_write_share, share) for share in shares]:
                names, error = found.result()
                done += len(names)
                yield from names
                if error is not None:
                    raise error
        finally:
            pool.shutdown(cancel_futures=True)
    except (BrokenProcessPool, OSError):
        yield from _PackWriter(card, sheets, signer).write(packs[done:])


def _begin(card: Scorecard, sheets: Sheets, signer: Signer | None) -> None:
    """Make a process ready; it is not for it to say that somebody pressed Ctrl+C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _at_work[:] = [_PackWriter(card, sheets, signer)]


def _end_with_the_parent() -> None:
    """End this process when the one that made it is gone: a killed one cannot say so, and nobody reads the answers."""
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _write_share(packs: Sequence[Pack]) -> tuple[list[str], PartnerKpiError | None]:
    """Write some packs and return whose are on the disk, and what ended the work if something did."""
    names = list[str]()
    try:
        for partner in _at_work[0].write(packs):
            names.append(partner)
    except PartnerKpiError as error:
        return names, error
    return names, None


def _processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Windows and macOS cannot tell; all of them, then
        return os.cpu_count() or 1
