"""The verifier in the browser agrees with the server on what is true, and finds every forgery by itself."""

import base64
import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page

from stadtportal.kernel.trust.engine.commitment import commitment_of
from tests.trust.bundles import LENA, OMAR, MemoryLog, busy_log, text
from tests.trust.in_browser import verifier_page

NOW_MS = 1_795_608_000_000  # 25 November 2026, noon: two days after the looks.
Bundle = dict[str, Any]
Forge = Callable[[Bundle], None]

CHECK = """async ([bundles, kept, now]) => {
    const verifier = await import('/verify.js');
    let before = verifier.beginning(kept);
    const findings = [];
    for (const bundle of bundles) {
        const checked = await verifier.checkBundle(bundle, before, now);
        findings.push(...checked.findings);
        if (checked.after === null) return { findings, keep: null };
        before = checked.after;
    }
    findings.push(...verifier.checkEnd(bundles.at(-1), before, now));
    return { findings, keep: verifier.toKeep(bundles.at(-1), before) };
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with verifier_page() as opened:
        yield opened


def check(page: Page, *bundles: Bundle, kept: object = None, now: int = NOW_MS) -> tuple[dict[str, list[str]], Any]:
    """Have bundles checked; return the titles of the findings by state, and what the browser would keep."""
    result = page.evaluate(CHECK, [list(bundles), kept, now])
    titles: dict[str, list[str]] = {}
    for one in result["findings"]:
        titles.setdefault(one["state"], []).append(one["title"])
    return titles, result["keep"]


def test_an_honest_log_is_found_whole(page: Page) -> None:
    log = busy_log()
    titles, keep = check(page, log.bundle())
    assert titles == {
        "good": ["Unterschrift echt", "Zugriffe unverändert", "Nichts ausgelassen"],
        "note": ["Erste Prüfung in diesem Browser"],
    }
    log.add(LENA)
    titles, _ = check(page, log.bundle(known=18), kept=keep)
    assert titles == {"good": ["Unterschrift echt", "Nur gewachsen", "Zugriffe unverändert", "Nichts ausgelassen"]}


def test_a_long_log_is_checked_page_by_page(page: Page) -> None:
    log = busy_log()
    pages = [log.bundle(most=2)]
    log.add(OMAR)
    pages += [log.bundle(known=18, after=2, most=2), log.bundle(known=19, after=4, most=2)]
    titles, keep = check(page, *pages)
    assert "bad" not in titles
    assert keep["heads"][LENA]["seq"] == 5
    assert check(page, pages[0], pages[2])[0]["bad"] == ["Protokoll umgeschrieben", "Zugriff fehlt"]
    assert check(page, pages[0])[0]["bad"] == ["Am Ende fehlt ein Zugriff"]


def test_two_people_may_use_one_browser(page: Page) -> None:
    log = busy_log()
    _, keep = check(page, log.bundle(LENA))
    titles, keep = check(page, log.bundle(OMAR, known=18), kept=keep)
    assert "bad" not in titles
    assert set(keep["heads"]) == {LENA, OMAR}


def edited(bundle: Bundle) -> None:
    bundle["events"][2]["event"]["actor"] = "Niemand"


def edited_time(bundle: Bundle) -> None:
    bundle["events"][2]["event"]["at"] = "2026-11-23T12:00:00.000001Z"


def field_hidden(bundle: Bundle) -> None:
    bundle["events"][4]["event"]["fields"] = ["Name"]


def deleted(bundle: Bundle) -> None:
    del bundle["events"][2]


def deleted_at_the_end(bundle: Bundle) -> None:
    del bundle["events"][-1]


def inserted(bundle: Bundle) -> None:
    bundle["events"].append(copy.deepcopy(bundle["events"][-1]))
    bundle["events"][-1]["event"]["subj_seq"] = 6
    bundle["head"]["seq"] = 6


def reordered(bundle: Bundle) -> None:
    bundle["events"][1], bundle["events"][2] = bundle["events"][2], bundle["events"][1]


def swapped_places(bundle: Bundle) -> None:
    one, other = bundle["events"][1], bundle["events"][2]
    one["leaf"], other["leaf"] = other["leaf"], one["leaf"]


def outside_the_tree(bundle: Bundle) -> None:
    bundle["events"][1]["leaf"] = 10_000


def longer_proof(bundle: Bundle) -> None:
    bundle["events"][1]["proof"].append(bundle["events"][1]["proof"][0])


def shorter_proof(bundle: Bundle) -> None:
    bundle["events"][1]["proof"].pop()


def other_salt(bundle: Bundle) -> None:
    bundle["events"][1]["salt"] = text(bytes(32))


def somebody_elses(bundle: Bundle) -> None:
    bundle["subject"] = OMAR


def larger_checkpoint(bundle: Bundle) -> None:
    bundle["checkpoint"] = bundle["checkpoint"].replace("\n18\n", "\n19\n")


def torn_chain(bundle: Bundle) -> None:
    bundle["events"][2]["event"]["subj_prev"] = "00" * 32


def begun_before_the_first(bundle: Bundle) -> None:
    bundle["events"][0]["event"]["subj_prev"] = "00" * 32


def shortened_with_its_head(bundle: Bundle) -> None:
    del bundle["events"][-1]
    bundle["head"] = {"seq": 4, "commitment": bundle["head"]["commitment"]}


CHANGED = "Zugriff verändert"
FORGERIES: list[tuple[Forge, list[str]]] = [
    (edited, [CHANGED, "Kette gerissen"]),
    (edited_time, [CHANGED, "Kette gerissen"]),
    (field_hidden, [CHANGED]),
    (deleted, ["Zugriff fehlt"]),
    (deleted_at_the_end, ["Am Ende fehlt ein Zugriff"]),
    (inserted, ["Kette gerissen", CHANGED, "Reihenfolge verändert"]),
    (reordered, ["Zugriff fehlt", "Zugriff fehlt", "Reihenfolge verändert", "Zugriff fehlt"]),
    (swapped_places, [CHANGED, CHANGED, "Reihenfolge verändert"]),
    (outside_the_tree, [CHANGED, "Reihenfolge verändert"]),
    (longer_proof, [CHANGED]),
    (shorter_proof, [CHANGED]),
    (other_salt, [CHANGED, "Kette gerissen"]),
    (somebody_elses, ["Fremder Zugriff"] * 5),
    (larger_checkpoint, ["Unterschrift falsch"]),
    (torn_chain, ["Kette gerissen", CHANGED, "Kette gerissen"]),
    (begun_before_the_first, ["Kette gerissen", CHANGED, "Kette gerissen"]),
    (shortened_with_its_head, ["Am Ende fehlt ein Zugriff"]),
]


@pytest.mark.parametrize(("forge", "expected"), FORGERIES, ids=lambda one: getattr(one, "__name__", ""))
def test_a_forged_log_is_found_out(page: Page, forge: Forge, expected: list[str]) -> None:
    bundle = busy_log().bundle()
    forge(bundle)
    titles, _ = check(page, bundle)
    assert titles["bad"] == expected


GARBAGE: list[tuple[str, object]] = [
    ("events", None),
    ("events", [{}]),
    ("events", [None]),
    ("checkpoint", "nichts"),
    ("key", "a+00000000+AAAA"),
    ("key", ""),
    ("consistency", None),
]


@pytest.mark.parametrize(("name", "value"), GARBAGE)
def test_what_is_no_bundle_is_said_to_be_none(page: Page, name: str, value: object) -> None:
    log = busy_log()
    _, keep = check(page, log.bundle())
    titles, kept = check(page, log.bundle(known=18) | {name: value}, kept=keep)
    assert "Nachweis nicht lesbar" in titles["bad"]
    assert kept is None


def test_a_rollback_is_found_against_the_checkpoint_kept_in_this_browser(page: Page) -> None:
    _, keep = check(page, busy_log(others_after=4).bundle())
    titles, _ = check(page, busy_log().bundle(), kept=keep)
    assert titles["bad"] == ["Protokoll zurückgedreht"]
    empty = MemoryLog().bundle() | {"checkpoint": "", "key": ""}
    assert check(page, empty, kept=keep)[0]["bad"] == ["Protokoll verschwunden"]


def test_a_log_that_was_rolled_back_and_then_grew_again_is_found(page: Page) -> None:
    _, keep = check(page, busy_log().bundle())
    rewritten = MemoryLog()
    for _ in range(20):
        rewritten.add(OMAR)
    for _ in range(5):
        rewritten.add(LENA, actor="Jemand anders")
    titles, _ = check(page, rewritten.bundle(known=18), kept=keep)
    assert titles["bad"] == ["Protokoll umgeschrieben", "Zugriff umgeschrieben"]


def test_another_key_than_before_is_found(page: Page) -> None:
    _, keep = check(page, busy_log().bundle())
    log = busy_log()
    log.signer = Ed25519PrivateKey.from_private_bytes(bytes(32))
    titles, _ = check(page, log.bundle(known=18), kept=keep)
    assert titles["bad"] == ["Anderer Schlüssel", "Gehört nicht zum gemerkten Prüfpunkt"]


def test_a_signature_by_another_key_is_found(page: Page) -> None:
    log = busy_log()
    bundle = log.bundle()
    signature = bundle["checkpoint"].rstrip("\n").rsplit(" ", 1)[1]
    log.signer = Ed25519PrivateKey.from_private_bytes(bytes(32))
    foreign = log.checkpoint()
    bundle["checkpoint"] = foreign
    assert check(page, bundle)[0]["bad"] == ["Nachweis nicht lesbar"]
    flipped = ("A" if signature[20] != "A" else "B").join((signature[:20], signature[21:]))
    bundle["checkpoint"] = log.checkpoint().replace(foreign.rstrip("\n").rsplit(" ", 1)[1], flipped)
    assert check(page, bundle)[0]["bad"] == ["Unterschrift falsch"]


def test_a_browser_without_ed25519_says_that_it_did_not_check_the_signature(page: Page) -> None:
    page.evaluate("""() => {
        const real = crypto.subtle.importKey.bind(crypto.subtle);
        window.restore = () => { delete crypto.subtle.importKey; };
        crypto.subtle.importKey = (format, key, algorithm, ...rest) =>
            algorithm.name === 'Ed25519' ? Promise.reject(new DOMException('', 'NotSupportedError'))
                : real(format, key, algorithm, ...rest);
    }""")
    try:
        titles, _ = check(page, busy_log().bundle())
    finally:
        page.evaluate("() => window.restore()")
    assert titles["open"] == ["Unterschrift nicht geprüft"]
    assert titles["good"] == ["Zugriffe unverändert", "Nichts ausgelassen"]
    assert "bad" not in titles


def without_leaf(bundle: Bundle, *numbers: int) -> Bundle:
    for number in numbers:
        bundle["events"][number] |= {"leaf": None, "proof": []}
    return bundle


def test_an_event_that_waits_for_its_leaf_is_named_and_one_that_waits_long_is_doubted(page: Page) -> None:
    bundle = without_leaf(busy_log().bundle(), 4)
    at = 1_795_435_200_000  # 23 November 2026, noon.
    titles, _ = check(page, bundle, now=at + 60_000)
    assert "Noch nicht eingetragen" in titles["note"]
    assert "open" not in titles
    assert check(page, bundle)[0]["open"] == ["Wartet ungewöhnlich lange"]


def test_one_that_was_passed_over_while_later_ones_got_their_leaves_is_found(page: Page) -> None:
    titles, _ = check(page, without_leaf(busy_log().bundle(), 2))
    assert titles["bad"] == ["Reihenfolge verändert", "Reihenfolge verändert"]


def rewritten_as_waiting(bundle: Bundle) -> Bundle:
    """Rewrite the third event, mend the chain and its end after it, and claim that all of these wait."""
    bundle["events"][2]["event"]["actor"] = "Niemand"
    previous = None
    for one in bundle["events"][2:]:
        if previous is not None:
            one["event"]["subj_prev"] = previous.hex()
        previous = commitment_of(one["event"], base64.b64decode(one["salt"]))
    assert previous is not None
    bundle["head"]["commitment"] = text(previous)
    return without_leaf(bundle, 2, 3, 4)


def test_a_rewriting_hidden_behind_a_claim_of_waiting_is_never_called_right(page: Page) -> None:
    log = busy_log()
    _, keep = check(page, log.bundle())
    titles, _ = check(page, rewritten_as_waiting(log.bundle()))
    assert titles["open"] == ["Wartet ungewöhnlich lange"] * 3
    titles, _ = check(page, rewritten_as_waiting(log.bundle(known=18)), kept=keep)
    assert titles["bad"] == ["Zugriff umgeschrieben"]


def test_an_expired_beginning_is_named_and_is_no_attack(page: Page) -> None:
    bundle = busy_log().bundle()
    del bundle["events"][:3]
    titles, _ = check(page, bundle)
    assert "bad" not in titles
    assert "Ältere Zugriffe gelöscht" in titles["note"]


def test_a_faked_erasure_of_what_this_browser_has_seen_is_found(page: Page) -> None:
    log = busy_log()
    _, keep = check(page, log.bundle())
    log.add(LENA)
    bundle = log.bundle(known=18)
    del bundle["events"][:5]
    assert check(page, bundle, kept=keep)[0]["bad"] == ["Seit der letzten Prüfung gelöscht"]
    four_years_on = NOW_MS + 4 * 365 * 86_400_000
    titles, _ = check(page, bundle, kept=keep, now=four_years_on)
    assert "bad" not in titles
    assert "Seit der letzten Prüfung gelöscht" in titles["note"]


def test_a_person_whom_nobody_looked_at_has_nothing_to_check(page: Page) -> None:
    log = MemoryLog()
    assert check(page, log.bundle() | {"checkpoint": "", "key": ""})[0] == {"note": ["Noch keine Zugriffe"]}
    log.add(OMAR)
    assert "bad" not in check(page, log.bundle(LENA))[0]


def test_bundles_are_plain_json() -> None:
    bundle = busy_log().bundle()
    assert json.loads(json.dumps(bundle)) == bundle
