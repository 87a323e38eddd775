"""Rules in the registry that stop macros, add-ins or the command prompt: a company's, or the user's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from partnerkpi.dataclass import dataclass
from partnerkpi.excel.machine import Machine

OFFICE = r"Microsoft\Office\16.0"
#: Where rules stand, the strongest first: those of a company, in Windows and in the cloud, then the user's own.
_COMPANY = tuple(
    rf"{hive}\Software\Policies\{place}"
    for hive in ("HKCU", "HKLM")
    for place in (r"Microsoft\Cloud\Office\16.0", OFFICE)
)
_OWN = rf"HKCU\Software\{OFFICE}"
_ASK = "ask those who look after your computers: a rule of your company forbids it."
_TRUST = "File, Options, Trust Center, "


@dataclass(frozen=True)
class Rule:
    """A value in the registry, what its settings stop, and how a user changes it where it is the user's own."""

    key: str
    name: str
    stops: Mapping[int, str]
    own: str


#: What stops the macros of workbook and add-in alike.
MACROS = (
    Rule(
        r"Excel\Security",
        "VBAWarnings",
        {4: "Excel runs no macros and does not ask", 3: "Excel runs signed macros only, and these are not signed"},
        f"{_TRUST}Macro Settings, Disable VBA macros with notification.",
    ),
    Rule("Common", "vbaoff", {1: "Office runs no macros at all"}, "set it to 0 in the registry."),
)
#: What stops the add-in in particular.
ADD_INS = (
    Rule(
        r"Excel\Security",
        "DisableAllAddins",
        {1: "Excel loads no add-ins"},
        f"{_TRUST}Add-ins, untick Disable all Application Add-ins.",
    ),
    Rule(
        r"Excel\Security",
        "RequireAddinSig",
        {1: "Excel loads signed add-ins only, and this one is not signed"},
        f"{_TRUST}Add-ins, untick Require Application Add-ins to be signed.",
    ),
    Rule(
        r"Excel\Security\Trusted Locations",
        "AllLocationsDisabled",
        {1: "Excel trusts no folder, XLSTART neither, so it may not run the add-in's macros"},
        f"{_TRUST}Trusted Locations, untick Disable all Trusted Locations.",
    ),
)
_COMMAND_PROMPT = r"HKCU\Software\Policies\Microsoft\Windows\System"


def broken(machine: Machine, rules: tuple[Rule, ...]) -> Iterator[tuple[str, str]]:
    """Yield what each rule that is in force stops, with its place, and what to do; a company's goes before a user's."""
    for rule in rules:
        for root in (*_COMPANY, _OWN):
            key = rf"{root}\{rule.key}"
            value = machine.registry(key, rule.name)
            if value is None:
                continue
            if (stops := rule.stops.get(value) if isinstance(value, int) else None) is not None:
                yield f"{stops}: {rule.name} is {value} in {key}", rule.own if root == _OWN else _ASK
            break


def command_prompt(machine: Machine) -> tuple[str, str] | None:
    """Return what is wrong, and what to do, where a rule forbids cmd.exe, by which xlwings starts Python."""
    value = machine.registry(_COMMAND_PROMPT, "DisableCMD")
    if not value:
        return None
    return (
        f"A rule forbids the command prompt, by which Excel starts Python: DisableCMD is {value} in {_COMMAND_PROMPT}",
        _ASK,
    )
