"""The editor's side of this floor, a module a subject."""
