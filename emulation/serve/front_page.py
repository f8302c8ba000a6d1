"""What `GET /` of a served bench answers: a small page that names what is served where, and how to reach it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from emulation.serve.http import Asgi, Message, Receive, Send, respond
from emulation.serve.ways import Server, Ways

HOW = {
    "can": "python-can: <code>can.Bus(interface='socketcand', channel='body', host=..., port=...)</code>",
    "serial": "pyserial: <code>serial.serial_for_url(ADDRESS)</code>; one user at a time, whichever way",
    "instrument": "PyVISA: <code>ResourceManager('@py').open_resource(ADDRESS)</code>",
    "mirror": "python-can: <code>can.Bus(interface='udp_multicast', channel=..., port=...)</code>; for watching only",
}


def with_front_page(app: Asgi, servers: Mapping[str, Server]) -> Asgi:
    """`app`, and the page at its root."""

    async def fronted(scope: Message, receive: Receive, send: Send) -> None:
        if scope["path"] == "/" and scope["method"] in {"GET", "HEAD"}:
            await respond(send, 200, "text/html; charset=utf-8", page(servers))
        else:
            await app(scope, receive, send)

    return fronted


def page(servers: Mapping[str, Server]) -> str:
    """The page."""
    rows = "\n".join(_rows(servers))
    how = "\n".join(f"<li>{escape(kind)}: {text}</li>" for kind, text in HOW.items())
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Served bench</title>
<style>body {{ font: 1rem/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
td, th {{ text-align: left; padding: .15rem 1rem .15rem 0 }}</style></head><body>
<h1>Served bench</h1>
<p>An emulated car, its lab and the world outside, on the wall clock.</p>
<table><tr><th>what</th><th>speaks</th><th>address</th></tr>
{rows}
</table>
<ul>
{how}
<li>off-board: this port; <a href="/openapi.json">/openapi.json</a> describes it</li>
</ul></body></html>
"""


def _rows(servers: Mapping[str, Server]) -> Iterator[str]:
    for name, server in servers.items():
        ways = server.servers if isinstance(server, Ways) else {getattr(server, "SPEAKS", ""): server}
        for speaks, way in ways.items():
            cells = (name, speaks, way.address)
            yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
