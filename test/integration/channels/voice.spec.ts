import { TwilioVoiceAdapter } from '@app/channels';
import type { OutgoingMessage } from '@app/contracts';
import { exerciseProvider } from '../../../libs/channels/src/testing/exercise-channel';
import { aMessage } from '../../harness/a-message';
import { TWILIO_ACCOUNT } from '../../harness/providers/twilio-server';
import { FakeTwilioVoice } from '../../harness/providers/twilio-voice-server';

const signal = new AbortController().signal;
const { accountSid, authToken } = TWILIO_ACCOUNT;
const account = { accountSid, authToken, from: '+15005550006' };
const aCall = (over: Partial<OutgoingMessage> = {}) =>
  aMessage({ channel: 'voice', to: '+4915112345678', ...over });

exerciseProvider('calls by Twilio', {
  server: () => new FakeTwilioVoice(),
  open: ({ wrongCredentials, ...where }) =>
    new TwilioVoiceAdapter({ ...account, ...where, ...(wrongCredentials && { authToken: 'not-the-token' }) }),
  message: () => aCall(),
  secrets: [authToken, accountSid],
  proof: 'body',
});

describe('a call by Twilio', () => {
  let server: FakeTwilioVoice;
  const opened: TwilioVoiceAdapter[] = [];
  const open = (over: object = {}) => {
    const adapter = new TwilioVoiceAdapter({ ...account, baseUrl: server.url, ...over });
    opened.push(adapter);
    return adapter;
  };
  beforeEach(async () => {
    server = await new FakeTwilioVoice().start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((adapter) => adapter.close()));
    await server.stop();
  });

  it('says the text twice in its own language, and asks to be told whether anybody picked up', async () => {
    const statusCallbackUrl = 'https://tidings.example/v1/callbacks/twilio/voice';
    const one = aCall({ text: 'Ihr Konto & mehr: unter 100 <EUR>.', language: 'de-AT' });
    expect((await open({ statusCallbackUrl }).send(one, signal)).kind).toBe('accepted');
    const said = '<Say language="de-DE">Ihr Konto &amp; mehr: unter 100 &lt;EUR&gt;.</Say>';
    expect(server.received[0]?.fields).toEqual({
      To: one.to,
      From: '+15005550006',
      Twiml: `<?xml version="1.0" encoding="UTF-8"?><Response><Pause length="1"/>${said}<Pause length="1"/>${said}</Response>`,
      Timeout: '25',
      TimeLimit: '180',
      StatusCallback: `${statusCallbackUrl}?attempt=${one.attemptId}`,
      StatusCallbackMethod: 'POST',
      StatusCallbackEvent: ['answered', 'completed'],
    });
  });

  it.each([2_500, 10_000])('however long its text (%i letters), is one that Twilio takes', async (length) => {
    expect((await open().send(aCall({ text: 'a&b '.repeat(length / 4) }), signal)).kind).toBe('accepted');
  });

  it('speaks English where its language is one that no voice has', async () => {
    await open().send(aCall({ language: 'tlh' }), signal);
    await open().send(aCall({ language: 'en-gb' }), signal);
    const [first, second] = server.received.map(({ fields }) => String(fields?.Twiml));
    expect(first).toContain('language="en-US"');
    expect(second).toContain('language="en-GB"');
  });

  it.each([
    ['a number that is none', aCall({ to: '0151 1234' }), {}, 'invalidAddress'],
    ['nobody', aCall({ to: '' }), {}, 'invalidAddress'],
    ['a country that the account may not call', aCall({ to: '+33123456789' }), {}, 'configuration'],
    ['somebody from a number that is not ours', aCall(), { from: '+15005559999' }, 'configuration'],
  ])('to %s is refused for the right reason', async (_what, one, over, reason) => {
    expect(await open(over).send(one, signal)).toEqual({ kind: 'rejected', reason });
  });

  it.each([
    [10004, 'retryable', 'throttled'],
    [21216, 'rejected', 'blocked'],
    [21610, 'rejected', 'optedOut'],
    [99999, 'rejected', 'refused'],
  ])('reads code %i as %s, %s', async (code, kind, reason) => {
    server.failNext({ code });
    expect(await open().send(aCall(), signal)).toEqual({ kind, reason });
  });
});
