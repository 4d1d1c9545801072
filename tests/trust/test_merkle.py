"""The tree is that of RFC 6962: published vectors hold, and every proof proves exactly what it should."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtportal.kernel.trust.engine import merkle
from stadtportal.kernel.trust.engine.tiles import HASH_BYTES, WIDTH, extended, nodes_of, path_of, tile_number

#: Entries and roots of the reference tests of Certificate Transparency (google/certificate-transparency, Apache 2.0).
ENTRIES = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")] + [
    bytes.fromhex("606162636465666768696a6b6c6d6e6f")
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


class Tiles:
    """A log in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, int], bytes] = {}
        self.size = 0

    def read(self, level: int, number: int) -> bytes:
        return self.kept.get((level, number), b"")

    def add(self, *leaves: bytes) -> None:
        self.kept |= extended(self.size, leaves, self.read)
        self.size += len(leaves)


def leaves(count: int) -> list[bytes]:
    return [merkle.hash_leaf(str(number).encode()) for number in range(count)]


def plain_root(hashes: list[bytes]) -> bytes:
    """The definition of RFC 6962, 2.1, word by word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return merkle.hash_children(plain_root(hashes[:split]), plain_root(hashes[split:]))


@pytest.mark.parametrize("size", sorted(ROOTS))
def test_the_published_roots_hold(size: int) -> None:
    log = Tiles()
    log.add(*(merkle.hash_leaf(entry) for entry in ENTRIES[:size]))
    assert merkle.root(size, nodes_of(log.read)).hex() == ROOTS[size]


@given(st.lists(st.integers(0, 300), min_size=1, max_size=6))
def test_a_log_written_in_any_batches_has_the_root_of_the_definition(batches: list[int]) -> None:
    log, all_leaves = Tiles(), leaves(sum(batches))
    for count in batches:
        log.add(*all_leaves[log.size : log.size + count])
    assert merkle.root(log.size, nodes_of(log.read)) == plain_root(all_leaves)
    assert all(len(body) <= WIDTH * HASH_BYTES for body in log.kept.values())


@given(st.integers(1, 700), st.data())
def test_a_proof_of_inclusion_holds_for_its_leaf_and_for_no_other(size: int, data: st.DataObject) -> None:
    log, all_leaves = Tiles(), leaves(size)
    log.add(*all_leaves)
    node = nodes_of(log.read)
    number = data.draw(st.integers(0, size - 1))
    root, proof = merkle.root(size, node), merkle.prove_inclusion(number, size, node)
    assert merkle.includes(all_leaves[number], number, size, proof, root)
    assert not merkle.includes(merkle.hash_leaf(b"forged"), number, size, proof, root)
    assert not merkle.includes(all_leaves[number], number, size, [*proof, root], root)
    other = data.draw(st.integers(0, size - 1))
    assert merkle.includes(all_leaves[number], other, size, proof, root) == (other == number)


@given(st.integers(1, 600), st.integers(0, 600), st.integers(0, 255))
def test_a_proof_of_consistency_holds_for_a_log_that_only_grew(old: int, more: int, flipped: int) -> None:
    log, all_leaves = Tiles(), leaves(old + more)
    log.add(*all_leaves)
    node = nodes_of(log.read)
    old_root, new_root = plain_root(all_leaves[:old]), merkle.root(old + more, node)
    proof = merkle.prove_consistency(old, old + more, node)
    assert merkle.is_consistent(old, old + more, proof, old_root, new_root)
    wrong = bytes([old_root[0] ^ (1 << flipped % 8)]) + old_root[1:]
    assert not merkle.is_consistent(old, old + more, proof, wrong, new_root)
    if more:
        rewritten = [merkle.hash_leaf(b"rewritten"), *all_leaves[1:]]
        assert not merkle.is_consistent(old, old + more, proof, old_root, plain_root(rewritten))


def test_nothing_is_proved_about_what_is_not_there() -> None:
    node = nodes_of(Tiles().read)
    with pytest.raises(ValueError, match="entry 3 is not in a tree of 3"):
        merkle.prove_inclusion(3, 3, node)
    with pytest.raises(ValueError, match="cannot be shown"):
        merkle.prove_consistency(5, 4, node)
    with pytest.raises(LookupError, match="holds 0 hashes"):
        merkle.root(1, node)
    assert not merkle.includes(merkle.EMPTY, 0, 0, [], merkle.EMPTY)
    assert not merkle.is_consistent(0, 1, [], merkle.EMPTY, merkle.EMPTY)


@pytest.mark.parametrize(
    ("number", "path"),
    [(0, "000"), (5, "005"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")],
)
def test_tiles_have_the_addresses_of_the_standard(number: int, path: str) -> None:
    assert path_of(0, number) == f"tile/0/{path}"
    assert path_of(1, number, 17) == f"tile/1/{path}.p/17"
    assert tile_number(path) == number


@pytest.mark.parametrize("path", ["", "5", "0005", "x000/005", "001/002", "x001", "abc", "x1/005", "٣٣٣", "-01"])
def test_other_addresses_are_no_tiles(path: str) -> None:
    with pytest.raises(ValueError, match=r"tile|needless"):
        tile_number(path)
