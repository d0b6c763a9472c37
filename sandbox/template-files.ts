import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MapNode, TemplateSource } from '../model/template/node.ts';
import { readTemplate } from '../model/template/read-template.ts';
import type { DeploymentOptions } from '../model/template/resolve-template.ts';
import { refuse } from '../model/template/template-error.ts';
import { deployedStack, type Stack } from '../model/world/from-templates.ts';
import { separatorHint } from './separator-hint.ts';

/** What a customer deploys. */
export const customerTemplate = join(import.meta.dirname, '../cloudformation/secure-inbox.yaml');

/** @throws TemplateError where the file cannot be read */
export function templateSource(file: string): TemplateSource {
  try {
    return { file, text: decode(readFileSync(file)) };
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message;
    return refuse(
      { source: { file, text: '' }, line: 1, column: 1, path: '' },
      `cannot be read: ${reason}.${separatorHint(file)}`,
    );
  }
}

/** @throws TemplateError where the file cannot be read or is not a template */
export function readTemplateFile(file: string): MapNode {
  return readTemplate(templateSource(file));
}

/**
 * Loads a template as AWS would deploy it.
 *
 * @throws TemplateError with file, line and column of every problem
 */
export function loadStack({ file, ...options }: DeploymentOptions & { readonly file: string }): Stack {
  return deployedStack(readTemplateFile(file), options);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

/** Editors on Windows write a byte order mark, and some UTF-16. */
function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes).replace(/^\uFEFF/, '');
}
