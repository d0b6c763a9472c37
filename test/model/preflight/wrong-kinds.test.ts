import { policiesUnreadIn } from '../../../model/preflight/wrong-kinds.ts';

const unreadIn = (file: string, text: string) => policiesUnreadIn(file, text, { why: 'is not read' });
const both = ['bucketPolicy', 'keyPolicy'];

describe('a text that is not read', () => {
  it.each([
    ['"Statement" and "Effect"', 'Statement of what has effect', both],
    ['an effect, an action and a resource after it', 'Effect: Allow, NotAction: s3:Get*, Resource: all', both],
    ['an effect, a resource and an action after it', 'Effect: Allow, Resource: all, Action: s3:*', both],
    ['no effect', 'Statement, Action, Resource', []],
    ['no resource', 'Effect, Action', []],
    ['NotAction before no resource', 'Effect, Resource, NotAction', []],
  ])('with %s', (_, text, slots) => {
    expect(unreadIn('notes.txt', text)).toEqual(slots);
  });

  it.each([
    ['bucket-policy.txt', 'bucketPolicy'],
    ['our_key_policy.json', 'keyPolicy'],
    ['inbox/getBucketPolicy.json', 'bucketPolicy'],
    ['key-policy.json.bak', 'keyPolicy'],
    ['key-policy.txt', 'bucketPolicy', 'An error occurred (AccessDenied) when calling the GetBucketPolicy operation'],
    ['answer.err', 'keyPolicy', 'An error occurred (NotFoundException) when calling the GetKeyPolicy operation: Key'],
    ['answer.err', undefined, 'An error occurred (AccessDenied) when calling the GetBucketTagging operation'],
  ])('may be a policy as %s: %s', (file, slot, text = '') => {
    expect(unreadIn(file, text)).toEqual(slot === undefined ? [] : [slot]);
  });

  // A pattern that tries each of these words with all that follows takes minutes.
  it('is recognized by reading it once', () => {
    expect(unreadIn('notes.txt', `effect ${'action '.repeat(400_000)}`)).toEqual([]);
  });
});
