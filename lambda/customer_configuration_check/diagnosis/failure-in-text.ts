import type { Effect, EvidenceSource, Step } from '../../../core/vocabulary.ts';

/** The facts about one failed request in a piece of text, before AWS's message in it is read. */
export interface ReadText {
  /** AWS's message, or the whole text if the message can't be separated. */
  readonly message: string;
  readonly source: EvidenceSource;
  readonly code?: string | undefined;
  readonly step?: Step | undefined;
  /** The API operation, where the text names it apart from the message. */
  readonly operation?: string | undefined;
  readonly principal?: string | undefined;
  /** The role behind a session, with its path, if the text has it. */
  readonly roleArn?: string | undefined;
  /** The caller's account, where no ARN of the caller tells it. */
  readonly principalAccountId?: string | undefined;
  /** True where the request was not signed. */
  readonly isAnonymous?: boolean | undefined;
  readonly action?: string | undefined;
  /** Set if the text has it beside AWS's message. */
  readonly effect?: Effect | undefined;
  readonly resource?: string | undefined;
  readonly resourceAccountId?: string | undefined;
  /** The key in the request, if it was named by ID or alias only. */
  readonly bareKey?: string | undefined;
  readonly encryptionContextArn?: string | undefined;
  readonly viaS3?: boolean | undefined;
  /** True where AWS's message is “Access Denied” and no more. */
  readonly isBare?: boolean | undefined;
  /** Other facts that are worth showing. */
  readonly detail?: string | undefined;
}
