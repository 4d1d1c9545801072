"""Follow every link as every role: nothing breaks, nothing is left open, every page keeps the house rules."""

import re
from collections import Counter, deque
from contextlib import closing
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import quote, urldefrag, urlencode, urljoin, urlsplit

import pytest

from .conftest import Portal

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("portal")]

ROLES = ["", "lena@example.org", "studio@example.org", "amt@example.org", "admin@example.org"]
#: At most so many pages of one shape (``/orte/<slug>/``) in a sample; a whole crawl follows every link.
SAMPLE_OF_A_SHAPE = 4
WHOLE_OF_A_SHAPE = 10_000
HTML_LIMIT = 30 * 1024
FIRST_PAGES = ("/", "/mein/", "/arbeitsplatz/", "/suche/?q=yoga")
INFORMAL = re.compile(r"\b(?:Du|Dein(?:e[mnrs]?)?|Dir|Dich)\b")


class Page(HTMLParser):
    """The links, headings and text of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.headings = 0
        self.ids: list[str] = []
        self.language = ""
        self.words: list[str] = []
        self.inline: list[str] = []
        self._within: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag == "h1":
            self.headings += 1
        if tag == "html":
            self.language = given.get("lang") or ""
        if given.get("id"):
            self.ids.append(str(given["id"]))
        self.inline.extend(name for name in given if name == "style" or name.startswith("on"))
        if tag in {"script", "style"}:
            self._within.append(tag)
            if tag == "style" or ("src" not in given and "json" not in (given.get("type") or "")):
                self.inline.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"} and self._within:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.words.append(data)


class Walker:
    """One person walking through the portal with a keep-alive connection and cookies."""

    def __init__(self, portal: Portal) -> None:
        self.host = urlsplit(portal.url).netloc
        self.base = portal.url
        self.connection = HTTPConnection(self.host, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": self.base + path}
        # Browsers encode what stands unencoded in a link; so does this one.
        self.connection.request(method, quote(path, safe="%/?&=+,:;@~-._!$'()*"), body=body, headers=headers)
        answer = self.connection.getresponse()
        content = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                pair = value.split(";", 1)[0]
                key, _, held = pair.partition("=")
                self.cookies[key] = held
        fields = {name.lower(): value for name, value in answer.getheaders()}
        kind = fields.get("content-type", "")
        return answer.status, fields, content.decode() if "text" in kind or "json" in kind else ""

    def sign_in(self, email: str) -> None:
        _, _, text = self.ask("GET", "/konto/anmelden/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        assert token is not None
        status, _, _ = self.ask(
            "POST",
            "/demo/anmelden/",
            {"csrfmiddlewaretoken": token[1], "person": email, "next": "/mein/"},
        )
        assert status in {302, 303}


def shape(path: str) -> str:
    """Return what a URL looks like once names, numbers and queries are taken out."""
    parts = urlsplit(path)
    segments = [
        segment if index == 0 or segment in {"buchen", "stornieren", "kalender.ics"} else "*"
        for index, segment in enumerate(parts.path.strip("/").split("/"))
    ]
    query = "?" + "&".join(sorted({pair.partition("=")[0] for pair in parts.query.split("&")})) if parts.query else ""
    return "/".join(segments) + query


class Crawl:
    """What one role finds by following links from a few first pages."""

    def __init__(self, walker: Walker, *, limit: int) -> None:
        self.walker = walker
        self.limit = limit
        self.queue: deque[tuple[str, str]] = deque()
        self.seen: set[str] = set()
        self.visited: Counter[str] = Counter()
        self.faults: list[str] = []

    def add(self, link: str, source: str) -> None:
        """Queue a link found on page ``source``, unless it leads elsewhere, was seen, or signs out."""
        if source.startswith("/demo/postausgang/") and "/mein/" in link:
            return  # A mail leads its own reader to pages that are not for whoever reads it here.
        target, _ = urldefrag(urljoin(self.walker.base + source, link))
        path = target.removeprefix(self.walker.base)
        if path.startswith("/") and path not in self.seen and "/abmelden/" not in path:
            self.seen.add(path)
            self.queue.append((path, source))

    def run(self) -> None:
        """Visit everything queued, up to ``limit`` pages of one shape."""
        while self.queue:
            path, source = self.queue.popleft()
            if self.visited[shape(path)] < self.limit:
                self.visited[shape(path)] += 1
                self.look(path, source)

    def look(self, path: str, source: str) -> None:
        """Fetch one page, note its faults, queue its links."""
        status, fields, text = self.walker.ask("GET", path)
        if status in {301, 302, 303}:
            self.add(fields["location"], path)
        elif status not in ({200, 403} if path == "/arbeitsplatz/" else {200}):
            self.faults.append(f"{status} at {path}, linked from {source}")
        elif "text/html" in fields.get("content-type", ""):
            page = Page(text)
            self.faults.extend(f"{fault} at {path}" for fault in faults_of(page, fields, text))
            for link in page.links:
                self.add(link, path)


@pytest.mark.exhaustive
@pytest.mark.parametrize("email", ROLES, ids=[role.partition("@")[0] or "visitor" for role in ROLES])
def test_every_link_leads_somewhere_and_every_page_keeps_the_rules(portal: Portal, email: str, *, whole: bool) -> None:
    walker = Walker(portal)
    with closing(walker.connection):
        if email:
            walker.sign_in(email)
        crawl = Crawl(walker, limit=WHOLE_OF_A_SHAPE if whole else SAMPLE_OF_A_SHAPE)
        for start in FIRST_PAGES:
            crawl.add(start, "/")
        crawl.run()
    assert not crawl.faults, "\n".join(crawl.faults)
    assert len(crawl.visited) >= 8, f"the crawl found only {sorted(crawl.visited)}"


def faults_of(page: Page, fields: dict[str, str], text: str) -> list[str]:
    """Return which house rules a page breaks."""
    faults = []
    if page.headings != 1:
        faults.append(f"{page.headings} first-level headings")
    if page.language != "de":
        faults.append("no lang=de")
    if twice := {name for name in page.ids if page.ids.count(name) > 1}:
        faults.append(f"ids used twice: {sorted(twice)}")
    if page.inline:
        faults.append(f"inline code: {sorted(set(page.inline))}")
    if informal := INFORMAL.findall(" ".join(page.words)):
        faults.append(f"informal address: {informal}")
    if len(text.encode()) > HTML_LIMIT:
        faults.append(f"{len(text.encode())} bytes of HTML")
    policy = fields.get("content-security-policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        faults.append(f"content security policy {policy!r}")
    if any(sign in " ".join(page.words) for sign in ("{{", "{%", "None,", " None ")):
        faults.append("template code or None shown")
    return faults
