"""`partnerkpi guide`: what each KPI is for, how it is measured and what to do with it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from partnerkpi.cli.declared import argument, option
from partnerkpi.cli.terminal import say, say_json, window


class GuideFormat(StrEnum):
    """How the guide is printed."""

    text = "text"
    markdown = "markdown"
    json = "json"


def guide(
    kpi: Annotated[str | None, argument("[KPI]", "nps, advocacy or retention; all three if left out.")] = None,
    output: Annotated[GuideFormat, option("--format", "How to print it.")] = GuideFormat.text,
) -> None:
    """Print the twelve attributes of a KPI: definition, formula, questions to ask, what to do, what to beware of.

    \b
    Example:
      partnerkpi guide nps
    """
    from partnerkpi.guide import as_dict, as_markdown, as_text, guides
    from partnerkpi.guide import guide as one

    chosen = guides() if kpi is None else (one(kpi),)
    if output is GuideFormat.json:
        say_json([as_dict(each) for each in chosen])
        return
    width = min(100, window() or 100)
    pages = [as_markdown(each) if output is GuideFormat.markdown else as_text(each, width=width) for each in chosen]
    say("\n\n".join(page.strip("\n") for page in pages))
