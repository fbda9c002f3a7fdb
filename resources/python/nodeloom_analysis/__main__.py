"""Entry of the analysis process: ``python -I -S PATH/__main__.py``, frames on stdin and stdout."""

import os
import sys

# Isolated mode leaves the script's folder off sys.path. It is appended, so that nothing beside the
# package can shadow the standard library.
sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from nodeloom_analysis.server import main  # noqa: E402

sys.exit(main())
