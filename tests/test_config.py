"""Settings: everything has a default, and what is not understood is said before anything is counted."""

from pathlib import Path

import pytest

from partnerkpi.config import Config, load
from partnerkpi.errors import ConfigError
from partnerkpi.kpi import DEFAULT_BENCHMARKS
from partnerkpi.kpi.benchmark import of_tier
from partnerkpi.settings import Settings, known_keys


@pytest.fixture
def write(tmp_path: Path) -> object:
    def to_file(text: str) -> Path:
        path = tmp_path / "partnerkpi.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


def test_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file everything has its default; a file of the usual name in the folder is read unasked."""
    monkeypatch.chdir(tmp_path)
    assert load() == Config()
    tmp_path.joinpath("partnerkpi.toml").write_text("[options]\nmin_responses = 9\n")
    assert load().min_responses == 9


def test_empty_file(write) -> None:  # type: ignore[no-untyped-def]  # a fixture that writes
    """An empty file changes nothing."""
    path = write("")
    assert load(path) == Config(path)


def test_benchmarks(write) -> None:  # type: ignore[no-untyped-def]  # a fixture that writes
    """A threshold that is set replaces its default and leaves the others."""
    config = load(write("[benchmarks.nps]\nwatch = 20\ntarget = 40\n[benchmarks.retention]\nstrong = 80\n"))
    assert config.benchmarks["nps"].thresholds == {"watch": 20, "strong": 50, "exceptional": 70}
    assert config.benchmarks["nps"].target == 40
    assert config.benchmarks["nps"].rating(25) == "watch"
    assert config.benchmarks["retention"].rating(78) == "watch"
    assert config.benchmarks["advocacy"] == DEFAULT_BENCHMARKS["advocacy"]


def test_benchmarks_of_a_tier(write) -> None:  # type: ignore[no-untyped-def]  # a fixture that writes
    """A tier's own threshold replaces everybody's, what it does not say is as for everybody."""
    config = load(write("[benchmarks.nps]\nstrong = 55\n[benchmarks.tiers.Gold.nps]\ntarget = 60\n"))
    tiers = config.tiers_of("nps")
    assert tiers["Gold"].target == 60
    assert tiers["Gold"].thresholds == {"watch": 30, "strong": 55, "exceptional": 70}
    everybodys = config.benchmarks["nps"]
    assert of_tier("Silver", tiers, everybodys) is of_tier(None, tiers, everybodys) is everybodys
    assert everybodys.target == 50


def test_columns_and_options(write) -> None:  # type: ignore[no-untyped-def]  # a fixture that writes
    """Columns, weights and options arrive as they were written."""
    config = load(
        write(
            '[columns]\nscore = "Q5"\n[health]\nweights = { nps = 1, advocacy = 0, retention = 0 }\n'
            '[options]\nperiod = "month"\nduplicates = "all"\nconfidence = 0.9\nday_first = true\n'
        )
    )
    assert config.columns == {"score": "Q5"}
    assert config.weights == (1, 0, 0)
    assert (config.period, config.duplicates, config.confidence, config.day_first) == ("month", "all", 0.9, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[colums]\nscore = 'x'\n", ["unknown key 'colums'", "did you mean 'columns'", "benchmarks"]),
        ("[columns]\nscores = 'x'\n", ["'columns.scores'", "did you mean 'score'"]),
        ("[benchmarks.nps]\ntarget = '50'\n", ["benchmarks.nps.target", "'50'", "number"]),
        ("[benchmarks.nps]\ntarget = 500\n", ["benchmarks.nps.target", "500", "100"]),
        ("[benchmarks.csat]\ntarget = 5\n", ["benchmarks.csat", "nps, advocacy, retention"]),
        ("[options]\nperiod = 'decade'\n", ["options.period", "'decade'", "'quarter'"]),
        ("[options]\nconfidence = 95\n", ["options.confidence", "95", "less than 1"]),
        ("[options]\nmin_responses = 2.5\n", ["options.min_responses", "2.5", "whole number"]),
        ("[health]\nweights = { nps = -1 }\n", ["health.weights.nps", "-1"]),
        ("[benchmarks.nps]\nwatch = 55\n", ["[benchmarks.nps]", "higher"]),
        ("[benchmarks.tiers.Gold.npss]\nwatch = 5\n", ["benchmarks.tiers.Gold.npss", "did you mean 'nps'"]),
        ("[benchmarks.tiers.Gold.nps]\nwatch = 55\n", ["[benchmarks.tiers.Gold.nps]", "higher"]),
        (
            "[[rewards]]\nname = 'Gold'\nretention_from = 90\nmin_customer = 3\n",
            ["rewards.0.min_customer", "min_customers"],
        ),
        ("[themes]\nPortal = 'login'\n", ["themes.Portal", "'login'", "list"]),
        ("[alerts]\nresponse_rate_floor = 120\n", ["alerts.response_rate_floor", "120", "100"]),
        ("[brand]\naccent = 'blue'\n", ["brand.accent", "'blue'"]),
        ("[options]\nday_first = 'maybe'\n", ["options.day_first", "'maybe'", "true or false"]),
        ("[columns]\nscore = 3\n", ["columns.score", "3", "a text in quotation marks"]),
        ("options = 3\n", ["options", "3", "a section of its own"]),
        ("[retention]\ngrace_days = -1\n", ["retention.grace_days", "-1", "at least 0"]),
        ("[[rewards]]\nname = 'Gold'\n", ["rewards.0.retention_from is missing"]),
        ("[columns]\nscore = 3\ndate = 4\n", ["columns.score", "and 1 more"]),
        ("score = Q5\n", ["not valid TOML", "quotation marks"]),
    ],
)
def test_what_is_not_understood(write, text: str, words: list[str]) -> None:  # type: ignore[no-untyped-def]  # a fixture
    """An unknown key or a value that does not fit names the file, the key, and what is allowed or meant."""
    with pytest.raises(ConfigError) as caught:
        load(write(text))
    for word in ["partnerkpi.toml", *words]:
        assert word in str(caught.value)
    for word in ("valid ", "Input", "dictionary", "boolean", "integer", "string", "instance", "pydantic"):
        assert word not in str(caught.value).replace("not valid TOML", "")
    assert caught.value.exit_code == 2


def test_every_key_is_described() -> None:
    """Each key of the file says what it is for, where its name alone does not."""
    described = ("columns", "options", "alerts", "actions", "comments", "brand", "mail", "limits")
    assert set(described) < set(known_keys([]))
    for section in described:
        for name, field in Settings.model_fields[section].annotation.model_fields.items():  # type: ignore[union-attr]  # a model
            assert field.description, f"{section}.{name}"
