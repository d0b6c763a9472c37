import { spawn } from 'node:child_process';

/** Runs a program to its end. Never rejects. */
export function run(command, args, { env = process.env, cwd, seconds = 600 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: seconds * 1000 });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('error', (error) => resolve({ status: 127, stdout, stderr: error.message }));
    child.on('close', (status) => resolve({ status: status ?? 1, stdout, stderr }));
  });
}

/** A program's error: the first line that looks like one, otherwise the last line. */
export function reasonOf({ stderr, stdout, status }) {
  const lines = (stderr.trim() || stdout.trim()).split('\n');
  return lines.find((line) => /^(\[ERROR\]|error)/i.test(line)) || lines.at(-1) || `exit status ${status}`;
}
