"""Tables changed in ways that must not change a figure, and in ways that must lead to a question."""
