"""Partner KPIs: Strategic Partner NPS, Partner Advocacy, Partner Influence on Customer Retention.

    >>> import partnerkpi
    >>> partnerkpi.ScoreTally(detractors=2, passives=5, promoters=23).nps
    70.0

`nps`, `advocacy`, `retention`, `build_scorecard`, `compare`, `alerts`, `actions`, `outlook`, `whatif`, `diff`
and `verify_scorecard` answer as the commands do, of files, frames, relations and records; results have `to_pandas`.
`tally_scores` gives counts; `ScoreTally`, `AdvocacyTally` and `RetentionTally` are the arithmetic, on counts.
Everything is imported when it is first used: the package itself loads nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from partnerkpi._version import __version__

if TYPE_CHECKING:
    from partnerkpi.api import (
        actions,
        advocacy,
        alerts,
        build_scorecard,
        compare,
        diff,
        nps,
        outlook,
        retention,
        verify_scorecard,
        whatif,
    )
    from partnerkpi.errors import PartnerKpiError
    from partnerkpi.kpi import AdvocacyTally, RetentionTally, ScoreTally
    from partnerkpi.tally.scores import tally_scores

__all__ = [
    "AdvocacyTally",
    "PartnerKpiError",
    "RetentionTally",
    "ScoreTally",
    "__version__",
    "actions",
    "advocacy",
    "alerts",
    "build_scorecard",
    "compare",
    "diff",
    "nps",
    "outlook",
    "retention",
    "tally_scores",
    "verify_scorecard",
    "whatif",
]

#: Where each name lives, and what it is called there.
_HOMES = {
    "AdvocacyTally": ("partnerkpi.kpi", "AdvocacyTally"),
    "RetentionTally": ("partnerkpi.kpi", "RetentionTally"),
    "ScoreTally": ("partnerkpi.kpi", "ScoreTally"),
    "PartnerKpiError": ("partnerkpi.errors", "PartnerKpiError"),
    "nps": ("partnerkpi.api", "nps"),
    "advocacy": ("partnerkpi.api", "advocacy"),
    "retention": ("partnerkpi.api", "retention"),
    "actions": ("partnerkpi.api", "actions"),
    "alerts": ("partnerkpi.api", "alerts"),
    "compare": ("partnerkpi.api", "compare"),
    "diff": ("partnerkpi.api", "diff"),
    "outlook": ("partnerkpi.api", "outlook"),
    "verify_scorecard": ("partnerkpi.api", "verify_scorecard"),
    "whatif": ("partnerkpi.api", "whatif"),
    "build_scorecard": ("partnerkpi.api", "build_scorecard"),
    "tally_scores": ("partnerkpi.tally.scores", "tally_scores"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'partnerkpi' has no attribute {name!r}; it has {', '.join(sorted(_HOMES))}")
    import importlib

    module, own_name = _HOMES[name]
    return getattr(importlib.import_module(module), own_name)


def __dir__() -> list[str]:
    return sorted(__all__)
