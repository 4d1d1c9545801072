"""Writes about courses; every public function is one transaction.

Whoever touches seats locks the dates concerned first, in the order of their ids: that makes deadlocks impossible and
lets nobody begin to wait for a seat that is being freed at the same moment.
"""

from stadtportal.areas.courses.actions.booking import Booked, book
from stadtportal.areas.courses.actions.cancelling import cancel
from stadtportal.areas.courses.actions.providing import call_off, change_capacity
from stadtportal.areas.courses.actions.publishing import NewPrice, NewSession, put_course
from stadtportal.areas.courses.actions.upkeep import close_past, refresh_entries

__all__ = [
    "Booked",
    "NewPrice",
    "NewSession",
    "book",
    "call_off",
    "cancel",
    "change_capacity",
    "close_past",
    "put_course",
    "refresh_entries",
]
