"""How does a day stand in a sentence of Russian, and an instant?"""

DATE_FORMAT = "j E Y"
DATETIME_FORMAT = "j E Y, H:i e"
