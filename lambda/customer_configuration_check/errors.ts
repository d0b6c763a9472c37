import type { ServiceError } from '../../core/report.ts';
import { names, type Step, type Verdict } from '../../core/vocabulary.ts';

/** An unsuccessful AWS call, and what it says about the customer's configuration. */
export interface Failure {
  readonly verdict: Exclude<Verdict, 'passed'>;
  readonly error: ServiceError;
}

/**
 * The meaning of each error code. Codes that are not in this table say nothing about the configuration.
 *
 * The HTTP status doesn't help: S3 answers 403 for a denial by KMS and 400 for a disabled key, a CopyObject can fail
 * with 200 (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html#API_CopyObject_ResponseSyntax), our own
 * expired credentials are a 400, and a skewed clock is a 403.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
const codes: Readonly<Record<Failure['verdict'] | 'transient', readonly string[]>> = {
  denied: names('AccessDenied AccessDeniedException'),
  misconfigured: names(`
    NoSuchBucket InvalidBucketName PermanentRedirect AuthorizationHeaderMalformed
    IllegalLocationConstraintException AccessControlListNotSupported InvalidBucketAclWithObjectOwnership
    InvalidBucketOwnerAWSAccountID InvalidBucketState InvalidArgument InvalidRequest MethodNotAllowed
    AccountProblem AllAccessDisabled UnauthorizedAccess RegionDisabledException ValidationError NoSuchEntity
    NoSuchEntityException NotFoundException
  `),
  /** Errors worth retrying. */
  transient: names(`
    SlowDown ServiceUnavailable InternalError InternalFailure InternalServerError OperationAborted
    RequestTimeout RequestTimeoutException BandwidthLimitExceeded RequestLimitExceeded Throttling
    ThrottlingException ThrottledException TooManyRequestsException KMS.ThrottlingException
    KMS.KMSInternalException KMS.InternalFailureException KMS.DependencyTimeoutException
    KMS.KeyUnavailableException TimeoutError ECONNRESET ECONNREFUSED EPIPE ETIMEDOUT EHOSTUNREACH
    ENETUNREACH EAI_AGAIN
  `),
  inconclusive: names(`
    ExpiredToken ExpiredTokenException InvalidToken InvalidAccessKeyId InvalidClientTokenId
    UnrecognizedClientException SignatureDoesNotMatch RequestTimeTooSkewed RequestExpired
    CredentialsProviderError MalformedPolicyDocument PackedPolicyTooLarge ENOTFOUND AbortError
  `),
};

/** S3's prefix for all KMS errors other than denials: a key's state, type, Region or absence. */
const keyTrouble = 'KMS.';

export function isKeyTrouble({ verdict, error }: Failure): boolean {
  return verdict === 'misconfigured' && error.code.startsWith(keyTrouble);
}

/**
 * True if S3 says that the object to copy, which was just stored, doesn't exist. Callers that may not list the bucket
 * get a denial of s3:ListBucket instead, which no request of a check needs.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function isMissingSource(step: Step, { code, message }: ServiceError): boolean {
  const isListing = codes.denied.includes(code) && /not authorized to perform: s3:ListBucket\b/.test(message);
  return step === 'copy-to-inbox' && (isListing || code === 'NoSuchKey');
}

export function failureOf(error: unknown): Failure {
  const code = codeOf(error);
  return { verdict: verdictOf(code), error: serviceError(error, code) };
}

/** True for throttling, service faults and network failures; never for a denial, whatever its status. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  if (codes.transient.includes(code)) return true;
  return verdictOf(code) === 'inconclusive' && !codes.inconclusive.includes(code) && (statusOf(error) ?? 0) >= 500;
}

function verdictOf(code: string): Failure['verdict'] {
  if (codes.denied.includes(code)) return 'denied';
  if (codes.misconfigured.includes(code)) return 'misconfigured';
  if (codes.transient.includes(code) || codes.inconclusive.includes(code)) return 'inconclusive';
  return code.startsWith(keyTrouble) ? 'misconfigured' : 'inconclusive';
}

/** The name of a service's error. For a network error, Node.js's code, which the SDK hides behind TimeoutError. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UnknownError';
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && ['Error', 'AggregateError', 'TimeoutError'].includes(error.name)) return code;
  return error.name;
}

interface Metadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
  readonly extendedRequestId?: string;
}

function metadataOf(error: unknown): Metadata {
  return (error as { $metadata?: Metadata } | undefined)?.$metadata ?? {};
}

/** The codes that S3 itself sends with a 503. */
const unavailable = ['SlowDown', 'ServiceUnavailable'];

/**
 * The status of AWS's answer. The SDK turns the 200 of a CopyObject that failed midway into a 503; S3's own 503 errors
 * have other codes.
 */
function statusOf(error: unknown): number | undefined {
  return metadataOf(error).httpStatusCode;
}

function answeredStatus(error: unknown, code: string): number | undefined {
  const status = statusOf(error);
  return status === 503 && verdictOf(code) !== 'inconclusive' && !unavailable.includes(code) ? 200 : status;
}

function serviceError(error: unknown, code: string): ServiceError {
  const { requestId, extendedRequestId } = metadataOf(error);
  const httpStatus = answeredStatus(error, code);
  return {
    code,
    message: messageOf(error),
    ...(httpStatus !== undefined && { httpStatus }),
    ...(requestId && { requestId }),
    ...(extendedRequestId && { extendedRequestId }),
    ...endpointOf(error),
  };
}

/** S3's XML has it in addition to the message; the SDK puts it in a property of that name. */
function endpointOf(error: unknown): Pick<ServiceError, 'endpoint'> {
  const { Endpoint: endpoint } = (error ?? {}) as { readonly Endpoint?: unknown };
  return typeof endpoint === 'string' && endpoint !== '' ? { endpoint } : {};
}

/** If Node.js tried to connect to several addresses, the messages are in the error's `errors`. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return error.errors.map(messageOf).join('; ');
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : 'Something that is not an error was thrown.';
}
