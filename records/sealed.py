"""Columns that only the key of their person opens. To code they are text; in the database they are not.

A model with such columns has a `subject_key`. Once that row is gone, they read "(erased)".
"""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.validators import MaxLengthValidator
from django.db import connections, models, router
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext

from records import cipher


class Gone(LookupError):
    """The key of the person is gone: nothing more is stored under it."""


class Erased(str):
    """The word that stands where something was sealed under a key that is gone."""


class Sealed(bytes):
    """A sealed value as it is stored, which only its row opens: `values()` brings it, and no page can show it."""

    def __str__(self) -> str:
        raise TypeError("A sealed value is read through its row: take the object, not values().")

    def __repr__(self) -> str:
        return "<sealed>"


class RowNumber(models.BigAutoField):  # type: ignore[type-arg]
    """A number that a row has before it is written: what is sealed in it names the row, and opens in no other."""

    def get_pk_value_on_save(self, instance: Any) -> int:
        table = self.model._meta.db_table
        with connections[router.db_for_write(self.model, instance=instance)].cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s))", [f'"{table}"', self.column])
            return int(cursor.fetchone()[0])


class SealedAttribute(DeferredAttribute):
    """Opens the column when it is read: a list that does not show it never does."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        field: SealedField = self.field  # type: ignore[assignment]
        if field.attname not in instance.__dict__:
            stored = type(instance)._base_manager.using(instance._state.db).filter(pk=instance.pk)
            instance.__dict__[field.attname] = stored.values_list(field.attname, flat=True).get()
        value = instance.__dict__[field.attname]
        return value if field.is_open(value) else field.opened(value, instance)

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Text sealed under the row's `subject_key`. `most`: characters that may be given. It cannot be searched; a
    BlindIndexField beside it can. The row's number is known before it is written: a RowNumber, or a UUID."""

    descriptor_class = SealedAttribute
    empty_values = [None, b"", ""]
    takes: type = str
    takes_words = "text"

    def __init__(self, *args: Any, most: int | None = None, **kwargs: Any) -> None:
        self.most = most
        super().__init__(*args, **kwargs)
        if most:
            self.validators.append(MaxLengthValidator(most))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | ({"most": self.most} if self.most else {})

    @property
    def column_name(self) -> str:
        return f"{self.model._meta.label}.{self.attname}"

    def place(self, instance: Any) -> str:
        if instance.pk is None:
            raise TypeError(
                f"{self.column_name} is sealed for its row: the model needs id = RowNumber(primary_key=True)."
            )
        return f"{self.column_name}:{instance.pk}"

    def is_open(self, value: Any) -> bool:
        """Is this what code has given, and not what the database holds?"""
        return value is None or isinstance(value, str)

    def opened(self, value: bytes | memoryview, instance: Any) -> Any:
        """Raises cipher.Damaged and cipher.UnknownKey; without the key, the word for what is erased."""
        if not value:
            return ""
        if (key := self._key(instance)) is None:
            return Erased(gettext("(erased)"))
        return cipher.open_sealed(bytes(value), key, self.place(instance)).decode()

    def _key(self, instance: Any) -> Any:
        try:
            return instance.subject_key
        except ObjectDoesNotExist:
            return None

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Seals what code has given; leaves in the database what is there. Raises Gone, cipher.UnknownKey."""
        value = model_instance.__dict__[self.attname]
        if isinstance(value, Sealed | Erased):
            if add and value:
                raise TypeError(f"{self.column_name}: a sealed row is not copied. Write its text into a new row.")
            return value if not value else models.F(self.attname)
        if not value:
            return value if value is None else b""
        if not isinstance(value, self.takes):
            raise TypeError(f"{self.column_name} takes {self.takes_words}, not {type(value).__name__}.")
        return self._sealed(value, model_instance)

    def _sealed(self, value: Any, instance: Any) -> Sealed:
        if self.most and len(value) > self.most:
            raise ValueError(f"{self.column_name} takes {self.most} characters, not {len(value)}.")
        key = self._key(instance)
        if key is None:
            raise Gone(f"{self.column_name} has no key: nothing is stored of a person who was erased.")
        return Sealed(cipher.seal(value.encode() if isinstance(value, str) else value, key, self.place(instance)))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            raise TypeError(f"{self.column_name} is sealed: save it through its row; look it up by its blind index.")
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "isnull"} else None

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        return value

    def value_from_object(self, obj: Any) -> Any:
        return getattr(obj, self.attname)

    def value_to_string(self, obj: Any) -> str:
        """What `dumpdata` writes: never the text."""
        value = obj.__dict__[self.attname]
        return b64encode(value if isinstance(value, Sealed) or not value else self.pre_save(obj, False)).decode("ascii")


class SealedBytesField(SealedField):
    """A file, sealed like text. `named` is the column beside it that holds its name. Whose key is gone reads b""."""

    takes = bytes
    takes_words = "bytes"

    def __init__(self, *args: Any, named: str = "", **kwargs: Any) -> None:
        self.named = named
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | ({"named": self.named} if self.named else {})

    def is_open(self, value: Any) -> bool:
        return value is None or (isinstance(value, bytes) and not isinstance(value, Sealed))

    def opened(self, value: bytes | memoryview, instance: Any) -> Any:
        """Raises cipher.Damaged and cipher.UnknownKey."""
        key = self._key(instance) if value else None
        return cipher.open_sealed(bytes(value), key, self.place(instance)) if key else b""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, bytes) and value and not isinstance(value, Sealed):
            raise TypeError(f"{self.column_name} is sealed: save it through its row.")
        return super().get_db_prep_value(value, connection, prepared)


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

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        models.signals.pre_save.connect(self._is_written_too, sender=cls)

    def _is_written_too(self, instance: Any, update_fields: frozenset[str] | None, **kwargs: Any) -> None:
        if update_fields is None or self.of not in update_fields or self.attname in update_fields:
            return
        if not isinstance(instance.__dict__.get(self.of), Sealed | Erased):
            raise TypeError(f'update_fields has "{self.of}": name "{self.attname}" too, or it is found as it was.')

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        said = model_instance.__dict__.get(self.of)
        if not isinstance(said, Sealed | Erased) and self.of in model_instance.__dict__:
            setattr(model_instance, self.attname, (said and cipher.blind(self.kind, said)) or None)
        return super().pre_save(model_instance, add)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            raise TypeError(f'{self.attname} is a blind index: look up cipher.blind("{self.kind}", …).')
        return super().get_db_prep_value(value, connection, prepared)


def found_by(column: str) -> dict[str, Callable[[str], models.Q]]:
    """How a data set with a blind index of addresses is searched for a person: by the address, and by the index."""
    return {
        "email": lambda email: models.Q(**{column: cipher.blind("email", email)}),
        "subject": lambda index: models.Q(**{column: bytes.fromhex(index)}),
    }
