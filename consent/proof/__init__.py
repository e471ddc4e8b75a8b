"""How does anybody see that no decision was changed, removed, added or moved? Leaves, trees, seals, anchors, checks.

`leaves` makes one HMAC per row as it is written; `seal` orders them into Merkle trees (RFC 9162) and signs a chain of
roots; `anchors` writes those down outside the database; `redact` erases bodies and keeps leaves; `verify` checks all.
"""
