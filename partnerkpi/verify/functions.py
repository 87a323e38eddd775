"""The functions as names, which somebody may have added to a scorecard: no change of it where they are ours."""

from __future__ import annotations

from partnerkpi.scorecard.card import Scorecard
from partnerkpi.verify.contents import MAIN, Contents
from partnerkpi.verify.formulas import same_formula


def set_aside_functions(contents: Contents, card: Scorecard) -> int:
    """Take the functions that `excel add` or `--with-functions` added out of what is compared; return their number.

    Only those that hold what this version makes with the benchmarks of the scorecard. Any other name is judged as ever.
    """
    found = [one for one in contents.book.iter(f"{MAIN}definedName") if one.get("name", "").startswith("PARTNER_")]
    if not found:
        return 0
    from partnerkpi.carriers.lambdas.source import pack  # the functions bring xlwings along, which takes its time

    made, count = pack(card.benchmarks), 0
    for one in found:
        formula = made.get(one.get("name", ""))
        parent = one.getparent()
        # another program writes down what a name is not
        plain = {key for key, value in one.attrib.items() if value not in ("0", "false")} <= {"name", "comment"}
        if formula is not None and parent is not None and plain and same_formula(one.text or "", formula.stored):
            parent.remove(one)
            contents.names.pop(formula.name, None)
            count += 1
    return count
