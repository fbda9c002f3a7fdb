"""The Python side of a worker: runs node code, keeps its values, and talks to the host over a private wire.

Standard library only. Nothing here is for node code to import.
"""
