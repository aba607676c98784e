/** Hosts whose incoming hooks we call, by whose format they take; `*.` stands for any subdomain, a port may follow. */
export interface HookHosts {
  slack: readonly string[];
  teams: readonly string[];
}

/** Where the vendors' own hooks are. A hook of ours on another host (Mattermost takes Slack's format) is named in a setting. */
export const VENDORS_HOSTS: HookHosts = {
  slack: ['hooks.slack.com', 'hooks.slack-gov.com'],
  teams: ['*.webhook.office.com', '*.logic.azure.com', '*.powerplatform.com'],
};

/** Whether a text is a URL on one of these hosts. Whether that host may be called at all is the egress guard's to say. */
export function isHookOf(hosts: readonly string[], text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return false;
  return hosts.some((one) => (one.startsWith('*.') ? host.endsWith(one.slice(1)) : host === one));
}
