import type { Channel, MessageLinks } from '@app/contracts';
import type { LinksConfig } from './links.config';
import type { Link, LinkPurpose } from './link';
import { readLink } from './read-link';
import { signLink } from './sign-link';

/** Where each purpose's page is; the API serves them. */
export const LINK_PATHS: Readonly<Record<LinkPurpose, string>> = {
  unsubscribe: '/u',
  preferences: '/p',
  verify: '/v',
};

/** What a link in a message needs to know of it. */
export interface MessageWay {
  customerId: string;
  contactPointId: string | null;
  topic: string;
  channel: Channel;
}

/** Links to the pages that need no login, as messages carry them. */
export class PublicLinks {
  constructor(private readonly config: LinksConfig) {}

  /** For every message but codes, from which nobody can unsubscribe. */
  linksOf({ customerId, contactPointId, topic, channel }: MessageWay): MessageLinks {
    return {
      unsubscribe: this.urlOf({ purpose: 'unsubscribe', customerId, contactPointId, topic, channel }),
      preferences: this.urlOf({ purpose: 'preferences', customerId, contactPointId }),
    };
  }

  urlOf(link: Link): string {
    return `${this.config.publicUrl}${this.pathOf(link)}`;
  }

  /** Below the public address. */
  pathOf(link: Link): string {
    return `${LINK_PATHS[link.purpose]}/${signLink(link, this.config.secret)}`;
  }

  read(token: string, purpose: LinkPurpose): Promise<Link | null> {
    return readLink(token, purpose, this.config.secret);
  }
}
