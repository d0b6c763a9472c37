import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.sts.StsClient;

/** The operations of the sandbox through the AWS SDK for Java. Prints a line for each case. */
public final class Operations {
  private interface Case {
    void run() throws Exception;
  }

  private static boolean failed = false;
  private static S3Client delivery;

  private static void attempt(String name, Case body) {
    try {
      body.run();
      System.out.println("passed " + name);
    } catch (Exception error) {
      failed = true;
      System.out.println("failed " + name + ": " + String.valueOf(error).replace('\n', ' '));
    }
  }

  private static void check(boolean isSo, String otherwise) {
    if (!isSo) throw new IllegalStateException(otherwise);
  }

  private static String env(String name) {
    return System.getenv(name);
  }

  private static S3Client s3(AwsCredentialsProvider provider) {
    return S3Client.builder()
        .credentialsProvider(provider)
        .endpointOverride(URI.create(env("SANDBOX_URL")))
        .forcePathStyle(true)
        .build();
  }

  /** A member of the JSON object of credentials, which has nothing but texts without escapes. */
  private static String member(String json, String name) {
    var found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    return found.find() ? found.group(1) : "";
  }

  public static void main(String[] arguments) {
    String plain = env("PLAIN_BUCKET");
    String internal = env("INTERNAL_BUCKET");
    String key = env("INBOX_KEY");
    S3Client admin = s3(DefaultCredentialsProvider.create());

    attempt("sts AssumeRole", () -> {
      String check = env("CHECK_CREDENTIALS");
      var credentials = AwsSessionCredentials.create(
          member(check, "AWS_ACCESS_KEY_ID"), member(check, "AWS_SECRET_ACCESS_KEY"), member(check, "AWS_SESSION_TOKEN"));
      try (StsClient sts = StsClient.builder()
          .credentialsProvider(StaticCredentialsProvider.create(credentials))
          .endpointOverride(URI.create(env("SANDBOX_URL")))
          .build()) {
        var given = sts.assumeRole(r -> r.roleArn(env("DELIVERY_ROLE")).roleSessionName("check-java")).credentials();
        delivery = s3(StaticCredentialsProvider.create(
            AwsSessionCredentials.create(given.accessKeyId(), given.secretAccessKey(), given.sessionToken())));
      }
    });
    attempt("s3 PutObject and CopyObject, as the delivery role", () -> {
      String report = "configuration-check/acme/java.txt";
      delivery.putObject(
          r -> r.bucket(internal).key(report).serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(key),
          RequestBody.fromString("hello"));
      var copied = delivery.copyObject(r -> r.sourceBucket(internal).sourceKey(report)
          .destinationBucket(env("INBOX_BUCKET")).destinationKey(env("INBOX_PREFIX") + "configuration-check/java.txt")
          .serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(key));
      check(key.equals(copied.ssekmsKeyId()), "the copy is under another key");
    });
    attempt("s3 ListObjectsV2 is denied to the delivery role", () -> {
      try {
        delivery.listObjectsV2(r -> r.bucket(internal));
      } catch (S3Exception error) {
        check(error.getMessage().contains("no identity-based policy allows the s3:ListBucket action"), error.getMessage());
        return;
      }
      throw new IllegalStateException("it was not refused");
    });
    for (String odd : List.of("a b+c*?.txt", "ü/é.txt", "a//b/", "%2F")) {
      attempt("s3 put, get and list of the key " + odd, () -> {
        admin.putObject(r -> r.bucket(plain).key(odd), RequestBody.fromString("odd"));
        check("odd".equals(admin.getObjectAsBytes(r -> r.bucket(plain).key(odd)).asUtf8String()), "it is not what was sent");
        check(admin.listObjectsV2(r -> r.bucket(plain).prefix(odd)).contents().size() == 1, "it is not listed");
      });
    }
    attempt("s3 upload of 5 MB and a bit in parts", () -> {
      String large = "java-large";
      String id = admin.createMultipartUpload(r -> r.bucket(plain).key(large)).uploadId();
      var parts = List.of(5 * 1024 * 1024, 10).stream().map(new java.util.function.Function<Integer, CompletedPart>() {
        private int number = 0;

        @Override
        public CompletedPart apply(Integer size) {
          int part = ++number;
          var sent = admin.uploadPart(
              r -> r.bucket(plain).key(large).uploadId(id).partNumber(part), RequestBody.fromBytes(new byte[size]));
          return CompletedPart.builder().partNumber(part).eTag(sent.eTag()).build();
        }
      }).toList();
      admin.completeMultipartUpload(r -> r.bucket(plain).key(large).uploadId(id).multipartUpload(m -> m.parts(parts)));
      check(admin.headObject(r -> r.bucket(plain).key(large)).contentLength() == 5 * 1024 * 1024 + 10, "its size is wrong");
    });
    attempt("s3 ListBuckets", () ->
        check(admin.listBuckets().buckets().stream().allMatch(bucket -> bucket.creationDate() != null), "without dates"));
    attempt("kms DescribeKey", () -> {
      try (KmsClient kms = KmsClient.builder().endpointOverride(URI.create(env("SANDBOX_URL"))).build()) {
        kms.describeKey(r -> r.keyId(env("SERVICE_KEY")));
      }
    });
    System.exit(failed ? 1 : 0);
  }
}
