def template() -> None:
    pass
