"""Courses: found, booked, cancelled, and moved up from the waiting list."""
