import type { Judged } from '../model/preflight/judge.ts';
import type { JudgeRequest } from '../model/preflight/judged-documents.ts';

/** What the page and its worker say to each other: the page sends JudgeStart once, then JudgeInputs; the worker answers with Judgements. */

export interface JudgeStart {
  readonly start: PageSettings;
}

/** Filled in when the page is written: a test event, and what the two accounts are made of. Nothing secret. */
export interface PageSettings {
  readonly event?: unknown;
  /** True whatever the documents say, as is `known`. */
  readonly service: {
    readonly deliveryRoleArn?: string;
    readonly accountId?: string;
    readonly internalBucket?: string;
    readonly internalKeyArn?: string;
  };
  /** What the service knows of a customer for whom there is no test event yet. */
  readonly known?: {
    readonly customer?: string;
    readonly accountId?: string;
    readonly region?: string;
    readonly prefix?: string;
  };
  /** Whether the documents of the service may be edited too. */
  readonly everything: boolean;
  readonly templates?: { readonly service: TemplateText; readonly customer: TemplateText };
  /** What the page begins with. */
  readonly documents?: readonly { readonly name: string; readonly text: string; readonly as?: string }[];
  /** The policies of the service as texts, to be shown; with `everything` to be edited. */
  readonly serviceDocuments?: readonly { readonly name: string; readonly text: string; readonly as: string }[];
  readonly told?: Readonly<Record<string, string | boolean>>;
  readonly deployment?: Partial<JudgeInput['deployment']>;
  /** Whether who serves the page tells of files that change. */
  readonly follows?: true;
}

export interface TemplateText {
  readonly file: string;
  readonly text: string;
}

export interface JudgeInput extends Pick<JudgeRequest, 'documents' | 'told'> {
  readonly seq: number;
  readonly deployment: {
    readonly parameters: Readonly<Record<string, string>>;
    readonly imports: Readonly<Record<string, string>>;
    readonly stackName?: string;
  };
}

export interface Judgement extends Judged {
  readonly seq: number;
}
