import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { budgetMs, within } from '../../core/time.ts';
import type { CheckDependencies } from './dependencies.ts';
import { failureOf } from './errors.ts';

type CallerAnswer =
  | { readonly known: true; readonly accountId: string; readonly arn?: string }
  | { readonly known: false; readonly why: string };

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html, which needs no permission. */
export async function askWhoCalls({ aws, remainingMs }: CheckDependencies): Promise<CallerAnswer> {
  try {
    const { Account, Arn } = await within(budgetMs(remainingMs(), 1, 7), (abortSignal) =>
      aws.sts.send(new GetCallerIdentityCommand({}), { abortSignal }),
    );
    if (!Account) return { known: false, why: 'STS answered GetCallerIdentity without an account.' };
    return { known: true, accountId: Account, ...(Arn && { arn: Arn }) };
  } catch (error) {
    const { code, message } = failureOf(error).error;
    return { known: false, why: `Whose credentials these are is not known: ${code}: ${message}` };
  }
}
