"""Reading rule files: dated values with references, refused when they say what the loader does not know."""

from .book import RULES, RuleBook, book, documents, load
from .errors import NoRuleInForce, RuleFileError

__all__ = ["RULES", "NoRuleInForce", "RuleBook", "RuleFileError", "book", "documents", "load"]
