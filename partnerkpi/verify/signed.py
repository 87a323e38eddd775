"""Who signed a workbook: whether the signature is one, of this workbook, and by somebody whom the reader named."""

from __future__ import annotations

from collections.abc import Sequence

from partnerkpi.signing import (
    NAMESPACE,
    Allowed,
    NoSignature,
    Signature,
    fingerprint_of,
    moment_in_words,
    read_signature,
)
from partnerkpi.verify.finding import Report
from partnerkpi.workbook.model.book import Provenance
from partnerkpi.workbook.model.values import Value
from partnerkpi.workbook.provenance import Digest, Signed, read_signed

_PLACE = "signature"


def check_signature(
    found: Provenance | None, answers: Sequence[Sequence[Value]] | None, allowed: list[Allowed] | None, report: Report
) -> None:
    """Add what a workbook's signature is worth; `answers` are the rows of its sheet of responses, None without one.

    `allowed` are those whom the reader named. A missing signature is a finding where somebody was named.
    """
    if found is None or not (found.signature or found.signed):
        if allowed is not None:
            report.add("signature", _PLACE, "the workbook is not signed")
        return
    try:
        signature = read_signature(found.signature)
    except NoSignature as error:
        report.add("signature", _PLACE, f"it cannot be read: {error}")
        return
    key = fingerprint_of(signature.key)
    report.signature = {"key": key, "signed_at": None, "who": None}
    signed_there = read_signed(found.signed)
    if signature.namespace != NAMESPACE or not signature.holds(found.signed.encode()) or signed_there is None:
        report.add("signature", _PLACE, f"it is not one that the key {key} put under this workbook")
        return
    report.signature["signed_at"] = signed_there.at.isoformat().replace("+00:00", "Z")
    if not _is_of(signed_there, found, answers, report):
        return
    if allowed is None:
        at = moment_in_words(signed_there.at)
        report.notes.append(f"signed at {at} by a key that you have not named ({key}); --signers FILE says whose it is")
        return
    _who(signature, signed_there, allowed, report)


def _is_of(signed: Signed, found: Provenance, answers: Sequence[Sequence[Value]] | None, report: Report) -> bool:
    """Tell whether a signature is of the record and the answers that the file has; a finding where it is not."""
    digest = None
    if answers is not None:
        rows = Digest(answers)
        for _ in rows:
            pass
        digest = rows.text
    if signed.record != found.actual:
        report.add("signature", _PLACE, "it is of another workbook", found.actual, signed.record)
    elif signed.answers != digest:
        what = "it is of other answers" if signed.answers and digest else "it is of a workbook with other sheets"
        report.add("signature", _PLACE, what, digest, signed.answers)
    else:
        return True
    return False


def _who(signature: Signature, signed: Signed, allowed: list[Allowed], report: Report) -> None:
    """Say who signed, as the reader's list has it; a finding where it allows nobody."""
    key = fingerprint_of(signature.key)
    lines = [one for one in allowed if one.key == signature.key]
    if not lines:
        report.add("signature", _PLACE, f"the key {key} is nobody's on your list")
        return
    refused = [one.refuses(signature.namespace, signed.at) for one in lines]
    good = [one for one, why in zip(lines, refused, strict=True) if why is None]
    if not good:
        report.add("signature", _PLACE, f"signed at {moment_in_words(signed.at)}, and {refused[0]}")
        return
    if report.signature is not None:
        report.signature["who"] = good[0].who
