"""What may somebody ask about their own data, and how is it done: found, handed over as a copy, corrected, erased?"""
