"""How does a day stand in a sentence of Arabic, and an instant?"""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y، H:i e"
