"""Options and JSON keys are a public contract: scripts of others depend on them. A change here is a breaking change."""

import json
from pathlib import Path

import pytest
from command import run_here

from partnerkpi.cli import named
from partnerkpi.cli.commands import LINES

ORDER = {"--sort", "--top"}
#: What every command takes that makes a card.
OF_CARDS = {"--as-of", "--to", "--from", "--where", "--to-date", "--period", "--score", "--partner", "--date"} | {
    *("--attributed", "--day-first", "--month-first")
}
COMMON = {"--config", "--format", "--set-aside", "--decimal", "--encoding", "--quiet", "--help"}
FIGURES = COMMON | {"-o", "--output", "--columns", "--wide"}
KINDS = {"--responses", "--activities", "--customers", "--partners"}
COMMANDS = {
    "nps": FIGURES
    | {
        "--score",
        "--partner",
        "--date",
        "--respondent",
        "--by",
        "--period",
        "--compare",
        "--duplicates",
        "--population",
        "--rolling",
    }
    | {"--comment", "--themes", "--from", "--as-of"}
    | {"--min-responses", "--confidence", "--day-first", "--month-first", "--as", "--scale"},
    "advocacy": FIGURES
    | {
        "--activities",
        "--partners",
        "--from",
        "--to",
        "--as-of",
        "--by",
        "--period",
        "--compare",
        "--partner",
        "--date",
        "--confidence",
        "--day-first",
    }
    | {"--month-first"},
    "retention": FIGURES
    | {"--retained", "--churned", "--partner", "--attributed", "--by", "--period", "--compare", "--date", "--customer"}
    | {"--start-date", "--end-date", "--as-of", "--min-responses", "--confidence", "--day-first", "--month-first"}
    | {"--retained-words", "--lost-words", "--grace"},
    "scorecard": COMMON
    | KINDS
    | {
        "-o",
        "--output",
        "--from",
        "--as-of",
        "--to-date",
        "--period",
        "--per-partner",
        "--sheets",
        "--review",
        "--sign",
        "--with-responses",
        "--with-functions",
        "--carry-on",
        "--as",
        "--scale",
    }
    | {"--title", "--score", "--partner", "--date", "--attributed", "--day-first", "--month-first"},
    "alerts": FIGURES | KINDS | OF_CARDS | ORDER,
    "actions": FIGURES | KINDS | OF_CARDS | ORDER | {"--carry-on"},
    "outlook": FIGURES | KINDS | OF_CARDS | ORDER | {"--kpi", "--by-partner"},
    "rewards": FIGURES | KINDS | OF_CARDS | ORDER,
    "prospect": FIGURES | {"--template", "--as-of", "--score"},
    "compare": FIGURES | KINDS | OF_CARDS | ORDER,
    "whatif": FIGURES
    | KINDS
    | {
        "--counts",
        "--from",
        "--as-of",
        "--to-date",
        "--period",
        "--score",
        "--partner",
        "--date",
        "--day-first",
        "--month-first",
    },
    "plan": COMMON
    | KINDS
    | {"--contacts", "-o", "--output", "--layout", "--points", "--change", "--on", "--rest-days"}
    | {
        "--from",
        "--as-of",
        "--period",
        "--score",
        "--partner",
        "--date",
        "--attributed",
        "--day-first",
        "--month-first",
    },
    "survey": {"--company", "--language", "--layout", "--link", "--config", "--quiet", "--help"},
    "export": (COMMON | KINDS | OF_CARDS) - {"--from"},
    "mail": {"--config", "--format", "--quiet", "--help"}
    | {"--to", "--recipients", "--partner", "--by-tier", "--language", "--draft", "--outlook", "--send", "--again"}
    | {"--resend-unknown", "--data", "--encoding"},
    "verify": {"--fingerprint", "--signers", "--format", "--quiet", "--help"},
    "diff": {"--config", "--format", "--quiet", "--help"},
    "run": {"--config", "--dry-run", "--as-of", "--to-date", "--carry-on", "--anew", "--today"}
    | {"--format", "--quiet", "--help"},
    "check": COMMON
    | KINDS
    | {"--score", "--partner", "--date", "--from", "--as-of", "--period", "--day-first", "--month-first", "--names"},
    "demo": {"--quiet", "--help"},
    "guide": {"--format", "--language", "--help"},
    "template": {"--quiet", "--help"},
    "completion": {"--help"},
}
#: What each KPI alone is asked with.
COMMANDS |= {
    kpi: COMMANDS[kpi] | {"--where", "--sort", "--top", "--from", "--to"} for kpi in ("nps", "advocacy", "retention")
}
COMMANDS["check"] |= {"--to"}
COMMANDS["plan"] |= ORDER | {"--columns", "--wide"}
for with_part in ("scorecard", "whatif", "plan"):
    COMMANDS[with_part] |= {"--to", "--where"}
#: Whoever may name the score may name the column that says how many gave it.
COMMANDS = {
    name: options | {"--frequency", "--question", "--as", "--scale"} if "--score" in options else options
    for name, options in COMMANDS.items()
}

ROW_KEYS = {
    "nps": [
        "level",
        "group",
        "period",
        "responses",
        "promoters",
        "passives",
        "detractors",
        "nps",
        "low",
        "high",
        "rating",
        "flags",
        *("clustered_low", "clustered_high", "design_effect", "clusters"),
    ],
    "advocacy": [
        "level",
        *("group", "period", "partners", "active", "activities", "advocacy_per_partner", "active_share", "low", "high"),
        *("intensity", "rating", "flags"),
    ],
    "retention": [
        *("level", "group", "period", "customers", "retained", "retention_rate", "low", "high"),
        "partner_customers",
        *(
            "partner_retained",
            "influence_share",
            "influence_low",
            "influence_high",
            "influence_index",
            "base_share",
            "lift_points",
            "lift_low",
            "lift_high",
        ),
        *("rating", "flags", "part_of_retained", "others_rate"),
    ],
}

#: What `--compare` adds to a row; the prefix tells the second figure of retention.
CHANGE_KEYS = ("change", "change_low", "change_high", "p", "p_together", "word")
COMPARED_KEYS = {
    "nps": ["compared_with", "previous_responses", "previous_nps", "paired_persons", *CHANGE_KEYS, "answers_needed"],
    "advocacy": [
        *("compared", "compared_with", "compared_until", "previous_activities", "previous_active_share", *CHANGE_KEYS)
    ],
    "retention": [
        *("compared_with", "previous_customers", "previous_retention_rate", *CHANGE_KEYS, "previous_influence_share"),
        *(f"influence_{key}" for key in CHANGE_KEYS),
    ],
}
#: The interval of a change of the NPS if these partners stand for others.
CLUSTERED_CHANGE_KEYS = [f"change_{key}" for key in ("clustered_low", "clustered_high", "design_effect", "clusters")]
GROUP_KEYS = ["answer_share", "contribution"]
EFFECT_KEYS = ["score_effect", "mix_effect"]


#: The keys of an analysis of a scorecard beside `rows`, and those of a row.
REVIEW_KEYS = {
    "alerts": (
        ["analysis", "confidence", "rules", "rows", "provenance", "questions", "notes"],
        ["group", "period", "rule", "kpi", "value", "threshold", "p", "certainty", "sentence", "owner"],
    ),
    "actions": (
        ["analysis", "as_of", "rows", "provenance", "questions", "notes"],
        [
            "group",
            "period",
            "due",
            "who",
            "owner",
            "kind",
            "reason",
            "score",
            "value_at_stake",
            "status",
            "status_on",
            "note",
        ],
    ),
    "outlook": (
        ["analysis", "method", "confidence", "held_at_95", "rows", "provenance", "questions", "notes"],
        [
            *("group", "period", "kpi", "periods", "first_period", "last_period", "last_value", "value", "low", "high"),
            *(
                "expected",
                "word",
                "reason",
                "target",
                "target_by",
                "on_track",
                "back_test_forecasts",
                "back_test_error",
                "back_test_last_value_error",
            ),
            "back_test_inside",
        ],
    ),
    "rewards": (
        ["analysis", "period", "confidence", "min_customers", "levels", "rows", "provenance", "questions", "notes"],
        [
            *("group", "period", "customers", "retained", "retention_rate", "low", "high", "others_rate"),
            *("above_others_p", "above_others", "level", "next_level", "more_retained", "reason"),
        ],
    ),
    "plan": (
        [
            *("analysis", "points", "change", "confidence", "power", "day", "rest_days", "assumed_shares", "rows"),
            *("provenance", "questions", "notes"),
        ],
        [
            *("group", "period", "owner", "invite", "invite_from", "contacts", "asked_recently", "to_invite"),
            *("response_rate", "expected", "likely_low", "likely_high", "answers_for_points", "chance_for_points"),
            *("word", "invite_for_points", "points_likely", "answers_for_change", "chance_for_change"),
            *("last_answers", "change_told"),
        ],
    ),
    "prospect": (
        [
            *("analysis", "partner", "as_of", "comparable", "reasons", "declared", "survey", "references"),
            *("rows", "provenance", "questions", "notes"),
        ],
        ["group", "period", "check", "verdict", "finding", "attribute", "guide"],
    ),
}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Return one small file of each kind."""
    contents = {
        "responses": "partner,date,score,respondent\nAcme,2026-07-01,9,a\nAcme,2026-07-02,3,b\n"
        "Bolt,2026-10-01,10,c\nBolt,,,d\n",
        "activities": "partner,type,date\nAcme,reference,2026-07-03\nAcme,case study,2026-10-03\n"
        "Zed,reference,2026-07-03\n",
        "customers": "customer,period,retained,partner\nc1,2026-Q3,yes,Acme\nc2,2026-Q3,no,\nc3,2026-Q4,yes,\n",
        "partners": "partner,tier\nAcme,Gold\nBolt,Silver\n",
    }
    for name, content in contents.items():
        tmp_path.joinpath(f"{name}.csv").write_text(content, encoding="utf-8")
    return {name: tmp_path / f"{name}.csv" for name in contents}


def command_options() -> dict[str, set[str]]:
    """Return the options of each command, asked of the program itself."""
    return {name: set(named(name).flags) - {"-h"} for name in LINES}


def test_options() -> None:
    """Each command has the options that it promises, and no other."""
    found = command_options()
    assert {name: found[name] for name in COMMANDS} == COMMANDS
    assert [name for name in LINES if name not in COMMANDS and not name.startswith("excel ")] == []


@pytest.mark.parametrize("name", LINES)
def test_help_explains_every_option(name: str) -> None:
    """Each command's help opens with what it does, gives an example and explains each argument and option."""
    result = run_here(*name.split(), "--help")
    assert result.code == 0
    assert result.out.startswith(f"Usage: partnerkpi {name}")
    assert "Example" in result.out
    for one in named(name).parameters:
        assert one.declaration.help
        assert one.metavar.strip("[].") in result.out or one.is_flag
        assert all(flag in result.out for flag in one.flags)


def test_every_option_is_documented() -> None:
    """The page on the command line names every command and every option."""
    page = Path(__file__).parents[2].joinpath("docs", "command-line.md").read_text(encoding="utf-8")
    for name, options in command_options().items():
        assert f"partnerkpi {name}" in page
        for option in options - {"--help"}:
            assert f"`{option}" in page, f"{name} {option}"


def test_json_keys(files: dict[str, Path]) -> None:
    """`--format json` is one object of the same shape for the three KPIs; rows have their keys in this order."""
    runs = {
        "nps": ("nps", files["responses"], "--period", "quarter"),
        "advocacy": (
            "advocacy",
            files["activities"],
            "--partners",
            files["partners"],
            "--by",
            "tier",
            "--period",
            "quarter",
        ),
        "retention": ("retention", files["customers"], "--period", "quarter"),
    }
    for kpi, arguments in runs.items():
        result = run_here(*arguments, "--format", "json").json
        assert list(result) == ["kpi", "rows", "provenance"]
        assert result["kpi"] == kpi
        assert all(list(row) == ROW_KEYS[kpi] for row in result["rows"])
        assert result["rows"][0]["group"] == {}
        assert result["rows"][0]["period"] is None
        provenance = result["provenance"]
        assert {"sources", "columns", "rows_read", "rows_used", "set_aside"} <= set(provenance)
        assert provenance["rows_read"] == provenance["rows_used"] + sum(provenance["set_aside"].values())


def test_json_keys_of_the_analyses(files: dict[str, Path], tmp_path: Path) -> None:
    """Analyses of a scorecard are one object each: what holds for all rows, the rows, provenance and notes."""
    tmp_path.joinpath("acme.toml").write_text('partner = "Acme"\n[nps]\nfigure = 50\nanswers = 10\n')
    tmp_path.joinpath("low.csv").write_text(
        "partner,date,score\n" + "Acme,2026-07-01,2\n" * 20 + "Acme,2026-07-01,10\n"
    )
    sources = [files[kind] for kind in ("responses", "activities", "customers", "partners")]
    for name, arguments in {
        "alerts": ("alerts", tmp_path / "low.csv"),
        "actions": ("actions", *sources, "--as-of", "2026-09-30"),
        "outlook": ("outlook", *sources),
        "rewards": ("rewards", *sources),
        "plan": ("plan", *sources),
        "prospect": ("prospect", tmp_path / "acme.toml", files["responses"]),
    }.items():
        result = run_here(*arguments, "--format", "json", "--quiet").json
        keys, row_keys = REVIEW_KEYS[name]
        assert list(result) == keys
        assert result["analysis"] == name
        assert result["rows"]
        assert all(list(row) == row_keys for row in result["rows"])
        for source in result["provenance"]:
            assert list(source) == ["kind", "sources", "columns", "rows_read", "rows_used", "set_aside", "quality"]
            assert source["rows_read"] == source["rows_used"] + sum(source["set_aside"].values())


def test_json_keys_of_comparisons(files: dict[str, Path]) -> None:
    """`--compare` adds the same keys to every row; groups of answers have their part of the total, always."""
    runs = {
        "nps": ("nps", files["responses"]),
        "advocacy": ("advocacy", files["activities"], "--partners", files["partners"], "--by", "partner"),
        "retention": ("retention", files["customers"], "--by", "partner"),
    }
    for kpi, arguments in runs.items():
        rows = run_here(*arguments, "--compare", "previous", "--format", "json").json["rows"]
        more = CLUSTERED_CHANGE_KEYS if kpi == "nps" else []
        assert all(list(row) == ROW_KEYS[kpi] + COMPARED_KEYS[kpi] + more for row in rows)
    grouped = run_here("nps", files["responses"], "--by", "partner", "--format", "json").json["rows"]
    assert all(list(row) == ROW_KEYS["nps"] + GROUP_KEYS for row in grouped)
    asked = ("nps", files["responses"], "--by", "partner", "--compare", "year", "--format", "json")
    compared = run_here(*asked).json["rows"]
    keys = ROW_KEYS["nps"] + GROUP_KEYS + COMPARED_KEYS["nps"] + EFFECT_KEYS + CLUSTERED_CHANGE_KEYS
    assert all(list(row) == keys for row in compared)


def test_json_keys_of_pages(files: dict[str, Path]) -> None:
    """Both compare and whatif print one object: what is true of all, the rows, and where each kind came from."""
    page = run_here("compare", *files.values(), "--format", "json").json
    assert list(page) == [
        *(
            "analysis",
            "kpi",
            "period",
            "confidence",
            "respondent_nps",
            "partner_nps",
            "revenue_weighted_nps",
            "answers",
        ),
        *("unnamed_answers", "partners", "weighted_partners"),
        *(
            f"{figure}_{key}"
            for figure in ("respondent", "partner", "revenue_weighted")
            for key in ("clustered_low", "clustered_high", "design_effect", "clusters")
        ),
        *("rows", "provenance", "questions", "notes"),
    ]
    assert list(page["rows"][0]) == [
        *("group", "period", "rank", "first_rank", "last_rank", "quartile", "tier", "region", "owner", "annual_value"),
        *("responses", "promoters", "passives", "detractors", "nps", "low", "high", "shrunk_nps", "difference", "z"),
        *("p", "p_together", "standing", "rating", "flags"),
    ]
    assert {source["kind"] for source in page["provenance"]} == {"responses", "activities", "customers", "partners"}
    page = run_here("whatif", *files.values(), "--format", "json").json
    assert list(page) == [
        "analysis",
        "kpi",
        "period",
        "target",
        "thresholds",
        "rows",
        "provenance",
        "questions",
        "notes",
    ]
    ways = ("detractors_to_passives", "detractors_to_promoters", "passives_to_promoters")
    assert list(page["rows"][0]) == [
        *("group", "period", "responses", "promoters", "passives", "detractors", "nps", "rating", "next_rating"),
        *("next_from", "next_missing", *(f"next_{way}" for way in ways)),
        *("target_from", "target_missing", *(f"target_{way}" for way in ways)),
        *(f"reach_{way}" for way in ways),
        *("one_band_step", "one_more_promoter", "one_more_passive", "one_more_detractor", "flags"),
    ]


def test_keys_of_themes(tmp_path: Path) -> None:
    """`--themes` adds themes, comments and words to the object; as CSV the themes stand in the place of the figures."""
    path = tmp_path / "survey.csv"
    path.write_text("score,comment\n" + "9,a fine portal\n1,a slow portal\n" * 5, encoding="utf-8")
    result = run_here("nps", path, "--themes", "--format", "json").json
    assert list(result) == ["kpi", "rows", "provenance", "themes", "comments", "words"]
    assert result["provenance"]["columns"] == {"score": "score", "comment": "comment"}
    keys = ["theme", "period", "mentions", "share", "promoters", "passives", "detractors", "nps", "low", "high"]
    keys += ["points", "change", "change_p", "change_word", "flags"]
    assert all(list(row) == [*keys, "quotes"] for row in result["themes"])
    assert list(result["comments"][0]) == ["period", "answers", "comments", "no_theme"]
    assert list(result["words"]) == ["compared", "detractors", "promoters"]
    csv = run_here("nps", path, "--themes", "--format", "csv").out.splitlines()
    assert csv[0].replace('"', "") == ",".join(keys)
    assert len(csv) == 1 + len(result["themes"])


def test_groups_and_periods(files: dict[str, Path]) -> None:
    """The whole and each group appear for all time and for each period; no data is null and never 0."""
    result = run_here("nps", files["responses"], "--by", "partner", "--period", "quarter", "--format", "json").json
    shown = [(row["group"].get("partner"), row["period"], row["nps"]) for row in result["rows"]]
    assert shown == [
        (None, None, pytest.approx(100 / 3)),
        (None, "2026-Q3", 0.0),
        (None, "2026-Q4", 100.0),
        ("Acme", None, 0.0),
        ("Acme", "2026-Q3", 0.0),
        ("Acme", "2026-Q4", None),
        ("Bolt", None, 100.0),
        ("Bolt", "2026-Q3", None),
        ("Bolt", "2026-Q4", 100.0),
    ]
    assert result["provenance"]["set_aside"] == {"blank score": 1}
    assert result["provenance"]["columns"]["score"] == "score"


def test_the_key_of_a_group_is_what_was_asked(files: dict[str, Path]) -> None:
    """`--by` takes a column's own name or a role, and the group carries the word that was given."""
    own = run_here(
        "advocacy", files["activities"], "--partners", files["partners"], "--by", "tier", "--format", "json"
    ).json
    assert [row["group"] for row in own["rows"]] == [{}, {"tier": "Gold"}, {"tier": "Silver"}]
    assert own["rows"][2]["activities"] == 0
    assert own["rows"][0]["partners"] == 2
    assert own["provenance"]["set_aside"] == {"unknown partner": 1}


def test_numbers_to_one_stream_and_words_to_the_other(files: dict[str, Path]) -> None:
    """Standard output is the figures alone; --quiet leaves standard error empty."""
    loud = run_here("nps", files["responses"], "--format", "json")
    assert json.loads(loud.out)
    assert "score: 'score'" in loud.err
    quiet = run_here("nps", files["responses"], "--format", "json", "--quiet")
    assert quiet.out == loud.out
    assert quiet.err == ""


def test_csv_is_one_table(files: dict[str, Path]) -> None:
    """`--format csv` has a column for each group and key, unrounded numbers and blanks for no data."""
    result = run_here("nps", files["responses"], "--by", "partner", "--format", "csv")
    lines = result.out.splitlines()
    keys = (
        "period,responses,promoters,passives,detractors,nps,low,high,rating,flags,"
        "clustered_low,clustered_high,design_effect,clusters,answer_share,contribution"
    )
    assert lines[0].replace('"', "") == f"partner,level,{keys}"
    assert lines[1].startswith(',"whole",,3,2,0,1,33.33333333333333')
    assert len(lines) == 4


def test_version() -> None:
    """`--version` names the version that the package has."""
    import partnerkpi

    assert run_here("--version").out.strip() == f"partnerkpi {partnerkpi.__version__}"


def test_an_option_that_is_told_twice(tmp_path: Path) -> None:
    """Of two --score none wins silently; a list of partners may lie in several files, its number is one."""
    (tmp_path / "answers.csv").write_text("score,rating\n9,1\n10,2\n")
    twice = run_here("nps", tmp_path / "answers.csv", "--score", "score", "--score=rating")
    assert (twice.code, twice.out) == (2, "")
    assert "--score is given 2 times" in twice.err
    (tmp_path / "acts.csv").write_text("partner,type,date\nAlder,reference,2026-07-01\nBirk,case study,2026-07-02\n")
    (tmp_path / "a.csv").write_text("partner,tier\nAlder,Gold\nCorvane,Gold\n")
    (tmp_path / "b.csv").write_text("partner,tier\nBirk,Gold\nDune,Gold\n")
    lists = ["--partners", tmp_path / "a.csv", "--partners", tmp_path / "b.csv"]
    whole = run_here("advocacy", tmp_path / "acts.csv", *lists, "--format", "json").json["rows"][0]
    assert (whole["partners"], whole["active"]) == (4, 2)
    assert run_here("advocacy", tmp_path / "acts.csv", *lists, "--partners", "4").code == 2
