"""Who signed a workbook: OpenSSH's signatures, made and checked here and by ssh-keygen, and forgeries of them."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import cards
import office
import pytest
import tampering
from command import run_here
from lxml import etree

from partnerkpi._version import __version__
from partnerkpi.errors import ConfigError, FileProblem
from partnerkpi.scorecard.packs import for_partner
from partnerkpi.signing import (
    PASSPHRASE_VARIABLE,
    NoSignature,
    Signer,
    fingerprint_of,
    read_allowed,
    read_signature,
    read_signer,
)
from partnerkpi.verify import verify
from partnerkpi.workbook.build import write_workbook
from partnerkpi.workbook.packs import write_packs

ROOT = Path(__file__).parents[2]
ITEM = "customXml/item1.xml"
ANN, BOB = Signer(bytes(range(32))), Signer(bytes(range(1, 33)))


def line(who: str, signer: Signer, options: str = "") -> str:
    """Return a line of a list of signers."""
    return " ".join(filter(None, (who, options, "ssh-ed25519", base64.b64encode(signer.key).decode()))) + "\n"


def listed(folder: Path, *lines: str) -> Path:
    """Write a list of signers."""
    path = folder / "allowed_signers"
    path.write_text("# those whom we know\n\n" + "".join(lines), encoding="utf-8")
    return path


def signed(folder: Path, signer: Signer = ANN, name: str = "two partners") -> Path:
    """Return a workbook that somebody signed."""
    path = folder / f"{name} {signer.key[-1]}.xlsx"
    write_workbook(replace(cards.odd_cards()[name], version=__version__), path, signer=signer)
    return path


def said(path: Path, signers: Path | None) -> list[str]:
    """Return what is wrong with a workbook."""
    return [finding.line for finding in verify(path, signers=signers).findings]


def texts(path: Path) -> dict[str, str]:
    """Return the texts of the custom part, as any program can take them from it."""
    with zipfile.ZipFile(path) as package:
        root = etree.fromstring(package.read(ITEM))
    return {etree.QName(one).localname: one.text or "" for one in root}


def with_texts(path: Path, target: Path, **changes: str) -> Path:
    """Write a copy in which texts of the custom part are others; an empty one is left out."""

    def change(text: str) -> str:
        root = etree.fromstring(text.encode())
        for one in list(root):
            name = etree.QName(one).localname
            if name in changes:
                one.text = changes[name]
                if not one.text:
                    root.remove(one)
        return etree.tostring(root, encoding="unicode")

    return tampering.changed(path, target, {ITEM: change})


def ssh_keygen(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run ssh-keygen; skip where it is missing, which it may not be under CI."""
    program = shutil.which("ssh-keygen")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("ssh-keygen is missing, and under CI nothing may be missing")
        pytest.skip("ssh-keygen is not installed")
    return subprocess.run([program, *arguments], input=given, capture_output=True, check=False, timeout=60)


def test_a_signed_workbook_says_who_signed_it(tmp_path: Path) -> None:
    """With a list of signers the report names the one, without it the key; both find nothing wrong."""
    path = signed(tmp_path)
    report = verify(path, signers=listed(tmp_path, line("bob@example.com", BOB), line("ann@example.com", ANN)))
    assert report.findings == []
    assert report.signature is not None
    assert report.signature["who"] == "ann@example.com"
    assert report.signature["key"] == fingerprint_of(ANN.key)
    unnamed = verify(path)
    assert unnamed.findings == []
    assert "by a key that you have not named" in unnamed.notes[0]


def test_the_commands_sign_and_say_who(tmp_path: Path) -> None:
    """`scorecard --sign` and `[sign]` sign workbook and packs; `verify --signers` says by whom, exit 1 for nobody."""
    key = tmp_path / "key"
    ssh_keygen("-q", "-t", "ed25519", "-N", "", "-f", str(key))
    answers = tmp_path / "answers.csv"
    answers.write_text("partner,date,score\nAcme,2026-07-01,9\nBolt,2026-07-02,3\nAcme,2026-08-01,10\n")
    target, packs = tmp_path / "scorecard.xlsx", tmp_path / "packs"
    made = run_here("scorecard", answers, "-o", target, "--sign", key, "--per-partner", packs, "--with-responses")
    assert made.code == 0, made.err
    public = key.with_suffix(".pub").read_text().split()
    signers = listed(tmp_path, f"ann@example.com {public[0]} {public[1]}\n")
    for path in (target, *packs.glob("*.xlsx")):
        found = run_here("verify", path, "--signers", signers)
        assert found.code == 0, found.out
        assert "Signed by ann@example.com at " in found.out
    (tmp_path / "partnerkpi.toml").write_text('[sign]\nkey = "key"\n')
    again = run_here("scorecard", answers, "-o", target, "--config", tmp_path / "partnerkpi.toml")
    assert again.code == 0, again.err
    assert json.loads(run_here("verify", target, "--signers", signers, "--format", "json").out)["signature"]["who"]
    nobody = run_here("verify", target, "--signers", listed(tmp_path, line("bob@example.com", BOB)))
    assert nobody.code == 1
    assert "is nobody's on your list" in nobody.out


def test_ssh_keygen_checks_what_is_signed_here(tmp_path: Path) -> None:
    """The recipe of the docs: another tool finds the signature good, and the record the one that was signed."""
    recipe = (ROOT / "docs" / "workbook.md").read_text(encoding="utf-8")
    lines = re.findall(r"^ssh-keygen (-Y verify .*) < signed\.txt$", recipe, re.MULTILINE)
    assert lines == ["-Y verify -f allowed_signers -I ann@example.com -n partnerkpi -s signature.txt"]
    path = signed(tmp_path)
    signers = listed(tmp_path, line("ann@example.com", ANN, 'namespaces="partnerkpi"'))
    code = re.findall(r"^python -c '(.*)'$", recipe, re.MULTILINE)
    assert len(code) == 1
    shutil.copy(path, tmp_path / "scorecard.xlsx")
    subprocess.run(["python", "-c", code[0]], cwd=tmp_path, check=True, timeout=60)
    arguments = (
        lines[0].replace("allowed_signers", str(signers)).replace("signature.txt", str(tmp_path / "signature.txt"))
    )
    message = (tmp_path / "signed.txt").read_bytes()
    found = ssh_keygen(*arguments.split(), given=message)
    assert found.returncode == 0, found.stderr
    assert b'Good "partnerkpi" signature for ann@example.com' in found.stdout
    assert ssh_keygen(*arguments.split(), given=message + b"x").returncode != 0
    assert f"record SHA-256 {verify(path).fingerprint}" in message.decode()


def test_what_ssh_keygen_signs_is_known_here(tmp_path: Path) -> None:
    """A key of ssh-keygen, with a passphrase or without, gives the bytes that ssh-keygen itself gives."""
    for passphrase in ("", "a phrase"):
        key = tmp_path / f"key{len(passphrase)}"
        ssh_keygen("-q", "-t", "ed25519", "-N", passphrase, "-f", str(key))
        signer = read_signer(key, lambda _, phrase=passphrase: phrase)  # type: ignore[misc]  # of this turn
        if not passphrase:
            theirs = ssh_keygen("-Y", "sign", "-f", str(key), "-n", "partnerkpi", given=b"message").stdout.decode()
            assert signer.sign(b"message") == theirs
        assert read_signature(signer.sign(b"message")).holds(b"message")
        assert not read_signature(signer.sign(b"message")).holds(b"massage")


def test_a_passphrase_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal the environment is asked; a missing and a wrong one are told, and never printed."""
    key = tmp_path / "key"
    ssh_keygen("-q", "-t", "ed25519", "-N", "a phrase", "-f", str(key))
    monkeypatch.delenv(PASSPHRASE_VARIABLE, raising=False)
    with pytest.raises(ConfigError, match=PASSPHRASE_VARIABLE):
        read_signer(key)
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "another phrase")
    with pytest.raises(ConfigError, match="passphrase is another one") as told:
        read_signer(key)
    assert "another phrase" not in str(told.value)
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "a phrase")
    assert "a phrase" not in repr(read_signer(key))
    with pytest.raises(ConfigError, match="public half"):
        read_signer(key.with_suffix(".pub"))


def test_what_a_person_may_change_keeps_the_signature(tmp_path: Path) -> None:
    """A file that LibreOffice saved again, with another target, is still the one that was signed."""
    path = signed(tmp_path)
    part = tampering.part_of(path, "Benchmarks")
    changed = tampering.changed(path, tmp_path / "changed.xlsx", {part: tampering.stored("D6", "10")})
    folder = tmp_path / "calculated"
    folder.mkdir()
    report = verify(office.convert(changed, "xlsx", folder), signers=listed(tmp_path, line("ann", ANN)))
    assert [finding.line for finding in report.findings] == []
    assert report.signature is not None
    assert report.signature["who"] == "ann"
    assert report.changed != []


def test_a_figure_that_was_changed_is_found_under_a_good_signature(tmp_path: Path) -> None:
    """The signature is of the record, and the sheets are compared with the record: both must hold."""
    path = signed(tmp_path)
    part = tampering.part_of(path, "Data")
    changed = tampering.changed(path, tmp_path / "changed.xlsx", {part: tampering.stored("C6", "99")})
    report = verify(changed, signers=listed(tmp_path, line("ann", ANN)))
    assert not report.sound
    assert {"tally"} <= {finding.kind for finding in report.findings}


def test_the_key_of_somebody_else(tmp_path: Path) -> None:
    """A forger builds the workbook anew and signs it with a key of his own: it is nobody's on the list."""
    (finding,) = said(signed(tmp_path, BOB), listed(tmp_path, line("ann@example.com", ANN)))
    assert "is nobody's on your list" in finding


def test_a_signature_that_was_taken_off(tmp_path: Path) -> None:
    """Whoever asks for a signature is told that there is none; half of one is none either."""
    path, signers = signed(tmp_path), listed(tmp_path, line("ann", ANN))
    bare = with_texts(path, tmp_path / "bare.xlsx", signed="", signature="")
    assert said(bare, signers) == ["signature: the workbook is not signed"]
    half = with_texts(path, tmp_path / "half.xlsx", signature="")
    assert any("it is no signature of OpenSSH" in one for one in said(half, signers))
    assert any("it is no signature of OpenSSH" in one for one in said(half, None))


def test_the_signature_of_another_file(tmp_path: Path) -> None:
    """A good signature of ours under another workbook is of another workbook, with a list and without."""
    one, other = signed(tmp_path), signed(tmp_path, name="one partner")
    of_other = texts(other)
    forged = with_texts(one, tmp_path / "forged.xlsx", signed=of_other["signed"], signature=of_other["signature"])
    for signers in (listed(tmp_path, line("ann", ANN)), None):
        assert any("it is of another workbook" in finding for finding in said(forged, signers))


def test_a_text_that_was_changed_under_a_signature(tmp_path: Path) -> None:
    """The time, and the record that was signed, cannot be changed under the signature."""
    path = signed(tmp_path)
    text = texts(path)["signed"]
    for change in (re.sub(r"20\d\d-", "2031-", text), text.replace("record", "recorc"), text + "x"):
        forged = with_texts(path, tmp_path / "forged.xlsx", signed=change)
        assert any("it is not one that the key" in finding for finding in said(forged, None))


def test_a_changed_record_that_was_signed_again(tmp_path: Path) -> None:
    """Another workbook, or the same, signed by another key: the list knows nobody; without one the key is told."""
    path, other = signed(tmp_path), signed(tmp_path, BOB, "one partner")
    taken = with_texts(path, tmp_path / "taken.xlsx", signature=BOB.sign(texts(path)["signed"].encode()))
    signers = listed(tmp_path, line("ann", ANN))
    for forged in (taken, other):
        assert any("is nobody's on your list" in finding for finding in said(forged, signers))
        assert verify(forged).signature == {
            "key": fingerprint_of(BOB.key),
            "signed_at": verify(forged).signature["signed_at"],  # type: ignore[index]  # it is there
            "who": None,
        }


def test_a_signature_for_another_purpose(tmp_path: Path) -> None:
    """What Ann signs as a commit or a mail is no signature of a scorecard."""
    path = signed(tmp_path)
    git = with_texts(path, tmp_path / "git.xlsx", signature=ANN.sign(texts(path)["signed"].encode(), "git"))
    assert any("it is not one that the key" in finding for finding in said(git, None))


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ('valid-before="20200101Z"', "was valid until 2020-01-01 00:00 UTC"),
        ('valid-after="21000101000000Z"', "is valid from 2100-01-01 00:00 UTC on"),
        ('namespaces="git,file"', "and not for partnerkpi"),
        ('namespaces="*,!partnerkpi"', "and not for partnerkpi"),
    ],
)
def test_a_key_that_the_list_does_not_allow_now(options: str, why: str, tmp_path: Path) -> None:
    """Expired, not yet valid, for other purposes: the finding says which."""
    (finding,) = said(signed(tmp_path), listed(tmp_path, line("ann", ANN, options)))
    assert why in finding


def test_a_line_that_allows_counts_beside_one_that_does_not(tmp_path: Path) -> None:
    """A key that was renewed stands twice; the names of other kinds of keys and of authorities are passed over."""
    signers = listed(
        tmp_path,
        "* cert-authority ssh-ed25519 " + base64.b64encode(ANN.key).decode() + "\n",
        "eve ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ==\n",
        line("ann", ANN, 'valid-before="20200101Z"'),
        line("ann@example.com,ann@example.org", ANN, 'valid-after="20200101Z",namespaces="partnerkpi"'),
    )
    assert [one.who for one in read_allowed(signers)] == ["ann", "ann@example.com,ann@example.org"]
    assert said(signed(tmp_path), signers) == []


def test_a_list_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    """A damaged list names its line, and a missing one its name."""
    for text in (
        "ann",
        "ann ssh-ed25519 !!!",
        'ann valid-after="soon" ssh-ed25519 AAAA',
        "ann what=1 ssh-ed25519 AAAA",
    ):
        with pytest.raises(FileProblem, match=", line 3: "):
            read_allowed(listed(tmp_path, text + "\n"))
    with pytest.raises(FileProblem, match="cannot be read"):
        read_allowed(tmp_path / "missing")


def test_times_of_a_list_are_those_of_this_machine_unless_they_say_z(tmp_path: Path) -> None:
    """20260701 is midnight here, 20260701Z midnight in UTC, as ssh-keygen(1) has it."""
    lines = [line("a", ANN, f'valid-after="{text}"') for text in ("20260701Z", "202607011230Z", "20260701")]
    utc, half_past, here = [one.after for one in read_allowed(listed(tmp_path, *lines))]
    assert utc == dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    assert half_past == dt.datetime(2026, 7, 1, 12, 30, tzinfo=dt.UTC)
    assert here == dt.datetime(2026, 7, 1).astimezone()


def test_answers_belong_to_what_is_signed(tmp_path: Path) -> None:
    """Single answers count in the signature: exchanged days add up to the same, and are found."""
    from partnerkpi.kpi.scores import ScoreTally
    from partnerkpi.scorecard.parts import Counts

    card = cards.card({("Acme", "2026-Q3"): Counts(ScoreTally(1, 0, 1))})
    days = dt.date(2026, 7, 1), dt.date(2026, 8, 1)
    rows = [("Acme", "2026-Q3", days[0], 9.0), ("Acme", "2026-Q3", days[1], 3.0)]
    path, signers = tmp_path / "signed.xlsx", listed(tmp_path, line("ann", ANN))
    write_workbook(replace(card, version=__version__), path, responses=iter(rows), signer=ANN)
    report = verify(path, signers=signers)
    assert [finding.line for finding in report.findings] == []
    assert report.not_judged == ["single answers: what they add up to was"]
    part = tampering.part_of(path, "Responses")
    changed = tampering.changed(path, tmp_path / "changed.xlsx", {part: tampering.stored("C5", "46220")})
    assert said(changed, None) != [] or said(changed, signers) != []
    assert any("it is of other answers" in finding for finding in said(changed, signers))


def test_packs_are_signed_by_every_process(tmp_path: Path) -> None:
    """A pack carries the signature whichever process writes it, and is the workbook that it would be alone."""
    card = replace(cards.odd_cards()["two partners"], version=__version__)
    packs = [(partner.name, tmp_path / f"{partner.name}.xlsx") for partner in card.partners]
    assert list(write_packs(card, packs, processes=2, signer=ANN)) == [name for name, _ in packs]
    for name, path in packs:
        report = verify(path, signers=listed(tmp_path, line("ann", ANN)))
        assert report.findings == []
        alone = tmp_path / "alone.xlsx"
        write_workbook(for_partner(card, name), alone)
        assert texts(alone)["record"] == texts(path)["record"]


@pytest.mark.parametrize("text", ["", "x", "-----BEGIN SSH SIGNATURE-----\n?\n-----END SSH SIGNATURE-----", "U1NIU0lH"])
def test_what_is_no_signature_is_none(text: str) -> None:
    """Whatever stands in the place of a signature is read, or called none."""
    with pytest.raises(NoSignature):
        read_signature(text)
    whole = ANN.sign(b"message")
    blob = base64.b64decode("".join(whole.splitlines()[1:-1]))
    for length in range(0, len(blob), 7):
        cut = base64.b64encode(blob[:length]).decode()
        with pytest.raises(NoSignature):
            read_signature(f"-----BEGIN SSH SIGNATURE-----\n{cut}\n-----END SSH SIGNATURE-----\n")
