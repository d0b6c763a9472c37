import { notAuthorized } from '../../core/aws-words/reasons.ts';

/** The text that the console offers to copy for the administrator if a permission is missing. */
const request =
  /(?:\bAccess denied to [\w-]{1,60}:\w{1,100}\s{1,20})?(?:\bYou don[’']t have permissions? to [^\n]{1,400}\s{1,20})?\bUser:\s{0,20}(arn:\S{1,2000})\s{1,200}Action:\s{0,20}([\w-]{1,60}:\w{1,100})\s{1,200}On resource\(s\):\s{0,20}(\S{1,2000})(?:\s{1,200}Context:[ \t]{0,20}([^\n]{1,200}))?/g;

/** The same as the sentence that programs get, without changing the number of lines. */
export function asSentences(text: string): string {
  return text.replace(request, (whole, user: string, action: string, resource: string, context?: string) => {
    const denying = context?.match(/^an? (.{1,40}?) explicitly denies/)?.[1];
    const reason = denying ? `with an explicit deny in a ${denying}` : context && `because ${context}`;
    const said = notAuthorized(user, action, `resource: ${resource}`, reason);
    return `${said}${'\n'.repeat(whole.split('\n').length - 1)}`;
  });
}
