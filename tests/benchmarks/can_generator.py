"""A socketcand server for the capture benchmark: paced, numbered frames on some networks, in a process of its own.

    python -m tests.benchmarks.can_generator NETWORKS FRAMES_PER_SECOND SECONDS

Prints its ports; begins once each has a client, counts frames from 0 in their payload, and prints how long it took.
"""

from __future__ import annotations

import socket
import sys
import time

IDENTIFIERS = 16
STEP = 0.001
"""s between two bursts: on a real bus frames come one by one, but no adapter hands them over so."""


def serve(networks: int, rate: int, duration: float) -> None:
    """Send `rate` frames/s on each of `networks` for `duration` s."""
    listening = [socket.create_server(("127.0.0.1", 0)) for _ in range(networks)]
    _say(" ".join(str(each.getsockname()[1]) for each in listening))
    clients = [_welcome(each) for each in listening]
    time.sleep(0.3)  # python-can takes what comes together with the last answer for a wrong one
    start, sent, total = time.monotonic(), 0, round(rate * duration)
    while sent < total:
        due = min(total, int((time.monotonic() - start) * rate))
        stamp = time.time()
        burst = b"".join(
            b"< frame %03X %.6f %016X >" % (0x100 + number % IDENTIFIERS, stamp, number) for number in range(sent, due)
        )
        for client in clients:
            client.sendall(burst)
        sent = due
        time.sleep(STEP)
    _say(str(time.monotonic() - start))
    for client in clients:
        client.recv(100)  # until the other side has all, and closes
        client.close()
    for each in listening:
        each.close()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _welcome(listening: socket.socket) -> socket.socket:
    client, _ = listening.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.sendall(b"< hi >")
    for _ in ("open", "rawmode"):
        client.recv(200)
        client.sendall(b"< ok >")
    return client


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
