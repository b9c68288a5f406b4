"""Run every measurement of this folder, one after the other: `make bench`. Each is a module or a package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """The worst exit code of all."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*"))
    codes = [subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *sys.argv[1:]]).returncode for name in names]
    return max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main())
