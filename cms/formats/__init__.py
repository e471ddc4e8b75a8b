"""How are days and instants written, where Django's own way for a language is not what visitors read here?"""
