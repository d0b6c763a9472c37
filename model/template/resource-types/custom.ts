import type { ResourceType } from './resource-type.ts';

/**
 * Custom resources whose provider is known.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
 */
export const customTypes: Readonly<Record<string, ResourceType>> = {
  // Asks the service for a check (docs/stack-check.md) and changes nothing. Loading a template asks nobody.
  'Custom::SecureInboxCheck': {
    relevance: 'understood',
    attributes: {
      Verdict: () => 'inconclusive',
      Result: () =>
        'inconclusive. It was not checked. The sandbox runs the check when it is asked to, not when it loads a stack.',
    },
    properties: {
      CheckedWith: 'irrelevant',
      FailOnDenied: 'irrelevant',
      ServiceTimeout: 'irrelevant',
      ServiceToken: 'irrelevant',
      TestEvent: 'irrelevant',
    },
  },
};
