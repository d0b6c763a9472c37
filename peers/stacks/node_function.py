"""Runs a Lambda function by Node.js on this machine, for stacks that would run it in Docker."""

import json
import os
import pathlib
import subprocess

PROGRAM = str(pathlib.Path(__file__).with_name("invoke-function.mjs"))


def invoke(folder, handler, seconds, environment, event):
    """Returns (payload as text, whether it is an error, what the function logged)."""
    env = {"PATH": os.environ["PATH"], **{name: str(value) for name, value in environment.items()}}
    command = ["node", PROGRAM, str(folder), handler, str(seconds)]
    done = subprocess.run(command, input=event, env=env, capture_output=True, text=True, timeout=int(seconds) + 10)
    *log, last = done.stdout.strip().split("\n")
    try:
        answer = json.loads(last)
    except ValueError:
        answer = {"error": {"errorType": "Runtime.ExitError", "errorMessage": (done.stderr or last)[-500:]}}
    is_error = "error" in answer
    return json.dumps(answer["error" if is_error else "payload"]), is_error, "\n".join([*log, done.stderr])
