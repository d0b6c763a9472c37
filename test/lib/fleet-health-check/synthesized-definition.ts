import type { Template } from 'aws-cdk-lib/assertions';

export interface StateDefinition {
  readonly Type: string;
  readonly [field: string]: unknown;
}
export interface MachineDefinition {
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, StateDefinition>>;
}

/** The state machine that CloudFormation would create from the synthesized template. */
export function synthesizedDefinition(template: Template): MachineDefinition {
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  return JSON.parse(resolve(machine?.['Properties'].DefinitionString)) as MachineDefinition;
}

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '111111111111',
};

/** The parts of the state machine's definition. A reference to a resource becomes that resource's logical ID. */
export function resolve(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = []] = Object.entries(value as object);
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(resolve).join('');
  if (name === 'Ref') return pseudoParameters[argument as string] ?? (argument as string);
  throw new Error(`The definition holds ${JSON.stringify(value)}, which this does not resolve.`);
}
