"""How fast does a campaign leave, beside a well-known newsletter app, and beside what a connection can carry?"""
