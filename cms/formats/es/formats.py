"""How does a day stand in a sentence of Spanish, and an instant?"""

DATE_FORMAT = r"j \d\e F \d\e Y"
DATETIME_FORMAT = r"j \d\e F \d\e Y, H:i e"
