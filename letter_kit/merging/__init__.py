"""Merging: a campaign's text and the merge context become a letter, in a strict sandbox.

Values from people are data: they are escaped for what they are put into, and never
rendered again. A campaign's own text is trusted to be Markdown, and never to be code.

Jinja is imported by the modules that run templates and by none that only handle what they
made, so that a process which does the one need not wait for the other.
"""
