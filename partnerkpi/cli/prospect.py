"""`partnerkpi prospect`: due diligence of a prospective partner."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from partnerkpi.cli import options as given
from partnerkpi.cli.terminal import echo


def prospect(
    file: Annotated[Path | None, given.argument("FILE.toml", "What is known of the partner.")] = None,
    sources: Annotated[
        list[str] | None, given.argument("[SOURCE]...", "A survey of its customers, where there is one.")
    ] = None,
    template: Annotated[Path | None, given.option("--template FILE", "Write a file to fill in, and stop.")] = None,
    as_of: Annotated[
        str | None,
        given.option(
            "--as-of DATE", "The day from which ages count, and until which the survey does. Default: its last."
        ),
    ] = None,
    score: given.ScoreColumn = None,
    asked: given.QuestionText = None,
    frequency: given.FrequencyColumn = None,
    tool: given.SurveyTool = None,
    scale: given.ScaleName = None,
    *,
    common: given.Common,
) -> None:
    """Judge what a prospective partner declares: is its NPS comparable with ours, how sure is it, what is missing.

    Every finding names the attribute of the guide that it follows ('partnerkpi guide nps').

    \b
    Example:
      partnerkpi prospect --template acme.toml
      partnerkpi prospect acme.toml survey-of-its-customers.csv
    """
    from partnerkpi.cli.options import parse_day
    from partnerkpi.cli.output import print_note, show_review
    from partnerkpi.cli.session import session
    from partnerkpi.errors import UsageError
    from partnerkpi.results.kinds import RESPONSES
    from partnerkpi.results.nps import nps
    from partnerkpi.results.result import Question, TieredBenchmark
    from partnerkpi.scorecard.review.prospect import prospect as judge
    from partnerkpi.scorecard.review.prospect_file import read_prospect, write_template
    from partnerkpi.tables.mistyped import last_day_of

    if template is not None:
        write_template(template)
        echo(str(template))
        print_note(f"Fill it in, then: partnerkpi prospect {template}", quiet=common.quiet)
        return
    if file is None:
        raise UsageError("name the file with what is known of the partner; --template FILE writes one to fill in")
    known = read_prospect(file)
    with session(common, tool=tool, scale=scale, question=asked) as run:
        run.workspace.reads(file)
        day = until = parse_day(as_of, "--as-of", day_first=run.config.day_first)
        survey = None
        if sources:
            table, columns = run.open(sources, RESPONSES, {"score": score, "frequency": frequency})
            question = Question.of(run.config, window=(None, until if columns.get("date") is not None else None))
            survey = nps(table, columns, question, TieredBenchmark.of(run.config, "nps"))
            day = until or last_day_of(table, columns, run.config.day_first)
        review = judge(known, run.config, day, survey)
        columns_shown = (
            ("Check", lambda row: row["check"]),
            ("Verdict", lambda row: row["verdict"]),
            ("Finding", lambda row: row["finding"]),
            ("Guide", lambda row: row["attribute"]),
        )
        questions = survey.provenance["questions"] if survey else ()
        show_review(review, columns_shown, common, rows=survey.set_aside if survey else (), questions=questions)
    for line in _summary(review.facts):
        print_note(line, quiet=common.quiet)


def _summary(facts: Any) -> list[str]:
    """Return the card's figures in sentences."""
    from partnerkpi.cli.output import between
    from partnerkpi.language.figures import decimal, shortest

    lines = []
    declared, survey, references = facts["declared"], facts["survey"], facts["references"]
    if declared is not None:
        sure = ""
        if declared["widest_low"] is not None:
            best = between(declared["narrowest_low"], declared["narrowest_high"])
            worst = between(declared["widest_low"], declared["widest_high"])
            sure = f", interval {best}" + (f" at best and {worst} at worst" if best != worst else "")
        lines.append(f"{facts['partner']} declares an NPS of {shortest(declared['nps'])}, {declared['rating']}{sure}.")
        reasons = "; ".join(facts["reasons"])
        words = {"yes": "It is comparable with ours.", "cannot tell": "Cannot tell whether it is comparable with ours."}
        lines.append(words.get(facts["comparable"], f"It is not comparable with ours: {reasons}."))
    if survey is not None:
        interval = between(survey["low"], survey["high"])
        lines.append(
            f"Its customers' answers give {decimal(survey['nps'])} ({interval}) from {survey['responses']:,} answers."
        )
    if references is not None:
        lines.append(
            f"References: {references['given']} given of {references['asked']} asked for, "
            f"{references['checked']} checked."
        )
    return lines
