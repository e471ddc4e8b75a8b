"""Whoever signs in to the CMS shows two things: the password they know, and the telephone they have."""
