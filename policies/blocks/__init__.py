"""The clauses an editor writes a policy from."""

from wagtail import blocks

from policies.blocks import typed
from policies.blocks.prose import FEATURES, ClauseBlock, SectionBlock, SubclauseBlock, TextBlock

__all__ = ["FEATURES", "ClausesBlock"]


class ClausesBlock(blocks.StreamBlock):
    section = SectionBlock()
    clause = ClauseBlock()
    subclause = SubclauseBlock()
    text = TextBlock()
    retention = typed.RetentionBlock()
    purposes = typed.PurposesBlock()
    data = typed.DataBlock()
    services = typed.ServicesBlock()
    grounds = typed.GroundsBlock()
    contact = typed.ContactBlock()
    definitions = typed.DefinitionsBlock()
