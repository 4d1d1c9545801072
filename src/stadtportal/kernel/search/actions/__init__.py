"""Writing what can be found: live changes, bulk loads, and the rebuild that repairs everything."""

from stadtportal.kernel.search.actions.rebuilding import rebuild, refresh_vocabulary
from stadtportal.kernel.search.actions.writing import put, remove

__all__ = ["put", "rebuild", "refresh_vocabulary", "remove"]
