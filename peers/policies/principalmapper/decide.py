"""Decides one case a line with principalmapper: a decision case in, `allowed`, `denied` or `error …` out."""

import collections
import collections.abc
import json
import sys

# The package was written for Python 3.9, where collections still had these.
for name in ("Mapping", "MutableMapping"):
    setattr(collections, name, getattr(collections.abc, name))

from principalmapper.common import Node, Policy  # noqa: E402
from principalmapper.querying.query_interface import local_check_authorization_full  # noqa: E402

FULL_ACCESS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def policy(document):
    return Policy("arn:aws:iam::111111111111:policy/policy", "policy", document)


def decide(case):
    request, policies = case["request"], case["policies"]
    boundary = policies.get("permissionsBoundary")
    caller = Node(
        request.get("role", request["principal"]),
        request.get("userId", "AIDAEXAMPLE"),
        [policy(document) for document in policies.get("identity", [])],
        [], {"Version": "2012-10-17", "Statement": []}, None, 0, False, False,
        policy(boundary) if boundary else None,
        False, {},
    )
    return local_check_authorization_full(
        caller,
        request["action"],
        request["resource"],
        dict(request["context"]),
        policies.get("resource"),
        request["resourceAccount"],
        [[policy(FULL_ACCESS), *(policy(document) for document in policies.get("serviceControl", []))]],
        policies.get("session"),
    )


for line in sys.stdin:
    try:
        answer = "allowed" if decide(json.loads(line)) else "denied"
    except Exception as error:  # whatever it is, the next case is still decided
        answer = "error " + type(error).__name__ + " " + str(error).replace("\n", " ")[:200]
    print(answer, flush=True)
