"""`partnerkpi completion`: what the Tab key completes, as a script for the shell."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from partnerkpi.cli.commands import LINES
from partnerkpi.cli.declared import argument
from partnerkpi.cli.terminal import echo


class Shell(StrEnum):
    """The shells that are known."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"
    powershell = "powershell"


#: Each script asks the program itself: the words typed so far, the last one unfinished, and one candidate a line. Where
#: there is none, the shell completes files.
_SCRIPTS = {
    Shell.bash: """\
_partnerkpi() {
    local IFS=$'\\n'
    COMPREPLY=($(PARTNERKPI_COMPLETE=1 partnerkpi "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _partnerkpi partnerkpi
""",
    Shell.zsh: """\
#compdef partnerkpi
_partnerkpi() {
    local -a found
    found=(${(f)"$(PARTNERKPI_COMPLETE=1 partnerkpi "${(@)words[2,CURRENT]}" 2>/dev/null)"})
    if (( $#found )); then compadd -- $found; else _files; fi
}
compdef _partnerkpi partnerkpi
""",
    Shell.fish: """\
function __partnerkpi
    set -l typed (commandline -opc)[2..] (commandline -ct)
    set -l found (PARTNERKPI_COMPLETE=1 partnerkpi $typed 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c partnerkpi -f -a '(__partnerkpi)'
""",
    Shell.powershell: """\
Register-ArgumentCompleter -Native -CommandName partnerkpi -ScriptBlock {
    param($unfinished, $line, $at)
    $typed = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    if ($unfinished -eq '') { $typed += '""' }
    $env:PARTNERKPI_COMPLETE = '1'
    try { partnerkpi @typed } finally { Remove-Item Env:PARTNERKPI_COMPLETE }
}
""",
}


def completion(
    shell: Annotated[Shell, argument("SHELL", "Which shell: bash, zsh, fish or powershell.")],
) -> None:
    """Print a script with which the Tab key completes commands, options and their words; files where none fits.

    In bash and zsh a line in ~/.bashrc or ~/.zshrc does it, in PowerShell one in $PROFILE, in fish a file in
    ~/.config/fish/completions.

    \b
    Example:
      eval "$(partnerkpi completion bash)"
      partnerkpi completion fish > ~/.config/fish/completions/partnerkpi.fish
      partnerkpi completion powershell | Out-String | Invoke-Expression
    """
    echo(_SCRIPTS[shell].rstrip("\n"))


def candidates(words: list[str]) -> list[str]:
    """Return what the last of some words may become: commands, options, or the words of an option."""
    *before, last = words or [""]
    last = last.strip("\"'")
    two = " ".join(before[:2])
    name = two if two in LINES else before[0] if before and before[0] in LINES else None
    if name is None:
        start = f"{before[0]} " if before else ""
        own = [line.removeprefix(start).split()[0] for line in LINES if line.startswith(start)]
        return [word for word in dict.fromkeys(own) if word.startswith(last)] if len(before) < 2 else []
    from partnerkpi.cli import named

    command = named(name)
    flag, equals, start = last.partition("=")
    asked = flag if equals else before[-1]
    option = next((one for one in command.options if asked in one.flags and not one.is_flag), None)
    if option is not None:
        return [
            f"{flag}={word}" if equals else word for word in option.words if word.startswith(start if equals else last)
        ]
    if last.startswith("-"):
        return [one for one in sorted(command.flags) if one.startswith("--") and one.startswith(last)]
    place = sum(not word.startswith("-") for word in before[name.count(" ") + 1 :])
    arguments = command.arguments[place : place + 1]
    return [word for one in arguments for word in one.offered if word.startswith(last)]
