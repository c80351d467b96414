"""Runs generated programs, each in a process of its own: one changes the default type of PyTorch for everybody after it.

Loading NumPy and PyTorch takes longer than all else, so one process loads them, and a copy of it is made for each program.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from functools import lru_cache

SERVER = """
import json, os, sys
import numpy, torch
torch.set_num_threads(1)
for line in sys.stdin:
    source, directory = json.loads(line)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 1), os.dup2(writing, 2)
        os.chdir(directory)
        try:
            exec(compile(source, "program", "exec"), {"__name__": "__main__"})
        except BaseException:
            import traceback
            traceback.print_exc()
            code = 1
        else:
            code = 0
        sys.stdout.flush(), sys.stderr.flush()
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        said = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([code, said]), flush=True)
"""


@lru_cache(maxsize=1)
def _server() -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    atexit.register(server.kill)
    return server


def run_program(source: str, directory: str = ".") -> str:
    """What the program prints, run in ``directory``; one that fails is an ``AssertionError`` with what it said."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps([source, str(directory)]) + "\n")
    server.stdin.flush()
    code, said = json.loads(server.stdout.readline())
    assert code == 0, said
    return str(said)
