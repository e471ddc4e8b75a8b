"""How are lists stored and edited: several of a fixed choice as ticks, free ones a line each?"""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Lines(forms.CharField):
    """One value a line; blank lines and blanks around a value are dropped."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return list(dict.fromkeys(line.strip() for line in (value or "").splitlines() if line.strip()))

    def run_validators(self, value: Any) -> None:
        """The model's field judges each line."""


class LinesField(ArrayField):  # type: ignore[type-arg]
    """Texts of up to `length` characters, edited a line each. `each` judges every line."""

    def __init__(
        self,
        verbose_name: Any = None,
        *,
        length: int = 200,
        each: Sequence[Callable[[str], None]] = (),
        **options: Any,
    ) -> None:
        self.length = length
        base = models.CharField(max_length=length, validators=[*each])
        options.pop("base_field", None)
        usual: dict[str, Any] = {"default": list, "blank": True}
        super().__init__(base, verbose_name=verbose_name, **usual | options)

    def deconstruct(self) -> Any:
        name, path, arguments, options = super().deconstruct()
        options.pop("base_field", None)
        return name, path, arguments, options | {"length": self.length}

    def formfield(self, **options: Any) -> Any:
        usual: dict[str, Any] = {"form_class": Lines, "show_hidden_initial": False}
        return models.Field.formfield(self, **usual | options)


class ChoicesField(ArrayField):  # type: ignore[type-arg]
    """Several of the values that the function `among` answers, edited as ticks. A new value is no migration."""

    def __init__(self, verbose_name: Any = None, *, among: Callable[[], list[tuple[str, Any]]], **options: Any) -> None:
        self.among = among
        options.pop("base_field", None)
        base = models.CharField(max_length=60)
        usual: dict[str, Any] = {"default": list, "blank": True}
        super().__init__(base, verbose_name=verbose_name, **usual | options)

    def deconstruct(self) -> Any:
        name, path, arguments, options = super().deconstruct()
        options.pop("base_field", None)
        return name, path, arguments, options | {"among": self.among}

    def formfield(self, **options: Any) -> Any:
        usual: dict[str, Any] = {
            "form_class": forms.MultipleChoiceField,
            "choices": self.among,
            "widget": forms.CheckboxSelectMultiple,
            "show_hidden_initial": False,
        }
        return models.Field.formfield(self, **usual | options)
