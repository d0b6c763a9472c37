"""Starts moto's server, with functions run by Node.js instead of in Docker, and state machines that are executed."""

import pathlib
import sys
import tempfile
import zipfile
from io import BytesIO

import boto3
from moto.awslambda.models import LambdaFunction
from moto.core.config import default_user_config
from moto.server import main

from node_function import invoke

PORT = sys.argv[1]
URL = f"http://127.0.0.1:{PORT}"


def code_of(function):
    folder = pathlib.Path(tempfile.gettempdir()) / function.code_sha_256.replace("/", "_")
    if not folder.exists():
        zipfile.ZipFile(BytesIO(function.code_bytes)).extractall(folder)
    return folder


def invoke_lambda(self, event=None):
    import json

    sts = boto3.client("sts", endpoint_url=URL, region_name=self.region, aws_access_key_id="a", aws_secret_access_key="b")
    role = sts.assume_role(RoleArn=self.role, RoleSessionName=self.function_name)["Credentials"]
    environment = {
        **self.environment_vars,
        "AWS_REGION": self.region,
        "AWS_LAMBDA_FUNCTION_NAME": self.function_name,
        "AWS_ACCESS_KEY_ID": role["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"],
        "AWS_SESSION_TOKEN": role["SessionToken"],
        "AWS_ENDPOINT_URL": URL,
        "FUNCTION_ARN": self.function_arn,
        "REQUEST_ID": "moto",
    }
    text = event if isinstance(event, str) else json.dumps(event or {})
    return invoke(code_of(self), self.handler, self.timeout, environment, text)


LambdaFunction._invoke_lambda = invoke_lambda
default_user_config["stepfunctions"]["execute_state_machine"] = True

if __name__ == "__main__":
    main(["-H", "127.0.0.1", "-p", PORT])
