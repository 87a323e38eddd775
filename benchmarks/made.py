"""Answers to count, drawn by a fixed rule: people, dates, regions, and comments in two languages."""

from __future__ import annotations

from pathlib import Path

_SENTENCES = (
    "Support answers within hours ",
    "Das Portal ist langsam, Rückruf fehlt! ",
    "Margins are too thin on renewals ",
    "The portal login fails on mobile ",
    "Deal registration protects us well ",
    "Great training and onboarding ",
    "Response times got worse since spring ",
    "Joint marketing plan worked ",
)
_ENDINGS = (
    "and we told you so",
    "but nobody listens",
    "keep it up",
    "please fix it",
    "in general",
    "for our team",
)


def write_answers(path: Path, rows: int, partners: int, *, comments: bool = True, different: bool = False) -> None:
    """Write answers to a Parquet file; each person answers about three times in two years, seldom to one partner."""
    import duckdb

    sentences, endings = ([f"'{text}'" for text in texts] for texts in (_SENTENCES, _ENDINGS))
    # Of 48,000 different texts, or of as many as there are comments: whole sentences are seldom met twice.
    number = "i" if different else "hash(i + 8) % 1000"
    comment = (
        f"CASE WHEN hash(i + 5) % 3 > 0 THEN [{', '.join(sentences)}][1 + CAST(hash(i + 6) % 8 AS INTEGER)] || "
        f"[{', '.join(endings)}][1 + CAST(hash(i + 7) % 6 AS INTEGER)] || ' ' || {number} END AS comment"
    )
    with duckdb.connect(config={"preserve_insertion_order": "false", "memory_limit": "1GB"}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(
            f"""COPY (
                SELECT CAST(hash(i) % 11 AS INTEGER) AS score, 'Partner ' || hash(i + 1) % {partners} AS partner,
                       TIMESTAMP '2024-01-01' + to_minutes(CAST(hash(i + 2) % 1051200 AS INTEGER)) AS date,
                       'contact ' || hash(i + 3) % {max(1, rows // 3)} AS respondent,
                       ['EMEA', 'APAC', 'AMER'][1 + CAST(hash(i + 4) % 3 AS INTEGER)] AS region
                       {", " + comment if comments else ""}
                FROM range({rows}) AS numbers(i)) TO '{path}' (FORMAT parquet)"""
        )
