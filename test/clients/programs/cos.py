"""What users of cos-python-sdk-v5 do first, with the variables of `tencent-logs local --serve` alone."""

import os
import tempfile

from qcloud_cos import CosConfig, CosS3Client

region = os.environ["TENCENTCLOUD_REGION"]
bucket = f"python-{os.environ['APP_ID']}"
client = CosS3Client(
    CosConfig(
        Region=region,
        SecretId=os.environ["TENCENTCLOUD_SECRET_ID"],
        SecretKey=os.environ["TENCENTCLOUD_SECRET_KEY"],
        Scheme="http",
    )
)

client.create_bucket(Bucket=bucket)
assert client.bucket_exists(Bucket=bucket)
assert bucket in [one["Name"] for one in client.list_buckets()["Buckets"]["Bucket"]]
client.put_object(Bucket=bucket, Key="in/a.txt", Body=b"hello")
assert client.get_object(Bucket=bucket, Key="in/a.txt")["Body"].get_raw_stream().read() == b"hello"
listed = client.list_objects(Bucket=bucket, Prefix="in/")["Contents"]
assert [(one["Key"], one["Size"]) for one in listed] == [("in/a.txt", "5")], listed
client.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "in/a.txt", "Region": region})

with tempfile.TemporaryDirectory() as folder:
    there, back = (os.path.join(folder, name) for name in ("there", "back"))
    large = os.urandom(30_000_000)
    with open(there, "wb") as file:
        file.write(large)
    # Over 20 MB it comes in parts.
    client.upload_file(Bucket=bucket, Key="large", LocalFilePath=there, PartSize=5)
    client.download_file(Bucket=bucket, Key="large", DestFilePath=back)
    with open(back, "rb") as file:
        assert file.read() == large

names = ["in/a.txt", "copy", "large"]
client.delete_objects(Bucket=bucket, Delete={"Object": [{"Key": name} for name in names]})
client.delete_bucket(Bucket=bucket)
