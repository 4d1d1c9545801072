"""The Merkle tree of RFC 6962 and RFC 9162: its root, and proofs that an entry is in it and that it only grew.

A tree is read through a function that returns hashes of complete subtrees (:data:`Node`); how they are kept is the
business of ``tiles.py``. All hashes are 32 bytes of SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

#: ``node(level, number)`` is the hash over the entries from ``number * 2**level``, ``2**level`` of them.
Node = Callable[[int, int], bytes]
EMPTY: Final = hashlib.sha256(b"").digest()


def hash_leaf(entry: bytes) -> bytes:
    """Return the hash of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node from those of its children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(size: int, node: Node) -> bytes:
    """Return the hash of a tree with that many entries."""
    return _span(0, size, node) if size else EMPTY


def prove_inclusion(number: int, size: int, node: Node) -> list[bytes]:
    """Return the audit path of an entry, counted from 0, from the leaf upwards. Raises ``ValueError``."""
    if not 0 <= number < size:
        message = f"entry {number} is not in a tree of {size}"
        raise ValueError(message)
    proof = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if number < middle:
            proof.append(_span(middle, high, node))
            high = middle
        else:
            proof.append(_span(low, middle, node))
            low = middle
    return proof[::-1]


def prove_consistency(old: int, new: int, node: Node) -> list[bytes]:
    """Return the proof that a tree of ``new`` entries begins with the one of ``old``. Raises ``ValueError``."""
    if not 0 < old <= new:
        message = f"a tree of {new} cannot be shown to begin with one of {old}"
        raise ValueError(message)
    proof = []
    low, high, complete = 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_span(middle, high, node))
            high = middle
        else:
            proof.append(_span(low, middle, node))
            low, complete = middle, False
    if not complete:
        proof.append(_span(low, high, node))
    return proof[::-1]


def includes(leaf: bytes, number: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Tell whether the proof shows that the leaf hash stands at ``number`` (RFC 9162, 2.1.3.2)."""
    if not 0 <= number < size:
        return False
    here, last, made = number, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            made = hash_children(sibling, made)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            made = hash_children(made, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and made == root_hash


def is_consistent(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Tell whether the proof shows that the new tree begins with the old one (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    made_old = made_new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            made_old, made_new = hash_children(sibling, made_old), hash_children(sibling, made_new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            made_new = hash_children(made_new, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and made_old == old_root and made_new == new_root


def _split(size: int) -> int:
    """Return the largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1


def _span(low: int, high: int, node: Node) -> bytes:
    """Return the hash over the entries from ``low`` to before ``high``, where ``low`` begins a subtree."""
    size = high - low
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, low >> level)
    middle = low + _split(size)
    return hash_children(_span(low, middle, node), _span(middle, high, node))
