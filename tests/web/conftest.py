"""The pages of ``tests/web/urls.py`` on a real port, with the built files served as in production."""

from collections.abc import Iterator
from threading import Thread

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test.testcases import QuietWSGIRequestHandler


@pytest.fixture
def served(transactional_db: None) -> Iterator[str]:  # noqa: ARG001 -- opens the database for the server's threads.
    """Serve the portal while a test runs; gives its address. Django's own live server knows no hashed file names."""
    server = ThreadedWSGIServer(("localhost", 0), QuietWSGIRequestHandler)
    server.set_app(get_wsgi_application())
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
