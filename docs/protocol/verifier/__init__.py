"""A second verifier of Halfdoor's protocol, written from README.md and wire.cddl and nothing else.

It shares no line with the program. Where the two disagree about a file, one of them or the page is wrong.
"""
