"""Which column is which: surest names first, never a guess between equals."""

import pytest

from partnerkpi.errors import OpenQuestion, UsageError
from partnerkpi.tables.columns import Columns
from partnerkpi.tables.profile import profile

SCORES = ["9", "3", "7", "10"]
TEXTS = ["good", "bad", "fine", "so so"]


def columns(table: dict[str, list[str]], **given: dict[str, str]) -> Columns:
    """Return the columns of a small table of texts."""
    rows = list(zip(*table.values(), strict=True))
    found = profile(list(table), ["VARCHAR"] * len(table), rows)
    return Columns(found, "survey.csv", given.get("options"), given.get("configured"))


@pytest.mark.parametrize(
    "question",
    [
        "How likely are you to recommend us as a partner?",
        "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
        "Quelle est la probabilité que vous nous recommandiez ?",
        "¿Con qué probabilidad nos recomendaría?",
        "¿Qué probabilidad hay de que nos recomiende a un colega?",
        "Quão provável é que nos recomende?",
        "Con quale probabilità ci raccomanderebbe?",
        "Hoe waarschijnlijk is het dat u ons aanbeveelt?",
        "Hur troligt är det att du rekommenderar oss?",
    ],
)
def test_recommend_beats_score_beats_other_columns(question: str) -> None:
    """A question with "recommend" in it wins over a column named score; another 0-10 column is no score."""
    table = {"satisfaction": SCORES, "score": SCORES, question: SCORES}
    assert columns(table).get("score") == question
    del table[question]
    assert columns(table).get("score") == "score"
    assert columns({"satisfaction": SCORES, "comment": TEXTS}).choice("score").column is None


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        *(("created", "2026-01-15", True), ("When", "15 Jan 2026", True), ("Submission", "2026-01-15 08:30", True)),
        *(("Quarter", "2026-Q1", True), ("wave", "Q1 2026", True), ("month", "Jan 2026", True)),
        *(("month", "1", False), ("wave", "first", False), ("day", "Monday", False), ("created", "yes", False)),
    ],
)
def test_plain_names_of_dates_need_dates(name: str, value: str, fits: bool) -> None:
    """`created` or `Quarter` is the date where it holds dates or periods with a year, and a real date wins over it."""
    table = {"score": SCORES, name: [value] * 4}
    assert columns(table).get("date") == (name if fits else None)
    assert columns(table | {"Survey completed on": ["2026-02-01"] * 4}).get("date") == "Survey completed on"


def test_equals_are_listed() -> None:
    """Two columns that fit equally well stop whoever needs one, with both names and the option."""
    found = columns({"rating": SCORES, "Bewertung": SCORES})
    assert found.get("score") is None
    with pytest.raises(UsageError, match=r"'rating', 'Bewertung'.*--score COLUMN"):
        found.required("score")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "nota",
            "Punkte",
            "Bewertung",
            "ValorNPS",
            "Resposta",
            "Q1",
            "Note",
            "rating",
            "Survey Score",
            "Score (0-10)",
        ),
        *("NPS_Score", "ltr", "Q3 rating", "Cijfer", "Puntuación", "customer_rating"),
    ],
)
def test_names_of_answers(name: str) -> None:
    """A column is the answer by its name, in the known languages, whatever other small numbers stand beside it."""
    assert columns({"open_tickets": SCORES, name: SCORES, "years": SCORES}).get("score") == name


@pytest.mark.parametrize(
    "name",
    [
        *("open_tickets", "seats", "years_with_us", "exchange_rate", "Certifications", "nation_jersey_number", "Stars"),
        *("health_score", "lead score", "risk rating", "NPS responses", "nps_target", "nps_change", "recommendations"),
        *("recommended_seats", "Average NPS", "nps_rank", "Complaints"),
    ],
)
def test_small_numbers_are_no_answers(name: str) -> None:
    """Numbers from 0 to 10 are at most a question, which names the column and the option."""
    found = columns({name: SCORES, "account": TEXTS})
    assert not found.has("score")
    with pytest.raises(OpenQuestion, match=r"--score COLUMN"):
        found.required("score")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        *(
            ("CSAT", "satisfaction"),
            ("Customer_Satisfaction_Score", "satisfaction"),
            ("satisfaction score", "satisfaction"),
        ),
        *(
            ("Zufriedenheit", "satisfaction"),
            ("CES score", "effort"),
            ("effort_rating", "effort"),
            ("Ease rating", "ease"),
        ),
        *(("quality score", "quality"), ("Happiness", "happiness"), ("Satisfação", "satisfaction")),
    ],
)
def test_what_asks_for_something_else(name: str, what: str) -> None:
    """A name that says satisfaction, effort, ease, quality or happiness is none, unless the user says so."""
    found = columns({name: SCORES, "account": TEXTS})
    assert not found.has("score")
    with pytest.raises(OpenQuestion, match=f"asks for {what}.*--score"):
        found.required("score")
    assert columns({name: SCORES, "nps": SCORES}).get("score") == "nps"
    assert columns({name: SCORES}, options={"score": name}).get("score") == name


def test_quarters_are_no_questions() -> None:
    """Several numbered columns are equals; one whose numbers are no answers is none."""
    assert columns({"Q1": SCORES, "Q2": SCORES}).choice("score").equals == ("Q1", "Q2")
    assert not columns({"Q1": ["12", "40", "31", "9"], "account": TEXTS}).has("score")


def test_words_of_bands_are_never_preferred() -> None:
    """Where one column names the band and another holds the number, the number is the score."""
    words = ["Promoter", "Detractor", "Passive", "Promoter"]
    assert columns({"NPS": words, "ValorNPS": SCORES}).get("score") == "ValorNPS"
    assert columns({"Score": words, "Rating": SCORES}).get("score") == "Rating"


def test_a_column_of_the_settings_that_is_not_there() -> None:
    """Where no other table could have it, a column that the settings name and nobody has is a question."""
    table = {"score": SCORES, "partner": TEXTS}
    profiles = columns(table).profiles
    alone = Columns(profiles, "survey.csv", {}, {"score": "scor"}, alone=True)
    for ask in (alone.get, alone.known, alone.required):
        with pytest.raises(OpenQuestion, match=r"'scor', which partnerkpi.toml names.*'score'.*--score COLUMN"):
            ask("score")
    assert Columns(profiles, "survey.csv", {}, {"score": "scor"}).get("score") == "score"


def test_option_then_settings_then_recognition() -> None:
    """What the user names wins over the settings, which win over the name of a column."""
    table = {"score": SCORES, "ease": SCORES, "speed": SCORES}
    assert columns(table).get("score") == "score"
    assert columns(table, configured={"score": "ease"}).get("score") == "ease"
    assert columns(table, configured={"score": "ease"}, options={"score": "speed"}).get("score") == "speed"
    with pytest.raises(UsageError, match=r"'sped'.*'speed'"):
        columns(table, options={"score": "sped"}).get("score")


@pytest.mark.parametrize(
    "values", [["Yes", "No", "No", "Yes"], ["TRUE", "FALSE", "TRUE", "FALSE"], ["1", "0", "0", "1"]]
)
def test_a_yes_no_partner_is_no_partner(values: list[str]) -> None:
    """A column Partner that holds yes and no names no partner."""
    assert columns({"Partner": values, "score": SCORES}).get("partner") is None
    assert columns({"Partner": TEXTS, "score": SCORES}).get("partner") == "Partner"


@pytest.mark.parametrize("name", ["partner_tier", "partner_type", "Partner region"])
def test_what_is_said_of_a_partner_is_no_partner(name: str) -> None:
    """A column about partners does not name them."""
    assert columns({name: TEXTS, "score": SCORES}).get("partner") is None


@pytest.mark.parametrize(
    ("name", "is_respondent"),
    [
        *(("respondent", True), ("Respondent ID", True), ("email", True), ("contact_id", True)),
        *(("user", False), ("user_id", False), ("id", False), ("customer", False)),
    ],
)
def test_who_answered(name: str, is_respondent: bool) -> None:
    """A person is found by respondent, contact or e-mail; a user or an id may be anything, and every row counts."""
    assert (columns({name: TEXTS, "score": SCORES}).get("respondent") == name) is is_respondent


FREE = [
    "The portal is far too slow",
    "Nobody calls us back",
    "I like the people",
    "Good margins this year",
    "It just works",
]


@pytest.mark.parametrize(
    "question",
    [
        "What is the main reason for your score?",
        "Why did you give us this rating?",
        "Was ist der wichtigste Grund für Ihre Bewertung?",
        "Warum haben Sie diese Note gegeben?",
        "Quelle est la raison principale de votre note ?",
        "Pourquoi avez-vous donné cette note ?",
        "¿Cuál es el motivo principal de su puntuación?",
        "¿Por qué nos ha dado esta nota?",
    ],
)
def test_the_question_after_the_score(question: str) -> None:
    """The open question that asks for the reason of the score is the comment, in any common language."""
    table = {"score": [*SCORES, "1"], question: FREE, "Anything else?": FREE[::-1]}
    assert columns(table).get("comment") == question
    assert columns(table).get("score") == "score"


def test_free_text_is_a_comment() -> None:
    """A column of sentences is the comment whatever it is called; two are equals, and a list of choices is none."""
    table = {"score": [*SCORES, "1"], "Q7": FREE, "level": ["very happy with us", "not happy with us"] * 2 + ["so so"]}
    assert columns(table).get("comment") == "Q7"
    assert columns({**table, "Q8": FREE[::-1]}).choice("comment").equals == ("Q7", "Q8")
    assert columns({**table, "reason_code": ["a", "b", "c", "d", "e"]}).get("comment") == "Q7"


def test_groups_by_name_or_role() -> None:
    """`--by` takes a column's own name first, then a role."""
    found = columns({"Partner Name": TEXTS, "score": SCORES, "region": TEXTS})
    assert found.by("partner") == "Partner Name"
    assert found.by("region") == "region"
    with pytest.raises(UsageError, match=r"--by.*'regio'.*'region'"):
        found.by("regio")
