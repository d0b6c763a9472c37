import { parseTemplate } from '../../../model/template/read-template.ts';
import {
  type DeploymentOptions,
  type ResolvedTemplate,
  resolveTemplate,
} from '../../../model/template/resolve-template.ts';
import { TemplateError } from '../../../model/template/template-error.ts';

export const deployment = { accountId: '222222222222', region: 'us-east-1', stackName: 'inbox' };

/** Resolves a template written in the test. */
export function deploy(text: string, options: Partial<DeploymentOptions> = {}, file = 'test.yaml'): ResolvedTemplate {
  return resolveTemplate(parseTemplate({ file, text }), { ...deployment, ...options });
}

/** The error that reading or loading must throw. */
export function templateError(load: () => unknown): TemplateError {
  try {
    load();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('the template was accepted');
}
