def guide() -> None:
    pass
