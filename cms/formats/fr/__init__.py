"""How are days and instants written in French?"""
