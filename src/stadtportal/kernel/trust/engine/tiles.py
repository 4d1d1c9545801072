"""The tree in tiles of 256 hashes (C2SP tlog-tiles): level 0 holds leaf hashes, a level above roots of full tiles.

A tile is the bytes of its hashes one after the other. The last one of a level may be partial.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from stadtportal.kernel.trust.engine.merkle import Node, hash_children

WIDTH: Final = 256
HASH_BYTES: Final = 32
_HEIGHT: Final = 8
_GROUP: Final = 1000

#: ``read(level, number)`` returns the bytes of a tile, or nothing when there is none.
ReadTile = Callable[[int, int], bytes]


def nodes_of(read: ReadTile) -> Node:
    """Return the function that reads subtrees out of tiles; each tile is read once."""
    kept: dict[tuple[int, int], bytes] = {}

    def node(level: int, number: int) -> bytes:
        tile_level, inside = divmod(level, _HEIGHT)
        first = number << inside
        tile, offset = divmod(first, WIDTH)
        if (tile_level, tile) not in kept:
            kept[tile_level, tile] = read(tile_level, tile)
        body = kept[tile_level, tile]
        end = (offset + (1 << inside)) * HASH_BYTES
        if len(body) < end:
            message = (
                f"tile {tile} of level {tile_level} holds {len(body) // HASH_BYTES} hashes, {end // HASH_BYTES} needed"
            )
            raise LookupError(message)
        return _fold([body[at : at + HASH_BYTES] for at in range(offset * HASH_BYTES, end, HASH_BYTES)])

    return node


def extended(size: int, leaves: Sequence[bytes], read: ReadTile) -> dict[tuple[int, int], bytes]:
    """Return the tiles that are new or changed when these leaf hashes follow the first ``size``."""
    changed: dict[tuple[int, int], bytes] = {}
    level, count, added = 0, size, list(leaves)
    while added:
        tile, held = divmod(count, WIDTH)
        body = read(level, tile)[: held * HASH_BYTES] if held else b""
        above = []
        for start in range(0, len(added), WIDTH):
            body += b"".join(added[start : start + WIDTH])
            while len(body) >= WIDTH * HASH_BYTES:
                full, body = body[: WIDTH * HASH_BYTES], body[WIDTH * HASH_BYTES :]
                changed[level, tile] = full
                above.append(_fold([full[at : at + HASH_BYTES] for at in range(0, len(full), HASH_BYTES)]))
                tile += 1
        if body:
            changed[level, tile] = body
        level, count, added = level + 1, count // WIDTH, above
    return changed


def path_of(level: int, number: int, width: int = WIDTH) -> str:
    """Return the address of a tile below the log's prefix: ``tile/0/x001/067`` and, partial, ``tile/0/000.p/5``."""
    groups = [number % _GROUP]
    while number >= _GROUP:
        number //= _GROUP
        groups.insert(0, number % _GROUP)
    named = "/".join([f"x{group:03}" for group in groups[:-1]] + [f"{groups[-1]:03}"])
    return f"tile/{level}/{named}" + (f".p/{width}" if width < WIDTH else "")


def tile_number(path: str) -> int:
    """Return the number of a tile from its part of the address, ``x001/067``. Raises ``ValueError``."""
    groups = path.split("/")
    digits = [group[1:] for group in groups[:-1] if group.startswith("x")] + groups[-1:]
    if len(digits) != len(groups) or any(len(one) != 3 or not one.isascii() or not one.isdigit() for one in digits):  # noqa: PLR2004 -- three digits a group.
        message = f"{path!r} is no number of a tile"
        raise ValueError(message)
    number = int("".join(digits))
    if path_of(0, number).removeprefix("tile/0/") != path:
        message = f"{path!r} is written with needless groups"
        raise ValueError(message)
    return number


def _fold(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [hash_children(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]
