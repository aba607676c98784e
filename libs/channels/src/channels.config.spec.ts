import { readChannelsConfig } from './channels.config';

const twilio = {
  TWILIO_ACCOUNT_SID: `AC${'a'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'hidden-token',
  TWILIO_FROM: '+15005550006',
};
const telnyx = { TELNYX_API_KEY: 'KEYhidden7', TELNYX_FROM: '+15005550111' };
const profile = { TELNYX_MESSAGING_PROFILE_ID: '740572b6-099c-44a1-89b9-6c92163bc68d' };
const sendgrid = { SENDGRID_API_KEY: 'SG.hidden.key', SENDGRID_FROM: 'alerts@tidings.example' };
const x = {
  X_API_KEY: 'hidden1',
  X_API_SECRET: 'hidden2',
  X_ACCESS_TOKEN: 'hidden3',
  X_ACCESS_SECRET: 'hidden4',
};

const mastodon = { MASTODON_URL: 'https://mastodon.example', MASTODON_ACCESS_TOKEN: 'hidden5' };
const bluesky = { BLUESKY_IDENTIFIER: 'tidings.example', BLUESKY_APP_PASSWORD: 'hidden6' };

describe('the settings of the channels', () => {
  it('nothing set leaves every channel to the outbox, but for those that need no account', () => {
    const read = readChannelsConfig({});
    const carried = Object.entries(read.ok ? read.config : {}).filter(([, settings]) => settings !== null);
    expect(carried.map(([provider]) => provider)).toEqual(['push', 'webhook']);
    expect(readChannelsConfig({ TWILIO_ACCOUNT_SID: ' ' })).toMatchObject({ ok: true });
  });

  it('complete credentials open each provider', () => {
    const read = readChannelsConfig({
      ...twilio,
      ...telnyx,
      ...profile,
      ...sendgrid,
      ...x,
      PUBLIC_URL: 'https://alerts.example/tidings/',
      SENDGRID_FROM_NAME: 'Tidings',
      X_BASE_URL: 'http://127.0.0.1:9',
    });
    expect(read).toMatchObject({
      ok: true,
      config: {
        twilio: { accountSid: twilio.TWILIO_ACCOUNT_SID, sender: { from: '+15005550006' } },
        telnyx: {
          from: '+15005550111',
          messagingProfileId: profile.TELNYX_MESSAGING_PROFILE_ID,
          webhookUrl: 'https://alerts.example/tidings/v1/callbacks/telnyx/events',
        },
        sendgrid: { from: { email: 'alerts@tidings.example', name: 'Tidings' } },
        x: { accessSecret: 'hidden4', baseUrl: 'http://127.0.0.1:9' },
      },
    });
  });

  it.each([
    [{ TWILIO_AUTH_TOKEN: 'hidden-token' }, /TWILIO_ACCOUNT_SID missing/],
    [{ TWILIO_FROM: '+15005550006' }, /TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN missing/],
    [{ ...twilio, TWILIO_FROM: undefined }, /exactly one of TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID/],
    [{ ...twilio, TWILIO_MESSAGING_SERVICE_SID: `MG${'b'.repeat(32)}` }, /exactly one of/],
    [{ ...twilio, TWILIO_ACCOUNT_SID: 'SK123' }, /TWILIO_ACCOUNT_SID must be an account SID/],
    [{ ...twilio, TWILIO_FROM: '0151 123' }, /TWILIO_FROM must be/],
    [{ TELNYX_FROM: '+15005550111' }, /TELNYX_API_KEY missing/],
    [{ ...telnyx, TELNYX_FROM: '' }, /set TELNYX_FROM, or TELNYX_MESSAGING_PROFILE_ID/],
    [{ ...telnyx, TELNYX_FROM: '0151 123' }, /TELNYX_FROM must be/],
    [{ ...telnyx, TELNYX_FROM: 'Tidings' }, /sender name, which needs TELNYX_MESSAGING_PROFILE_ID/],
    [{ ...telnyx, TELNYX_MESSAGING_PROFILE_ID: 'main' }, /TELNYX_MESSAGING_PROFILE_ID must be/],
    [{ ...sendgrid, SENDGRID_FROM: undefined }, /SENDGRID_FROM missing/],
    [{ ...sendgrid, SENDGRID_API_KEY: 'hidden' }, /SENDGRID_API_KEY must be an API key/],
    [{ ...x, X_ACCESS_SECRET: '' }, /X_ACCESS_SECRET missing/],
    [{ ...x, X_BASE_URL: 'not a url' }, /X_BASE_URL must be an http or https URL/],
    [{ ...x, PROVIDER_TIMEOUT_MS: '5' }, /PROVIDER_TIMEOUT_MS must be/],
    [{ ...mastodon, MASTODON_URL: '' }, /MASTODON_URL missing/],
    [{ ...mastodon, MASTODON_URL: 'mastodon.example' }, /MASTODON_URL must be an http or https URL/],
    [{ ...bluesky, BLUESKY_APP_PASSWORD: '' }, /BLUESKY_APP_PASSWORD missing/],
    [{ ...bluesky, BLUESKY_IDENTIFIER: 'tidings' }, /BLUESKY_IDENTIFIER must be a handle/],
    [{ TELEGRAM_BOT_TOKEN: 'hidden' }, /TELEGRAM_BOT_TOKEN must be a bot’s token/],
    [{ SLACK_HOSTS: 'hooks.slack.com, https://x' }, /SLACK_HOSTS must be a list of host names/],
    [
      { ...twilio, TWILIO_STATUS_CALLBACK_URL: 'https://my_host.example/' },
      /TWILIO_STATUS_CALLBACK_URL must name a host without an underscore/,
    ],
    [{ TWILIO_VOICE_FROM: '+15005550006' }, /TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN missing/],
    [{ ...twilio, TWILIO_VOICE_FROM: 'Tidings' }, /TWILIO_VOICE_FROM must be a number in E.164/],
  ])('what is set by half or wrongly is said in one clear line (%#)', (env, problem) => {
    const read = readChannelsConfig(env);
    expect(read.ok).toBe(false);
    const problems = read.ok ? [] : read.problems;
    expect(problems.join('\n')).toMatch(problem);
    expect(problems.join('\n')).not.toMatch(/hidden|\+1500/);
  });

  it.each([
    ['https://tidings.example/', 'https://tidings.example/v1/callbacks/twilio/status'],
    ['https://my_host.example', undefined],
    ['http://localhost:8080', undefined],
  ])('texts from %s ask to be followed where Twilio can and will call', (PUBLIC_URL, url) => {
    const read = readChannelsConfig({ ...twilio, PUBLIC_URL });
    expect(read.ok && read.config.twilio?.statusCallbackUrl).toBe(url);
  });

  it('hooks are called once a setting names their hosts, the vendor’s own or others', () => {
    const read = readChannelsConfig({ SLACK_HOSTS: 'default,chat.intranet:8065', TEAMS_HOSTS: 'default' });
    expect(read).toMatchObject({
      ok: true,
      config: {
        slack: { hosts: ['hooks.slack.com', 'hooks.slack-gov.com', 'chat.intranet:8065'] },
        teams: { hosts: ['*.webhook.office.com', '*.logic.azure.com', '*.powerplatform.com'] },
      },
    });
  });

  it('all problems are told at once', () => {
    const read = readChannelsConfig({ TWILIO_AUTH_TOKEN: 't', SENDGRID_API_KEY: 'SG.k', X_API_KEY: 'k' });
    expect(read).toMatchObject({
      ok: false,
      problems: [expect.any(String), expect.any(String), expect.any(String)],
    });
  });
});
