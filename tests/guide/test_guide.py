"""The guide: complete, short enough for a cell, and true to the arithmetic and the command line."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections import Counter
from collections.abc import Callable
from importlib.resources import files
from itertools import count
from pathlib import Path

import pytest
from command import run_here

from partnerkpi.errors import UsageError
from partnerkpi.guide import (
    ATTRIBUTE_TITLES,
    KPIS,
    LINE_LIMIT,
    KpiGuide,
    as_dict,
    as_markdown,
    as_text,
    guide,
    guides,
    page,
)
from partnerkpi.kpi.advocacy import AdvocacyTally
from partnerkpi.kpi.benchmark import DEFAULT_BENCHMARKS
from partnerkpi.kpi.conditional import mcnemar
from partnerkpi.kpi.health import health
from partnerkpi.kpi.intervals import Interval, agresti_caffo, holm, wilson
from partnerkpi.kpi.retention import RetentionTally
from partnerkpi.kpi.scores import (
    ScoreTally,
    benchmark_test,
    change,
    partner_nps,
    respondent_nps,
    revenue_weighted_nps,
    rolling_nps,
)
from partnerkpi.language import language

DOCS = Path(__file__).parents[2] / "docs"

COMMANDS = {"nps", "advocacy", "retention", "scorecard", "check", "demo", "guide", "template", "excel", "mail"}
COMMON_OPTIONS = {"--config", "--format", "--set-aside", "--quiet"}
OPTIONS = {
    "nps": {
        *("--score", "--partner", "--date", "--respondent", "--by", "--period", "--duplicates", "--population"),
        *("--min-responses", "--confidence", "--day-first", "--month-first"),
    },
    "advocacy": {"--partners", "--from", "--to", "--by", "--period"},
    "retention": {"--retained", "--churned", "--partner", "--attributed", "--by", "--period"},
    "scorecard": {"-o", "--as-of", "--period", "--per-partner"},
}
LISTS = set(ATTRIBUTE_TITLES) - {"definition", "standard_formula"}

every_kpi = pytest.mark.parametrize("kpi", KPIS)


def lines_of(found: KpiGuide) -> list[str]:
    return [line for attribute in found.attributes for line in attribute.lines]


def attribute_lines(kpi: str, key: str) -> tuple[str, ...]:
    return next(attribute.lines for attribute in guide(kpi).attributes if attribute.key == key)


def marked(text: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", text)


# ---- shape


def test_there_are_three_guides_in_a_fixed_order() -> None:
    """NPS, advocacy, retention: always these three, always in this order, always by their whole names."""
    assert tuple(found.kpi for found in guides()) == KPIS == ("nps", "advocacy", "retention")
    assert [found.title for found in guides()] == [
        "Strategic Partner NPS",
        "Partner Advocacy",
        "Partner Influence on Customer Retention",
    ]


@every_kpi
def test_every_kpi_has_the_twelve_attributes_in_order(kpi: str) -> None:
    """Each KPI is described by the same twelve attributes under the same headings, in the same order."""
    assert len(ATTRIBUTE_TITLES) == 12
    assert [(each.key, each.title) for each in guide(kpi).attributes] == list(ATTRIBUTE_TITLES.items())


@every_kpi
def test_the_files_hold_nothing_that_is_not_shown(kpi: str) -> None:
    """A misspelt attribute in a data file would silently be left out: the files hold the twelve and no other."""
    data = tomllib.loads(files("partnerkpi.guide").joinpath(f"{kpi}.toml").read_text(encoding="utf-8"))
    assert set(data) == {"kpi", "title", "question", "attributes"}
    assert list(data["attributes"]) == list(ATTRIBUTE_TITLES)


@every_kpi
def test_lists_are_four_to_eight_full_sentences(kpi: str) -> None:
    """Definition and formula are texts; the other ten are lists of four to eight lines that are whole sentences."""
    for attribute in guide(kpi).attributes:
        assert isinstance(attribute.text, tuple) == (attribute.key in LISTS), attribute.key
        if attribute.key in LISTS:
            assert 4 <= len(attribute.lines) <= 8, attribute.key
        for line in attribute.lines:
            assert line == line.strip(), line
            assert line[0].isupper() or line[0] in "`'0123456789", line
            if attribute.key != "standard_formula":
                assert line[-1] in ".?", line


@every_kpi
def test_every_line_fits_a_worksheet_cell(kpi: str) -> None:
    """No line is empty or longer than 300 characters, and none breaks within."""
    for line in lines_of(guide(kpi)):
        assert 20 <= len(line) <= LINE_LIMIT == 300, line
        assert "\n" not in line


@every_kpi
def test_diagnostic_questions_are_questions(kpi: str) -> None:
    """What is asked ends in a question mark, and the KPI's own question is a single sentence."""
    assert all(line.endswith("?") for line in attribute_lines(kpi, "diagnostic_questions"))
    question = guide(kpi).question
    assert question.endswith("?")
    assert len(re.findall(r"[.?!]", question)) == 1


def test_no_sentence_stands_twice() -> None:
    """Each KPI is described in its own words: no sentence occurs twice, within a KPI or across them."""
    text = [re.sub(r"`[^`]*`", "x", line) for found in guides() for line in lines_of(found)]
    sentences = Counter(part.strip(" .?").lower() for line in text for part in re.split(r"(?<=[.?]) (?=[A-Z])", line))
    assert [sentence for sentence, times in sentences.items() if times > 1 and len(sentence) > 12] == []


@every_kpi
def test_every_character_shows_on_an_old_console(kpi: str) -> None:
    """Windows consoles still print code page 1252, and backticks pair up."""
    found = guide(kpi)
    for line in [found.title, found.question, *lines_of(found)]:
        line.encode("cp1252")
        assert line.count("`") % 2 == 0, line


@every_kpi
def test_the_spelling_is_british(kpi: str) -> None:
    """The pages say visualisation and programme."""
    text = " ".join(lines_of(guide(kpi))).lower()
    american = r"\b(visuali[z]\w+|program|programs|color\w*|behavior\w*|organiz\w+|recogniz\w+|analyz\w+|center)\b"
    assert re.findall(american, text) == []


# ---- true to the command line


@every_kpi
def test_every_command_named_is_one_of_ours(kpi: str) -> None:
    """What a reader is told to type begins with a known command and uses only options that this command has."""
    commands = [span for line in lines_of(guide(kpi)) for span in marked(line) if span.startswith("partnerkpi")]
    assert commands
    for typed in commands:
        program, command, *rest = shlex.split(typed)
        assert program == "partnerkpi"
        assert command in COMMANDS, typed
        options = {word for word in rest if word.startswith("-")}
        assert options <= OPTIONS.get(command, set()) | COMMON_OPTIONS, typed


@every_kpi
def test_options_named_alone_exist(kpi: str) -> None:
    """An option that is quoted without its command belongs to the KPI's own command."""
    alone = [span.split()[0] for line in lines_of(guide(kpi)) for span in marked(line) if span.startswith("-")]
    assert set(alone) <= OPTIONS[kpi] | COMMON_OPTIONS


@every_kpi
def test_commands_stand_in_backticks(kpi: str) -> None:
    """No command hides in running text, where it could neither be checked nor copied whole."""
    for line in lines_of(guide(kpi)):
        assert "partnerkpi " not in re.sub(r"`[^`]*`", "", line), line


@every_kpi
def test_the_kpis_own_command_is_shown(kpi: str) -> None:
    """Each guide shows how its KPI is calculated over time, and the whole guide names the scorecard."""
    assert any(f"`partnerkpi {kpi} " in line and "--period" in line for line in attribute_lines(kpi, "trend_analysis"))
    assert "partnerkpi scorecard" in page()


# ---- true to the arithmetic


def nps(*counts: int) -> float:
    found = ScoreTally(*counts).nps
    assert found is not None
    return found


def span(interval: Interval | None, decimals: int) -> str:
    assert interval is not None
    return f"{interval.low:.{decimals}f} to {interval.high:.{decimals}f}"


def p_above(counts: tuple[int, int, int], benchmark: float) -> float:
    p = benchmark_test(ScoreTally(*counts), benchmark)
    assert p is not None
    return p


def smallest_visible_fall(answers: int, *, to_detractors: bool) -> float:
    """Return by how many points 60/30/10 must fall until it shows, as promoters turn passive or detractor."""
    before = ScoreTally(answers // 10, 3 * answers // 10, 6 * answers // 10)
    for moved in count(1):
        detractors, passives = (moved, 0) if to_detractors else (0, moved)
        after = ScoreTally(before.detractors + detractors, before.passives + passives, before.promoters - moved)
        found = change(before, after)
        if found.word == "down":
            assert found.raw is not None
            return -found.raw
    raise AssertionError


def visible_falls(answers: int) -> str:
    smaller, larger = (smallest_visible_fall(answers, to_detractors=which) for which in (False, True))
    return f"{int(smaller + 0.5)} to {int(larger + 0.5)}"


def retention(customers: int, retained: int, partner_customers: int, partner_retained: int) -> RetentionTally:
    return RetentionTally(
        customers=customers,
        retained=retained,
        partner_customers=partner_customers,
        partner_retained=partner_retained,
    )


def lift_span(retained: int, customers: int, direct_retained: int, direct: int, decimals: int) -> str:
    return span(agresti_caffo(retained, customers, direct_retained, direct), decimals)


PARTNERS = [ScoreTally(0, 0, 5), ScoreTally(1, 0, 0), ScoreTally(0, 2, 0)]
MONTHS = [ScoreTally(1, 1, 8), ScoreTally(4, 10, 26), ScoreTally(3, 3, 4)]


def nps_worked() -> str:
    census = ScoreTally(2, 5, 23)
    return (
        f"Worked: 23 promoters, 5 passives, 2 detractors give 100 × (23 - 2) / {census.responses} = {nps(2, 5, 23):g}, "
        f"interval {span(census.interval(), 1)}. With 6, 3 and 1 the NPS is {nps(1, 3, 6):g}, "
        f"interval {span(ScoreTally(1, 3, 6).interval(), 1)}."
    )


def advocacy_worked() -> str:
    tally = AdvocacyTally(partners=40, active=12, activities=45)
    return (
        f"Worked: 45 activities, 12 of 40 partners active: 45 / 40 = {tally.per_partner:g} each, "
        f"100 × 12 / 40 = {tally.active_share:g}% (interval {span(wilson(12, 40), 1)}), "
        f"45 / 12 = {tally.intensity:g} per active partner."
    )


def retention_worked() -> str:
    tally = retention(200, 160, 80, 72)
    return (
        f"Worked: 160 of 200 customers retained, of them 72 of 80 with a partner: share 100 × 72 / 160 = "
        f"{tally.influence_share:g}%, index {tally.influence_index:g}, base share {tally.base_share:g}%, "
        f"lift {tally.lift_points:+.1f} points (interval {lift_span(72, 80, 88, 120, 1)})."
    )


WORKED = {"nps": nps_worked, "advocacy": advocacy_worked, "retention": retention_worked}


@every_kpi
def test_the_worked_figure_of_the_formula_is_what_the_package_calculates(kpi: str) -> None:
    """The formula's worked line is rebuilt from the KPI functions, figure by figure."""
    assert attribute_lines(kpi, "standard_formula")[-1] == WORKED[kpi]()


def rough() -> float:
    """Return what averaging the months' scores gives, which no function of the package does."""
    return sum(nps(month.detractors, month.passives, month.promoters) for month in MONTHS) / len(MONTHS)


def few_answers() -> str:
    return span(ScoreTally(1, 3, 6).interval(), 0).replace("-0", "0")


def share(*counts: int) -> float:
    found = retention(*counts).influence_share
    assert found is not None
    return found


FIGURES: list[tuple[str, Callable[[], str]]] = [
    # nps
    ("nps", lambda: f"60% promoters with 10% detractors give {nps(1, 3, 6):g}"),
    ("nps", lambda: f"gives {respondent_nps(PARTNERS):g}, every partner counted once gives {partner_nps(PARTNERS):g}"),
    ("nps", lambda: f"weighting by revenue gives {revenue_weighted_nps(PARTNERS, [100, 900, 500]):.0f}"),
    ("nps", lambda: f"with 30 answers, one passive who becomes a promoter adds {nps(2, 4, 24) - nps(2, 5, 23):.1f}"),
    ("nps", lambda: f"10 answers leave anything from {few_answers()} open"),
    ("nps", lambda: f"100 answers {span(ScoreTally(10, 30, 60).interval(), 0)}"),
    ("nps", lambda: f"with NPS {nps(2, 5, 23):g} have the interval {span(ScoreTally(2, 5, 23).interval(), 0)}"),
    ("nps", lambda: f"the interval {span(ScoreTally(2, 5, 23).interval(population=40), 0)}."),
    ("nps", lambda: f"From {nps(10, 15, 25):g} to {nps(5, 15, 30):g} on 50 answers a quarter is a rise of 20 points"),
    ("nps", lambda: f"p = {change(ScoreTally(10, 15, 25), ScoreTally(5, 15, 30)).p:.2f}: within chance"),
    ("nps", lambda: f"a fall must reach {visible_falls(30)} points"),
    ("nps", lambda: f"30 answers a quarter, {visible_falls(100)} with 100, and {visible_falls(200)} with 200"),
    (
        "nps",
        lambda: f"pool to {rolling_nps(MONTHS, 3)[-1].nps:g} where the mean of their three scores says {rough():g}",
    ),
    ("nps", lambda: f"turns detractor moves the score by {nps(0, 0, 5) - nps(1, 0, 4):g} points"),
    ("nps", lambda: f"five still have the interval {span(ScoreTally(0, 0, 5).interval(), 0)}"),
    ("nps", lambda: f"70 on 30 answers has p = {p_above((2, 5, 23), 50):.2f} against 50"),
    ("nps", lambda: f"whereas {nps(5, 28, 67):g} on 100 answers with 5 detractors does show it"),
    # advocacy
    ("advocacy", lambda: f"look superb at {AdvocacyTally(partners=10, active=1, activities=30).per_partner:.1f} each"),
    ("advocacy", lambda: f"active advocates say {AdvocacyTally(partners=10, active=1, activities=30).active_share:g}%"),
    ("advocacy", lambda: f"12 active ones go from 30% to {AdvocacyTally(32, 12, 12).active_share:g}%"),
    ("advocacy", lambda: f"in any quarter, {100 * (1 - 0.7**4):.0f}% are active over a year"),
    ("advocacy", lambda: f"5 begun and 2 stopped is within chance (mid-p {mcnemar(5, 2):.2f})"),
    ("advocacy", lambda: f"8 and 1 is more ({mcnemar(8, 1):.2f})"),
    # retention
    ("retention", lambda: f"72 of 80 partner and 88 of 120 direct customers kept make {share(200, 160, 80, 72):g}%"),
    ("retention", lambda: f"with 108 of 120 direct kept it is {share(200, 180, 80, 72):g}%"),
    ("retention", lambda: f"{retention(20, 16, 8, 7).lift_points:+.1f} points with an interval from -26 to 43"),
    ("retention", lambda: f"interval from {lift_span(7, 8, 9, 12, 0)}"),
    ("retention", lambda: f"{retention(100, 80, 40, 36).lift_points:+.1f} points with an interval from 1 to 30"),
    ("retention", lambda: f"interval from {lift_span(36, 40, 44, 60, 0)}, and with half as many customers"),
    ("retention", lambda: f"it runs from {lift_span(18, 20, 22, 30, 0)}"),
    ("retention", lambda: f"40% to 50% takes the share from 45% to {share(240, 196, 120, 108):.1f}%"),
    ("retention", lambda: f"make {retention(200, 160, 80, 72).influence_index:g} on a base of 40%"),
    ("retention", lambda: f"and {retention(480, 412, 360, 324).influence_index:.1f} on one of 75%"),
    ("retention", lambda: f"goes from 45% to {share(200, 160, 110, 94):.1f}% without one more renewal"),
    ("retention", lambda: f"falls from 16.7 to {retention(200, 160, 110, 94).lift_points:.1f} points"),
    ("retention", lambda: f"{retention(200, 160, 80, 72).lift_points:+.1f} points on 80 partner customers is 13 more"),
]


@pytest.mark.parametrize(("kpi", "quote"), FIGURES)
def test_figures_in_the_text_are_what_the_package_calculates(kpi: str, quote: Callable[[], str]) -> None:
    """A figure quoted anywhere in the guide is rebuilt from the KPI functions and found there word for word."""
    assert quote() in " ".join(lines_of(guide(kpi)))


def test_claims_about_limits_hold() -> None:
    """'Only 36 of 40 puts the lower end above 75', '62 on 100 is shown to be above 50', '13 more kept' are true."""
    lower = [found.low for active in (35, 36) if (found := wilson(active, 40)) is not None]
    assert lower[0] < 75 < lower[1]
    assert p_above((5, 28, 67), 50) < 0.05 < p_above((2, 5, 23), 50)
    lift = retention(200, 160, 80, 72).lift_points
    assert lift is not None
    assert int(lift / 100 * 80) == 13
    # no base below 60 % reaches a share of 75 % when 80 % of all are retained
    assert share(1000, 800, 600, 600) == 75
    # the lift is the same on a base of 40 % and of 75 %
    assert retention(480, 412, 360, 324).lift_points == pytest.approx(lift)


@every_kpi
def test_definitions_state_target_and_bands(kpi: str) -> None:
    """The definition names the default target, the default bands from the best down, and the quarterly review."""
    definition = " ".join(attribute_lines(kpi, "definition"))
    benchmark = DEFAULT_BENCHMARKS[kpi]
    unit = "%" if kpi != "nps" else ""
    best, *middle, worst = reversed(benchmark.bands)
    bands = [f"{best.low:g}{unit} and over {best.name}"]
    bands += [f"{band.low:g}{unit} to under {band.high:g}{unit} {band.name}" for band in middle]
    assert ", ".join([*bands, f"under {worst.high:g}{unit} {worst.name}"]) in definition
    assert re.search(rf"[Tt]arget (of )?{benchmark.target:g}{unit}[ ,]", definition)
    assert "reviewed quarterly" in definition


def composite(nps: float, active_share: float, influence_share: float) -> float:
    score = health(nps, active_share, influence_share).score
    assert score is not None
    return score


def test_what_a_kpi_is_worth_in_the_composite_is_stated_right() -> None:
    """The points of the health composite that the change impact lines promise are the ones it gives."""
    assert composite(55, 60, 60) - composite(45, 60, 60) == pytest.approx(4)
    assert composite(90, 60, 60) == composite(50, 60, 60)
    assert composite(40, 60, 60) - composite(40, 50, 60) == pytest.approx(4)
    assert composite(40, 60, 60) - composite(40, 60, 52.5) == pytest.approx(3)
    promised = [attribute_lines(kpi, "change_impact")[-1] for kpi in KPIS]
    assert "from 45 to 55 adds 4 points and everything above 50 adds nothing" in promised[0]
    assert "10 points of active share below the target are worth 4 points" in promised[1]
    assert "7.5 points of share are worth 3 points" in promised[2]


# ---- asking for one


@pytest.mark.parametrize("name", ["nps", "NPS", " advocacy ", "Partner Advocacy", "strategic partner nps"])
def test_a_kpi_is_found_by_key_or_name(name: str) -> None:
    """Upper case and outer blanks do not matter, and the whole name works as well as the key."""
    assert name.strip().lower() in {guide(name).kpi, guide(name).title.lower()}


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [("npss", "nps"), ("advocasy", "advocacy"), ("retension", "retention"), ("influence on retention", "retention")],
)
def test_an_unknown_kpi_names_the_nearest(wrong: str, nearest: str) -> None:
    """A misspelt KPI is a usage error that names the nearest one and all there are."""
    with pytest.raises(UsageError, match=re.escape(f"{wrong!r}; did you mean {nearest!r}?")) as caught:
        guide(wrong)
    assert "nps, advocacy, retention" in str(caught.value)


def test_a_kpi_like_none_of_ours_lists_them() -> None:
    """Where nothing is near, no guess is made."""
    with pytest.raises(UsageError, match=r"no KPI is called 'xyz'\. The KPIs are nps, advocacy, retention\."):
        guide("xyz")


# ---- renderings


@every_kpi
@pytest.mark.parametrize("width", [60, 80, 100])
def test_plain_text_is_wrapped_and_complete(kpi: str, width: int) -> None:
    """In a terminal no line is wider than asked, a command stays in one piece, and every word is there."""
    found = guide(kpi)
    text = as_text(found, width)
    longest_command = max(len(span) for line in lines_of(found) for span in marked(line))
    assert max(map(len, text.splitlines())) <= width
    words = text.replace("  - ", "").split()
    for line in lines_of(found):
        assert " ".join(line.split()) in " ".join(words)
    if longest_command + 6 <= width:
        for line in lines_of(found):
            assert all(f"`{span}`" in text for span in marked(line))
    assert [title.upper() for title in ATTRIBUTE_TITLES.values()] == [
        line for line in text.splitlines() if line.isupper() and not line.startswith(" ")
    ]


@every_kpi
def test_markdown_has_a_heading_for_each_attribute(kpi: str) -> None:
    """One second-level heading, twelve third-level ones, a list item per sentence, nothing a renderer would swallow."""
    text = as_markdown(guide(kpi))
    assert re.findall(r"^### (.*)$", text, re.MULTILINE) == list(ATTRIBUTE_TITLES.values())
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [guide(kpi).title]
    assert text.count("\n- ") == sum(len(each.text) for each in guide(kpi).attributes if isinstance(each.text, tuple))
    outside = re.sub(r"`[^`]*`", "", "\n".join(lines_of(guide(kpi))))
    assert not re.search(r"[*_<>|\[\]]", outside)


@every_kpi
def test_the_dictionary_survives_json(kpi: str) -> None:
    """As JSON a guide keeps its order, and lists stay lists."""
    data = as_dict(guide(kpi))
    assert json.loads(json.dumps(data)) == data
    assert list(data) == ["kpi", "title", "question", "attributes"]


# ---- pages


def test_the_page_in_docs_is_this_guide() -> None:
    """docs/guide.md is rendered, never edited.

    To renew it: python -c "import pathlib, partnerkpi.guide as g; pathlib.Path('docs/guide.md').write_text(g.page())".
    """
    assert (DOCS / "guide.md").read_text(encoding="utf-8") == page()


def definitions_rows() -> list[str]:
    """Return the table rows and lines of docs/definitions.md whose figures the package can calculate."""
    finite = ScoreTally(2, 5, 23).interval(population=40)
    moved = [
        change(ScoreTally(*old), ScoreTally(*new))
        for old, new in (((10, 15, 25), (5, 15, 30)), ((8, 8, 4), (1, 5, 14)))
    ]
    below = benchmark_test(ScoreTally(8, 7, 5), 30, "below")
    few, one = AdvocacyTally(partners=40, active=12, activities=45), AdvocacyTally(partners=10, active=1, activities=30)
    whole, part = health(45, 60, 70), health(62, None, 55)
    usual, large = retention(200, 160, 80, 72), retention(500, 400, 400, 340)
    return [
        f"| 1, 3, 6 | {nps(1, 3, 6):g} | {span(ScoreTally(1, 3, 6).interval(), 4)} |",
        f"| 2, 5, 23 | {nps(2, 5, 23):g} | {span(ScoreTally(2, 5, 23).interval(), 4)} |",
        f"| 0, 0, 5 | {nps(0, 0, 5):g} | {span(ScoreTally(0, 0, 5).interval(), 4).replace('100.0000', '100')} |",
        f"| 2, 5, 23 of a list of 40 | {nps(2, 5, 23):g} | {span(finite, 4)} |",
        f"| 10, 15, 25 to 5, 15, 30 | {moved[0].raw:+g} | {moved[0].z:.4f} | {moved[0].p:.5f} | {moved[0].word} |",
        f"| 8, 8, 4 to 1, 5, 14 | {moved[1].raw:+g} | {moved[1].z:.4f} | {moved[1].p:.5f} | {moved[1].word} |",
        f"become {', '.join(f'{p:g}' for p in holm([0.001, 0.012, 0.03, 0.04, 0.2])[:-1])} and 0.2",
        f"p = {p_above((2, 5, 23), 50):.4f} against 50",
        f"8, 7, 5 is an NPS of {nps(8, 7, 5):g}, and against 30 p = {below:.4f}",
        f"| respondent (the default) | answer | {respondent_nps(PARTNERS):g} |",
        f"| partner | partner: the mean of the partners' scores | {partner_nps(PARTNERS):g} |",
        f"here 100, 900 and 500 | {revenue_weighted_nps(PARTNERS, [100, 900, 500]):.4f} |",
        f"| 45 | 12 | 40 | {few.per_partner:g} | {few.active_share:g}% ({span(wilson(12, 40), 4)}) "
        f"| {few.intensity:g} |",
        f"| 30 | 1 | 10 | {one.per_partner:g} | {one.active_share:g}% ({span(wilson(1, 10), 4)}) | {one.intensity:g} |",
        f"| 200, 160, 80, 72 | {usual.influence_share:g}% | {usual.influence_index:g} | {usual.base_share:g}% | "
        f"{usual.lift_points:+.4f} ({lift_span(72, 80, 88, 120, 4)}) |",
        f"| 500, 400, 400, 340 | {large.influence_share:g}% | {large.influence_index:g} | {large.base_share:g}% | "
        f"{large.lift_points:+g} ({lift_span(340, 400, 60, 100, 4)}) |",
        f"| 45 | 60% | 70% | {whole.score:.1f} | {whole.covered_weight:.1f} |",
        f"| 62 | no data | 55% | {part.score:.4f} | {part.covered_weight:.1f} |",
        f"= 85% (Wilson interval {span(wilson(170, 200), 4)})",
    ]


def test_worked_figures_of_the_definitions_page_hold() -> None:
    """Every worked figure of docs/definitions.md is what the package calculates."""
    text = (DOCS / "definitions.md").read_text(encoding="utf-8").replace("\n", " ")
    assert [row for row in definitions_rows() if row not in text] == []


def test_the_definitions_page_names_every_reason_for_setting_a_row_aside() -> None:
    """A reason that a file of set-aside rows may show is explained on the page, in the same words."""
    text = (DOCS / "definitions.md").read_text(encoding="utf-8")
    reasons = [
        "blank score",
        "text in a score",
        "out of range",
        "duplicate respondent",
        "date outside the window",
        "unknown partner",
    ]
    assert [reason for reason in reasons if f"| {reason} |" not in text] == []


# ---- in other languages


NUMBER = re.compile(r"\d+(?:[.,\u202f ]\d{3})*(?:[.,]\d+)?")


def numbers(line: str, sign: str) -> Counter[float]:
    """Return the numbers of a line whose decimals stand behind this sign; what is typed has numbers of its own."""
    text = re.sub(r"`[^`]*`", "", line)
    plain = (re.sub("[^0-9,]" if sign == "," else "[^0-9.]", "", found) for found in NUMBER.findall(text))
    return Counter(float(found.replace(",", ".")) for found in plain)


@every_kpi
@pytest.mark.parametrize("code", ["de", "fr", "es"])
def test_a_translation_has_every_line_with_its_numbers(kpi: str, code: str) -> None:
    """Line for line: the same numbers, the same things to type, short enough for a cell, and other words."""
    english, other = guide(kpi), guide(kpi, code)
    assert [(one.key, type(one.text), len(one.lines)) for one in other.attributes] == [
        (one.key, type(one.text), len(one.lines)) for one in english.attributes
    ]
    for line, translated in zip(lines_of(english), lines_of(other), strict=True):
        assert translated != line
        assert len(translated) <= LINE_LIMIT
        assert Counter(marked(translated)) == Counter(marked(line)), translated
        assert numbers(translated, ",") == numbers(line, "."), translated
    assert other.title == language(code).translate(english.title)
    assert other.question != english.question


def test_the_command_has_the_languages() -> None:
    """`--language de` prints German words below German headings; a language that there is not is refused."""
    said = run_here("guide", "advocacy", "--language", "de", "--format", "markdown")
    found = guide("advocacy", "de")
    assert f"## {found.title}" in said.out
    assert all(line in said.out for line in lines_of(found))
    assert f"### {language('de').translate('Risk warnings')}" in said.out
    assert "Risk warnings" not in said.out
    assert run_here("guide", "--language", "it").code == 2
