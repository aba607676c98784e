export { LINK_PURPOSES } from './link';
export type { Link, LinkPurpose } from './link';
export { signLink } from './sign-link';
export { readLink } from './read-link';
export { readLinksConfig } from './links.config';
export type { LinksConfig, ReadLinks } from './links.config';
export { LINK_PATHS, PublicLinks } from './public-links';
export type { MessageWay } from './public-links';
