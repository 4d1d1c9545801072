"""Server and browser, each written apart from the other, agree on canonical JSON and on every proof."""

from collections.abc import Iterator
from typing import Any

import pytest
import rfc8785
from playwright.sync_api import Page

from stadtportal.kernel.trust.engine import merkle
from tests.trust.bundles import OMAR, MemoryLog, text, texts
from tests.trust.in_browser import verifier_page


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with verifier_page() as opened:
        yield opened


def test_both_implementations_write_events_alike(page: Page) -> None:
    events: list[Any] = [
        {
            "b": 1,
            "a": ["z", "", "ä"],
            "\u20ac": "€",
            "\r": "\r\n\t\b\f",
            "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"): 0,
        },
        {"\ufb33": "x", "😀": "\u2028\u2029\u007f\u0001", "1": '"\\/', "€": "</script>"},
        {"n": 9_007_199_254_740_991, "z": 0, "negative": -5, "leer": [], "tief": {"b": {"d": 1, "c": 2}, "a": []}},
    ]
    written = page.evaluate(
        "async (all) => all.map((await import('/verify.js')).canonical)",
        events,
    )
    assert written == [rfc8785.dumps(event).decode() for event in events]


def test_both_implementations_agree_on_every_proof_of_a_small_tree(page: Page) -> None:
    log = MemoryLog()
    for _ in range(21):
        log.add(OMAR)
    leaf_hashes = [merkle.hash_leaf(one["commitment"]) for one in log.events]
    roots = [merkle.root(size, log.node) for size in range(log.size + 1)]
    inclusion = [
        [
            text(leaf_hashes[number]),
            number,
            size,
            texts(merkle.prove_inclusion(number, size, log.node)),
            text(roots[size]),
        ]
        for size in range(1, 22)
        for number in range(size)
    ]
    assert (
        page.evaluate(
            """async (all) => {
            const { rootByInclusion, fromBase64, toBase64 } = await import('/verify.js');
            const wrong = [];
            for (const [leaf, number, size, proof, root] of all) {
                const path = proof.map((one) => fromBase64(one));
                const made = await rootByInclusion(fromBase64(leaf), number, size, path);
                if (made === null || toBase64(made) !== root) wrong.push([number, size]);
                const moved = await rootByInclusion(fromBase64(leaf), (number + 1) % size, size, path);
                if (size > 1 && moved !== null && toBase64(moved) === root) wrong.push(['moved', number, size]);
            }
            return wrong;
        }""",
            inclusion,
        )
        == []
    )
    consistency = [
        [old, text(roots[old]), new, text(roots[new]), texts(merkle.prove_consistency(old, new, log.node))]
        for new in range(1, 22)
        for old in range(1, new + 1)
    ]
    assert (
        page.evaluate(
            """async (all) => {
            const { growsFrom, fromBase64 } = await import('/verify.js');
            const wrong = [];
            for (const [old, oldRoot, size, root, proof] of all) {
                const path = proof.map((one) => fromBase64(one));
                const from = fromBase64(oldRoot);
                if (!(await growsFrom(old, from, size, fromBase64(root), path))) wrong.push([old, size]);
                const forged = from.with(0, from[0] ^ 1);
                if (await growsFrom(old, forged, size, fromBase64(root), path)) wrong.push(['forged', old, size]);
                const longer = [...path, from];
                if (await growsFrom(old, from, size, fromBase64(root), longer)) wrong.push(['longer', old, size]);
            }
            return wrong;
        }""",
            consistency,
        )
        == []
    )
