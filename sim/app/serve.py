"""Starts the streamlit server with the packaged entry file and theme.

The server listens on loopback alone and sends no usage statistics: .streamlit/config.toml
beside the entry file says so, in a checkout and in an installed wheel. STREAMLIT_SERVER_ADDRESS
and streamlit's other variables win over it, for a host that means to share.
"""

import gc
from pathlib import Path

PACKAGED = Path(__file__).parent / "_entry" / "app.py"
CHECKOUT = Path(__file__).parents[2] / "app.py"


def entry() -> Path:
    """The entry file: in an installed wheel inside the package, in a checkout at its top."""
    return PACKAGED if PACKAGED.is_file() else CHECKOUT


def arguments(port: int | None) -> list[str]:
    """The words after `streamlit`."""
    words = ["run", str(entry()), "--server.fileWatcherType", "none"]
    return words if port is None else [*words, "--server.port", str(port)]


def serve(port: int | None = None) -> None:
    """Runs the server until it is stopped.

    Args:
        port: to listen on; the first free one from 8501 when left out.
    """
    from streamlit.web import cli

    import sim.app.frame  # noqa: F401  loaded before the browser opens, not while its user waits

    # What is loaded by now stays: a collection need not walk through it, a tenth of a second each time.
    gc.collect()
    gc.freeze()

    cli.main(arguments(port), prog_name="streamlit", standalone_mode=False)
