/** Tags of resources, by service, kind and id, as in the tag API. */
export class Tags {
  private readonly byResource = new Map<string, Map<string, string>>();

  /** The tags of a resource, in the order in which they were set. */
  of(service: string, kind: string, id: string): [key: string, value: string][] {
    return [...(this.byResource.get(nameOf(service, kind, id)) ?? [])];
  }

  /** Sets and removes tags. */
  modify(service: string, kind: string, id: string, change: TagChange): void {
    const name = nameOf(service, kind, id);
    const tags = this.byResource.get(name) ?? new Map<string, string>();
    for (const key of change.remove ?? []) tags.delete(key);
    for (const [key, value] of change.set ?? []) tags.set(key, value);
    if (tags.size > 0) this.byResource.set(name, tags);
    else this.byResource.delete(name);
  }

  /** Removes the tags of a deleted resource. */
  forget(service: string, kind: string, id: string): void {
    this.byResource.delete(nameOf(service, kind, id));
  }
}

/** A change of a resource's tags. */
export interface TagChange {
  readonly set?: readonly (readonly [key: string, value: string])[];
  readonly remove?: readonly string[];
}

function nameOf(service: string, kind: string, id: string): string {
  return `${service}:${kind}/${id}`;
}
