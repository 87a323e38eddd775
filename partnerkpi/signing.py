"""Signatures in the form of OpenSSH (SSHSIG), by keys and lists of signers that people have: Ed25519 alone.

`ssh-keygen -Y verify` checks what is signed here, and what it signs is read here. The format is that of PROTOCOL.sshsig
in OpenSSH's source; a list of signers is described in ssh-keygen(1), "ALLOWED SIGNERS".
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import os
import re
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from partnerkpi.dataclass import dataclass
from partnerkpi.errors import ConfigError, FileProblem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

#: What a signature is made for: one of another kind of file is none of a scorecard.
NAMESPACE = "partnerkpi"
PASSPHRASE_VARIABLE = "PARTNERKPI_SIGN_PASSPHRASE"  # noqa: S105 - the name of a variable
KIND = "ssh-ed25519"

_MAGIC, _VERSION, _HASH = b"SSHSIG", 1, "sha512"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_HASHES = {"sha512": hashlib.sha512, "sha256": hashlib.sha256}
_LINE = 70
_LARGEST = 1_000_000  # bytes of a key or a list
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)")
_WORD = re.compile(r'(?:[^\s"]|"(?:[^"\\]|\\.)*")+')
_OPTION = re.compile(r'([A-Za-z-]+)(?:="((?:[^"\\]|\\.)*)")?(?:,|$)')
_MISSING = 'signatures need the library cryptography: pip install "cryptography[ssh]>=43,<51"'


class NoSignature(ValueError):
    """A text is no signature, or one that cannot be judged; says why."""


@dataclass(frozen=True)
class Signer:
    """A private key, as it can be handed to another process; it is in no message and in no `repr`."""

    seed: bytes

    def __repr__(self) -> str:
        return "Signer(...)"

    @property
    def key(self) -> bytes:
        """Return the public key as OpenSSH writes it, before base64."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return _public(self._private().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, message: bytes, namespace: str = NAMESPACE) -> str:
        """Return the signature of a message, as `ssh-keygen -Y sign` would write it."""
        made = self._private().sign(_signed(message, namespace, _HASH))
        blob = _MAGIC + struct.pack(">I", _VERSION) + _string(self.key) + _string(namespace.encode())
        blob += _string(b"") + _string(_HASH.encode()) + _string(_string(KIND.encode()) + _string(made))
        text = base64.b64encode(blob).decode()
        lines = [text[start : start + _LINE] for start in range(0, len(text), _LINE)]
        return "\n".join((_BEGIN, *lines, _END, ""))

    def _private(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True)
class Signature:
    """A signature as it was read: by which key, for what, and the bytes that prove it."""

    key: bytes
    namespace: str
    hash: str
    proof: bytes

    def holds(self, message: bytes) -> bool:
        """Tell whether the key has signed this message for this purpose. ConfigError without the library."""
        try:
            from cryptography.exceptions import InvalidSignature
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        except ImportError:
            raise ConfigError(_MISSING) from None
        try:
            public = Ed25519PublicKey.from_public_bytes(_raw(self.key))
            public.verify(self.proof, _signed(message, self.namespace, self.hash))
        except (InvalidSignature, NoSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Allowed:
    """A line of a list of signers: who, by which key, for what, and from when to when."""

    who: str
    key: bytes
    namespaces: tuple[str, ...] | None
    after: dt.datetime | None
    before: dt.datetime | None

    def refuses(self, namespace: str, at: dt.datetime) -> str | None:
        """Return why this line does not allow a signature of a moment, None where it does."""
        if self.namespaces is not None and not _is_among(namespace, self.namespaces):
            return f"the list allows {self.who} to sign for {', '.join(self.namespaces)}, and not for {namespace}"
        if self.after is not None and at < self.after:
            return f"the key of {self.who} is valid from {moment_in_words(self.after)} on"
        if self.before is not None and at >= self.before:
            return f"the key of {self.who} was valid until {moment_in_words(self.before)}"
        return None


def moment_in_words(moment: dt.datetime) -> str:
    """Return a moment for reading: 2026-11-29 14:20 UTC."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")


def fingerprint_of(key: bytes) -> str:
    """Return the fingerprint of a public key as `ssh-keygen -l` prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")


def read_signer(path: Path, ask: Callable[[str], str] | None = None) -> Signer:
    """Return the private key in a file as `ssh-keygen -t ed25519` makes it.

    Its passphrase is that of the environment (PARTNERKPI_SIGN_PASSPHRASE), or what `ask` gives. ConfigError where the
    key cannot be used.
    """
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
            load_ssh_private_key,
        )
    except ImportError:
        raise ConfigError(_MISSING) from None
    data = _read(path, "the key")
    if data.startswith(KIND.encode()):
        raise ConfigError(f"{path} is the public half of a key: name the file without .pub")
    passphrase = os.environ.get(PASSPHRASE_VARIABLE) or None
    try:
        try:
            key = load_ssh_private_key(data, None)
        except TypeError:  # it has a passphrase
            if passphrase is None and ask is not None:
                passphrase = ask(f"Passphrase of {path}: ")
            if not passphrase:
                raise ConfigError(
                    f"{path} has a passphrase: set {PASSPHRASE_VARIABLE} in the environment, or run this in a terminal"
                ) from None
            key = load_ssh_private_key(data, passphrase.encode())
    except UnsupportedAlgorithm:
        raise ConfigError(f"{path} has a passphrase, and {_MISSING}") from None
    except ValueError:
        tried = "its passphrase is another one, or it" if passphrase else "it"
        raise ConfigError(f"{path} cannot be used: {tried} is no key as 'ssh-keygen -t ed25519' makes it") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigError(f"{path} is a key of another kind: make one with 'ssh-keygen -t ed25519'")
    return Signer(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))


def read_signature(text: str) -> Signature:
    """Return the signature in a text; NoSignature where it is none."""
    inside = text.strip()
    if not inside.startswith(_BEGIN) or not inside.endswith(_END):
        raise NoSignature("it is no signature of OpenSSH")
    try:
        blob = base64.b64decode("".join(inside[len(_BEGIN) : -len(_END)].split()), validate=True)
    except (binascii.Error, ValueError):
        raise NoSignature("it is damaged") from None
    if blob[:6] != _MAGIC or len(blob) < 10 or struct.unpack(">I", blob[6:10])[0] != _VERSION:
        raise NoSignature("it is of another version")
    fields = list(_strings(blob[10:]))
    if len(fields) != 5:
        raise NoSignature("it is damaged")
    key, namespace, _, hash_name, made = fields
    inner = list(_strings(made))
    if len(inner) != 2 or inner[0] != KIND.encode() or hash_name.decode("ascii", "replace") not in _HASHES:
        raise NoSignature("it is of another kind than Ed25519")
    _raw(key)
    return Signature(key, namespace.decode("utf-8", "replace"), hash_name.decode(), inner[1])


def read_allowed(path: Path) -> list[Allowed]:
    """Return the Ed25519 keys of a list of signers, as git and ssh-keygen read it; FileProblem where it is none."""
    found = list[Allowed]()
    text = _read(path, "the list of signers").decode("utf-8", "replace")
    for number, line in enumerate(text.splitlines(), 1):
        words = _WORD.findall(line)
        if not words or words[0].startswith("#"):
            continue
        place = next((place for place, word in enumerate(words) if place and _is_kind(word)), None)
        if place not in (1, 2) or len(words) < place + 2:
            raise FileProblem(f"{path}, line {number}: not 'WHO [options] {KIND} KEY', as ssh-keygen(1) describes it")
        options = _options(words[1], path, number) if place == 2 else {}
        if words[place] != KIND or "cert-authority" in options:
            continue
        try:
            key = base64.b64decode(words[place + 1], validate=True)
            _raw(key)
        except (binascii.Error, ValueError):
            raise FileProblem(f"{path}, line {number}: the key is damaged") from None
        spaces = options.get("namespaces")
        found.append(
            Allowed(
                words[0].strip('"'),
                key,
                tuple(spaces.split(",")) if spaces is not None else None,
                _moment(options.get("valid-after"), path, number),
                _moment(options.get("valid-before"), path, number),
            )
        )
    return found


def _is_kind(word: str) -> bool:
    return word.startswith(("ssh-", "ecdsa-", "sk-"))


def _options(text: str, path: Path, number: int) -> dict[str, str]:
    found = dict[str, str]()
    at = 0
    while at < len(text):
        match = _OPTION.match(text, at)
        if match is None or match[1].lower() not in ("cert-authority", "namespaces", "valid-after", "valid-before"):
            raise FileProblem(f"{path}, line {number}: unknown option {text[at : at + 40]!r}")
        found[match[1].lower()] = match[2] or ""
        at = match.end()
    return found


def _moment(text: str | None, path: Path, number: int) -> dt.datetime | None:
    """Return a moment of a list of signers: YYYYMMDD[HHMM[SS]], in this machine's time or with Z in UTC."""
    if text is None:
        return None
    match = _TIME.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        moment = dt.datetime(*(int(part or 0) for part in match.groups()[:6]))  # type: ignore[arg-type]
    except ValueError:
        raise FileProblem(f"{path}, line {number}: {text!r} is no moment such as 20261231 or 202612312359Z") from None
    return moment.replace(tzinfo=dt.UTC) if match[7] else moment.astimezone()


def _is_among(namespace: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether a list of patterns, with * and ? and ! before what is not meant, has a namespace."""
    from fnmatch import fnmatchcase

    def has(pattern: str) -> bool:
        return fnmatchcase(namespace, pattern.replace("[", "[[]"))

    return any(has(one) for one in patterns) and not any(has(one[1:]) for one in patterns if one.startswith("!"))


def _read(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise FileProblem(f"{path}, {what}, cannot be read: {(error.strerror or str(error)).lower()}") from None
    if len(data) > _LARGEST:
        raise FileProblem(f"{path} is larger than {_LARGEST:,} bytes: it is not {what}")
    return data


def _signed(message: bytes, namespace: str, hash_name: str) -> bytes:
    """Return what is signed in the place of a message."""
    digest = _HASHES[hash_name](message).digest()
    return _MAGIC + _string(namespace.encode()) + _string(b"") + _string(hash_name.encode()) + _string(digest)


def _public(raw: bytes) -> bytes:
    return _string(KIND.encode()) + _string(raw)


def _raw(key: bytes) -> bytes:
    """Return the 32 bytes of a public key; NoSignature where it is of another kind."""
    fields = list(_strings(key))
    if len(fields) != 2 or fields[0] != KIND.encode() or len(fields[1]) != 32:
        raise NoSignature("its key is of another kind than Ed25519")
    return fields[1]


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _strings(data: bytes) -> Iterator[bytes]:
    """Yield the strings of a blob; NoSignature where it ends before they do."""
    at = 0
    while at < len(data):
        length = struct.unpack(">I", data[at : at + 4])[0] if at + 4 <= len(data) else len(data)
        if at + 4 + length > len(data):
            raise NoSignature("it is damaged")
        yield data[at + 4 : at + 4 + length]
        at += 4 + length
