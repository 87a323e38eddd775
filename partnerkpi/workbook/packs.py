"""A workbook for each partner, one after the other: what they have in common is worked out once.

The bytes are those that `write_workbook` gives for each partner alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from partnerkpi.files import atomic_write
from partnerkpi.scorecard.card import Scorecard
from partnerkpi.scorecard.packs import for_partner
from partnerkpi.scorecard.peers import peers
from partnerkpi.workbook.build import Sheets, printed
from partnerkpi.workbook.press import Press

_WAITING = 2  # workbooks that are done and not yet on the disk


def write_packs(card: Scorecard, packs: Iterable[tuple[str, Path]], *, sheets: Sheets = "all") -> Iterator[str]:
    """Write the workbook of each partner to its file, and yield the partner's name once it is there.

    Each file is written whole or not at all; the first that cannot be written ends the work, with FileProblem.
    UsageError for an unknown partner.
    """
    quartiles, press = peers(card), Press()
    waiting = deque[tuple[str, Future[None]]]()
    # To wait for the disk takes as long as a fifth of a workbook; the next one is laid out meanwhile.
    with ThreadPoolExecutor(1) as writer:
        for partner, target in packs:
            try:
                data, _ = printed(for_partner(card, partner, quartiles), press, sheets=sheets)
            except BaseException:
                yield from map(_written, waiting)  # an earlier failure is told first
                raise
            waiting.append((partner, writer.submit(atomic_write, target, data)))
            if len(waiting) > _WAITING:
                yield _written(waiting.popleft())
        yield from map(_written, waiting)


def _written(pack: tuple[str, Future[None]]) -> str:
    partner, done = pack
    done.result()
    return partner
