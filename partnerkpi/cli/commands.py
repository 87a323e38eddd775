"""The commands in the order of the first page, each in a line. Nothing else of the program is loaded to print it.

A command `name` is the function of that name in the module of that name; `excel build` is `build` in the module
`excel`, or in the module that stands behind its line.
"""

from __future__ import annotations

#: What a newcomer types first, and what it does.
BEGIN = (
    ("partnerkpi demo", "example data and its scorecard, to look at"),
    ("partnerkpi check FILE...", "what your files hold, and what they leave open"),
    ("partnerkpi scorecard FILE... -o scorecard.xlsx", "the scorecard of your files"),
)

GROUPS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    (
        "One KPI",
        (
            ("nps", "Strategic Partner NPS of survey answers, with its interval."),
            ("advocacy", "Partner Advocacy: activities per partner, and who is active."),
            ("retention", "Customer retention, and the partners' part in it."),
        ),
    ),
    (
        "The scorecard",
        (
            ("scorecard", "The workbook of all three KPIs, for each period and partner."),
            ("run", "The monthly job in one: check, scorecard, verify, packs, drafts."),
            ("verify", "Whether a scorecard that you received is the one that was made."),
            ("diff", "What changed from one scorecard to the next."),
            ("export", "Tidy tables for Power BI, Tableau, a spreadsheet or a warehouse."),
            ("mail", "Who gets which workbook; as drafts, or sent."),
        ),
    ),
    (
        "What follows from it",
        (
            ("alerts", "What needs a look, and how sure it is."),
            ("actions", "Whom to call, why, and by when."),
            ("compare", "The partners side by side."),
            ("outlook", "What the next period will probably show."),
            ("whatif", "What it takes for the next rating and the target."),
            ("plan", "The next survey: whom to invite, and how many answers it takes."),
            ("survey", "The kit of a survey: question, mails in four languages, columns for the answers."),
            ("rewards", "Incentives by customer retention."),
            ("prospect", "Due diligence of a prospective partner."),
        ),
    ),
    (
        "Help with it",
        (
            ("demo", "Example data and its scorecard: the five-minute tour."),
            ("check", "What was recognised in files, and what would be set aside."),
            ("guide", "What each KPI is for, how to measure it and what to do with it."),
            ("template", "The files to fill in: data, settings, mail."),
            ("completion", "What the Tab key completes in your shell."),
        ),
    ),
    (
        "Excel",
        (
            ("excel install", "Tell Excel which Python to start; put workbook and add-in into their places."),
            ("excel uninstall", "Take the add-in away from where Excel starts it."),
            ("excel doctor", "What is wrong if cells show no figures."),
            ("excel build", "Build scorecard.xlsm, or the add-in, for the installed xlwings."),
            ("excel functions", "The functions as names, for Excel without Python and without macros.", "lambdas"),
            ("excel add", "Put the functions into a workbook of your own.", "lambdas"),
            ("excel remove", "Take them out of it again.", "lambdas"),
            ("excel lite", "The functions for Excel on the web and on a Mac, through xlwings Lite.", "carriers"),
            ("excel libreoffice", "Write the functions as an add-in for LibreOffice.", "carriers"),
            ("excel sheets", "The functions for Google Sheets, as one script to paste.", "carriers"),
        ),
    ),
)

#: The line of each command, and the module that has it.
LINES = {line[0]: line[1] for _, lines in GROUPS for line in lines}
MODULES = {line[0]: line[2] if len(line) > 2 else line[0].split()[0] for _, lines in GROUPS for line in lines}
