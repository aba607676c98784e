import type { Channel, Preference } from '@app/contracts';
import type { Link, LinkPurpose, PublicLinks } from '@app/links';
import type { ConsentStore, ConsentWay, PreferenceSheetStore, SuppressionStore } from '@app/persistence';
import { preferenceGrid } from '../preferences/preference-grid';
import type { TopicBook } from '../topics/topic-book';
import type { PreferencesState } from './preferences-page';
import type { UnsubscribeAct, UnsubscribeState } from './unsubscribe-page';

export interface ConsentParts {
  store: ConsentStore;
  sheets: PreferenceSheetStore;
  suppressions: SuppressionStore;
  topics: TopicBook;
  links: PublicLinks;
}

/** A link that is good, and what it speaks for. */
export interface Opened {
  link: Link;
  way: ConsentWay;
}

/** What whoever holds a link may see and decide: of one customer, and nothing that identifies them to a stranger. */
export class Consent {
  constructor(private readonly parts: ConsentParts) {}

  /** @returns null for a link that is forged, has run out, or whose customer or contact point is gone */
  async open(token: string, purpose: LinkPurpose): Promise<Opened | null> {
    const link = await this.parts.links.read(token, purpose);
    if (!link || !(await this.parts.store.isThere(link.customerId))) return null;
    if (link.contactPointId === null) return { link, way: inboxOf(link) };
    const ways = await this.parts.store.waysOf(link.customerId);
    const way = ways.find((one) => one.contactPointId === link.contactPointId);
    return way ? { link, way } : null;
  }

  async unsubscribeState(opened: Opened, isDone: boolean): Promise<UnsubscribeState> {
    const { link, way } = opened;
    const ended = way.contactPointId === null ? [] : await this.parts.store.optedOut(way);
    const { customerId, contactPointId } = link;
    return {
      way,
      ...(await this.topicState(opened, ended)),
      isAllEnded: ended.includes(null),
      preferencesPath: `..${this.parts.links.pathOf({ purpose: 'preferences', customerId, contactPointId })}`,
      isDone,
    };
  }

  private async topicState(
    { link, way }: Opened,
    ended: readonly (string | null)[],
  ): Promise<Pick<UnsubscribeState, 'topicTitle' | 'criticalReason' | 'isTopicEnded'>> {
    if (link.topic === undefined) return { topicTitle: null, criticalReason: '', isTopicEnded: false };
    const { topic, title, isCritical, criticalReason } = await this.parts.topics.find(link.topic);
    const isOff = !isCritical && !(await this.isOn(link.customerId, topic, way.channel));
    return {
      topicTitle: title,
      criticalReason: isCritical ? criticalReason : '',
      isTopicEnded: isOff || ended.includes(topic),
    };
  }

  async unsubscribe({ link, way }: Opened, act: UnsubscribeAct): Promise<void> {
    const isAll = act.startsWith('all') || link.topic === undefined;
    const isOff = act.endsWith('-off');
    if (isAll && way.contactPointId === null) return;
    if (isAll) return this.endAt(way, null, isOff);
    const { isCritical, topic } = await this.parts.topics.find(link.topic ?? '');
    // A critical topic has no switch; that somebody does not want it at this address is the law's, and is kept as such.
    if (isCritical && way.contactPointId !== null) return this.endAt(way, topic, isOff);
    if (!isOff) await this.endAt(way, topic, false);
    const wish = { topic, channel: way.channel, enabled: !isOff };
    if (!isCritical) await this.parts.store.switch(link.customerId, [wish], actorOf(link));
  }

  async preferencesState({ link }: Opened, isSaved: boolean): Promise<PreferencesState> {
    const { customerId } = link;
    const ways = await this.parts.store.waysOf(customerId);
    const { topics, grid } = await this.gridOf(customerId);
    const channels = [...new Set<Channel>([...ways.map((way) => way.channel), 'inbox'])];
    const suppressions = await this.parts.suppressions.ofCustomer(customerId);
    return { topics, channels, grid, suppressions, isSaved };
  }

  /** @param on `topic channel` of every box that is ticked; only boxes that the page shows are changed */
  async savePreferences(opened: Opened, on: readonly string[]): Promise<void> {
    const { grid, channels } = await this.preferencesState(opened, false);
    const wishes = grid
      .filter((cell) => channels.includes(cell.channel))
      .map((cell) => ({ ...cell, enabled: on.includes(`${cell.topic} ${cell.channel}`) }))
      .filter((wish) => !grid.some((cell) => isSame(cell, wish)));
    await this.parts.store.switch(opened.link.customerId, wishes, actorOf(opened.link));
  }

  /** Takes back an opt-out that was made by a link; others stay. */
  async undo({ link }: Opened, suppressionId: string): Promise<void> {
    const own = await this.parts.suppressions.ofCustomer(link.customerId);
    const found = own.find((one) => one.suppressionId === suppressionId);
    if (found?.reason !== 'optedOut' || !found.source.startsWith('link:')) return;
    await this.parts.suppressions.lift(suppressionId, { actor: actorOf(link), why: 'undone' });
  }

  private async endAt(way: ConsentWay, topic: string | null, isOff: boolean): Promise<void> {
    if (isOff) return this.parts.store.optOut(way, topic);
    const lifting = { actor: `link:${way.customerId}`, why: 'undone' };
    await this.parts.suppressions.liftOptOutByLink({ ...way, topic }, lifting);
  }

  private async isOn(customerId: string, topic: string, channel: Channel): Promise<boolean> {
    const { grid } = await this.gridOf(customerId, topic);
    return grid.some((cell) => cell.topic === topic && cell.channel === channel && cell.enabled);
  }

  private async gridOf(customerId: string, named?: string) {
    const [switched, ofRules, { sheet }] = await Promise.all([
      this.parts.sheets.find(customerId),
      this.parts.sheets.topicsOfRules(customerId),
      this.parts.sheets.sheetOf(customerId),
    ]);
    const names = [...ofRules, ...switched.map(({ topic }) => topic), ...(named ? [named] : [])];
    const topics = await this.parts.topics.known(names);
    return { topics, grid: preferenceGrid(topics, switched, sheet) };
  }
}

function inboxOf({ customerId }: Link): ConsentWay {
  return {
    customerId,
    contactPointId: null,
    channel: 'inbox',
    address: '',
    addressHint: 'your account',
    isVerified: true,
  };
}

function actorOf({ customerId }: Link): string {
  return `link:${customerId}`;
}

function isSame(one: Preference, other: Preference): boolean {
  return one.topic === other.topic && one.channel === other.channel && one.enabled === other.enabled;
}
