// The operations of the sandbox through the AWS SDK for Go. Prints a line for each case.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/s3/manager"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

var ctx = context.Background()
var failed = false

func try(name string, body func() error) {
	if err := body(); err != nil {
		failed = true
		fmt.Printf("failed %s: %s\n", name, strings.ReplaceAll(err.Error(), "\n", " "))
		return
	}
	fmt.Printf("passed %s\n", name)
}

func s3With(provider aws.CredentialsProvider) *s3.Client {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		panic(err)
	}
	if provider != nil {
		cfg.Credentials = provider
	}
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
}

func refused(err error, text string) error {
	if err == nil {
		return fmt.Errorf("it was not refused")
	}
	if !strings.Contains(err.Error(), text) {
		return err
	}
	return nil
}

func main() {
	plain, internal, inbox := os.Getenv("PLAIN_BUCKET"), os.Getenv("INTERNAL_BUCKET"), os.Getenv("INBOX_BUCKET")
	key := os.Getenv("INBOX_KEY")
	admin := s3With(nil)
	var delivery *s3.Client

	try("sts AssumeRole", func() error {
		var check map[string]string
		if err := json.Unmarshal([]byte(os.Getenv("CHECK_CREDENTIALS")), &check); err != nil {
			return err
		}
		cfg, err := config.LoadDefaultConfig(ctx, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(
			check["AWS_ACCESS_KEY_ID"], check["AWS_SECRET_ACCESS_KEY"], check["AWS_SESSION_TOKEN"])))
		if err != nil {
			return err
		}
		answer, err := sts.NewFromConfig(cfg).AssumeRole(ctx, &sts.AssumeRoleInput{
			RoleArn: aws.String(os.Getenv("DELIVERY_ROLE")), RoleSessionName: aws.String("check-go")})
		if err != nil {
			return err
		}
		given := answer.Credentials
		delivery = s3With(credentials.NewStaticCredentialsProvider(*given.AccessKeyId, *given.SecretAccessKey, *given.SessionToken))
		return nil
	})
	try("s3 PutObject and CopyObject, as the delivery role", func() error {
		report := "configuration-check/acme/go.txt"
		_, err := delivery.PutObject(ctx, &s3.PutObjectInput{Bucket: &internal, Key: &report, Body: strings.NewReader("hello"),
			ServerSideEncryption: types.ServerSideEncryptionAwsKms, SSEKMSKeyId: &key})
		if err != nil {
			return err
		}
		copied, err := delivery.CopyObject(ctx, &s3.CopyObjectInput{Bucket: &inbox,
			Key: aws.String(os.Getenv("INBOX_PREFIX") + "configuration-check/go.txt"), CopySource: aws.String(internal + "/" + report),
			ServerSideEncryption: types.ServerSideEncryptionAwsKms, SSEKMSKeyId: &key})
		if err == nil && aws.ToString(copied.SSEKMSKeyId) != key {
			return fmt.Errorf("the copy is under %s", aws.ToString(copied.SSEKMSKeyId))
		}
		return err
	})
	try("s3 ListObjectsV2 is denied to the delivery role", func() error {
		_, err := delivery.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &internal})
		return refused(err, "no identity-based policy allows the s3:ListBucket action")
	})
	for _, odd := range []string{"a b+c*?.txt", "ü/é.txt", "a//b/", "%2F"} {
		try(fmt.Sprintf("s3 put, get and list of the key %q", odd), func() error {
			if _, err := admin.PutObject(ctx, &s3.PutObjectInput{Bucket: &plain, Key: &odd, Body: strings.NewReader("odd")}); err != nil {
				return err
			}
			answer, err := admin.GetObject(ctx, &s3.GetObjectInput{Bucket: &plain, Key: &odd})
			if err != nil {
				return err
			}
			if text, _ := io.ReadAll(answer.Body); string(text) != "odd" {
				return fmt.Errorf("its contents are %q", text)
			}
			listed, err := admin.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &plain, Prefix: &odd})
			if err == nil && len(listed.Contents) != 1 {
				return fmt.Errorf("it is not listed")
			}
			return err
		})
	}
	try("s3 upload and download of 12 MB in parts", func() error {
		large := bytes.Repeat([]byte("large"), 12*1024*1024/5)
		if _, err := manager.NewUploader(admin).Upload(ctx, &s3.PutObjectInput{Bucket: &plain, Key: aws.String("go-large"), Body: bytes.NewReader(large)}); err != nil {
			return err
		}
		found := manager.NewWriteAtBuffer(nil)
		if _, err := manager.NewDownloader(admin).Download(ctx, found, &s3.GetObjectInput{Bucket: &plain, Key: aws.String("go-large")}); err != nil {
			return err
		}
		if !bytes.Equal(found.Bytes(), large) {
			return fmt.Errorf("it is not what was sent")
		}
		return nil
	})
	try("s3 ListBuckets", func() error {
		answer, err := admin.ListBuckets(ctx, &s3.ListBucketsInput{})
		if err == nil && (len(answer.Buckets) == 0 || answer.Buckets[0].CreationDate == nil) {
			return fmt.Errorf("there are %d buckets", len(answer.Buckets))
		}
		return err
	})
	try("kms DescribeKey", func() error {
		cfg, err := config.LoadDefaultConfig(ctx)
		if err != nil {
			return err
		}
		_, err = kms.NewFromConfig(cfg).DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String(os.Getenv("SERVICE_KEY"))})
		return err
	})
	if failed {
		os.Exit(1)
	}
}
