"""Response quality: who was asked, who answered, and what the answers cannot carry."""

from review_cards import answers, build

from partnerkpi.scorecard.findings.quality import silent_periods
from partnerkpi.scorecard.parts import Counts, Partner

LISTED = {
    "Acme": Partner("Acme", tier="Gold", annual_value=600.0),
    "Bolt": Partner("Bolt", tier="Gold", annual_value=300.0),
    "Cog": Partner("Cog", tier="Silver", annual_value=100.0),
}


def test_rates_and_coverage() -> None:
    """A partner is heard with five answers; coverage is in partners and in revenue, of all and of each tier."""
    card = build(
        {"Acme": [answers(2, 2, 4, invited=20)], "Bolt": [answers(0, 1, 3, invited=4)], "Cog": [Counts(invited=10)]},
        LISTED,
    )
    found = card.quality
    acme, bolt, cog = found.partners
    assert (acme.response_rate, bolt.response_rate, cog.response_rate) == (40.0, 100.0, 0.0)
    assert acme.answer_share == 100 * 8 / 12
    assert acme.value_share == 60.0
    assert (acme.flags, bolt.flags, cog.flags) == ((), ("few responses",), ("no data",))
    assert (found.coverage.heard, found.coverage.partners) == (1, 3)
    assert found.coverage.value_share == 60.0
    assert [(tier.name, tier.heard, tier.value_share) for tier in found.tiers] == [
        ("Gold", 1, 100 * 600 / 900),
        ("Silver", 0, 0.0),
    ]
    assert found.never_heard == ("Cog",)


def test_rate_interval() -> None:
    """The interval of a response rate is Wilson's: 12 of 40 is 18.0748 to 45.43 (definitions); none above 100 %."""
    card = build({"Acme": [answers(4, 4, 4, invited=40)], "Bolt": [answers(0, 0, 9, invited=4)]})
    acme, bolt = card.quality.partners
    assert acme.rate_interval is not None
    assert round(acme.rate_interval.low, 4) == 18.0748
    assert round(acme.rate_interval.high, 4) == 45.43
    assert bolt.response_rate == 225.0
    assert bolt.rate_interval is None
    assert bolt.flags == ("more answers than invitations",)


def test_warnings() -> None:
    """What the answers cannot carry is said: a wide interval, one partner that speaks for all, revenue unheard."""
    card = build({"Acme": [Counts()], "Bolt": [answers(1, 1, 4)], "Cog": [answers(0, 0, 1)]}, LISTED)
    words = " | ".join(card.quality.warnings)
    assert "7 answers: the NPS is only known to" in words
    assert "86 % of the answers are from Bolt" in words
    assert "1 of 3 partners gave 5 answers or more" in words
    assert "stand for 30 % of the revenue" in words


def test_enough() -> None:
    """Where many partners give many answers there is nothing to warn of."""
    assert build({name: [answers(10, 30, 60)] for name in LISTED}, LISTED).quality.warnings == ()


def test_no_answers() -> None:
    """A period without answers says so and nothing else; nobody is unheard by a survey that did not take place."""
    found = build({"Acme": [Counts()]}).quality
    assert found.warnings == ("there are no answers in this period: nothing can be said of the NPS",)
    assert found.never_heard == ()


def test_silence() -> None:
    """Silence counts the periods in a row without an answer, up to the one that is looked at."""
    card = build({"Acme": [answers(0, 0, 1), Counts(), Counts()]})
    assert [silent_periods(card, "Acme", label) for label in card.periods] == [0, 1, 2]
