"""`python -m actions`: serves on the loopback at COACH_ACTIONS_PORT."""

import logging
import os

import uvicorn

from actions.server import create_app


def main() -> None:
    """Serve until stopped."""
    logging.basicConfig(level=logging.INFO)
    port = int(os.environ.get("COACH_ACTIONS_PORT", "5055"))
    uvicorn.run(create_app(), host="127.0.0.1", port=port, access_log=False)


if __name__ == "__main__":
    main()
