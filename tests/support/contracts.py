"""A kind of wall that import-linter does not bring: which libraries each room may use."""

from __future__ import annotations

import sys
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class RoomsField(fields.Field):  # type: ignore[misc,type-arg]
    """A table of rooms, each with a list of libraries."""

    def parse(self, raw_data: Any) -> dict[str, set[str]]:
        """Return the libraries of each room."""
        if not isinstance(raw_data, dict):
            raise fields.ValidationError('give a table: room = ["library", ...]')
        return {room: set(libraries) for room, libraries in raw_data.items()}


class Libraries(Contract):  # type: ignore[misc]
    """A room uses the standard library, and of others only those named for it.

    A `forbidden` contract lists what is not allowed, and so lets in whatever nobody thought of.
    """

    type_name = "libraries"
    rooms = RoomsField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002 (verbose is import-linter's)
        """Find the imports of libraries that are not named for their room, and the names that no room needs."""
        (package,) = self.session_options["root_packages"]
        unused, lines = {room: set(libraries) for room, libraries in self.rooms.items()}, []
        for module in sorted(graph.find_descendants(package) | {package}):
            room = f"{module}.".split(".")[1]
            imported = {name.split(".")[0] for name in graph.find_modules_directly_imported_by(module)}
            libraries = imported - {package} - sys.stdlib_module_names
            lines += [f"{module} imports {library}" for library in sorted(libraries - self.rooms.get(room, set()))]
            unused.get(room, set()).difference_update(libraries)
        lines += [f"{room} no longer imports {library}" for room, left in unused.items() for library in sorted(left)]
        return ContractCheck(kept=not lines, metadata={"lines": lines})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print a line for each."""
        for line in check.metadata["lines"]:
            output.print_error(f"- {line}", bold=False)
