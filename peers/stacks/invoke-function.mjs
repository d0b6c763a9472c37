import { join } from 'node:path';

/**
 * Runs a function once, like Lambda's Node.js runtime: `node invoke-function.mjs FOLDER HANDLER SECONDS < event`. The
 * answer is the last line on stdout, as `{payload}` or `{error}`; logs come before it.
 */
const [folder, handlerName, seconds] = process.argv.slice(2);
const [file, name] = handlerName.split('.');
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);

const until = Date.now() + Number(seconds) * 1000;
const context = {
  getRemainingTimeInMillis: () => until - Date.now(),
  awsRequestId: process.env.REQUEST_ID,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  invokedFunctionArn: process.env.FUNCTION_ARN,
  functionVersion: '$LATEST',
};
let answer;
try {
  const module = await import(join(folder, `${file}.mjs`));
  answer = { payload: (await module[name](JSON.parse(Buffer.concat(chunks).toString()), context)) ?? null };
} catch ({ name: errorType, message: errorMessage }) {
  answer = { error: { errorType, errorMessage } };
}
process.stdout.write(`\n${JSON.stringify(answer)}\n`, () => process.exit());
