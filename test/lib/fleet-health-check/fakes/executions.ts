import { ServiceError } from './aws-json.ts';

export interface Execution {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly input: string;
  closed: boolean;
}

/**
 * A name starts one execution. While it is running, the same name and input return the same execution.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export function startExecution(executions: Execution[], request: Readonly<Record<string, unknown>>): unknown {
  const stateMachineArn = String(request['stateMachineArn']);
  const name = String(request['name']);
  const input = String(request['input']);
  if (!/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}$/.test(name)) {
    throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
  }
  const earlier = executions.find((one) => one.name === name && one.stateMachineArn === stateMachineArn);
  if (earlier && (earlier.closed || earlier.input !== input)) {
    throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${name}'`);
  }
  if (!earlier) executions.push({ stateMachineArn, name, input, closed: false });
  return { executionArn: `arn:aws:states:us-east-1:111111111111:execution:HealthCheck:${name}`, startDate: 0 };
}
