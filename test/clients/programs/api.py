"""What users of tencentcloud-sdk-python do first, with the variables of `tencent-logs local --serve` alone."""

import json
import os
import time

from tencentcloud.cam.v20190116 import cam_client, models as cam
from tencentcloud.cls.v20201016 import cls_client, models as cls
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.scf.v20180416 import models as scf, scf_client

region = os.environ["TENCENTCLOUD_REGION"]
# Takes the key from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
key = credential.EnvironmentVariableCredential().get_credential()
profile = ClientProfile(httpProfile=HttpProfile(protocol="http"))


def asked(request, **fields):
    request.from_json_string(json.dumps(fields))
    return request


logs = cls_client.ClsClient(key, region, profile)
logset = logs.CreateLogset(asked(cls.CreateLogsetRequest(), LogsetName="python")).LogsetId
topic = logs.CreateTopic(
    asked(cls.CreateTopicRequest(), LogsetId=logset, TopicName="python", PartitionCount=1, Period=3)
).TopicId
rule = {"FullText": {"CaseSensitive": False, "Tokenizer": " ", "ContainZH": False}}
logs.CreateIndex(asked(cls.CreateIndexRequest(), TopicId=topic, Status=True, Rule=rule))
named = [{"Key": "topicName", "Values": ["python"]}]
topics = logs.DescribeTopics(asked(cls.DescribeTopicsRequest(), Filters=named)).Topics
assert [(one.TopicId, one.Period) for one in topics] == [(topic, 3)], topics
now = int(time.time() * 1000)
search = asked(cls.SearchLogRequest(), TopicId=topic, From=now - 3_600_000, To=now, QueryString="*")
assert logs.SearchLog(search).Results == []
logs.DeleteTopic(asked(cls.DeleteTopicRequest(), TopicId=topic))
try:
    logs.DeleteTopic(asked(cls.DeleteTopicRequest(), TopicId=topic))
    raise AssertionError("a topic that is gone must not be deleted again")
except TencentCloudSDKException as error:
    assert error.code.startswith("ResourceNotFound"), error
logs.DeleteLogset(asked(cls.DeleteLogsetRequest(), LogsetId=logset))

functions = scf_client.ScfClient(key, region, profile)
(only,) = functions.ListFunctions(scf.ListFunctionsRequest()).Functions
details = functions.GetFunction(asked(scf.GetFunctionRequest(), FunctionName=only.FunctionName))
assert details.Runtime == "Nodejs18.15", details.Runtime
event = json.dumps({"Records": []})
result = functions.Invoke(asked(scf.InvokeRequest(), FunctionName=only.FunctionName, ClientContext=event)).Result
assert result.FunctionRequestId

access = cam_client.CamClient(key, region, profile)
roles = access.DescribeRoleList(asked(cam.DescribeRoleListRequest(), Page=1, Rp=20)).List
assert "CLS_QcsRole" in [role.RoleName for role in roles]
assert access.ListPolicies(asked(cam.ListPoliciesRequest(), Scope="Local")).List
