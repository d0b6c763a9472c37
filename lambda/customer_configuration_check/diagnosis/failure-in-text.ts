import type { Effect, EvidenceSource, Step } from '../../../core/vocabulary.ts';

/** The facts about one failed request in a text, before AWS's message in it is read. */
export interface ReadText {
  /** AWS's message, or the whole text if the message can't be separated. */
  readonly message: string;
  readonly source: EvidenceSource;
  readonly code?: string | undefined;
  readonly step?: Step | undefined;
  /** The API operation, if the text names it outside of the message. */
  readonly operation?: string | undefined;
  readonly principal?: string | undefined;
  /** The role behind a session, with its path, if the text has it. */
  readonly roleArn?: string | undefined;
  /** The caller's account, if no ARN of the caller shows it. */
  readonly principalAccountId?: string | undefined;
  /** True if the request was not signed. */
  readonly isAnonymous?: boolean | undefined;
  readonly action?: string | undefined;
  /** Set if the text has it outside of AWS's message. */
  readonly effect?: Effect | undefined;
  readonly resource?: string | undefined;
  readonly resourceAccountId?: string | undefined;
  /** The key in the request, if it was named only by ID or alias. */
  readonly bareKey?: string | undefined;
  readonly encryptionContextArn?: string | undefined;
  readonly viaS3?: boolean | undefined;
  /** True if AWS's message is only “Access Denied”. */
  readonly isBare?: boolean | undefined;
  /** Other facts worth showing. */
  readonly detail?: string | undefined;
}
