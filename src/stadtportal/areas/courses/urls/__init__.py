"""The public pages of courses, and those of one's own bookings."""

from django.urls import path

from stadtportal.areas.courses.views import booking, ordering, public

app_name = "courses"
urlpatterns = [
    path("", public.course_list, name="list"),
    path("buchung/<str:reference>/", booking.show, name="booking"),
    path("buchung/<str:reference>/termine.ics", booking.calendar, name="calendar"),
    path("buchung/<str:reference>/bestaetigung.pdf", booking.confirmation, name="confirmation"),
    path("buchung/<str:reference>/stornieren/", booking.cancel, name="cancel"),
    path("<slug:slug>/", public.course, name="course"),
    path("<slug:slug>/buchen/", ordering.book, name="book"),
    path("<slug:slug>/buchen/pruefen/", ordering.review, name="review"),
]
