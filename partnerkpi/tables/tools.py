"""The names that `--as` takes. Apart from the tools themselves, which only the helper process needs."""

from __future__ import annotations

from partnerkpi.errors import UsageError

#: In the order in which they are tried.
NAMES = (
    "qualtrics",
    "surveymonkey",
    "typeform",
    "limesurvey",
    "microsoft-forms",
    "hubspot",
    "asknicely",
    "delighted",
    "retently",
    "zendesk",
    "survicate",
    "google-forms",
)
#: What `--as` takes for a file that is an ordinary table, whatever it looks like.
PLAIN = "table"


def check_tool(name: str | None) -> str | None:
    """Return the name of a tool as `NAMES` has it; UsageError if there is none of that name."""
    if name is None:
        return None
    plain = name.strip().casefold().replace(" ", "-").replace("_", "-")
    if plain not in NAMES and plain != PLAIN:
        raise UsageError(f"--as {name}: no survey tool of that name is known; known are {', '.join(NAMES)}, {PLAIN}")
    return plain
