"""The public edge of this floor, by noun."""
