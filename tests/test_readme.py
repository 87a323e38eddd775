"""README prints what works: its commands, its sample output, its links."""

import re
import tomllib
from pathlib import Path

from command import run_here

from partnerkpi.demo import write_demo_data

PROJECT = Path(__file__).parents[1]
README = PROJECT.joinpath("README.md").read_text(encoding="utf-8")


def test_the_two_commands() -> None:
    """The two commands that set everything up stand in code blocks of their own, as CI calls them."""
    blocks = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    assert blocks[0] == "pip install . && partnerkpi demo"
    assert blocks[1] == 'pip install ".[test]" && pytest'


def test_sample_output(tmp_path: Path) -> None:
    """The sample of the command line is what the command prints of the demo's data."""
    files = write_demo_data(tmp_path)
    sample = re.search(r"```text\n\$ (.*?)\n(.*?)```", README, re.DOTALL)
    assert sample is not None
    _, *arguments = sample[1].replace("partnerkpi-demo/responses.csv", str(files.responses)).split()
    result = run_here(*arguments)
    printed = {line.rstrip() for line in (result.out + result.err).splitlines()}
    for line in sample[2].splitlines():
        assert line == "..." or line.rstrip() in printed


def test_links_and_pictures_are_there() -> None:
    """Every page and picture that README and the docs point to is in the project."""
    for page in [PROJECT / "README.md", *PROJECT.joinpath("docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert page.parent.joinpath(target).exists(), f"{page.name}: {target}"


def test_the_marks_are_named() -> None:
    """README says whose trademarks Net Promoter and NPS are."""
    for owner in ("Bain & Company", "NICE Systems", "Fred Reichheld"):
        assert owner in README


def test_every_dependency_is_used() -> None:
    """Each library that the project asks for is imported somewhere in it."""
    project = tomllib.loads(PROJECT.joinpath("pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[<>=~\[ ]", line)[0].replace("-", "_") for line in project["dependencies"]}
    code = "\n".join(path.read_text(encoding="utf-8") for path in PROJECT.joinpath("partnerkpi").rglob("*.py"))
    imported = {name for name in names if re.search(rf"^\s*(?:import|from) {name}\b", code, re.MULTILINE)}
    indirect = {
        "defusedxml",  # openpyxl refuses entities when it is there
    }
    assert names - imported <= indirect
