"""The report of a real run, in a real browser: it opens, shows its evidence, and asks the network for nothing."""

from __future__ import annotations

import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from harness import catalogue
from hil.selection import Wanted, places, select
from hil.sources import ROOT
from hil.suites import Setting, clean, commands, run_all
from reports.allure import generate
from reports.claims import collect
from reports.coverage import coverage
from reports.journal import Outcome, read

KNOWN = catalogue.load()
CLAUSE = "B-09"
"""Its first test of either suite is run: pressing SOS calls, which is short and shows a call."""

OFFLINE = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--no-first-run",
)  # fmt: skip


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, and keeps its requests to itself."""

    def log_message(self, *_words: object) -> None:
        pass

    def do_GET(self) -> None:
        """A browser asks for an icon by itself; the report has none, and that is no error of its."""
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    """A report of one procedure, run by both suites on the emulated bench."""
    claims = collect(ROOT)
    chosen = [select(claims, Wanted(clauses=[CLAUSE], suites=[suite]), KNOWN)[0] for suite in ("pytest", "robot")]
    setting = Setting(ROOT, tmp_path_factory.mktemp("run"), ROOT / "benches" / "emulated.toml", seed=1, jobs=1)
    clean(setting.out)
    troubles = [end.trouble for end in run_all(commands(chosen, setting), setting, lambda: None) if end.trouble]
    assert troubles == []
    entries = read(setting.out)
    assert {entry.outcome for entry in entries} == {Outcome.PASSED}, [entry.message for entry in entries]
    return generate(setting.out, coverage(KNOWN, claims, []), KNOWN, ROOT).parent


@pytest.fixture(scope="module")
def address(report):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(report)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser():
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "no Chromium here; `make test` installs Debian's, or: apt-get install chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(OFFLINE))
        yield opened
        opened.close()


class Watched:
    """A page, with everything it complained about and everything it asked for."""

    def __init__(self, browser: Browser) -> None:
        self.page: Page = browser.new_page(viewport={"width": 1500, "height": 1100})
        self.page.set_default_timeout(10_000)
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def outside(self, address: str) -> list[str]:
        return [url for url in self.requests if not url.startswith((address, "data:", "blob:", "file:"))]


@pytest.fixture
def watched(browser, address):
    """Whatever a test does with the page: no console error, and no request to the outside."""
    seen = Watched(browser)
    yield seen
    seen.page.wait_for_load_state("networkidle")
    assert seen.errors == []
    assert seen.outside(address) == []
    seen.page.close()


@pytest.fixture
def place():
    """Manual, chapter and title of the procedure that Robot ran."""
    told = select(collect(ROOT), Wanted(clauses=[CLAUSE], suites=["robot"]), KNOWN)[0]
    (named,) = places(told, KNOWN)
    procedure = KNOWN.procedures[named]
    return KNOWN.manuals[procedure.manual].title, procedure.chapter, procedure.title


def test_the_tree_shows_manual_chapter_and_procedure(watched, address, place):
    watched.page.goto(f"{address}/index.html")
    for words in place:  # where all passed, the tree is closed
        watched.page.get_by_test_id("tree-section-title").get_by_text(words, exact=True).click()
    expect(watched.page.get_by_test_id("tree-leaf").first).to_be_visible()


def test_it_also_opens_from_a_folder_by_a_double_click(watched, report, place):
    watched.page.goto(f"file://{report}/index.html")
    expect(watched.page.get_by_text(place[0], exact=True).first).to_be_visible()


def test_the_coverage_page_lists_every_clause(watched, address):
    watched.page.goto(f"{address}/coverage.html")
    shown = watched.page.locator("tr.clause td.id").all_inner_texts()
    assert shown == [clause for name in KNOWN.manuals for clause, c in KNOWN.clauses.items() if c.manual == name]
    assert len(shown) == 65
    expect(watched.page.get_by_text("claimed", exact=True).first).to_be_visible()


def test_a_clause_leads_to_its_test_and_the_test_shows_its_timeline(watched, address):
    """From the coverage page to a test whose picture is drawn at once, and back."""
    page = watched.page
    page.goto(f"{address}/coverage.html#{CLAUSE}")
    row = page.locator(f"#{CLAUSE}")
    row.locator("summary").click()
    row.locator("a").first.click()
    picture = page.frame_locator("iframe").get_by_alt_text("Timeline")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 800
    page.get_by_role("link", name="Coverage").click()
    expect(page.get_by_role("heading", name="Coverage of 65 clauses")).to_be_visible()


def test_the_run_says_on_which_bench_and_with_which_coverage(watched, address):
    watched.page.goto(f"{address}/index.html")
    watched.page.get_by_text("Global Attachments").click()
    expect(watched.page.get_by_text("coverage.html").first).to_be_visible()
