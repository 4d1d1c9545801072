"""Courses as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    """The area of courses."""

    name = "stadtportal.areas.courses"
    label = "courses"
    verbose_name = _("Kurse")
