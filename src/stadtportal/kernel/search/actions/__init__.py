"""Writing what can be found: live changes, bulk loads, meaning, uses, and the rebuild that repairs everything."""

from stadtportal.kernel.search.actions.encoding import encode_glossary, encode_pending
from stadtportal.kernel.search.actions.rebuilding import rebuild, refresh_vocabulary
from stadtportal.kernel.search.actions.using import count_use, sum_uses, write_uses
from stadtportal.kernel.search.actions.writing import put, remove

__all__ = [
    "count_use",
    "encode_glossary",
    "encode_pending",
    "put",
    "rebuild",
    "refresh_vocabulary",
    "remove",
    "sum_uses",
    "write_uses",
]
