import { Refusal } from "../refusal";
import { action, type Product } from "./action";
import { integer, list, object, optional, text } from "./fields";
import { page } from "./lists";

const KEY = text({ min: 1, max: 127 });
const VALUE = text({ max: 255 });

/** `qcs::cls:ap-guangzhou:uin/:logset/<id>`: product, then kind and id. */
const RESOURCE = /^qcs::([a-z]+):([a-z0-9-]*):uin\/\d*:([^/]+(?:\/[^/]+\/function)?)\/([^/]+)$/;

/** Identifies a resource in a product. Function names are unique only within a region. */
export function tagId(product: string, region: string, id: string): string {
  return product === "scf" ? `${region}/${id}` : id;
}

/** Tags of resources whose own requests do not include them. Fact: docs/design/facts/provider.md#tag-actions. */
export const TAG: Product = {
  name: "tag",
  version: "2018-08-13",
  isRegional: false,
  actions: {
    ModifyResourceTags: action(
      {
        Resource: text({ min: 1 }),
        ReplaceTags: optional(list(object({ TagKey: KEY, TagValue: VALUE }), 10)),
        DeleteTags: optional(list(object({ TagKey: KEY }), 10)),
      },
      ({ Resource, ReplaceTags, DeleteTags }, { services: { tags } }) => {
        const [, product, region = "", kind, id] = RESOURCE.exec(Resource) ?? [];
        if (product === undefined || kind === undefined || id === undefined) {
          throw new Refusal(
            "InvalidParameterValue.ResourceDescriptionError",
            `Resource must name one, got ${Resource}.`,
          );
        }
        tags.modify(product, kind, tagId(product, region, id), {
          set: ReplaceTags?.map(({ TagKey, TagValue }) => [TagKey, TagValue]),
          remove: DeleteTags?.map(({ TagKey }) => TagKey),
        });
        return {};
      },
    ),
    DescribeResourceTagsByResourceIds: action(
      {
        ServiceType: text({ min: 1 }),
        ResourcePrefix: text({ min: 1 }),
        ResourceIds: list(text(), 50),
        ResourceRegion: text(),
        Offset: optional(integer({ min: 0 })),
        Limit: optional(integer({ min: 1, max: 100 })),
      },
      (given, { services: { tags } }) => {
        const idOf = (id: string): string => tagId(given.ServiceType, given.ResourceRegion, id);
        const all = given.ResourceIds.flatMap((id) =>
          tags.of(given.ServiceType, given.ResourcePrefix, idOf(id)).map(([TagKey, TagValue]) => ({
            TagKey,
            TagValue,
            ResourceId: id,
          })),
        );
        const { Offset = 0, Limit = 15 } = given;
        return { TotalCount: all.length, Offset, Limit, Tags: page(all, Offset, Limit) };
      },
    ),
  },
};
