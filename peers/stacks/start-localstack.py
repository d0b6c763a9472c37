"""
Starts LocalStack in this process, without two things that it would download: functions run by Node.js instead of in Docker,
and DynamoDB is moto's, which LocalStack brings, instead of Amazon's DynamoDB Local.
"""

from localstack.aws.api.dynamodb import DynamodbApi
from localstack.runtime.main import main
from localstack.services import providers
from localstack.services.dynamodb import provider as dynamodb
from localstack.services.lambda_.invocation import plugins
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor
from localstack.services.moto import MotoFallbackDispatcher

from node_function import invoke


class NodeExecutor(RuntimeExecutor):
    def start(self, env_vars):
        self.environment = env_vars

    def stop(self):
        pass

    def get_address(self):
        return "127.0.0.1"

    def get_endpoint_from_executor(self):
        return "127.0.0.1"

    def get_runtime_endpoint(self):
        return ""

    def get_logs(self):
        return ""

    def invoke(self, payload):
        config = self.function_version.config
        about = {"REQUEST_ID": payload["invoke-id"], "FUNCTION_ARN": payload["invoked-function-arn"]}
        text, is_error, log = invoke(
            config.code.get_unzipped_code_location(),
            config.handler,
            config.timeout,
            {**self.environment, **about},
            payload["payload"],
        )
        return InvocationResult(payload["invoke-id"], text.encode(), is_error, log)

    @classmethod
    def prepare_version(cls, function_version):
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        pass


class MotosDynamoDB(DynamodbApi):
    service = "dynamodb"
    get_forward_url = None


dynamodb.DynamoDBProvider = MotosDynamoDB
providers.HttpFallbackDispatcher = lambda provider, _: MotoFallbackDispatcher(provider)
plugins.DockerRuntimeExecutorPlugin.load = lambda self, *args, **kwargs: NodeExecutor

if __name__ == "__main__":
    main()
