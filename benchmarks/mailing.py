"""500 messages with a workbook of 200 KB to a server on this machine, against smtplib sending bytes that lie ready."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import compare, side_by_side

PEOPLE, SIZE = 500, 200_000

_OURS = """
from pathlib import Path
from partnerkpi.config import Config
from partnerkpi.mail.recipients import mailbox
from partnerkpi.mail.log import open_log
from partnerkpi.mail.plan import CheckedWorkbook, Delivery
from partnerkpi.mail.recipients import Recipient
from partnerkpi.mail.send import Sender, jobs
from partnerkpi.mail.server import MailServer
from partnerkpi.mail.workbook import read_book
from partnerkpi.settings import Mail
import hashlib, secrets
book = Path({book!r})
content = Path({padded!r}).read_bytes()
workbook = CheckedWorkbook(Path({padded!r}), hashlib.sha256(content).hexdigest(), len(content), read_book(book).page)
me = mailbox("team@example.com", "")
people = [Delivery(Recipient(mailbox(f"p{{n}}@example.com", ""), "en"), workbook) for n in range({people})]
server = MailServer(Mail(server="127.0.0.1", port={port}, security="none"), None)
log_path = Path({folder!r}) / (secrets.token_hex(8) + ".sqlite")
"""
_SEND = """
with open_log(log_path) as log:
    sender = Sender(Config(), server, log, me, None, wait=time.sleep)
    result = sum(job.outcome == "delivered" for job in sender.send(jobs(people, log, me)))
"""
_PEER = """
import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
message = EmailMessage()
message["From"], message["To"] = "team@example.com", "p@example.com"
message.set_content("text")
message.add_attachment(Path({padded!r}).read_bytes(), maintype="application", subtype="octet-stream", filename="a.xlsx")
ready = message.as_bytes(policy=SMTP)
"""
_PEER_SEND = """
with smtplib.SMTP("127.0.0.1", {port}) as client:
    for n in range({people}):
        client.sendmail("team@example.com", [f"p{{n}}@example.com"], ready)
result = {people}
"""


def main() -> None:
    """Print the ratio of times, and our memory for 500 people against that for 50."""
    from partnerkpi.demo import write_demo_data

    with tempfile.TemporaryDirectory() as name, mail_server() as port:
        folder = Path(name)
        files = write_demo_data(folder)
        book, padded = folder / "scorecard.xlsx", folder / "padded.bin"
        sources = [files.responses, files.activities, files.customers, files.partners]
        command = [sys.executable, "-m", "partnerkpi", "scorecard", *map(str, sources), "-o", str(book), "--quiet"]
        subprocess.run(command, check=True, capture_output=True)
        padded.write_bytes(  # a scorecard may be larger by itself
            book.read_bytes() + os.urandom(max(0, SIZE - book.stat().st_size))
        )
        filling = {"book": str(book), "padded": str(padded), "folder": name, "port": port, "people": PEOPLE}
        few = {**filling, "people": PEOPLE // 10}
        done = side_by_side(
            {
                "ours": (_OURS.format(**filling), _SEND),
                "few": (_OURS.format(**few), _SEND),
                "peer": (_PEER.format(**filling), _PEER_SEND.format(**filling)),
            },
            rounds=2,
        )
    assert done["ours"].result == str(PEOPLE)
    what = f"{PEOPLE} messages of {SIZE // 1000} KB, written down one by one"
    compare(what, done["ours"], done["peer"], "smtplib with the bytes ready", at_most=3)
    growth = done["ours"].megabytes - done["few"].megabytes
    print(f"{'  memory for 500 people over that for 50':<58} {growth:5.1f} MB more")


@contextmanager
def mail_server() -> Iterator[int]:
    """Run a server that throws everything away, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}"]
    server = subprocess.Popen([*command, "-s", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
