"""Mails as people send them in reply to an answer of ours."""

from email.message import EmailMessage

from home import inquiries
from home.models import Inquiry
from tests import make

ADDRESS = "replies@quay.example"
WORDS = "Seven would do as well."
QUOTED = f"{WORDS}\n\nOn Sun, 1 Mar 2026 at 13:00, Quay Ltd <news@quay.example> wrote:\n> At six.\n>\n> Every day.\n"


def reply(row: Inquiry, text: str = QUOTED, *, to: str = "", sender: str = make.BEN, **headers: str) -> EmailMessage:
    """Ben's mail to the address for replies of his inquiry, with his words above a copy of ours."""
    message = EmailMessage()
    given = {"From": f"Ben Ode <{sender}>", "To": to or inquiries.reply_address(row), "Subject": "Re: Your question"}
    given |= {"Message-ID": "<b1@mail.example>"} | {name.replace("_", "-"): said for name, said in headers.items()}
    for name, said in given.items():
        message[name] = said
    message.set_content(text)
    return message
