"""The Django app of the demonstration; it is installed only where ``ENABLED_AREAS`` names it."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Invented people and providers, one-click sign-in, and mail that stays here."""

    name = "stadtportal.areas.demo"
    label = "demo"
    verbose_name = "Demo"

    def ready(self) -> None:
        """Put the banner over every page and the buttons on the sign-in page."""
        from stadtportal.areas.demo.queries import list_sign_ins  # noqa: PLC0415 -- only once all apps are loaded.
        from stadtportal.kernel.contracts import FrameSlot, registry  # noqa: PLC0415 -- likewise.

        registry.add_frame_slot(FrameSlot("banner", "demo/banner.html", lambda _actor: {}))
        registry.add_frame_slot(FrameSlot("sign-in", "demo/sign_in.html", lambda _actor: {"people": list_sign_ins()}))
