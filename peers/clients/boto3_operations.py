"""The operations of the sandbox through boto3. Prints a line for each case."""

import io
import json
import os
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

env = os.environ
plain, internal, inbox = env["PLAIN_BUCKET"], env["INTERNAL_BUCKET"], env["INBOX_BUCKET"]
key, inbox_key = env["SERVICE_KEY"], env["INBOX_KEY"]
large = b"large" * (4 * 1024**2)
sse = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": inbox_key}
failed = 0


def client(name, credentials=None, **more):
    known = credentials or {}
    return boto3.client(
        name,
        aws_access_key_id=known.get("AWS_ACCESS_KEY_ID"),
        aws_secret_access_key=known.get("AWS_SECRET_ACCESS_KEY"),
        aws_session_token=known.get("AWS_SESSION_TOKEN"),
        config=Config(retries={"max_attempts": 1}, **more),
    )


def case(name):
    def run(body):
        global failed
        try:
            body()
            print(f"passed {name}")
        except Exception as error:
            failed += 1
            print(f"failed {name}: {type(error).__name__}: {error}".replace("\n", " "))

    return run


def refused(call, code, text=""):
    try:
        call()
    except ClientError as error:
        found = error.response["Error"]
        assert found["Code"] == code and text in found.get("Message", ""), found
        return
    raise AssertionError("it was not refused")


s3 = client("s3")
customer = client("s3", json.loads(env["CUSTOMER_CREDENTIALS"]))
check = json.loads(env["CHECK_CREDENTIALS"])
delivery = {}
report = f"configuration-check/acme/boto3.txt"
delivered = f"{env['INBOX_PREFIX']}configuration-check/boto3.txt"


@case("sts get-caller-identity")
def _():
    assert client("sts").get_caller_identity()["Arn"].endswith(":root")


@case("sts assume-role")
def _():
    answer = client("sts", check).assume_role(RoleArn=env["DELIVERY_ROLE"], RoleSessionName="check-boto3")
    given = answer["Credentials"]
    delivery.update(
        AWS_ACCESS_KEY_ID=given["AccessKeyId"],
        AWS_SECRET_ACCESS_KEY=given["SecretAccessKey"],
        AWS_SESSION_TOKEN=given["SessionToken"],
    )


@case("s3 put-object and copy-object, as the delivery role")
def _():
    role = client("s3", delivery)
    role.put_object(Bucket=internal, Key=report, Body=b"hello", **sse)
    copied = role.copy_object(Bucket=inbox, Key=delivered, CopySource={"Bucket": internal, "Key": report}, **sse)
    assert copied["SSEKMSKeyId"] == inbox_key
    assert customer.get_object(Bucket=inbox, Key=delivered)["Body"].read() == b"hello"


@case("s3 list-objects-v2 is denied to the delivery role, in AWS's words")
def _():
    refused(
        lambda: client("s3", delivery).list_objects_v2(Bucket=internal),
        "AccessDenied",
        "because no identity-based policy allows the s3:ListBucket action",
    )


@case("s3 list-buckets")
def _():
    answer = s3.list_buckets(Prefix="secure-inbox")
    assert plain in [bucket["Name"] for bucket in answer["Buckets"]] and answer["Owner"]["ID"]
    assert all(bucket["CreationDate"] for bucket in answer["Buckets"])


for odd in ["a b+c*?.txt", "ü/é —.txt", "a//b/", "%2F", "x=1&y=2;z", "'\"<>.txt", "../up", "tab\there"]:

    @case(f"s3 put, head, copy, list and delete of the key {odd!r}")
    def _(odd=odd):
        s3.put_object(Bucket=plain, Key=odd, Body=b"odd")
        assert s3.head_object(Bucket=plain, Key=odd)["ContentLength"] == 3
        s3.copy_object(Bucket=plain, Key=f"{odd}.copy", CopySource={"Bucket": plain, "Key": odd})
        for listed in (s3.list_objects_v2(Bucket=plain), s3.list_objects(Bucket=plain)):
            assert {odd, f"{odd}.copy"} <= {entry["Key"] for entry in listed["Contents"]}
        for name in (odd, f"{odd}.copy"):
            s3.delete_object(Bucket=plain, Key=name)
        refused(lambda: s3.get_object(Bucket=plain, Key=odd), "NoSuchKey")


@case("s3 upload and download of 20 MB in parts, under KMS")
def _():
    extra = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key, "Metadata": {"a": "b"}}
    s3.upload_fileobj(io.BytesIO(large), plain, "large", ExtraArgs=extra)
    head = s3.head_object(Bucket=plain, Key="large")
    assert head["ETag"].endswith('-3"') and head["SSEKMSKeyId"] == key and head["Metadata"] == {"a": "b"}, head
    found = io.BytesIO()
    s3.download_fileobj(plain, "large", found)
    assert found.getvalue() == large


@case("s3 copy of 20 MB in parts")
def _():
    from boto3.s3.transfer import TransferConfig

    config = TransferConfig(multipart_threshold=8 * 1024**2, multipart_chunksize=8 * 1024**2)
    s3.copy({"Bucket": plain, "Key": "large"}, plain, "copied", Config=config)
    assert s3.get_object(Bucket=plain, Key="copied")["Body"].read() == large


@case("s3 list and abort of an upload in parts")
def _():
    upload = s3.create_multipart_upload(Bucket=plain, Key="aborted")["UploadId"]
    s3.upload_part(Bucket=plain, Key="aborted", UploadId=upload, PartNumber=1, Body=b"part")
    assert [part["Size"] for part in s3.list_parts(Bucket=plain, Key="aborted", UploadId=upload)["Parts"]] == [4]
    assert [one["Key"] for one in s3.list_multipart_uploads(Bucket=plain)["Uploads"]] == ["aborted"]
    s3.abort_multipart_upload(Bucket=plain, Key="aborted", UploadId=upload)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=plain)


for algorithm in ["CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME"]:

    @case(f"s3 put-object with {algorithm}")
    def _(algorithm=algorithm):
        s3.put_object(Bucket=plain, Key="checked", Body=io.BytesIO(b"checked"), ChecksumAlgorithm=algorithm)
        found = s3.get_object(Bucket=plain, Key="checked", ChecksumMode="ENABLED")
        assert found[f"Checksum{algorithm}"] and found["Body"].read() == b"checked"


@case("a presigned URL")
def _():
    s3.put_object(Bucket=plain, Key="presigned", Body=b"presigned")
    url = client("s3", signature_version="s3v4").generate_presigned_url(
        "get_object", Params={"Bucket": plain, "Key": "presigned"}
    )
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"presigned"


@case("s3 settings of the inbox, as the customer")
def _():
    for operation in (
        "get_bucket_location",
        "get_bucket_policy",
        "get_bucket_encryption",
        "get_bucket_ownership_controls",
        "get_public_access_block",
        "head_bucket",
    ):
        getattr(customer, operation)(Bucket=inbox)


@case("kms generate-data-key, decrypt, describe-key, get-key-policy, list-grants")
def _():
    kms = client("kms")
    made = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext={"a": "b"})
    back = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext={"a": "b"})
    assert back["Plaintext"] == made["Plaintext"]
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"]
    assert json.loads(kms.get_key_policy(KeyId=key)["Policy"])["Statement"]
    kms.list_grants(KeyId=key)
    refused(lambda: kms.generate_data_key(KeyId=key, KeySpec="AES_256", DryRun=True), "DryRunOperationException")


@case("iam get-role and simulate-principal-policy")
def _():
    iam = client("iam")
    name = env["DELIVERY_ROLE"].split("/")[-1]
    assert iam.get_role(RoleName=name)["Role"]["Arn"] == env["DELIVERY_ROLE"]
    simulated = iam.simulate_principal_policy(PolicySourceArn=env["DELIVERY_ROLE"], ActionNames=["s3:ListBucket"])
    assert simulated["EvaluationResults"][0]["EvalDecision"] == "implicitDeny"


@case("cloudtrail lookup-events")
def _():
    events = client("cloudtrail").lookup_events()["Events"]
    assert {"AssumeRole", "GenerateDataKey"} <= {event["EventName"] for event in events}


@case("cloudformation describe-stacks, organizations describe-organization")
def _():
    assert client("cloudformation").describe_stacks()["Stacks"]
    client("organizations").describe_organization()


@case("lambda invoke of the check")
def _():
    answer = client("lambda").invoke(FunctionName="customer_configuration_check", Payload=env["TEST_EVENT"])
    assert json.loads(answer["Payload"].read())["verdict"] == "passed"


sys.exit(1 if failed else 0)
