"""Reading pages as people do."""

import re

from django.test import Client


def page(client: Client, path: str) -> str:
    """Return the HTML of a page that is there."""
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def text(html: str) -> str:
    """Return what the main part of a page says, on one line."""
    main = html[html.index("<main") : html.index("</main>")]
    without = re.sub(r"<script.*?</script>|<svg.*?</svg>", " ", main, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", without).split())
