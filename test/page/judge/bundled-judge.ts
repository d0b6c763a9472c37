import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
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
export function bundledJudge(settings: PageSettings): BundledJudge {
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
  runInContext(pageScript(), context);
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

/** The page and its worker are one script, the last of the built page. */
function pageScript(): string {
  const page = readFileSync(join(projectRoot, 'dist/page.html'), 'utf8');
  return page.slice(page.lastIndexOf('<script>') + '<script>'.length, page.lastIndexOf('</script>'));
}
