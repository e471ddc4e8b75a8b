"""Where do the texts in other languages stand in a form?"""

from typing import Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from consent import forms
from policies.states import language_name

lazy_name = lazy(language_name, str)


def translations(**texts: Any) -> list[MultiFieldPanel]:
    """One panel for each other language of the content; `texts` gives each field its label."""
    return [
        MultiFieldPanel(
            [FieldPanel(forms.place(name, language), heading=label) for name, label in texts.items()],
            heading=format_lazy("{label}: {language}", label=_("Translation"), language=lazy_name(language)),
            help_text=_("Left empty, visitors read the site's own words."),
        )
        for language in forms.others()
    ]
