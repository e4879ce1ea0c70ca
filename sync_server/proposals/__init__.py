"""Proposals handed in by companies: drafts, deadline to the second, attachment, panel and pack. Knows no page."""
