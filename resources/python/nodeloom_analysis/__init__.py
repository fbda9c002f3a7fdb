"""Ports of Python files, found by parsing. Nothing of a project is imported or run here.

Standard library only; runs under Python 3.9 and later with ``-I -S``.
"""
