"""Columns that only the key of their person opens. To code they are text; in the database they are not.

A model with such columns has a `subject_key`. Once that row is gone, they read "(erased)".
"""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext

from records import cipher


class SealedAttribute(DeferredAttribute):
    """Opens the column when it is read: a list that does not show it never does."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            super().__get__(instance, cls)
        value = instance.__dict__[self.field.attname]
        field: SealedField = self.field  # type: ignore[assignment]
        return field.opened(value, instance) if isinstance(value, bytes | memoryview) else value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Text sealed under the row's `subject_key`. `most`: characters that may be given. It cannot be searched; a
    BlindIndexField beside it can."""

    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, most: int | None = None, **kwargs: Any) -> None:
        self.most = most
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | ({"most": self.most} if self.most else {})

    @property
    def place(self) -> str:
        return f"{self.model._meta.label}.{self.attname}"

    def opened(self, value: bytes | memoryview, instance: Any) -> str:
        """Raises cipher.Damaged and cipher.UnknownKey; without the key, the word for what is erased."""
        if not value:
            return ""
        try:
            key = instance.subject_key
        except ObjectDoesNotExist:
            return gettext("(erased)")
        return cipher.open_sealed(bytes(value), key, self.place).decode()

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__[self.attname]
        if not isinstance(value, str):
            return value
        return cipher.seal(value.encode(), model_instance.subject_key, self.place) if value else b""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            raise TypeError(f"{self.place} is sealed: save it through its row, and look it up by its blind index.")
        return super().get_db_prep_value(value, connection, prepared)

    def value_from_object(self, obj: Any) -> Any:
        return getattr(obj, self.attname)

    def value_to_string(self, obj: Any) -> str:
        return str(getattr(obj, self.attname))


class BlindIndexField(models.BinaryField):  # type: ignore[type-arg]
    """The blind index of a SealedField of the same row, written with it, for `filter(email_index=cipher.blind(…))`.

    `of` names the sealed column, `kind` what it holds: "email", "phone" or "name". Empty text has no index.
    """

    def __init__(self, *args: Any, of: str, kind: str, **kwargs: Any) -> None:
        self.of, self.kind = of, kind
        super().__init__(*args, **kwargs | {"max_length": cipher.INDEX_BYTES, "null": True, "editable": False})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        own = {key: value for key, value in kwargs.items() if key not in {"max_length", "null", "editable"}}
        return name, path, args, own | {"of": self.of, "kind": self.kind}

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        said = model_instance.__dict__.get(self.of)
        if isinstance(said, str):
            setattr(model_instance, self.attname, cipher.blind(self.kind, said) if said else None)
        return super().pre_save(model_instance, add)
