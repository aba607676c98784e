import type { OutgoingMessage } from '@app/contracts';

/** Push services take 4,096 bytes of ciphertext at least (RFC 8030, 7.2); encryption adds 103 (RFC 8291). */
const LONGEST_PAYLOAD = 3_900;

/**
 * What the page's service worker gets: as much as a notification on a screen shows, and with a code what returns it.
 * `tag` is the delivery's id, so that a repetition replaces what is on the screen.
 */
export function pushPayload(message: OutgoingMessage): string {
  const { deliveryId: tag, subject: title, urgent, about, links } = message;
  const { body, topic } = about;
  const fixed = {
    ...{ tag, title, kind: body.kind, topic, urgent },
    ...(links && { preferences: links.preferences }),
    ...(body.kind === 'verificationCode' && {
      code: body.facts.code,
      contactPointId: body.facts.contactPointId,
    }),
  };
  let letters = Array.from(message.text);
  for (;;) {
    const payload = JSON.stringify({ ...fixed, body: letters.join('') });
    if (Buffer.byteLength(payload) <= LONGEST_PAYLOAD || letters.length === 0) return payload;
    letters = letters.slice(0, Math.floor(letters.length / 2));
  }
}
