"""Why an answer is not believed."""

from __future__ import annotations

import enum


class Reason(enum.StrEnum):
    """What was wrong with an answer, as precisely as tests and logs need it."""

    MALFORMED = "malformed"
    TOO_LARGE = "too large or too deep"
    DECLARATIONS = "document type, entity, comment or processing instruction"
    WRAPPED = "elements where none belong"
    UNSIGNED = "unsigned"
    BAD_SIGNATURE = "signature does not fit"
    WEAK = "algorithm too weak"
    NOT_ENCRYPTED = "not encrypted"
    UNREADABLE = "cannot be decrypted"
    ISSUER = "foreign issuer"
    DESTINATION = "meant for another address"
    REQUEST = "answers another request"
    AUDIENCE = "foreign audience"
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    LEVEL = "lower level than asked for"
    DECLINED = "declined or broken off"
    INCOMPLETE = "lacks what was required"


class SamlRefused(Exception):  # noqa: N818 -- reads as a sentence where it is raised; nothing here is broken.
    """An answer is not believed. ``detail`` is for the log: it never holds a value from inside an assertion."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
