import type { Dashboard } from "../cls/dashboards";
import { action, type Action, type ActionRequest } from "./action";
import { integer, list, object, optional, text } from "./fields";
import { filtered, FILTERS, page } from "./lists";
import { apiTime } from "./time";

const NAME = text({ min: 1 });
const TAGS = optional(list(object({ Key: text({ min: 1, max: 127 }), Value: text({ max: 255 }) }), 10));

/** Actions on dashboards. Fact: docs/design/facts/provider.md#dashboard. */
export const DASHBOARD_ACTIONS: Readonly<Record<string, Action>> = {
  CreateDashboard: action(
    { DashboardName: NAME, Data: optional(text()), Tags: TAGS },
    ({ Data = "", DashboardName, Tags }, request) => {
      const id = request.services.dashboards.create(DashboardName, Data);
      setTags(request, id, Tags);
      return { DashboardId: id };
    },
  ),
  DescribeDashboards: action(
    { Filters: FILTERS, Offset: optional(integer({ min: 0 })), Limit: optional(integer({ min: 1, max: 100 })) },
    ({ Filters = [], Offset, Limit }, request) => {
      const filters = Filters.map(({ Key, Values }) => ({ name: Key, values: Values }));
      const known = { dashboardId: ({ id }: Dashboard) => id, dashboardName: ({ name }: Dashboard) => name };
      const found = filtered(request.services.dashboards.all(), filters, known);
      const infos = page(found, Offset, Limit).map((item) => describe(item, request));
      return { TotalCount: found.length, DashboardInfos: infos };
    },
  ),
  ModifyDashboard: action(
    { DashboardId: text(), DashboardName: optional(NAME), Data: optional(text()), Tags: TAGS },
    ({ DashboardId, DashboardName, Data, Tags }, request) => {
      const changes = {
        ...(DashboardName !== undefined && { name: DashboardName }),
        ...(Data !== undefined && { data: Data }),
      };
      request.services.dashboards.modify(DashboardId, changes);
      setTags(request, DashboardId, Tags);
      return {};
    },
  ),
  DeleteDashboard: action({ DashboardId: text() }, ({ DashboardId }, { services: { dashboards, tags } }) => {
    dashboards.delete(DashboardId);
    tags.forget("cls", "dashboard", DashboardId);
    return {};
  }),
};

/** Sets all tags of a dashboard; if none are given, they stay unchanged. */
function setTags(
  { services: { tags } }: ActionRequest,
  id: string,
  given: readonly { Key: string; Value: string }[] = [],
) {
  if (given.length === 0) return;
  const remove = tags.of("cls", "dashboard", id).map(([key]) => key);
  tags.modify("cls", "dashboard", id, { remove, set: given.map(({ Key, Value }) => [Key, Value]) });
}

function describe({ createdAt, data, id, modifiedAt, name }: Dashboard, { services: { tags } }: ActionRequest): object {
  return {
    DashboardId: id,
    DashboardName: name,
    Data: data,
    CreateTime: apiTime(createdAt),
    UpdateTime: apiTime(modifiedAt),
    DashboardRegion: "",
    DashboardTopicInfos: [],
    AssumerName: "",
    AssumerUin: 0,
    RoleName: "",
    Tags: tags.of("cls", "dashboard", id).map(([Key, Value]) => ({ Key, Value })),
  };
}
