"""Microsoft Forms: ID, start and completion time, e-mail and name, then the questions.

Made after headers that others publish; not tried on a real file. Who answers without signing in is called anonymous:
that is nobody, not one person who answered many times.
"""

from partnerkpi.tables.surveys.layout import Tool

_NOBODY = frozenset({"anonymous", "anonym", "anonyme", "anónimo", "anônimo", "anonimo", "anoniem"})
_END = ("completion time", "fertigstellungszeit", "heure de fin", "hora de finalizacion", "hora de conclusao")
_MAIL = ("email", "e mail", "adresse de messagerie", "correo electronico")

TOOL = Tool(
    "Microsoft Forms",
    marks=(
        frozenset({"id", "start time", "completion time"}),
        frozenset({"id", "startzeit", "fertigstellungszeit"}),
        frozenset({"id", "heure de debut", "heure de fin"}),
        frozenset({"id", "hora de inicio", "hora de finalizacion"}),
        frozenset({"id", "hora de inicio", "hora de conclusao"}),
    ),
    roles={**dict.fromkeys(_END, "date"), **dict.fromkeys(_MAIL, "respondent")},
    blanks=dict.fromkeys(("name", *_MAIL), _NOBODY),
)
