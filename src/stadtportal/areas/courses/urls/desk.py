"""The provider's desk."""

from django.urls import path

from stadtportal.areas.courses.views import desk

app_name = "courses_desk"
urlpatterns = [
    path("", desk.course_list, name="list"),
    path("<int:course_id>/", desk.course, name="course"),
    path("termin/<int:session_id>/", desk.participants, name="participants"),
    path("termin/<int:session_id>/absagen/", desk.call_off, name="call_off"),
    path("termin/<int:session_id>/plaetze/", desk.capacity, name="capacity"),
]
