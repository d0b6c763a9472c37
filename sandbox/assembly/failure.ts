/** Lines that say where in a program something was thrown, never what was wrong. */
const traceLines = [
  /^\s+at .+/,
  /^\s+\.\.\.new .+/,
  /^Node\.js v\d/,
  /^node:internal\//,
  /^\s*(?:triggerUncaughtException|throw)\b/,
  /^\s*\^+\s*$/,
  /^\S+\.[cm]?[jt]s:\d+$/,
  /^Bundling asset /,
  // The properties of an error, as Node.js prints them below its trace.
  /^ {2}\w+: ['"[{\d].*$/,
  /^\}$/,
  /^Emitted 'error' event/,
];

/**
 * What a failed Node.js process says was wrong, from all that it printed: without stack trace and code frame.
 */
export function explainFailure(output: string): string {
  const lines = output.split(/\r?\n/).filter((line) => !traceLines.some((pattern) => pattern.test(line)));
  const text = lines
    .join('\n')
    .replace(/\n{2,}/g, '\n')
    .trim();
  return text === '' ? 'it printed no reason.' : text;
}

/** The CDK app could not be turned into a template and a bundle. Its message is for people. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
}
