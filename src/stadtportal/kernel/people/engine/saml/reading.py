"""Reading XML of strangers: bounded in size, depth and number, without declarations of any kind."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

from stadtportal.kernel.people.engine.saml.refusals import Reason, SamlRefused

# An answer with an encrypted assertion takes 10 to 20 KB.
MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 32
MAX_ELEMENTS: Final = 1_000
_DECLARATION: Final = re.compile(r"\A\ufeff?<\?xml\s[^<>?]{0,100}\?>")
_IDS: Final = ("ID", "Id", "id", "{http://www.w3.org/XML/1998/namespace}id")


def parse(source: bytes) -> Any:  # noqa: ANN401 -- an lxml element; lxml has no types.
    """Return the root element. Raises ``SamlRefused``.

    Document types, entities, comments, CDATA and processing instructions are refused as such: no answer needs them, and
    each has served to make two readers see two documents. So are ids that stand twice.
    """
    if len(source) > MAX_BYTES:
        raise SamlRefused(Reason.TOO_LARGE, f"{len(source)} bytes")
    try:
        text = _DECLARATION.sub("", source.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise SamlRefused(Reason.MALFORMED, "not UTF-8") from error
    if "<!" in text or "<?" in text:
        raise SamlRefused(Reason.DECLARATIONS)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, collect_ids=False
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        # The parser has a bound of its own for depth, far above ours.
        reason = Reason.TOO_LARGE if "depth" in str(error).lower() else Reason.MALFORMED
        raise SamlRefused(reason, "not well-formed") from error
    _check_bounds(root)
    _check_ids(root)
    return root


def _check_bounds(root: Any) -> None:  # noqa: ANN401 -- as above.
    level, count = [root], 0
    for _depth in range(MAX_DEPTH):
        count += len(level)
        if count > MAX_ELEMENTS:
            raise SamlRefused(Reason.TOO_LARGE, "too many elements")
        level = [child for element in level for child in element]
        if not level:
            return
    raise SamlRefused(Reason.TOO_LARGE, "too deep")


def _check_ids(root: Any) -> None:  # noqa: ANN401 -- as above.
    seen = [value for element in root.iter() for name in _IDS if (value := element.get(name)) is not None]
    if len(seen) != len(set(seen)):
        raise SamlRefused(Reason.WRAPPED, "an id stands twice")


def only_child(parent: Any, name: str) -> Any:  # noqa: ANN401 -- as above.
    """Return the one child of that qualified name. Raises ``SamlRefused`` for none and for several."""
    found = parent.findall(name)
    if len(found) != 1:
        raise SamlRefused(Reason.MALFORMED, f"{len(found)} of {etree.QName(name).localname}")
    return found[0]


def text_of(element: Any) -> str:  # noqa: ANN401 -- as above.
    """Return the text of an element that holds nothing else. Raises ``SamlRefused`` when it does."""
    if len(element):
        raise SamlRefused(Reason.MALFORMED, f"elements inside {etree.QName(element).localname}")
    return str(element.text or "").strip()


def check_children(parent: Any, allowed: frozenset[str]) -> None:  # noqa: ANN401 -- as above.
    """Refuse children of any other name: an assertion may not hide in a place that nobody looks at."""
    for child in parent:
        if child.tag not in allowed:
            raise SamlRefused(Reason.WRAPPED, f"{etree.QName(child).localname} in {etree.QName(parent).localname}")
