"""The online half: from a question to an answer with citations; changes nothing."""
