export type TemplateVersion =
  | { readonly known: true; readonly notes: readonly string[] }
  | { readonly known: false; readonly problem: string };

/**
 * What it means that a stack was made from another version of the template.
 *
 * @param stated the stack's output TemplateVersion; absent where only a test event was given
 * @param shipped of the template here
 */
export function versionOf(stated: string | undefined, shipped: string): TemplateVersion {
  if (stated === undefined || stated === shipped) return { known: true, notes: [] };
  const [number, latest] = [stated, shipped].map((text) => (/^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN));
  if (number !== undefined && latest !== undefined && number < latest) {
    return {
      known: true,
      notes: [
        `The stack was made from version ${stated} of the template; ${shipped} is the current one. Its test event is still good. Send the customer the current template when it suits: docs/upgrading.md says what an update changes.`,
      ],
    };
  }
  return {
    known: false,
    problem: `is ${JSON.stringify(stated)}. Allowed: 1 to ${shipped}, which is the version of cloudformation/secure-inbox.yaml here. A later one may need what this version of secure-inbox does not know: update it, then try again.`,
  };
}
