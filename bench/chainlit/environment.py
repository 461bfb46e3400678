"""A virtual environment with Chainlit in it, made for one run of the bench and thrown away."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.server import SERVER_CORE, Process, free_port

VERSION = "2.12.0"
APP = Path(__file__).parent / "app.py"


class ChainlitEnvironment:
    """`python`: of an environment that has Chainlit already; None makes one (a minute or two)."""

    def __init__(self, python: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bench-chainlit-"))
        self.python = python or self._install()

    def _install(self) -> Path:
        subprocess.run([sys.executable, "-m", "venv", str(self.folder / "env")], check=True)
        python = self.folder / "env" / "bin" / "python"
        command = [str(python), "-m", "pip", "install", "--quiet", f"chainlit=={VERSION}"]
        subprocess.run(command, check=True, stdout=sys.stderr)
        return python

    def serve(self, upstream_port: int) -> Process:
        """Without compression, which its server would do for every frame if it were asked to."""
        port = free_port()
        command = [str(self.python), "-m", "chainlit", "run", str(APP), "--headless"]
        environment = {
            "BENCH_UPSTREAM": f"http://127.0.0.1:{upstream_port}",
            "CHAINLIT_APP_ROOT": str(self.folder),  # it writes its configuration there
            "UVICORN_WS_PER_MESSAGE_DEFLATE": "false",
        }
        return Process([*command, "--host", "127.0.0.1", "--port", str(port)], SERVER_CORE, port, environment)

    def remove(self) -> None:
        shutil.rmtree(self.folder)
