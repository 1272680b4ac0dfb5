/** Items by a name that several can share, in the order in which they were added. */
export class Groups<Item> {
  private readonly groups = new Map<string, Item[]>();

  add(name: string, item: Item): void {
    const group = this.groups.get(name);
    if (group === undefined) this.groups.set(name, [item]);
    else group.push(item);
  }

  of(name: string): readonly Item[] {
    return this.groups.get(name) ?? [];
  }
}
