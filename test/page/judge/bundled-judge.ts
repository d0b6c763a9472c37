import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import type { JudgeInput, JudgeStart, Judgment, PageSettings } from '../../../page/contract.ts';
import { projectRoot } from '../../lib/synthesized.ts';

export interface BundledJudge {
  judge(input: Partial<Omit<JudgeInput, 'seq'>>): Promise<Judgment>;
  /** Evaluates an expression in the worker's context. */
  evaluate(expression: string): unknown;
}

interface Scope {
  onmessage?: (event: { readonly data: JudgeStart | JudgeInput }) => void;
}

/** The worker as in the page, without Node.js: only with what every browser worker has. */
export async function bundledJudge(settings: PageSettings): Promise<BundledJudge> {
  const answers = new Map<number, (judgment: Judgment) => void>();
  const scope: Scope & Record<string, unknown> = {
    postMessage: (judgment: Judgment) => answers.get(judgment.seq)?.(structuredClone(judgment)),
    btoa,
    crypto,
    structuredClone,
    TextEncoder,
    URLSearchParams,
  };
  const context = createContext(scope);
  runInContext(await pageScript(), context);
  const send = (data: JudgeStart | JudgeInput) => scope.onmessage?.({ data: structuredClone(data) });
  send({ start: settings });
  let seq = 0;
  return {
    evaluate: (expression) => runInContext(expression, context),
    judge: (input) =>
      new Promise((resolve) => {
        seq += 1;
        answers.set(seq, resolve);
        send({ seq, documents: [], told: {}, deployment: { parameters: {}, imports: {} }, ...input });
      }),
  };
}

/** The page and its worker are one script. */
async function pageScript(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: ['page/main.ts'],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: ['chrome110', 'firefox115', 'safari16.4'],
    mainFields: ['module', 'main'],
  });
  return outputFiles[0]?.text ?? '';
}
