import { randomUUID } from "node:crypto";
import type { SimulatedClock } from "../clock";
import { Refusal } from "../refusal";

/** Common parts of alarms and notices. */
interface Kept<Settings> {
  readonly id: string;
  readonly region: string;
  readonly settings: Settings;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Whom an alarm notifies: as given, with CLS's defaults. */
export interface NoticeSettings {
  readonly name: string;
  /** Receivers, callbacks and switches, by the API's names. */
  readonly details: object;
}

/** What an alarm watches: as given, with CLS's defaults. */
export interface AlarmSettings {
  readonly name: string;
  readonly noticeIds: readonly string[];
  /** Targets, condition and times, by the API's names. */
  readonly details: object;
}

export type Notice = Kept<NoticeSettings>;
export type Alarm = Kept<AlarmSettings>;

/**
 * Alarms and notices. They are stored and never triggered, because the local cloud does not search. Refusals are thrown
 * as {@link Refusal}.
 */
export class Alarms {
  private readonly notices = new Map<string, Notice>();
  private readonly alarms = new Map<string, Alarm>();

  constructor(private readonly clock: SimulatedClock) {}

  /** Creates a notice and returns its id. */
  createNotice(settings: NoticeSettings, region: string): string {
    this.refuseNoticeName(settings.name, region);
    return this.keep(this.notices, `notice-${randomUUID()}`, settings, region);
  }

  modifyNotice(id: string, settings: NoticeSettings): void {
    const notice = this.notice(id);
    if (settings.name !== notice.settings.name) this.refuseNoticeName(settings.name, notice.region);
    this.notices.set(id, { ...notice, settings, modifiedAt: this.clock.now() });
  }

  /** Removes a notice; refused while an alarm uses it. */
  deleteNotice(id: string): void {
    this.notice(id);
    const alarm = this.allAlarms().find(({ settings }) => settings.noticeIds.includes(id));
    if (alarm) {
      const message = `the notice must have no alarm, got "${alarm.settings.name}"`;
      throw new Refusal("OperationDenied.NoticeHasAlarm", message);
    }
    this.notices.delete(id);
  }

  /** The notice with that id. Throws if there is none, or not in that region. */
  notice(id: string, region?: string): Notice {
    const notice = this.notices.get(id);
    if (notice && (region === undefined || notice.region === region)) return notice;
    throw new Refusal("ResourceNotFound.AlarmNoticeNotExist", `notice must exist, got "${id}"`);
  }

  allNotices(): readonly Notice[] {
    return [...this.notices.values()];
  }

  /** Creates an alarm and returns its id. */
  createAlarm(settings: AlarmSettings, region: string): string {
    this.refuseAlarmName(settings.name, region);
    this.checkNotices(settings, region);
    return this.keep(this.alarms, `alarm-${randomUUID()}`, settings, region);
  }

  modifyAlarm(id: string, settings: AlarmSettings): void {
    const alarm = this.alarm(id);
    if (settings.name !== alarm.settings.name) this.refuseAlarmName(settings.name, alarm.region);
    this.checkNotices(settings, alarm.region);
    this.alarms.set(id, { ...alarm, settings, modifiedAt: this.clock.now() });
  }

  deleteAlarm(id: string): void {
    this.alarm(id);
    this.alarms.delete(id);
  }

  /** The alarm with that id. Throws if there is none, or not in that region. */
  alarm(id: string, region?: string): Alarm {
    const alarm = this.alarms.get(id);
    if (alarm && (region === undefined || alarm.region === region)) return alarm;
    throw new Refusal("ResourceNotFound.AlarmNotExist", `alarm must exist, got "${id}"`);
  }

  allAlarms(): readonly Alarm[] {
    return [...this.alarms.values()];
  }

  private keep<S>(all: Map<string, Kept<S>>, id: string, settings: S, region: string): string {
    const now = this.clock.now();
    all.set(id, { id, region, settings, createdAt: now, modifiedAt: now });
    return id;
  }

  private checkNotices({ noticeIds }: AlarmSettings, region: string): void {
    for (const id of noticeIds) this.notice(id, region);
  }

  private refuseNoticeName(name: string, region: string): void {
    if (!this.allNotices().some((other) => other.settings.name === name && other.region === region)) return;
    throw new Refusal("InvalidParameter.AlarmNoticeConflict", `notice name must be free, got "${name}", which exists`);
  }

  private refuseAlarmName(name: string, region: string): void {
    if (!this.allAlarms().some((other) => other.settings.name === name && other.region === region)) return;
    throw new Refusal("InvalidParameter.AlarmConflict", `alarm name must be free, got "${name}", which exists`);
  }
}
