"""Under which names the portal answers, and whether one of them is public.

Importing this module loads nothing but the standard library, because the settings need it.
"""

from collections.abc import Mapping

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


def allowed_hosts(env: Mapping[str, str]) -> list[str]:
    """Return the names in ``ALLOWED_HOSTS``, or those of this machine when it names none."""
    named = [host.strip() for host in env.get("ALLOWED_HOSTS", "").split(",")]
    return [host for host in named if host] or list(LOCAL_NAMES)


def is_public(hosts: list[str]) -> bool:
    """Tell whether people elsewhere reach the portal by one of these names; then it speaks https only."""
    return any(host not in LOCAL_NAMES for host in hosts)
