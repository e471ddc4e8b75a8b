"""What the ways out are given in tests: parcels, and a journal that remembers in which order it was written."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from django.core.mail import EmailMultiAlternatives

from mailing.transport import Answer, Parcel, Stage


@dataclass
class Kept:
    """A journal. `watch` is called before anything is written down."""

    lines: list[str] = field(default_factory=list)
    answers: dict[int, Answer] = field(default_factory=dict)
    watch: Callable[[str], None] = lambda line: None

    def intent(self, number: int) -> None:
        self._write(f"intent {number}")

    def answer(self, answer: Answer) -> None:
        assert answer.number not in self.answers, "answered twice"
        self._write(f"answer {answer.number}: {answer.code}")
        self.answers[answer.number] = answer

    def _write(self, line: str) -> None:
        self.watch(line)
        self.lines.append(line)

    @property
    def intents(self) -> list[int]:
        return [int(line.split()[1]) for line in self.lines if line.startswith("intent")]

    @property
    def in_doubt(self) -> list[int]:
        return [number for number in self.intents if number not in self.answers]

    def untouched(self, numbers: Collection[int]) -> list[int]:
        return [number for number in numbers if number not in self.answers and number not in self.intents]

    def said(self) -> dict[int, tuple[int, Stage]]:
        return {number: (answer.code, answer.stage) for number, answer in self.answers.items()}


def wire(number: int, text: str = "Hello.") -> bytes:
    return (
        f"From: Quay <news@quay.example>\r\nMessage-ID: <{number}@quay.example>\r\nSubject: News\r\n\r\n{text}\r\n"
    ).encode()


def message(recipient: str, number: int) -> EmailMultiAlternatives:
    headers = {"Message-ID": f"<{number}@quay.example>"}
    return EmailMultiAlternatives("News", "Hello.", "Quay <news@quay.example>", [recipient], headers=headers)


def parcel(
    number: int,
    recipient: str = "",
    *,
    sender: str = "bounces@quay.example",
    body: bytes | None = None,
) -> Parcel:
    to = recipient or f"reader{number}@harbour.example"
    return Parcel(
        number=number,
        sender=sender,
        recipient=to,
        wire=lambda: wire(number) if body is None else body,
        message=lambda: message(to, number),
    )


def parcels(count: int) -> list[Parcel]:
    return [parcel(number) for number in range(1, count + 1)]
