"""What the first page of the CMS tells of this floor, a module a subject."""
