/** Cases for clients that are commands. Shell variables come from the environment that sandbox.mjs creates. */

const asDelivery =
  "export $(printf 'AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s AWS_SESSION_TOKEN=%s' $(aws sts assume-role --role-arn $DELIVERY_ROLE --role-session-name check-cli --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text))";
const be = (who) =>
  `eval "$(python3 -c 'import json, os; print("\\n".join("export %s=%s" % pair for pair in json.loads(os.environ["${who}_CREDENTIALS"]).items()))')"`;
const delivering = `${be('CHECK')} && ${asDelivery}`;
const sse = '--sse aws:kms --sse-kms-key-id $INBOX_KEY';

export const awsCli = [
  ['sts get-caller-identity', 'aws sts get-caller-identity', ':root'],
  ['s3 ls', 'aws s3 ls', 'secure-inbox-internal'],
  [
    's3 cp and s3api copy-object, as the delivery role',
    `${delivering} && aws s3 cp small.txt s3://$INTERNAL_BUCKET/configuration-check/acme/cli.txt ${sse} && aws s3api copy-object --copy-source $INTERNAL_BUCKET/configuration-check/acme/cli.txt --bucket $INBOX_BUCKET --key ''$INBOX_PREFIX'configuration-check/cli.txt' --server-side-encryption aws:kms --ssekms-key-id $INBOX_KEY`,
    'CopyObjectResult',
  ],
  [
    's3api list-objects-v2 is denied to the delivery role',
    `!${delivering} && aws s3api list-objects-v2 --bucket $INTERNAL_BUCKET`,
    'because no identity-based policy allows the s3:ListBucket action',
  ],
  ['s3 cp of 17 MB in parts', 'aws s3 cp large.bin s3://$PLAIN_BUCKET/large.bin --metadata a=b'],
  ['s3 cp of 17 MB back', 'aws s3 cp s3://$PLAIN_BUCKET/large.bin back.bin && cmp large.bin back.bin'],
  ['s3 cp from bucket to bucket in parts', 'aws s3 cp s3://$PLAIN_BUCKET/large.bin s3://$PLAIN_BUCKET/copied.bin'],
  [
    's3 sync and ls of a folder with odd names',
    "mkdir -p d/e && for n in 'a b' 'c+d' 'é' 'x*y' 'q?&='; do cp small.txt \"d/e/$n\"; done && aws s3 sync d s3://$PLAIN_BUCKET/d && aws s3 ls s3://$PLAIN_BUCKET/d/e/ | wc -l",
    '5',
  ],
  ['s3 mv', 'aws s3 mv "s3://$PLAIN_BUCKET/d/e/a b" s3://$PLAIN_BUCKET/moved'],
  [
    's3api list-objects page by page',
    "aws s3api list-objects --bucket $PLAIN_BUCKET --page-size 2 --query 'length(Contents)'",
  ],
  ['s3api head-object', 'aws s3api head-object --bucket $PLAIN_BUCKET --key moved', 'ContentLength'],
  [
    's3 presign',
    'printf \'[default]\ns3 =\n  signature_version = s3v4\n\' > config && curl -sf "$(AWS_CONFIG_FILE=config aws s3 presign s3://$PLAIN_BUCKET/moved)"',
    'hello',
  ],
  [
    's3 presign with Signature Version 2, its default in us-east-1, is not emulated',
    'curl -s "$(aws s3 presign s3://$PLAIN_BUCKET/moved)"',
    'Signature Version 2',
  ],
  ['s3 rm', 'aws s3 rm s3://$PLAIN_BUCKET/moved && ! aws s3api head-object --bucket $PLAIN_BUCKET --key moved'],
  [
    's3api get-bucket-policy, as the customer',
    `${be('CUSTOMER')} && aws s3api get-bucket-policy --bucket $INBOX_BUCKET`,
  ],
  [
    's3control get-public-access-block',
    '!env -u NO_PROXY HTTP_PROXY=$SANDBOX_URL aws s3control get-public-access-block --account-id 111111111111',
    'NoSuchPublicAccessBlockConfiguration',
  ],
  ['kms describe-key', 'aws kms describe-key --key-id $SERVICE_KEY', 'Enabled'],
  [
    'kms generate-data-key --dry-run',
    '!aws kms generate-data-key --key-id $SERVICE_KEY --key-spec AES_256 --dry-run',
    'DryRunOperationException',
  ],
  ['iam get-role', 'aws iam get-role --role-name ${DELIVERY_ROLE##*/}', 'AssumeRolePolicyDocument'],
  ['cloudtrail lookup-events', 'aws cloudtrail lookup-events --max-results 5', 'EventName'],
  ['cloudformation describe-stacks', 'aws cloudformation describe-stacks', 'StackName'],
  [
    'lambda invoke of the check',
    'echo "$TEST_EVENT" > event.json && aws lambda invoke --function-name customer_configuration_check --payload fileb://event.json report.json && cat report.json',
    '"verdict":"passed"',
  ],
];

/** Version 2 only supports Signature Version 4. */
export const awsCli2 = awsCli.filter(([name]) => !name.includes('Signature Version 2'));

const remote =
  'export RCLONE_CONFIG_BOX_TYPE=s3 RCLONE_CONFIG_BOX_PROVIDER=AWS RCLONE_CONFIG_BOX_ENV_AUTH=true RCLONE_CONFIG_BOX_REGION=us-east-1 RCLONE_CONFIG_BOX_ENDPOINT=$SANDBOX_URL RCLONE_CONFIG_BOX_FORCE_PATH_STYLE=true RCLONE_CONFIG_BOX_NO_CHECK_BUCKET=true RCLONE_CONFIG_BOX_USE_PRESIGNED_REQUEST=true RCLONE_CONFIG=/dev/null';
const rc = (command) => `${remote}; ${command}`;

export const rclone = [
  ['lsd', rc('rclone lsd box:'), 'secure-inbox-results'],
  [
    'copy of small files with odd names',
    rc(
      "mkdir -p d && for n in 'a b' 'c+d' 'é' 'x*y'; do cp small.txt \"d/$n\"; done && rclone copy d box:$PLAIN_BUCKET/rclone",
    ),
  ],
  ['check', rc('rclone check d box:$PLAIN_BUCKET/rclone')],
  [
    'copy of 17 MB in parts',
    rc('rclone copy large.bin box:$PLAIN_BUCKET/rclone --s3-upload-cutoff 5M --s3-chunk-size 5M'),
  ],
  ['cat', rc('rclone cat box:$PLAIN_BUCKET/rclone/large.bin | cmp large.bin')],
  ['server-side copy', rc('rclone copyto box:$PLAIN_BUCKET/rclone/large.bin box:$PLAIN_BUCKET/rclone/copy.bin')],
  [
    'server-side copy in parts',
    rc('rclone copyto box:$PLAIN_BUCKET/rclone/large.bin box:$PLAIN_BUCKET/rclone/parts.bin --s3-copy-cutoff 5M'),
  ],
  ['ls', rc('rclone ls box:$PLAIN_BUCKET/rclone'), 'large.bin'],
  ['ls by ListObjects', rc('rclone ls box:$PLAIN_BUCKET/rclone --s3-list-version 1'), 'large.bin'],
  [
    'deletefile',
    rc('rclone deletefile "box:$PLAIN_BUCKET/rclone/a b" && ! rclone cat "box:$PLAIN_BUCKET/rclone/a b" | grep .'),
  ],
  ['move', rc('rclone moveto box:$PLAIN_BUCKET/rclone/large.bin box:$PLAIN_BUCKET/rclone/moved.bin')],
];

const s3cfg =
  's3cmd --config=/dev/null --access_key=$AWS_ACCESS_KEY_ID --secret_key=$AWS_SECRET_ACCESS_KEY --region=us-east-1 --host=${SANDBOX_URL#http://} --host-bucket=${SANDBOX_URL#http://} --no-ssl --quiet';
const s3c = (command) => `${s3cfg} ${command}`;

export const s3cmd = [
  ['ls', s3c('ls').replace(' --quiet', ''), 'secure-inbox-results'],
  ['put', s3c('put small.txt "s3://$PLAIN_BUCKET/s3cmd/a b+c.txt"')],
  ['put of 17 MB in parts', s3c('put large.bin s3://$PLAIN_BUCKET/s3cmd/large.bin --multipart-chunk-size-mb=5')],
  ['get', s3c('get s3://$PLAIN_BUCKET/s3cmd/large.bin back.bin --force && cmp large.bin back.bin')],
  ['ls of a folder', s3c('ls s3://$PLAIN_BUCKET/s3cmd/').replace(' --quiet', ''), 'large.bin'],
  ['cp', s3c('cp "s3://$PLAIN_BUCKET/s3cmd/a b+c.txt" s3://$PLAIN_BUCKET/s3cmd/copied.txt')],
  ['multipart', s3c('multipart s3://$PLAIN_BUCKET').replace(' --quiet', '')],
  ['del', s3c('del s3://$PLAIN_BUCKET/s3cmd/copied.txt')],
];
