"""The sharpest of the hostile strings in a real browser: nothing that a citizen or an agent wrote is ever run."""

from playwright.sync_api import Page

from gateway import database
from gateway.tickets import references
from models import EventKind, Ticket, TicketEvent
from tests.browser.consoles import Console
from tests.grounds import NOW
from tests.handlers import desks
from tests.handlers.staff import hire
from tests.hostile.strings import SHARP

LISTEN = """
window.broken = [];
document.addEventListener("securitypolicyviolation", event => window.broken.push(event.violatedDirective));
"""


def say_it_everywhere() -> str:
    """Puts each string on a ticket of its own, and all of them on the timeline of one; gives that one's reference."""
    made = [desks.ticket(words, on_behalf_of=words[:120]) for words in SHARP]
    with database.transaction() as db:
        ticket = db.query(Ticket).filter_by(reference=references.read(made[0])).one()
        for words in SHARP:
            db.add(TicketEvent(ticket_id=ticket.id, kind=EventKind.NOTED, at=NOW, actor="asha", body=words))
            db.add(TicketEvent(ticket_id=ticket.id, kind=EventKind.WROTE, at=NOW, body=words))
    return made[0]


def broken(page: Page) -> list[str]:
    """What the content policy had to stop on the page."""
    found: list[str] = page.evaluate("window.broken")
    return found


def said(page: Page) -> set[str]:
    return set(page.locator("bdi.said").evaluate_all("all => all.map(each => each.textContent)"))


def test_nothing_that_somebody_wrote_is_run(console: Console, page: Page) -> None:
    assert len(SHARP) >= 25
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.add_init_script(LISTEN)
    hire()
    reference = say_it_everywhere()
    console.sign_in(page)
    stopped = []
    for path in ("/tickets", "/tickets?q=alert", f"/tickets/{reference}", "/calls/new"):
        page.goto(f"{console.url}{path}")
        page.wait_for_load_state("networkidle")
        for words in page.locator("bdi.said").all()[:40]:
            words.hover(force=True)
        stopped += broken(page)
        if path in ("/tickets", f"/tickets/{reference}"):
            assert {words.replace("\r\n", "\n") for words in SHARP if len(words) <= 240} <= said(page)
    page.goto(f"{console.url}/tickets/{reference}")
    for words in SHARP[:6]:
        with page.expect_response(lambda response: response.url.endswith("/preview")):
            page.fill("#words", words)
        page.locator("#preview bdi").filter(has_text=words.splitlines()[0][:10]).first.wait_for()
    stopped += broken(page)
    assert (dialogs, stopped) == ([], [])
