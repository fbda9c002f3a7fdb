"""Entry of a worker process, run by path with the environment's interpreter.

Only this small file is compiled at each start (a script is never cached); the rest is imported.
"""
import os
import sys

sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from nodeloom_runtime.worker import main  # noqa: E402  (needs the path above)

main()
