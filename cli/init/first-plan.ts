/** The plan of a new project, formatted by `planSerializer`; written by `npm run init:update`. */
export const FIRST_PLAN = {
  data: {
    tencentcloud_user_info: {
      TencentLogsAccount: {},
    },
  },
  provider: {
    tencentcloud: [
      {
        region: "ap-guangzhou",
      },
    ],
  },
  resource: {
    tencentcloud_cam_policy: {
      AccessPipeline_Function_Role_Policy_2386C70D: {
        document:
          '{"statement":[{"action":["name/cos:PutObject"],"effect":"allow","resource":[${jsonencode("qcs::cos:ap-guangzhou:uid/1250000000:${tencentcloud_cos_bucket.Archive_DA4CB258.bucket}/quarantine/logs-access-pipeline/*")}]},{"action":["name/cos:DeleteObject"],"effect":"allow","resource":[${jsonencode("qcs::cos:ap-guangzhou:uid/1250000000:${tencentcloud_cos_bucket.Archive_DA4CB258.bucket}/quarantine/logs-access-pipeline/*")}]},{"action":["name/cos:GetObject"],"effect":"allow","resource":[${jsonencode("qcs::cos:ap-guangzhou:uid/1250000000:${tencentcloud_cos_bucket.Archive_DA4CB258.bucket}/quarantine/logs-access-pipeline/outputs/*")}]},{"action":["cls:pushLog"],"effect":"allow","resource":[${jsonencode("qcs::cls:ap-guangzhou:uin/${data.tencentcloud_user_info.TencentLogsAccount.owner_uin}:topic/${tencentcloud_cls_topic.Errors_FA5270DE.id}")}]},{"action":["name/cos:PutObject"],"effect":"allow","resource":[${jsonencode("qcs::cos:ap-guangzhou:uid/1250000000:${tencentcloud_cos_bucket.Archive_DA4CB258.bucket}/access/*")}]}],"version":"2.0"}',
        name: "logs-access-pipeline-function-role-80825a",
      },
    },
    tencentcloud_cam_role: {
      AccessPipeline_Function_Role_694C4C16: {
        document:
          '{"statement":[{"action":["name/sts:AssumeRole"],"effect":"allow","principal":{"service":["scf.qcloud.com"]}}],"version":"2.0"}',
        name: "logs-access-pipeline-function-role-80825a",
      },
    },
    tencentcloud_cam_role_policy_attachment: {
      AccessPipeline_Function_Role_PolicyAttachment_CEF7D0A5: {
        policy_id: "${tencentcloud_cam_policy.AccessPipeline_Function_Role_Policy_2386C70D.id}",
        role_id: "${tencentcloud_cam_role.AccessPipeline_Function_Role_694C4C16.id}",
      },
    },
    tencentcloud_cls_index: {
      Access_Index_2FBE1331: {
        include_internal_fields: true,
        lifecycle: {
          replace_triggered_by: ["terraform_data.Access_Index_Identity_DA41A4AE.output"],
        },
        metadata_flag: 1,
        rule: {
          full_text: {
            case_sensitive: false,
            contain_z_h: true,
            tokenizer: "@&?|#()='\",;:<>[]{}/ \n\t\r\\",
          },
        },
        status: true,
        topic_id: "${tencentcloud_cls_topic.Access_9901B1FF.id}",
      },
      Errors_Index_F17ADC8A: {
        include_internal_fields: true,
        lifecycle: {
          replace_triggered_by: ["terraform_data.Errors_Index_Identity_DCB8F10C.output"],
        },
        metadata_flag: 1,
        rule: {
          full_text: {
            case_sensitive: false,
            contain_z_h: true,
            tokenizer: "@&?|#()='\",;:<>[]{}/ \n\t\r\\",
          },
        },
        status: true,
        topic_id: "${tencentcloud_cls_topic.Errors_FA5270DE.id}",
      },
    },
    tencentcloud_cls_logset: {
      Access_Logset_2A5FA83C: {
        logset_name: "logs-access-logset-5f3a08",
      },
    },
    tencentcloud_cls_topic: {
      Access_9901B1FF: {
        auto_split: true,
        lifecycle: {
          replace_triggered_by: ["terraform_data.Access_Identity_4E012653.output"],
        },
        logset_id: "${tencentcloud_cls_logset.Access_Logset_2A5FA83C.id}",
        max_split_partitions: 50,
        partition_count: 1,
        period: 7,
        storage_type: "hot",
        topic_name: "access",
      },
      Errors_FA5270DE: {
        auto_split: true,
        lifecycle: {
          replace_triggered_by: ["terraform_data.Errors_Identity_FF1D033B.output"],
        },
        logset_id: "${tencentcloud_cls_logset.Access_Logset_2A5FA83C.id}",
        max_split_partitions: 50,
        partition_count: 1,
        period: 30,
        storage_type: "hot",
        topic_name: "errors",
      },
    },
    tencentcloud_cos_bucket: {
      Archive_DA4CB258: {
        acl: "private",
        bucket: "logs-archive-174b41-1250000000",
        force_clean: false,
        lifecycle_rules: [
          {
            expiration: {
              days: 90,
            },
            filter_prefix: "",
            id: "logs-1",
          },
        ],
      },
    },
    tencentcloud_scf_function: {
      AccessPipeline_Function_B35AFB61: {
        enable_public_net: true,
        environment: {
          LOGS_SETTINGS:
            '{"defaultOutput":"archive","maxLineBytes":1048576,"outputs":{"archive":{"bucket":${jsonencode(tencentcloud_cos_bucket.Archive_DA4CB258.bucket)},"maxPartBytes":16777216,"onFailure":"quarantine","prefix":"access/","region":"ap-guangzhou","type":"cos"},"errors":{"onFailure":"quarantine","region":"ap-guangzhou","topicId":${jsonencode(tencentcloud_cls_topic.Errors_FA5270DE.id)},"type":"cls"}},"processor":{"onError":"drop","regexEngine":"linear","type":"rules"},"quarantine":{"bucket":${jsonencode(tencentcloud_cos_bucket.Archive_DA4CB258.bucket)},"prefix":"quarantine/logs-access-pipeline/","region":"ap-guangzhou"},"region":"ap-guangzhou","version":1}',
        },
        handler: "index.main_handler",
        lifecycle: {
          replace_triggered_by: ["terraform_data.AccessPipeline_Function_Identity_BA66C90E.output"],
        },
        mem_size: 256,
        name: "logs-access-pipeline-function-650667",
        namespace: "default",
        role: "${tencentcloud_cam_role.AccessPipeline_Function_Role_694C4C16.name}",
        runtime: "Nodejs18.15",
        timeout: 300,
        zip_file: "assets/AccessPipeline_Function_Code_FB9E09F1/<hash>/function.zip",
      },
    },
    terraform_data: {
      AccessPipeline_Function_ClsDelivery3dd4a6_A1BC6769: {
        depends_on: ["tencentcloud_cam_role_policy_attachment.AccessPipeline_Function_Role_PolicyAttachment_CEF7D0A5"],
        input: {
          functionId: "${tencentcloud_scf_function.AccessPipeline_Function_B35AFB61.function_id}",
          functionName: "${tencentcloud_scf_function.AccessPipeline_Function_B35AFB61.name}",
          max: 100,
          namespace: "default",
          qualifier: "$LATEST",
          region: "ap-guangzhou",
          topicId: "${tencentcloud_cls_topic.Access_9901B1FF.id}",
          wait: 60,
        },
        provisioner: [
          {
            "local-exec": {
              command: "node assets/TencentLogsClsDelivery/<hash>/cls-delivery.js create",
              environment: {
                CLS_DELIVERY: "${jsonencode(self.input)}",
              },
              when: "create",
            },
          },
          {
            "local-exec": {
              command: "node assets/TencentLogsClsDelivery/<hash>/cls-delivery.js destroy",
              environment: {
                CLS_DELIVERY: "${jsonencode(self.input)}",
              },
              when: "destroy",
            },
          },
        ],
        triggers_replace: {
          functionId: "${tencentcloud_scf_function.AccessPipeline_Function_B35AFB61.function_id}",
          functionName: "${tencentcloud_scf_function.AccessPipeline_Function_B35AFB61.name}",
          max: 100,
          namespace: "default",
          qualifier: "$LATEST",
          region: "ap-guangzhou",
          topicId: "${tencentcloud_cls_topic.Access_9901B1FF.id}",
          wait: 60,
        },
      },
      AccessPipeline_Function_Identity_BA66C90E: {
        input: {
          runtime: "Nodejs18.15",
        },
      },
      Access_Identity_4E012653: {
        input: {
          logsetId: "${tencentcloud_cls_logset.Access_Logset_2A5FA83C.id}",
          partitionCount: 1,
          storageType: "hot",
        },
      },
      Access_Index_Identity_DA41A4AE: {
        input: {
          topicId: "${tencentcloud_cls_topic.Access_9901B1FF.id}",
        },
      },
      Errors_Identity_FF1D033B: {
        input: {
          logsetId: "${tencentcloud_cls_logset.Access_Logset_2A5FA83C.id}",
          partitionCount: 1,
          storageType: "hot",
        },
      },
      Errors_Index_Identity_DCB8F10C: {
        input: {
          topicId: "${tencentcloud_cls_topic.Errors_FA5270DE.id}",
        },
      },
    },
  },
  terraform: {
    required_providers: {
      tencentcloud: {
        source: "tencentcloudstack/tencentcloud",
        version: ">= 1.83.16, < 2.0.0",
      },
    },
  },
};
