import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFixes } from '../../../cli/preflight/write-fixes.ts';
import { type DocumentOfWorld, edited, type Fix, type StatementEdit } from '../../../model/remedies/documents.ts';
import { parseTemplate } from '../../../model/template/read-template.ts';
import { InputError } from '../../../model/text/input-error.ts';
import { nodeAt, type PolicyFile } from '../../../model/text/policy-file.ts';
import { embeddedPolicy, policyFileOf } from '../../../model/text/read-policy-file.ts';
import type { PolicyStatement } from '../../../model/world/world.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-fixes-'));
});
afterEach(() => rm(folder, { recursive: true }));

const of: DocumentOfWorld = { kind: 'bucket-policy', owner: 'inbox', index: 0 };
const fix = (edit: StatementEdit, document = of): Fix => ({ document, edit, faults: [], summary: 'Fix it.' });

async function given(text: string, name: string): Promise<PolicyFile> {
  const file = join(folder, name);
  await writeFile(file, text);
  return policyFileOf(text.replace(/^\uFEFF/, ''), file, 'bucket-policy');
}

async function fixed(policy: PolicyFile, edits: readonly StatementEdit[]) {
  const directory = join(folder, 'fixed');
  const fixes = edits.map((edit) => fix(edit));
  const { written, left } = await writeFixes({ files: [policy], fixes, documentOf: () => of, directory, force: false });
  const [path] = written;
  return { left, text: path === undefined ? undefined : await readFile(path, 'utf8') };
}

const added: PolicyStatement = {
  Sid: 'Added',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111111111111:role/delivery' },
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::inbox/*',
};

/** Adds a second principal, a condition value, and a condition, as fixes do. */
function widened(statement: PolicyStatement): PolicyStatement {
  const { AWS } = statement['Principal'] as { AWS: string };
  return {
    ...statement,
    Principal: { AWS: [AWS, 'arn:aws:iam::111111111111:role/delivery'] },
    Condition: {
      ...(statement['Condition'] as object),
      ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/delivery' },
    },
  };
}

const pretty = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "One",   "Effect": "Allow",
      "Principal": { "AWS": "arn:aws:iam::111111111111:role/other" },
      "Action": [ "s3:PutObject" ],
      "Resource": "arn:aws:s3:::inbox/*",
      "Condition": {
        "StringEquals": {
          "s3:x-amz-server-side-encryption": "aws:kms"
        }
      }
    }
  ],
  "Id": "kept"
}
`;

const yaml = `# The inbox of our reports
Version: "2012-10-17"
Statement:
  # The role that delivers
  - Sid: One # and only one
    Effect: Allow
    Principal:
      AWS: arn:aws:iam::111111111111:role/other # last year's
    Action: [s3:PutObject]
    Resource: 'arn:aws:s3:::inbox/*'
    Condition:
      StringEquals:
        s3:x-amz-server-side-encryption: "aws:kms"   # never without

# the end
Id: kept
`;

const single = pretty.replace('[\n    {', '{').replace('    }\n  ],', '    },');
const layouts = [
  { layout: 'JSON', name: 'policy.json', text: pretty },
  { layout: 'JSON with tabs', name: 'policy.json', text: pretty.replaceAll('  ', '\t') },
  { layout: 'JSON with four spaces', name: 'policy.json', text: pretty.replaceAll('  ', '    ') },
  { layout: 'JSON with CRLF', name: 'policy.json', text: pretty.replaceAll('\n', '\r\n') },
  { layout: 'JSON with a byte order mark', name: 'policy.json', text: `\uFEFF${pretty}` },
  { layout: 'JSON without a last line break', name: 'policy.json', text: pretty.trimEnd() },
  { layout: 'JSON in one line', name: 'policy.json', text: JSON.stringify(JSON.parse(pretty)) },
  {
    layout: 'JSON with a brace at the end of a line',
    name: 'policy.json',
    text: pretty.replace('[\n    {', '[{').replace('}\n  ]', '}]'),
  },
  { layout: 'JSON with a single statement', name: 'policy.json', text: single },
  { layout: 'YAML', name: 'policy.yaml', text: yaml },
  { layout: 'YAML with CRLF', name: 'policy.yaml', text: yaml.replaceAll('\n', '\r\n') },
  { layout: 'YAML with a byte order mark', name: 'policy.yaml', text: `\uFEFF${yaml}` },
  {
    layout: 'YAML whose lists stand below their keys',
    name: 'policy.yaml',
    text: yaml.replace(/^ {2}/gm, ''),
  },
  {
    layout: 'YAML with a single statement',
    name: 'policy.yaml',
    text: yaml
      .replace('  - Sid', '  Sid')
      .replace(/^ {4}(?=\S)/gm, '  ')
      .replace(/^ {6}(?=\S)/gm, '    '),
  },
  { layout: 'JSON in YAML', name: 'policy.yaml', text: pretty },
];

const plain = (text: string | undefined, name: string) =>
  policyFileOf((text ?? '').replace(/^\uFEFF/, ''), name, 'bucket-policy').document;

/** True if the fixed text contains all of the original in order, so that something was only added. */
function isKept(original: string, text: string): boolean {
  const kept = [...original];
  let at = 0;
  for (const character of text) if (character === kept[at]) at++;
  return at === kept.length;
}

describe.each(layouts)('$layout', ({ name, text }) => {
  test('keeps every byte when a statement is added', async () => {
    const policy = await given(text, name);
    const { text: after = '', left } = await fixed(policy, [{ kind: 'add', statement: added }]);
    expect(left).toEqual([]);
    expect(isKept(text, after)).toBe(true);
    expect(plain(after, name)).toEqual(edited(policy.document, { kind: 'add', statement: added }));
    expect(after.includes('\r\n')).toBe(text.includes('\r\n'));
    expect(after.replaceAll('\r\n', '')).not.toContain('\r');
    if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test('keeps everything in a statement that is not changed', async () => {
    const policy = await given(text, name);
    const [statement] = [policy.document.Statement].flat() as PolicyStatement[];
    if (!statement) throw new Error('no statement');
    const edit = { kind: 'replace', index: 0, statement: widened(statement) } as const;
    const { text: after = '', left } = await fixed(policy, [edit]);
    expect(left).toEqual([]);
    expect(isKept(text, after)).toBe(true);
    expect(plain(after, name)).toEqual(edited(policy.document, edit));
  });
});

test('a single statement that is changed and gets another one becomes a list of both', async () => {
  const text = `Version: "2012-10-17"
Statement:
  Effect: Allow
  Principal:
    AWS: arn:aws:iam::111111111111:role/other # theirs
  Action: s3:PutObject
  Resource: arn:aws:s3:::inbox/*
`;
  const policy = await given(text, 'policy.yaml');
  const edits = [
    { kind: 'replace', index: 0, statement: widened(policy.document.Statement as PolicyStatement) },
    { kind: 'add', statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' } },
  ] as const;
  expect((await fixed(policy, edits)).text).toBe(`Version: "2012-10-17"
Statement:
  - Effect: Allow
    Principal:
      AWS:
        - arn:aws:iam::111111111111:role/other # theirs
        - arn:aws:iam::111111111111:role/delivery
    Action: s3:PutObject
    Resource: arn:aws:s3:::inbox/*
    Condition:
      ArnNotEquals:
        aws:PrincipalArn: arn:aws:iam::111111111111:role/delivery
  - Effect: Deny
    Principal: "*"
    Action: s3:*
    Resource: "*"
`);
});

test('a scalar is replaced within its own quotes, and a list grows', async () => {
  const text = yaml.replace('AWS: arn:aws:iam::111111111111:role/other', "AWS:\n        - 'AROADELETEDROLE0000001'");
  const policy = await given(text, 'policy.yml');
  const [statement] = [policy.document.Statement].flat() as PolicyStatement[];
  const statementWith = (AWS: readonly string[]) =>
    ({ ...statement, Principal: { AWS } }) as unknown as PolicyStatement;
  const { text: after } = await fixed(policy, [
    { kind: 'replace', index: 0, statement: statementWith(['arn:aws:iam::111111111111:role/delivery']) },
    { kind: 'replace', index: 0, statement: statementWith(['arn:aws:iam::111111111111:role/delivery', '*']) },
  ]);
  expect(after).toBe(
    text.replace(
      "- 'AROADELETEDROLE0000001' # last year's",
      "- 'arn:aws:iam::111111111111:role/delivery' # last year's\n        - \"*\"",
    ),
  );
});

test('a statement that becomes another one is rewritten, and nothing else', async () => {
  const policy = await given(pretty, 'policy.json');
  const { text: after = '' } = await fixed(policy, [{ kind: 'replace', index: 0, statement: added }]);
  expect(JSON.parse(after)).toEqual({ ...JSON.parse(pretty), Statement: [added] });
  expect(after.slice(0, pretty.indexOf('{', 1))).toBe(pretty.slice(0, pretty.indexOf('{', 1)));
  expect(after.endsWith('\n  ],\n  "Id": "kept"\n}\n')).toBe(true);
});

const template = `# ours
Resources:
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Inbox
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: One
            Effect: Allow
            Principal:
              AWS: !Sub "arn:aws:iam::\${Account}:root"   # theirs
            Action: s3:PutObject
            Resource: !Sub
              - arn:aws:s3:::\${Name}/*
              - Name: !Ref Inbox
          - !If
            - Strict
            - Sid: Two
              Effect: Deny
              Principal: "*"
              Action: s3:*
              Resource: "*"
            - !Ref AWS::NoValue
  Inbox:
    Type: AWS::S3::Bucket
`;

describe('in a template', () => {
  const at = ['Resources', 'Policy', 'Properties', 'PolicyDocument'];
  const one: PolicyStatement = {
    Sid: 'One',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::222222222222:root' },
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::inbox/*',
  };
  const two: PolicyStatement = { Sid: 'Two', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };

  async function inTemplate(): Promise<PolicyFile> {
    const file = join(folder, 'template.yaml');
    await writeFile(file, template);
    const node = nodeAt(parseTemplate({ text: template, file }), at);
    if (!node) throw new Error('no policy');
    const lineOf = (text: string) => template.slice(0, template.indexOf(text)).split('\n').length;
    // Resolves functions like any reader of templates.
    return {
      ...embeddedPolicy({ file, text: template }, 'bucket-policy', at, node),
      document: { Version: '2012-10-17', Statement: [one, two] },
      positionOf: ([, index]) => ({
        line: lineOf(index === 0 ? 'Sid: One' : 'Sid: Two'),
        column: index === 0 ? 13 : 15,
      }),
    };
  }

  test('functions stay functions', async () => {
    const { text: after, left } = await fixed(await inTemplate(), [
      { kind: 'replace', index: 0, statement: widened(one) },
      { kind: 'replace', index: 1, statement: { ...two, Condition: { Bool: { 'aws:SecureTransport': 'false' } } } },
      { kind: 'add', statement: added },
    ]);
    expect(left).toEqual([]);
    expect(after).toBe(
      template
        .replace(
          'AWS: !Sub "arn:aws:iam::${Account}:root"   # theirs',
          'AWS:\n                - !Sub "arn:aws:iam::${Account}:root"   # theirs\n                - arn:aws:iam::111111111111:role/delivery',
        )
        .replace(
          '- Name: !Ref Inbox\n',
          '- Name: !Ref Inbox\n            Condition:\n              ArnNotEquals:\n                aws:PrincipalArn: arn:aws:iam::111111111111:role/delivery\n',
        )
        .replace(
          'Resource: "*"\n',
          'Resource: "*"\n              Condition:\n                Bool:\n                  aws:SecureTransport: "false"\n',
        )
        .replace(
          '- !Ref AWS::NoValue\n',
          `- !Ref AWS::NoValue
          - Sid: Added
            Effect: Allow
            Principal:
              AWS: arn:aws:iam::111111111111:role/delivery
            Action: s3:PutObject
            Resource: arn:aws:s3:::inbox/*
`,
        ),
    );
  });

  test('a function with a value below it is put into a list whole', async () => {
    const statement = { ...one, Resource: ['arn:aws:s3:::inbox/*', 'arn:aws:s3:::inbox/reports/*'] };
    const { text: after } = await fixed(await inTemplate(), [{ kind: 'replace', index: 0, statement }]);
    expect(after).toBe(
      template.replace(
        'Resource: !Sub\n              - arn:aws:s3:::${Name}/*\n              - Name: !Ref Inbox\n',
        'Resource:\n              - !Sub\n                  - arn:aws:s3:::${Name}/*\n                  - Name: !Ref Inbox\n              - arn:aws:s3:::inbox/reports/*\n',
      ),
    );
  });

  test('values that a function computes are left to the user', async () => {
    const statement = { ...one, Principal: { AWS: 'arn:aws:iam::111111111111:role/delivery' } };
    const { text: after, left } = await fixed(await inTemplate(), [{ kind: 'replace', index: 0, statement }]);
    expect(after).toBeUndefined();
    expect(left).toEqual([expect.stringMatching(/template\.yaml: .* by hand, .* Fix it\.$/)]);
  });
});

describe('the folder', () => {
  const edit: StatementEdit = { kind: 'add', statement: added };
  const write = (policies: readonly PolicyFile[], options: { force?: boolean; directory?: string } = {}) =>
    writeFixes({
      files: policies,
      fixes: policies.map((policy) => fix(edit, { ...of, owner: policy.file })),
      documentOf: ({ file }) => ({ ...of, owner: file }),
      directory: join(folder, 'out'),
      force: false,
      ...options,
    });

  test('has a file for each, even if two have the same name', async () => {
    await Promise.all(['a', 'b'].map((name) => mkdir(join(folder, name))));
    const policies = [await given(pretty, 'a/policy.json'), await given(pretty, 'b/Policy.json')];
    const { written } = await write(policies);
    expect(written).toEqual([join(folder, 'out', 'policy.json'), join(folder, 'out', 'Policy-2.json')]);
    expect(await readdir(join(folder, 'out'))).toEqual(expect.arrayContaining(['policy.json', 'Policy-2.json']));
  });

  test('has no file for documents that no fix changes', async () => {
    const policy = await given(pretty, 'policy.json');
    const { written } = await writeFixes({
      files: [policy],
      fixes: [],
      documentOf: () => of,
      directory: join(folder, 'out'),
      force: false,
    });
    expect(written).toEqual([]);
  });

  test('has a name for a document from standard input', async () => {
    const policy = { ...(await given(pretty, 'policy.json')), file: 'standard input' };
    expect((await write([policy])).written).toEqual([join(folder, 'out', 'bucket-policy.json')]);
  });

  test('existing files are replaced only with force, and checked before anything is written', async () => {
    await Promise.all(['a', 'b', 'out'].map((name) => mkdir(join(folder, name))));
    const policies = [await given(pretty, 'a/first.json'), await given(pretty, 'b/second.json')];
    await writeFile(join(folder, 'out', 'second.json'), 'mine');
    await expect(write(policies)).rejects.toThrow(/second\.json already exists.*--force/);
    await expect(write(policies)).rejects.toThrow(InputError);
    expect(await readdir(join(folder, 'out'))).toEqual(['second.json']);
    await write(policies, { force: true });
    expect(await readFile(join(folder, 'out', 'second.json'), 'utf8')).toContain('"Added"');
  });

  test('links in the folder are not followed', async () => {
    await mkdir(join(folder, 'out'));
    const outside = join(folder, 'outside.json');
    await writeFile(outside, 'mine');
    await symlink(outside, join(folder, 'out', 'policy.json'));
    const policy = await given(pretty, 'policy.json');
    await expect(write([policy])).rejects.toThrow(InputError);
    await write([policy], { force: true });
    expect(await readFile(outside, 'utf8')).toBe('mine');
    expect(await readFile(join(folder, 'out', 'policy.json'), 'utf8')).toContain('"Added"');
  });

  test('that is a file is refused', async () => {
    const policy = await given(pretty, 'policy.json');
    await expect(write([policy], { directory: policy.file })).rejects.toThrow(/--fix .*cannot be made/);
  });
});
