"""What does every page look like, and is anything on it cut off, overlapping, unstyled or left untranslated?"""
