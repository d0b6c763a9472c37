"""Delivers one report: deliver_report.py EVENT.json REPORT. EVENT.json is the customer's registered test event."""

import json
import os
import sys
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

role_arn, internal = os.environ["DELIVERY_ROLE_ARN"], os.environ["INTERNAL_BUCKET"]
event, report = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
customer, inbox = event["customer"], event["inbox"]
_, partition, _, _, service_account, _ = role_arn.split(":", 5)
waiting = f"reports/{customer}/{report.name}"
encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": inbox["kmsKeyArn"]}

# The session can reach this customer and no other, whatever is wrong with the rest of the application.
policy = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": f"arn:{partition}:s3:::{internal}/{waiting}"},
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:{partition}:s3:::{inbox['bucket']}/{inbox['prefix']}*"},
        {"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": inbox["kmsKeyArn"]},
    ],
}

try:
    session = boto3.client("sts").assume_role(
        RoleArn=role_arn, RoleSessionName=f"deliver-{customer}", Policy=json.dumps(policy), DurationSeconds=900
    )["Credentials"]
    keys = {"aws_access_key_id": session["AccessKeyId"], "aws_secret_access_key": session["SecretAccessKey"]}
    delivery = boto3.Session(**keys, aws_session_token=session["SessionToken"])

    delivery.client("s3").put_object(
        Bucket=internal, Key=waiting, Body=report.read_bytes(), ExpectedBucketOwner=service_account, **encryption
    )
    key = f"{inbox['prefix']}{report.name}"
    owners = {"ExpectedBucketOwner": inbox["accountId"], "ExpectedSourceBucketOwner": service_account}
    source = {"Bucket": internal, "Key": waiting}
    s3 = delivery.client("s3", region_name=inbox["region"])
    s3.copy_object(Bucket=inbox["bucket"], Key=key, CopySource=source, **owners, **encryption)
    print(f"Delivered s3://{inbox['bucket']}/{key}")
except ClientError as error:
    # AWS's own words: `secure-inbox explain` says what they mean, and a check with EVENT.json which policy it is.
    sys.exit(str(error))
