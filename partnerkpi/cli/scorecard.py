def scorecard() -> None:
    pass
