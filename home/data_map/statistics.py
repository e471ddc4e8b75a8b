"""Numbers of days: groups of fewer than five are not written down."""

from records.registry import nothing_personal

nothing_personal("home.Tally", "id", "day", "of", "value", "visitors", "views", "final")
