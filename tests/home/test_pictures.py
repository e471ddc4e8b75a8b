"""The files in which pages show a picture: drawn once, however many visitors ask for them first."""

import pytest
from django.core.files.storage import default_storage
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from home import pictures
from tests.committed import together

# Wagtail's, of pictures kept in memory.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def test_visitors_who_come_at_once_have_the_same_files_and_leave_no_other(committed: None) -> None:
    picture = Image.objects.create(title="Quay", file=get_test_image_file(size=(1200, 800)))
    before = _kept()

    def shown() -> dict[str, str]:
        found = pictures.files(Image.objects.get(pk=picture.pk), shape=pictures.CARD)
        return {spec: rendition.file.name for spec, rendition in found.items()}

    first, *others = together(*[shown] * 4)
    assert len(first) == 4
    assert others == [first] * 3
    assert _kept() - before == set(first.values())


def _kept() -> set[str]:
    _directories, files = default_storage.listdir("images") if default_storage.exists("images") else ([], [])
    return {f"images/{file}" for file in files}
