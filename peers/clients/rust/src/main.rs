//! The operations of the sandbox through the AWS SDK for Rust. Prints a line for each case.

use aws_sdk_s3::config::Credentials;
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart, ServerSideEncryption};
use aws_sdk_s3::Client;
use std::env::var;

type Outcome = Result<(), String>;

fn told(error: impl std::error::Error) -> String {
    format!("{}", DisplayErrorContext(error)).replace('\n', " ")
}

fn report(name: &str, outcome: Outcome) -> bool {
    match outcome {
        Ok(()) => println!("passed {name}"),
        Err(ref reason) => println!("failed {name}: {reason}"),
    }
    outcome.is_ok()
}

async fn s3_as(credentials: Option<Credentials>) -> Client {
    let mut loader = aws_config::from_env();
    if let Some(given) = credentials {
        loader = loader.credentials_provider(given);
    }
    let config = aws_sdk_s3::config::Builder::from(&loader.load().await).force_path_style(true).build();
    Client::from_conf(config)
}

async fn assume() -> Result<Client, String> {
    let check: serde_json::Value = serde_json::from_str(&var("CHECK_CREDENTIALS").unwrap()).unwrap();
    let text = |name: &str| check[name].as_str().unwrap_or_default().to_string();
    let given = Credentials::new(
        text("AWS_ACCESS_KEY_ID"),
        text("AWS_SECRET_ACCESS_KEY"),
        Some(text("AWS_SESSION_TOKEN")),
        None,
        "check",
    );
    let config = aws_config::from_env().credentials_provider(given).load().await;
    let answer = aws_sdk_sts::Client::new(&config)
        .assume_role()
        .role_arn(var("DELIVERY_ROLE").unwrap())
        .role_session_name("check-rust")
        .send()
        .await
        .map_err(told)?;
    let session = answer.credentials().ok_or("there are no credentials")?;
    let credentials = Credentials::new(
        session.access_key_id(),
        session.secret_access_key(),
        Some(session.session_token().to_string()),
        None,
        "delivery",
    );
    Ok(s3_as(Some(credentials)).await)
}

async fn deliver(delivery: &Client) -> Outcome {
    let (internal, key) = (var("INTERNAL_BUCKET").unwrap(), var("INBOX_KEY").unwrap());
    let report = "configuration-check/acme/rust.txt";
    delivery
        .put_object()
        .bucket(&internal)
        .key(report)
        .body(ByteStream::from_static(b"hello"))
        .server_side_encryption(ServerSideEncryption::AwsKms)
        .ssekms_key_id(&key)
        .send()
        .await
        .map_err(told)?;
    let copied = delivery
        .copy_object()
        .bucket(var("INBOX_BUCKET").unwrap())
        .key(format!("{}configuration-check/rust.txt", var("INBOX_PREFIX").unwrap()))
        .copy_source(format!("{internal}/{report}"))
        .server_side_encryption(ServerSideEncryption::AwsKms)
        .ssekms_key_id(&key)
        .send()
        .await
        .map_err(told)?;
    if copied.ssekms_key_id() == Some(&key) { Ok(()) } else { Err("the copy is under another key".into()) }
}

async fn is_denied(delivery: &Client) -> Outcome {
    match delivery.list_objects_v2().bucket(var("INTERNAL_BUCKET").unwrap()).send().await {
        Ok(_) => Err("it was not refused".into()),
        Err(error) => {
            let text = told(error);
            let wanted = "no identity-based policy allows the s3:ListBucket action";
            if text.contains(wanted) { Ok(()) } else { Err(text) }
        }
    }
}

async fn odd_key(admin: &Client, plain: &str, odd: &str) -> Outcome {
    let body = ByteStream::from_static(b"odd");
    admin.put_object().bucket(plain).key(odd).body(body).send().await.map_err(told)?;
    let read = admin.get_object().bucket(plain).key(odd).send().await.map_err(told)?;
    let bytes = read.body.collect().await.map_err(told)?.into_bytes();
    let listed = admin.list_objects_v2().bucket(plain).prefix(odd).send().await.map_err(told)?;
    if &bytes[..] == b"odd" && listed.contents().len() == 1 { Ok(()) } else { Err("it is not what was sent".into()) }
}

async fn in_parts(admin: &Client, plain: &str) -> Outcome {
    let key = "rust-large";
    let begun = admin.create_multipart_upload().bucket(plain).key(key).send().await.map_err(told)?;
    let id = begun.upload_id().unwrap_or_default();
    let mut parts = CompletedMultipartUpload::builder();
    for (number, size) in [(1, 5 * 1024 * 1024), (2, 10)] {
        let sent = admin
            .upload_part()
            .bucket(plain)
            .key(key)
            .upload_id(id)
            .part_number(number)
            .body(ByteStream::from(vec![b'x'; size]))
            .send()
            .await
            .map_err(told)?;
        let part = CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag().map(String::from));
        parts = parts.parts(part.build());
    }
    let complete = admin.complete_multipart_upload().bucket(plain).key(key).upload_id(id);
    complete.multipart_upload(parts.build()).send().await.map_err(told)?;
    let head = admin.head_object().bucket(plain).key(key).send().await.map_err(told)?;
    if head.content_length() == Some(5 * 1024 * 1024 + 10) { Ok(()) } else { Err("its size is wrong".into()) }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let plain = var("PLAIN_BUCKET").unwrap();
    let admin = s3_as(None).await;
    let mut passed = true;
    match assume().await {
        Ok(delivery) => {
            passed &= report("sts AssumeRole", Ok(()));
            passed &= report("s3 PutObject and CopyObject, as the delivery role", deliver(&delivery).await);
            passed &= report("s3 ListObjectsV2 is denied to the delivery role", is_denied(&delivery).await);
        }
        Err(reason) => passed &= report("sts AssumeRole", Err(reason)),
    }
    for odd in ["a b+c*?.txt", "ü/é.txt", "a//b/", "%2F"] {
        let name = format!("s3 put, get and list of the key {odd:?}");
        passed &= report(&name, odd_key(&admin, &plain, odd).await);
    }
    passed &= report("s3 upload of 5 MB and a bit in parts", in_parts(&admin, &plain).await);
    let buckets = admin.list_buckets().send().await.map_err(told);
    passed &= report("s3 ListBuckets", buckets.map(|_| ()));
    let config = aws_config::from_env().load().await;
    let described = aws_sdk_kms::Client::new(&config).describe_key().key_id(var("SERVICE_KEY").unwrap()).send().await;
    passed &= report("kms DescribeKey", described.map(|_| ()).map_err(told));
    if !passed {
        std::process::exit(1);
    }
}
