"""Encryption of single fields, and keyed hashes by which a sealed number can still be found.

AES-256-GCM with a fresh 96-bit nonce for each value; HMAC-SHA-256 for look-ups. No cryptography of our own.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qingmiao.config.keys import keys

FORMAT = b"\x01"  # first byte of every sealed value: which algorithm and key it was sealed with


@cache
def _cipher() -> AESGCM:
    return AESGCM(bytes.fromhex(keys().seal))


def seal_bytes(content: bytes) -> bytes:
    """`content` encrypted; sealing the same twice gives different bytes. At most 2 GiB."""
    nonce = os.urandom(12)
    return FORMAT + nonce + _cipher().encrypt(nonce, content, FORMAT)


def unseal_bytes(sealed: bytes) -> bytes:
    """What was sealed. Raises cryptography's InvalidTag if a byte was changed or the key is another one."""
    return _cipher().decrypt(sealed[1:13], sealed[13:], sealed[:1])


def seal(text: str) -> bytes:
    """`text` encrypted; sealing the same text twice gives different bytes."""
    return seal_bytes(text.encode())


def unseal(sealed: bytes) -> str:
    """The text that was sealed. Raises cryptography's InvalidTag if a byte was changed or the key is another one."""
    return unseal_bytes(sealed).decode()


def lookup_hash(kind: str, text: str) -> bytes:
    """16 bytes, equal for equal `text` of one `kind` in this installation; without its key they tell nothing."""
    return hmac.digest(bytes.fromhex(keys().lookup), f"{kind}\0{text}".encode(), hashlib.sha256)[:16]


@dataclass(frozen=True, repr=False)
class Sealed:
    """A number at rest. Printing it shows nothing; whoever needs the number calls `reveal` and answers for it."""

    content: bytes

    @classmethod
    def of(cls, text: str) -> Sealed:
        return cls(seal(text))

    def reveal(self) -> str:
        return unseal(self.content)

    def __str__(self) -> str:
        return "••••"

    __repr__ = __str__
