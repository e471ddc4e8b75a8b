"""The public pages, what visitors write to us, what they publish, what is promoted, and what is counted."""

from home.models.appearance import Appearance
from home.models.articles import ArticleIndexPage, ArticlePage
from home.models.entries import PublicEntriesPage, PublicEntry
from home.models.forms import Field, FormPage
from home.models.inquiries import AnswerTemplate, Attachment, IncomingMessage, Inquiry, Note
from home.models.pages import FEATURES, READING, SECTIONS, HomePage, StandardPage
from home.models.promotions import Promotion, PromotionCount
from home.models.statistics import Tally

__all__ = [
    "FEATURES",
    "READING",
    "SECTIONS",
    "AnswerTemplate",
    "Appearance",
    "ArticleIndexPage",
    "ArticlePage",
    "Attachment",
    "Field",
    "FormPage",
    "HomePage",
    "IncomingMessage",
    "Inquiry",
    "Note",
    "Promotion",
    "PromotionCount",
    "PublicEntriesPage",
    "PublicEntry",
    "StandardPage",
    "Tally",
]
