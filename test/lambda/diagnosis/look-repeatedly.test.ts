import { lookRepeatedly } from '../../../lambda/customer_configuration_check/diagnosis/look-repeatedly.ts';

class Fault extends Error {
  constructor(override readonly name: string) {
    super('words');
  }
}

const throttled = new Fault('ThrottlingException');
const hanging = () => new Promise<never>(() => {});

/** Gives the answers in turn and repeats the last one. Throws those that are errors. */
function looks(...answers: (string | Error)[]) {
  return vi.fn(async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

const isThere = (seen: string | undefined) => seen === 'there';
const soon = [1];

test('looks no more than needed', async () => {
  const look = looks('there');
  await expect(lookRepeatedly(look, isThere, 60_000)).resolves.toBe('there');
  expect(look).toHaveBeenCalledTimes(1);
});

test('looks again if it is not there yet, or AWS was busy', async () => {
  const look = looks('nothing', throttled, 'there');
  await expect(lookRepeatedly(look, isThere, 60_000, soon)).resolves.toBe('there');
  expect(look).toHaveBeenCalledTimes(3);
});

test('returns the last result when the time is up', async () => {
  await expect(lookRepeatedly(looks('nothing', throttled), isThere, 30, soon)).resolves.toBe('nothing');
});

test('is throttled if every answer was, even if the last look took too long', async () => {
  await expect(lookRepeatedly(looks(throttled), isThere, 30, soon)).rejects.toBe(throttled);
  const look = vi.fn(hanging).mockRejectedValueOnce(throttled);
  await expect(lookRepeatedly(look, isThere, 30, soon)).rejects.toBe(throttled);
});

test('a denial is final', async () => {
  const look = looks(new Fault('AccessDeniedException'), 'there');
  await expect(lookRepeatedly(look, isThere, 60_000, soon)).rejects.toThrow('words');
  expect(look).toHaveBeenCalledTimes(1);
});

test('without time it does not look, and does not wait for a silent service', async () => {
  const look = vi.fn(hanging);
  await expect(lookRepeatedly(look, isThere, 0)).rejects.toThrow('No time was left to try it.');
  expect(look).not.toHaveBeenCalled();
  await expect(lookRepeatedly(look, isThere, 20)).rejects.toThrow('No answer within 20 ms.');
});
