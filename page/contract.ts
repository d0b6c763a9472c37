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

export interface JudgeInput {
  readonly seq: number;
  /** `as` is the part of a scenario that the document is, 'template' or 'event'; without it, its content tells. */
  readonly documents: readonly {
    readonly id: string;
    readonly name: string;
    readonly text: string;
    readonly as?: string;
  }[];
  /** Answers to questions, by their fields. */
  readonly told: Readonly<Record<string, string | boolean>>;
  readonly deployment: {
    readonly parameters: Readonly<Record<string, string>>;
    readonly imports: Readonly<Record<string, string>>;
    readonly stackName?: string;
  };
}

/** Lines and columns count from 1. */
export interface Judgement {
  readonly seq: number;
  /** As `preflight --json` prints it, without times and ids; absent where nothing could be judged. */
  readonly report?: unknown;
  /** What each document was recognized as, or why it is not used. */
  readonly recognized: readonly {
    readonly id: string;
    readonly what: string;
    /** In the words of `as`. */
    readonly kind?: string;
    readonly used: boolean;
  }[];
  /** One for each diagnosis, in their order. */
  readonly places: readonly {
    readonly diagnosis: number;
    readonly document?: string;
    readonly line?: number;
    readonly column?: number;
    readonly focusLine?: number;
    readonly focusColumn?: number;
  }[];
  readonly mends: readonly Mend[];
  readonly questions: readonly Question[];
  readonly problems: readonly {
    readonly document?: string;
    readonly line?: number;
    readonly column?: number;
    readonly message: string;
  }[];
  /** Of the template among the documents. */
  readonly parameters: readonly {
    readonly name: string;
    readonly description?: string;
    readonly default?: string;
    readonly allowed?: readonly string[];
    readonly pattern?: string;
  }[];
}

/** A change of one document; `after` is its whole text. */
export interface Mend {
  readonly document: string;
  readonly diagnoses: readonly number[];
  readonly summary: string;
  readonly before: string;
  readonly after: string;
  /** What it grants beyond the deliveries. */
  readonly opens: readonly string[];
  readonly verified: boolean;
}

export interface Question {
  /** A field of `told`, `parameter:NAME` or `import:NAME`. */
  readonly field: string;
  readonly text: string;
  readonly allowed: string;
  readonly choices?: readonly string[];
}
