"""What can one or two connections carry at all? The same message without rows: by smtplib, and pipelined.

Run as a program with a port, the way, a number of messages and the key of a campaign: prints seconds and CPU as JSON.
"""

import json
import resource
import smtplib
import socket
import sys
import time
from typing import Any


def sendmail(port: int, count: int, edition: Any) -> None:
    """As Django's backend does over one connection, but for building the message: one is built and sent to all."""
    content = edition.wire(reader(0)).decode("ascii")
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(count):
            server.sendmail("news@quay.example", [f"reader-{number}@mail.example"], content)


def pipelined(port: int, count: int, edition: Any) -> None:
    """The next envelope in the packet that ends the last message (RFC 2920); each reader's message is made out."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answers = line.makefile("rb")
        answers.readline()
        line.sendall(b"EHLO bench.example\r\n")
        while answers.readline()[3:4] == b"-":
            pass
        line.sendall(_envelope(0))
        for number in range(count):
            for _answer in range(3):
                answers.readline()
            line.sendall(
                edition.wire(reader(number)) + b".\r\n" + (_envelope(number + 1) if number + 1 < count else b"")
            )
            if not answers.readline().startswith(b"250"):
                raise SystemExit("the sink refused a message")


def _envelope(number: int) -> bytes:
    return b"MAIL FROM:<news@quay.example>\r\nRCPT TO:<reader-%d@mail.example>\r\nDATA\r\n" % number


def reader(number: int) -> Any:
    """One of many, as the rows would have it."""
    from mailing.compose.shapes import Reader

    name = f"Reader {number}"
    return Reader(f"reader-{number}@mail.example", number + 1, number + 1, number + 1, name, {}, "news", "News")


def main() -> None:
    port, way, count, key = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    import django

    django.setup()
    from bench.mail.ours import edition

    compiled = edition(key)
    compiled.wire(reader(0))
    started, used = time.monotonic(), _cpu()
    {"sendmail": sendmail, "pipelined": pipelined}[way](port, count, compiled)
    print(json.dumps({"seconds": time.monotonic() - started, "cpu": _cpu() - used}))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
