/** The CDK app could not be turned into a template and a bundle. Its message is for people. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
}
