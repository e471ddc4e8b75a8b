"""A person's copy of their data, opened: its files, and what its schema says of them."""

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from jsonschema import Draft202012Validator, FormatChecker

from records.subject_requests import exporting
from tests import make


@dataclass
class Opened:
    copy: exporting.Copy
    content: bytes
    files: dict[str, bytes]

    @property
    def sets(self) -> dict[str, Any]:
        names = [name for name in self.files if name.startswith("data/")]
        return {name[len("data/") : -len(".json")]: json.loads(self.files[name]) for name in names}

    @property
    def text(self) -> bytes:
        return b"\n".join(self.files.values())

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self.files["index.html"], "html.parser")

    def rows(self, label: str) -> list[dict[str, Any]]:
        return list(self.sets[label]["rows"])

    def faults(self) -> list[str]:
        """What does not follow schema.json."""
        schema = json.loads(self.files["schema.json"])
        Draft202012Validator.check_schema(schema)
        found = []
        for label, said in self.sets.items():
            one = schema | {"oneOf": [{"$ref": f"#/$defs/{label}"}]}
            validator = Draft202012Validator(one, format_checker=FormatChecker())
            found += [f"{label}: {fault.message}: {fault.context}" for fault in validator.iter_errors(said)]
        return found


def of(email: str = make.ANA, **how: Any) -> Opened:
    file = io.BytesIO()
    copy = exporting.write(file, email=email, now=make.NOW, **how)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    return Opened(copy, file.getvalue(), files)
