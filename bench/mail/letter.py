"""The text that every sender of the measurement sends: about 15 kB as a message, in text and HTML."""

SUBJECT = "Spring at the quay"
_SENTENCES = (
    "From the first of the month the part-load trucks leave on Mondays as well, for the northern ports at two o'clock.",
    "Who books before noon is on the truck of the same day, and the papers are ready at the gate when it arrives.",
    "Prices stay as they are until the summer; what changes then is on the page of prices four weeks before.",
    "Refrigerated containers have a lane of their own at the terminal, with twelve sockets and a fitter until ten.",
    "The office by the lock is open on Saturdays, from nine until one, for customs papers and for everything else.",
)
PARAGRAPHS = [f"<p>{' '.join(_SENTENCES[place % 5 :] + _SENTENCES[: place % 5])}</p>" for place in range(2)]
