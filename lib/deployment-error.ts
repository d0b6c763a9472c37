/** Account A cannot be deployed as the app describes it. The message is for whoever wrote the app. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}
